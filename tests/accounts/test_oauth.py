"""The requests and answers of OAuth 2.0, part by part."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.unit.world import answer
from vimeo_toolkit import Connection
from vimeo_toolkit.accounts import oauth
from vimeo_toolkit.runtime.ports import HttpRequest
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.wire.format import ACCEPT, USER_AGENT

APP = Connection(client_id="id", client_secret="s3", redirect_uri="http://127.0.0.1/cb", scopes=["private"])
BASIC = {
    "Authorization": "basic " + base64.b64encode(b"id:s3").decode(),
    "Accept": ACCEPT,
    "User-Agent": USER_AGENT,
    "Content-Type": "application/json",
}
BEARER = {"Authorization": "Bearer t-1", "Accept": ACCEPT, "User-Agent": USER_AGENT}


def sent(request: HttpRequest) -> tuple[str, str, dict[str, str], Any]:
    body = json.loads(request.content) if request.content else None
    return request.method, request.url, dict(request.headers), body


def test_the_page_of_consent() -> None:
    verifier = Secret("v" * 43)
    parts = urlsplit(oauth.authorize_url(APP, ["private", "edit"], "state-1", verifier))
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://api.vimeo.com/oauth/authorize"
    query = {
        "response_type": "code",
        "client_id": "id",
        "redirect_uri": "http://127.0.0.1/cb",
        "scope": "private edit",
        "state": "state-1",
    }
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"v" * 43).digest()).decode().rstrip("=")
    pkce = {"code_challenge": digest, "code_challenge_method": "S256"}
    assert dict(parse_qsl(parts.query)) == query | pkce
    plain = urlsplit(oauth.authorize_url(APP, ["private", "edit"], "state-1", None))
    assert dict(parse_qsl(plain.query)) == query


def test_the_requests_for_a_token() -> None:
    where = "https://api.vimeo.com/oauth/access_token"
    code = {
        "grant_type": "authorization_code",
        "code": "c-1",
        "redirect_uri": "http://127.0.0.1/cb",
    }
    proof = {"code_verifier": "v-1"}
    assert sent(oauth.exchange_request(APP, Secret("c-1"), Secret("v-1"))) == (
        "POST",
        where,
        BASIC,
        code | proof,
    )
    assert sent(oauth.exchange_request(APP, Secret("c-1"), Secret(""))) == ("POST", where, BASIC, code)
    refresh = {"grant_type": "refresh_token", "refresh_token": "r-1"}
    assert sent(oauth.refresh_request(APP, Secret("r-1"))) == ("POST", where, BASIC, refresh)


def test_the_requests_of_a_device_code() -> None:
    where = "https://api.vimeo.com/oauth/device"
    asked = {"grant_type": "device_grant", "scope": "private edit"}
    assert sent(oauth.device_request(APP, ["private", "edit"])) == ("POST", where, BASIC, asked)
    poll = {"user_code": "ABC", "device_code": "d-1"}
    request = oauth.device_poll_request(APP, "ABC", Secret("d-1"))
    assert sent(request) == ("POST", f"{where}/authorize", BASIC, poll)


def test_the_requests_about_a_token() -> None:
    verify = oauth.verify_request(APP, Secret("t-1"))
    assert sent(verify) == ("GET", "https://api.vimeo.com/oauth/verify", BEARER, None)
    revoke = oauth.revoke_request("https://api.other", Secret("t-1"))
    assert sent(revoke) == ("DELETE", "https://api.other/tokens", BEARER, None)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://127.0.0.1/cb?state=s&code=c", ("/cb", "s", "c", None)),
        ("http://127.0.0.1/cb?state=s&error=access_denied", ("/cb", "s", None, "access_denied")),
        ("http://127.0.0.1/cb?state=s&code=c&error=e", ("/cb", "s", "c", "e")),
        ("http://127.0.0.1/cb?state=s&code=c&other=1&other=2", ("/cb", "s", "c", None)),
        ("http://127.0.0.1/cb?state=s&state=s&code=c", None),
        ("http://127.0.0.1/cb?state=s&code=c&code=", None),
        ("http://127.0.0.1/cb?state=s&error=a&error=b", None),
        ("http://127.0.0.1/cb?code=c", None),
        ("http://127.0.0.1/cb?state=s", None),
        ("http://127.0.0.1/cb?state=s&code=", None),
        ("http://[/cb?state=s&code=c", None),
        ("http://127.0.0.1/cb?state=s&code=c" + "&x=1" * 48, ("/cb", "s", "c", None)),
        ("http://127.0.0.1/cb?state=s&code=c" + "&x=1" * 49, None),
    ],
)
def test_what_a_callback_says(url: str, found: tuple[str, str, str | None, str | None] | None) -> None:
    callback = oauth.parse_callback(url)
    path, state, code, error = found or ("", "", "", "")
    expected = oauth.Callback(path, state, Secret(code) if code else None, error)
    assert callback == (expected if found else None)


def test_everything_in_a_token_answer_is_read() -> None:
    body = {
        "access_token": "t-1",
        "refresh_token": "r-1",
        "expires_in": 60,
        "scope": "public,edit private",
        "user": {"uri": "/users/7", "name": " Ana\nB "},
        "app": {"uri": "/apps/9"},
    }
    read = oauth.Grant(
        Secret("t-1"), Secret("r-1"), 160.0, ("edit", "private", "public"), "/users/7", "Ana B", "/apps/9"
    )
    assert oauth.parse_token(answer(200, json.dumps(body).encode()), 100.0) == read
    assert oauth.parse_token(answer(299, json.dumps(body).encode()), 100.0) == read
    for status in (199, 300, 400):
        assert oauth.parse_grant(answer(status, json.dumps(body).encode()), 100.0) is None


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"access_token": 7}, (None, None, None)),
        ({"scope": "a"}, (("a",), None, None)),
        ({"user": {}}, (None, None, None)),
        ({"user": {"uri": "https://x/users/7", "name": ""}}, (None, None, None)),
        ({"user": {"uri": "/users/7/", "name": "N" * 201}}, (None, None, "N" * 200)),
        ({"user": {"uri": "/" + "u" * 64 + "/a/b/c/d/e"}}, (None, "/" + "u" * 64 + "/a/b/c/d/e", None)),
        ({"user": {"uri": "/" + "u" * 65}}, (None, None, None)),
        ({"user": {"uri": "/a/b/c/d/e/f/g"}}, (None, None, None)),
        ({"scope": ["a,b", 7, "c d"]}, (("a", "b", "c", "d"), None, None)),
        ({"scope": 'b"d back\\slash ' + "s" * 65}, (None, None, None)),
        ({"scope": " ".join(f"s{number:03}" for number in range(101))},
         (tuple(f"s{number:03}" for number in range(100)), None, None)),
    ],
)  # fmt: skip
def test_what_is_not_as_it_should_be_says_nothing(body: dict[str, Any], found: tuple[Any, ...]) -> None:
    grant = oauth.parse_grant(answer(200, json.dumps(body).encode()), 0.0)
    assert grant is not None
    assert grant.access_token is None
    assert (grant.scopes, grant.user_uri, grant.user_name) == found


@pytest.mark.parametrize("body", [b"{}", b"[]", b"", b'{"app": {}}', b"<html>"])
def test_what_has_no_part_of_a_grant_is_none(body: bytes) -> None:
    assert oauth.parse_grant(answer(200, body), 0.0) is None


@pytest.mark.parametrize(
    ("text", "good"),
    [("!~", True), ("", False), ("a b", False), ("a\n", False), ("é", False),
     ("a" * 4096, True), ("a" * 4097, False)],
)  # fmt: skip
def test_what_can_be_a_token(text: str, good: bool) -> None:
    assert oauth.is_token(text) is good


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"error": "invalid_grant"}', "invalid_grant"),
        (b'{"error": "' + b"e" * 64 + b'"}', "e" * 64),
        (b'{"error": "' + b"e" * 65 + b'"}', ""),
        (b'{"error": "The token is bad."}', ""),
        (b'{"error": ""}', ""),
        (b'{"error": 7}', ""),
        (b"{}", ""),
        (b"<html>", ""),
    ],
)
def test_the_code_of_an_error(body: bytes, code: str) -> None:
    assert oauth.oauth_error(answer(400, body)) == code


def test_who_says_that_a_token_or_the_app_is_wrong() -> None:
    wrong_app = answer(400, b'{"error": "invalid_client"}')
    other = answer(400, b'{"error": "invalid_grant"}')
    assert oauth.refuses_token(answer(401, b"{}"))
    assert not oauth.refuses_token(answer(401, b"<html>"))
    assert not oauth.refuses_token(answer(403, b"{}"))
    assert [oauth.refuses_client(each) for each in (answer(401), wrong_app, other)] == [True, True, False]
