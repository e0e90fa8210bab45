"""This machine's own addresses, by all who ask for them."""

from __future__ import annotations

import json
import threading
from contextlib import closing
from socket import AF_INET6, create_connection, has_ipv6, socket

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.world import World, answer
from vimeo_toolkit import AuthorizationFailed, ConfigurationError, Connection, InvalidInput
from vimeo_toolkit.accounts.device import start_device_authorization
from vimeo_toolkit.catalog.urls import checked_url
from vimeo_toolkit.cli.loopback import CallbackServer, is_loopback
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.loopback import is_confidential, is_loopback_host
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.secret import Secret

OWN = ["localhost", "LOCALHOST", "localhost.", "127.0.0.1", "127.8.9.1", "[::1]", "[::ffff:127.0.0.1]"]
OTHERS = [
    "",
    "example.com",
    "localhost.example.com",
    "a.localhost",
    "127.0.0.1.example.com",
    "0.0.0.0",  # noqa: S104
    "10.0.0.1",
]
OTHERS += ["[::]", "[fe80::1]", "127.1", "2130706433", "0x7f.0.0.1", "1270.0.0.1", "localhost@example.com"]
ODD = [
    "javascript://localhost/%0aalert(1)",
    "javascript:alert(1)",
    "ftp://localhost/",
    "file://localhost/etc/passwd",
]
ODD += [
    "data:text/html,x",
    "//localhost/",
    "localhost",
    "http://",
    "http://[::1",
    "https://[",
    "https://",
    "",
]
ODD += [
    "https://vimeo.com@evil.example/",
    "https://evil.example\\@vimeo.com/",
    "https://vimeo.com/\nx",
    "https:// a",
]
ODD += [
    "https://vimeo.com:99999/",
    "https://vimeo.com:0/",
    "https://vim\u00e9o.com/",
    "https://vimeo.com/\u202ex",
]


@pytest.mark.parametrize("host", OWN)
def test_own(host: str) -> None:
    assert is_loopback_host(host)
    assert is_confidential(f"http://{host}:8000/x")
    assert is_loopback(f"http://{host}:8000/x")
    assert Connection(client_id="a", client_secret="b", api_url=f"http://{host}:1").api_url
    # The other way round: no tool may be made to call this machine.
    with pytest.raises(InvalidInput):
        checked_url("url", f"https://{host}/x")


@pytest.mark.parametrize("host", OTHERS)
def test_others(host: str) -> None:
    assert not is_loopback_host(host)
    assert not is_confidential(f"http://{host}:8000/x")
    assert not is_loopback(f"http://{host}:8000/x")
    with pytest.raises(ConfigurationError):
        Connection(client_id="a", client_secret="b", api_url=f"http://{host}:1")


@pytest.mark.parametrize("url", ODD)
def test_what_is_not_a_link_to_open_or_to_send_a_token_to(url: str) -> None:
    assert not is_confidential(url)
    assert not is_loopback(url)
    with pytest.raises(ConfigurationError):
        Connection(client_id="a", client_secret="b", api_url=url)


@given(url=st.text() | st.from_regex(r"(https?|javascript)://(\[::1\]|localhost|[\w.:@\[\]-]{0,12}).{0,6}"))
def test_any_text_has_an_answer(url: str) -> None:
    if is_confidential(url):
        assert url.lower().startswith(("https://", "http://"))
    is_loopback(url)


@pytest.mark.parametrize(
    ("link", "usable"),
    [(link, False) for link in ODD if link]
    + [
        ("http://example.com/", False),
        ("https://vimeo.com/activate", True),
        ("http://localhost:1/activate", True),
    ],
)
def test_the_link_of_a_device_flow(link: str, usable: bool) -> None:
    code = {
        "user_code": "ABC123",
        "device_code": "d" * 32,
        "activate_link": link,
        "expires_in": 600,
        "interval": 5,
    }
    world = World(answer(body=json.dumps(code).encode()))
    flow = start_device_authorization(world.context(), world, Identity("vimeo", "u"))
    if usable:
        assert run_sync(flow).activate_link == link
        return
    with pytest.raises(AuthorizationFailed):
        run_sync(flow)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_a_callback_is_caught_at_every_own_address(host: str) -> None:
    if host == "[::1]" and not _has_ipv6():
        pytest.skip("no IPv6 here")
    with closing(socket(AF_INET6 if "::" in host else 2)) as found:
        found.bind(("::1" if "::" in host else "127.0.0.1", 0))
        port = found.getsockname()[1]
    address = f"http://{host}:{port}/callback"
    with CallbackServer(address, Secret("s")) as server, httpx.Client(trust_env=False) as browser:
        target = f"{address}?code=x&state=s".replace("localhost", "127.0.0.1")
        thread = threading.Thread(target=browser.get, args=[target])
        thread.start()
        assert server.wait(10).reveal() == f"{address}?code=x&state=s"
        thread.join()


def test_neither_silent_nor_odd_requests_end_the_wait(capfd: pytest.CaptureFixture[str]) -> None:
    with closing(socket()) as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    address = f"http://127.0.0.1:{port}/callback"
    host = f"\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    with CallbackServer(address, Secret("s")) as server, httpx.Client(trust_env=False) as browser:
        silent = [create_connection(("127.0.0.1", port)) for _ in range(3)]
        silent[0].sendall(b"GET /callback?code=")  # and no more
        for odd in (
            b"GET http://[ HTTP/1.1" + host,
            b"\x16\x03\x01\r\n\r\n",
            b"GET /callback?state=x HTTP/1.1" + host,
        ):
            with create_connection(("127.0.0.1", port)) as line:
                line.sendall(odd)
        thread = threading.Thread(target=browser.get, args=[f"{address}?code=x&state=s"])
        thread.start()
        assert server.wait(3600).reveal() == f"{address}?code=x&state=s"
        thread.join()
        for line in silent:
            line.close()
    assert capfd.readouterr().err == ""


def _has_ipv6() -> bool:
    try:
        with closing(socket(AF_INET6)) as found:
            found.bind(("::1", 0))
    except OSError:
        return False
    return has_ipv6
