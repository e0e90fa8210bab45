"""Requests as they go out, compared with what httpx makes of the same ones; the order of headers may
differ."""

from __future__ import annotations

import gzip
import time
from typing import Any

import httpcore
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vimeo_toolkit.runtime.driver_parts import time_left
from vimeo_toolkit.runtime.messages import Body, to_httpcore, wire_of
from vimeo_toolkit.runtime.ports import AnswerLost, HttpRequest, NotSent

SERVERS = [
    "https://api.vimeo.com",
    "https://api.vimeo.com:443",
    "http://127.0.0.1:8080",
    "http://localhost:80",
    "https://API.Vimeo.com",
    "https://[::1]:8080",
    "https://someone:secret@files.example.com",
    "https://bücher.example",
]
TARGETS = [
    "/me/videos?fields=uri,name,user.name&per_page=100",
    "/videos/1.5/x-y_z~?a=b+c&d=https://example.com/",
    "",
    "?x=1",
    "/a b/ü?q=ü",
    "/a%2Fb?x=%41%zz",
    "/a/./b/../c",
    "/.hidden",
    '/a?x="y"&z=[1]#part',
    "//double//slash",
    "/a?x=1?y=2",
    "/a?",
    "/a@b:c=d",
]
METHODS = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"])
HEADERS = (("Authorization", "Bearer x"), ("Accept", "application/json"))


def _sent(request: HttpRequest) -> tuple[Any, ...]:
    wire = wire_of(request)
    made = to_httpcore(wire, 5.0)
    url = made.url
    assert (made.headers, made.url.target) == (wire.headers, wire.target)
    return (
        made.method,
        (url.scheme, url.host, url.port, url.target),
        sorted(made.headers),
        wire.server.url.host,
    )


def _by_httpx(request: HttpRequest) -> tuple[Any, ...]:
    made = httpx.Request(
        request.method, request.url, headers=request.headers, content=request.content or None
    )
    url = made.url
    return (
        request.method.encode(),
        (url.raw_scheme, url.raw_host, url.port, url.raw_path),
        sorted(made.headers.raw),
        url.host,
    )


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("target", TARGETS)
def test_an_address_goes_out_as_httpx_would_send_it(server: str, target: str) -> None:
    request = HttpRequest("GET", f"{server}{target}", HEADERS)
    assert _sent(request) == _by_httpx(request)


@given(
    METHODS,
    st.text(alphabet="aZ09_-.~:/?#[]@!$&'()*+,;=%41\"<> ü", max_size=12),
    st.sampled_from(SERVERS),
    st.binary(max_size=3),
)
def test_any_request_goes_out_as_httpx_would_send_it(
    method: str, rest: str, server: str, content: bytes
) -> None:
    request = HttpRequest(method, f"{server}/{rest}", HEADERS, content)
    assert _sent(request) == _by_httpx(request)


@pytest.mark.parametrize("address", ["ftp://api.vimeo.com/a", "wss://api.vimeo.com/", "file:///etc/passwd"])
def test_what_is_not_http_has_no_server(address: str) -> None:
    """The token would go out in clear."""
    with pytest.raises(httpcore.UnsupportedProtocol):
        wire_of(HttpRequest("GET", address, HEADERS))


def test_a_request_shows_no_token() -> None:
    assert (
        repr(wire_of(HttpRequest("GET", "https://api.vimeo.com/me", HEADERS))) == "<Wire GET api.vimeo.com>"
    )


@pytest.mark.parametrize("end", [5, 10, 15, -1])
def test_a_packed_body_that_is_cut_is_lost(end: int) -> None:
    """A header of gzip alone unpacks to nothing, which is not an empty body."""
    body = Body({"content-encoding": "gzip"})
    body.add(gzip.compress(b'{"a": 1}')[:end])
    with pytest.raises(AnswerLost):
        body.whole()


def test_an_empty_body_need_not_be_packed() -> None:
    assert Body({"content-encoding": "gzip"}).whole() == b""


def test_no_request_begins_after_its_time() -> None:
    with pytest.raises(NotSent):
        time_left(time.monotonic() - 1.0)
    assert time_left(time.monotonic() + 60.0) > 50.0
