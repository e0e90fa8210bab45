"""URLs that Vimeo is told to call or to fetch."""

from __future__ import annotations

import contextlib
from ipaddress import IPv4Address, IPv4Network, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile.values import ANYTHING
from tests.hostile.world import call
from tests.properties import examples
from tests.unit.world import World, answer, execute
from vimeo_toolkit import InvalidInput, VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.urls import checked_url, is_private
from vimeo_toolkit.connection import Connection
from vimeo_toolkit.runtime.blocking import run_sync

INNER = [
    "http://127.0.0.1/", "https://127.1.2.3/x", "http://10.0.0.1/", "http://172.16.5.4/", "http://192.168.1.1:8080/",
    "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/", "http://0.0.0.0/", "http://0.1.2.3/",
    "http://224.0.0.1/", "http://239.255.255.250/", "http://255.255.255.255/", "http://240.0.0.1/",
    "http://198.18.0.1/", "http://192.0.2.1/", "http://[::1]/", "http://[::]/", "http://[fe80::1]/", "http://[fc00::1]/",
    "http://[fd12:3456::1]/", "http://[ff02::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:a00:1]/",
    "http://[::127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b:1::1]/", "http://[2002:7f00:1::]/", "http://[2002:808:808::]/",
    "http://[2001:0:7f00:1::]/", "http://[fec0::1]/", "http://[100::1]/", "http://localhost/", "http://LOCALHOST/",
    "http://localhost./", "http://foo.localhost/", "http://printer.local/", "http://db.internal/",
    "http://metadata.google.internal/", "http://intranet/", "http://router.lan/", "http://x.home.arpa/",
]  # fmt: skip

NO_URL = [
    "", "https://", "https:///x", "https:/example.com", "example.com", "//example.com/x", "ftp://example.com/",
    "file:///etc/passwd", "javascript:alert(1)", "data:text/plain,x", "gopher://example.com/",
    "https://user@example.com/", "https://user:pass@example.com/", "https://@example.com/", "https://:@example.com/",
    "https://example.com@127.0.0.1/", "https://example.com\\@127.0.0.1/", "https://exa mple.com/",
    "https://example.com/\r\nX: y", "https://example.com/\x00", "https://ex\u00e4mple.com/", "https://example\u3002com/",
    "https://\uff11\uff12\uff17.0.0.1/", "https://127\u30020\u30020\u30021/", "https://example.com:99999/",
    "https://example.com:x/", "https://example.com:0/", "https://[::1/", "https://::1]/", "https://[vimeo.com]/",
    "https://[fe80::1%25eth0]/", "https://%31%32%37.0.0.1/", "https://exa%6dple.com/", "https://-example.com/",
    "https://example-.com/", "https://a..b.com/", "https://.example.com/", "https://example.com,evil.test/",
    "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://0177.0.0.1/", "https://127.1/",
    "https://127.0.1/", "https://0x7f.0x0.0x0.0x1/", "https://017700000001/", "https://1.2.3.4.5/", "https://256.1.1.1/",
    "https://8.8.8.08/", "https://0x/", "https://134744072/",
    "https://" + "a" * 300 + ".com/", "https://x.com/" + "a" * 2048,
]  # fmt: skip

GOOD = [
    "https://hooks.example.com/vimeo", "http://example.com", "https://example.com:8443/a/b?c=d#e", "https://8.8.8.8/x",
    "https://[2606:4700::1111]/x", "https://xn--bcher-kva.example.com/", "https://a_b.example.com/", "HTTPS://EXAMPLE.COM/",
    "https://example.com./x", "https://example.com/?next=http://127.0.0.1/", "https://local.example.com/",
    "https://1.2.3.4.example.com/", "https://example.com/a@b", "https://[::ffff:8.8.8.8]/", "https://internal.example.org/",
]  # fmt: skip


@pytest.mark.parametrize("url", INNER)
def test_inner_hosts_need_the_switch(url: str) -> None:
    with pytest.raises(InvalidInput, match="network") as caught:
        checked_url("url", url)
    assert url not in str(caught.value) or not url
    assert caught.value.problems[0]["field"] == "url"
    assert checked_url("url", url, allow_private=True) == url


@pytest.mark.parametrize("allow", [False, True])
@pytest.mark.parametrize("url", NO_URL)
def test_what_is_no_url_is_refused_in_any_case(url: str, allow: bool) -> None:
    with pytest.raises(InvalidInput):
        checked_url("url", url, allow_private=allow)


@pytest.mark.parametrize("url", GOOD)
def test_public_hosts(url: str) -> None:
    assert checked_url("url", url) == url


@examples(100, 1500)
@given(st.ip_addresses(v=4))
def test_every_spelling_of_an_address(address: IPv4Address) -> None:
    number = int(address)
    octets = str(address).split(".")
    spellings = [
        str(number),
        hex(number),
        f"0{number:o}",
        ".".join(hex(int(octet)) for octet in octets),
        ".".join(f"0{int(octet):o}" for octet in octets),
        f"{octets[0]}.{number & 0xFFFFFF}",
        f"{octets[0]}.{octets[1]}.{number & 0xFFFF}",
    ]
    for host in spellings:
        with pytest.raises(InvalidInput):
            checked_url("url", f"https://{host}/", allow_private=True)
    for host in (str(address), f"[::ffff:{address}]", f"[64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}]"):
        if is_private(address):
            with pytest.raises(InvalidInput):
                checked_url("url", f"https://{host}/")
        else:
            checked_url("url", f"https://{host}/")
    if not address.is_global or address.is_multicast or address in IPv4Network("100.64.0.0/10"):
        assert is_private(address)


@examples(100, 1500)
@given(st.ip_addresses(v=6))
def test_every_private_v6(address: IPv6Address) -> None:
    if address.is_private or address.is_multicast or address.is_link_local or address.is_site_local:
        assert is_private(address)


@examples(250, 4000)
@given(ANYTHING)
def test_anything(url: object) -> None:
    with contextlib.suppress(InvalidInput):
        assert checked_url("url", url) == url  # type: ignore[arg-type]


@pytest.mark.parametrize("url", [*INNER, *NO_URL])
def test_no_webhook_for_them(url: str) -> None:
    outcome, sent = call("vimeo_webhook_create", {"url": url, "event_types": ["video-created"]})
    assert isinstance(outcome, InvalidInput)
    assert not sent


def test_the_operators_switch() -> None:
    world = World(answer(201, b'{"uri":"/apps/9/webhooks/1"}'))
    ctx = world.context(allow_private_urls=True)
    world.account(ctx)
    arguments = {"url": "http://10.1.2.3/hook", "event_types": ["video-created"]}
    tool = catalog()["vimeo_webhook_create"]
    assert run_sync(execute(ctx, world, tool, arguments))["total"] == 1
    assert len(world.sent) == 1


def test_the_switch_of_the_toolkit() -> None:
    for allowed in (False, True):
        with VimeoToolkit([Connection()], store="sqlite:///:memory:", allow_private_urls=allowed) as toolkit:
            assert toolkit._context.policy.allow_private_urls is allowed
