"""The fault proxy itself, seen with a client that knows nothing of the toolkit."""

from __future__ import annotations

import http.client
import socket
from urllib.parse import urlsplit

import httpx
import pytest

from tests.servers import NO_TLS
from vimeo_toolkit.sandbox import FAULTS, FaultProxy, Sandbox


def _headers(vimeo: Sandbox) -> dict[str, str]:
    return {"Authorization": f"bearer {vimeo.issue_token().access_token}"}


def test_without_a_fault_it_is_the_sandbox(lasting: Sandbox, proxy: FaultProxy) -> None:
    headers = _headers(lasting)
    video = lasting.user.videos[-1].uri
    with httpx.Client(base_url=proxy.url, headers=headers, trust_env=False, verify=NO_TLS) as client:
        assert client.get("/me").json()["uri"] == lasting.user.uri
        assert client.get("/nowhere").status_code == 404
        assert client.put(f"/me/watchlater{video[7:]}").status_code == 204
        made = client.post(f"{video}/comments", json={"text": "Hello"})
        assert made.status_code == 201
        assert made.headers["x-ratelimit-remaining"]
    assert proxy.connections == 1
    assert proxy.received == proxy.forwarded
    assert [proxy.count(method) for method in ("GET", "PUT", "POST")] == [2, 1, 1]


def test_faults_strike_in_order_as_often_as_asked_and_where_they_match(
    lasting: Sandbox, proxy: FaultProxy
) -> None:
    proxy.inject(FAULTS["status-502-html"], times=2, match=lambda method, path: path == "/me")
    proxy.inject(FAULTS["status-503"], match=lambda method, path: method == "GET")
    with httpx.Client(
        base_url=proxy.url, headers=_headers(lasting), trust_env=False, verify=NO_TLS
    ) as client:
        assert [client.get("/me").status_code for _ in range(4)] == [502, 502, 503, 200]
        assert len(proxy.forwarded) == 1
        proxy.inject(FAULTS["status-503"], times=9)
        proxy.clear()
        assert client.get("/me").status_code == 200


def test_a_client_that_follows_is_seen(lasting: Sandbox, proxy: FaultProxy) -> None:
    proxy.inject(FAULTS["redirect-302"])
    with httpx.Client(
        headers={"X-Mark": "1"}, follow_redirects=True, trust_env=False, verify=NO_TLS
    ) as client:
        assert client.get(f"{proxy.url}/me").json() == {}
    assert [headers["x-mark"] for headers in proxy.strayed] == ["1"]


def test_refused_until_it_is_taken_back(lasting: Sandbox, proxy: FaultProxy) -> None:
    with httpx.Client(
        base_url=proxy.url, headers=_headers(lasting), trust_env=False, verify=NO_TLS
    ) as client:
        assert client.get("/me").status_code == 200
        proxy.inject(FAULTS["connection-refused"])
        with pytest.raises(httpx.ConnectError):
            client.get("/me")
        proxy.clear()
        assert client.get("/me").status_code == 200


def test_what_does_not_pass_a_proxy_is_refused(proxy: FaultProxy) -> None:
    with pytest.raises(ValueError, match="strikes the store"):
        proxy.inject(FAULTS["disk-full"])


def test_it_needs_to_run(lasting: Sandbox) -> None:
    with pytest.raises(RuntimeError, match="not running"):
        _ = FaultProxy(lasting).url


def test_what_is_no_http_ends_the_connection(proxy: FaultProxy) -> None:
    address = urlsplit(proxy.url)
    for junk in (b"hello\r\n\r\n", b"GET /me HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"):
        with socket.create_connection((str(address.hostname), int(address.port or 0)), 5) as client:
            client.sendall(junk)
            client.shutdown(socket.SHUT_WR)
            assert client.recv(100) == b""
    assert proxy.received == []


@pytest.mark.parametrize("fault", ["silent", "headers-drip", "body-drips", "body-endless", "endless-hints"])
def test_it_stops_in_the_middle_of_what_never_ends(lasting: Sandbox, fault: str) -> None:
    with FaultProxy(lasting) as proxy:
        address = urlsplit(proxy.url)
        proxy.inject(FAULTS[fault])
        client = http.client.HTTPConnection(str(address.hostname), address.port, timeout=5)
        client.request("GET", "/me", headers=_headers(lasting))
    with pytest.raises((http.client.HTTPException, OSError)):  # it has left
        client.getresponse().read()
    client.close()
