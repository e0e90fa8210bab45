"""What a tool asks for, as a complete request."""

from __future__ import annotations

import dataclasses

import pytest

from tests.unit.world import USER, World
from vimeo_toolkit import InvalidInput
from vimeo_toolkit.calls.request import detailed, http_request
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.format import ACCEPT, USER_AGENT


def sent(api: ApiRequest) -> tuple[str, str, dict[str, str], bytes]:
    connection = World().context().connection("vimeo")
    http = http_request(connection, Secret("t-1"), api, USER)
    assert http.user == USER
    return http.method, http.url, dict(http.headers), http.content


def test_a_request_is_complete() -> None:
    headers = {
        "Authorization": "Bearer t-1",
        "Accept": ACCEPT,
        "User-Agent": USER_AGENT,
        "Accept-Encoding": "gzip, deflate",
    }
    api = ApiRequest("GET", "/videos/1:a b", {"q": "a,b/c:d&e", "page": "2"}, fields="uri,name")
    url = "https://api.vimeo.com/videos/1:a%20b?q=a,b/c:d%26e&page=2&fields=uri,name"
    assert sent(api) == ("GET", url, headers, b"")
    plain = ApiRequest("DELETE", "/videos/1")
    assert sent(plain)[:2] == ("DELETE", "https://api.vimeo.com/videos/1")
    body = sent(ApiRequest("PATCH", "/videos/1", body={"name": "é", "a": [1]}))
    assert body[2:] == (headers | {"Content-Type": "application/json"}, '{"name":"é","a":[1]}'.encode())
    assert sent(ApiRequest("PUT", "/videos/1", body={}))[3] == b"{}"


@pytest.mark.parametrize(
    "path", ["videos/1", "/videos//1", "/videos/../me", "/./me", "/videos/", "//elsewhere"]
)
def test_no_path_leaves_its_place(path: str) -> None:
    with pytest.raises(InvalidInput):
        sent(ApiRequest("GET", path))


def test_full_detail_asks_for_all_fields_of_what_is_read() -> None:
    read, write = ApiRequest("GET", "/me", fields="uri"), ApiRequest("PATCH", "/me", fields="uri")
    assert detailed(read, "full") == dataclasses.replace(read, fields=None)
    assert detailed(read, "compact") is read
    assert detailed(write, "full") is write
