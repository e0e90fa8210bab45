"""OAuth of the sandbox, spoken by hand."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from tests.servers import NO_TLS
from vimeo_toolkit.sandbox import Sandbox

VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def client(vimeo: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=vimeo.url, trust_env=False, verify=NO_TLS) as made:
        yield made


def _link(vimeo: Sandbox, **changes: str) -> str:
    query = {
        "response_type": "code",
        "client_id": vimeo.app.client_id,
        "redirect_uri": vimeo.app.redirect_uri,
        "scope": "public private edit",
        "state": "s",
        **changes,
    }
    return f"{vimeo.url}/oauth/authorize?{urlencode(query)}"


def _code(vimeo: Sandbox, **changes: str) -> str:
    return parse_qs(urlsplit(vimeo.authorize(_link(vimeo, **changes))).query)["code"][0]


def _exchange(vimeo: Sandbox, client: httpx.Client, code: str, **changes: str) -> httpx.Response:
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": vimeo.app.redirect_uri,
        **changes,
    }
    return client.post("/oauth/access_token", auth=(vimeo.app.client_id, vimeo.app.client_secret), json=body)


def test_code_to_token(vimeo: Sandbox, client: httpx.Client) -> None:
    body = _exchange(vimeo, client, _code(vimeo)).json()
    assert body["token_type"] == "bearer"
    assert set(body["scope"].split()) == {"public", "private", "edit"}
    assert body["user"]["uri"] == vimeo.user.uri
    assert body["app"]["uri"] == vimeo.app.uri
    assert "refresh_token" not in body
    assert "expires_in" not in body
    verified = client.get("/oauth/verify", headers={"Authorization": f"Bearer {body['access_token']}"})
    assert verified.json()["scope"] == body["scope"]


def test_a_code_works_once_and_its_token_ends_with_a_second_try(vimeo: Sandbox, client: httpx.Client) -> None:
    code = _code(vimeo)
    token = _exchange(vimeo, client, code).json()["access_token"]
    again = _exchange(vimeo, client, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_request")
    assert client.get("/me", headers={"Authorization": f"bearer {token}"}).status_code == 401


def test_a_code_ends(vimeo: Sandbox, client: httpx.Client) -> None:
    code = _code(vimeo)
    vimeo.clock.advance(601)
    assert _exchange(vimeo, client, code).json()["error"] == "invalid_request"


def test_the_redirect_uri_must_be_the_same(vimeo: Sandbox, client: httpx.Client) -> None:
    answer = _exchange(vimeo, client, _code(vimeo), redirect_uri=vimeo.app.redirect_uri + "/")
    assert answer.json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("method", "challenge", "proof", "works"),
    [
        ("S256", CHALLENGE, VERIFIER, True),
        ("plain", VERIFIER, VERIFIER, True),
        ("S256", CHALLENGE, "w" * 50, False),
        ("S256", CHALLENGE, "", False),
    ],
)
def test_pkce(
    method: str, challenge: str, proof: str, works: bool, vimeo: Sandbox, client: httpx.Client
) -> None:
    code = _code(vimeo, code_challenge=challenge, code_challenge_method=method)
    assert (_exchange(vimeo, client, code, code_verifier=proof).status_code == 200) is works


def test_the_client_must_be_who_it_says(vimeo: Sandbox, client: httpx.Client) -> None:
    body = {"grant_type": "authorization_code", "code": _code(vimeo), "redirect_uri": vimeo.app.redirect_uri}
    wrong: tuple[Any, ...] = (None, (vimeo.app.client_id, "wrong"), ("nobody", vimeo.app.client_secret))
    for auth in wrong:
        answer = client.post("/oauth/access_token", auth=auth, json=body)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"redirect_uri": "https://attacker.example/"},
        {"response_type": "token"},
        {"scope": "public everything"},
        {"code_challenge": "x", "code_challenge_method": "S512"},
    ],
)
def test_a_bad_link_shows_a_page_and_redirects_nowhere(
    changes: dict[str, str], vimeo: Sandbox, client: httpx.Client
) -> None:
    for method in ("GET", "POST"):
        answer = client.request(
            method, _link(vimeo, **changes), data={"decision": "allow"} if method == "POST" else None
        )
        assert answer.status_code == 404
        assert "location" not in answer.headers


def test_the_user_decides(vimeo: Sandbox) -> None:
    denied = parse_qs(urlsplit(vimeo.authorize(_link(vimeo), allow=False)).query)
    assert denied == {"error": ["access_denied"], "state": ["s"]}


def test_the_user_grants_only_some(vimeo: Sandbox, client: httpx.Client) -> None:
    callback = vimeo.authorize(_link(vimeo), scopes=["edit", "delete"])
    code = parse_qs(urlsplit(callback).query)["code"][0]
    assert _exchange(vimeo, client, code).json()["scope"] == "public edit"


def test_the_page_says_who_asks_for_what(vimeo: Sandbox, client: httpx.Client) -> None:
    page = client.get(_link(vimeo)).text
    for text in (vimeo.app.name, "change your videos", 'lang="en"', "<label>", vimeo.user.name):
        assert text in page


def test_refresh_rotates(vimeo: Sandbox, client: httpx.Client) -> None:
    vimeo.app.token_lifetime, vimeo.app.refresh_tokens = 100.0, True
    first = _exchange(vimeo, client, _code(vimeo)).json()
    assert first["expires_in"] == 100

    def refresh(token: str) -> httpx.Response:
        body = {"grant_type": "refresh_token", "refresh_token": token}
        return client.post(
            "/oauth/access_token", auth=(vimeo.app.client_id, vimeo.app.client_secret), json=body
        )

    vimeo.clock.advance(101)
    assert client.get("/me", headers={"Authorization": f"bearer {first['access_token']}"}).status_code == 401
    second = refresh(first["refresh_token"]).json()
    assert client.get("/me", headers={"Authorization": f"bearer {second['access_token']}"}).status_code == 200
    assert refresh(first["refresh_token"]).json()["error"] == "invalid_grant"


def test_client_credentials_read_public_data_only(vimeo: Sandbox, client: httpx.Client) -> None:
    auth = (vimeo.app.client_id, vimeo.app.client_secret)
    body = client.post("/oauth/authorize/client", auth=auth, json={"grant_type": "client_credentials"}).json()
    assert "user" not in body
    headers = {"Authorization": f"bearer {body['access_token']}"}
    assert client.get("/videos?query=a", headers=headers).json()["total"] > 0
    answer = client.get("/me", headers=headers)
    assert (answer.status_code, answer.json()["error_code"]) == (401, 8002)


def test_device_code(vimeo: Sandbox, client: httpx.Client) -> None:
    auth = (vimeo.app.client_id, vimeo.app.client_secret)
    made = client.post(
        "/oauth/device", auth=auth, json={"grant_type": "device_grant", "scope": "public"}
    ).json()
    poll: dict[str, Any] = {name: made[name] for name in ("user_code", "device_code")}
    pending = client.post(made["authorize_link"], auth=auth, json=poll)
    assert pending.json()["error"] == "authorization_pending"
    assert "Code" in client.get(made["activate_link"]).text
    client.post(made["activate_link"], data={"user_code": made["user_code"], "user": str(vimeo.user.id)})
    assert client.post(made["authorize_link"], auth=auth, json=poll).json()["user"]["uri"] == vimeo.user.uri


def test_revoking(vimeo: Sandbox, client: httpx.Client) -> None:
    token = vimeo.issue_token().access_token
    headers = {"Authorization": f"bearer {token}"}
    assert client.delete("/tokens", headers=headers).status_code == 204
    answer = client.get("/me", headers=headers)
    assert (answer.status_code, answer.json()["error_code"]) == (401, 8003)
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert client.get("/me").json()["error_code"] == 8003


def test_no_secret_in_what_it_shows(vimeo: Sandbox, client: httpx.Client) -> None:
    token = vimeo.issue_token(refresh=True)
    headers = {"Authorization": f"bearer {token.access_token}"}
    client.post(
        "/me/albums", headers=headers, json={"name": "a", "privacy": "password", "password": "hush-99"}
    )
    shown = repr(
        [vimeo, vimeo.app, token, vimeo.requests, vimeo.users, vimeo.user.showcases, vimeo.user.videos]
    )
    for secret in (token.access_token, token.refresh_token, vimeo.app.client_secret, "hush-99", "fjord-2291"):
        assert str(secret) not in shown


def test_a_replayed_code_ends_what_was_refreshed_from_it_too(vimeo: Sandbox, client: httpx.Client) -> None:
    vimeo.app.token_lifetime, vimeo.app.refresh_tokens = 100.0, True
    code = _code(vimeo)
    first = _exchange(vimeo, client, code).json()
    auth = (vimeo.app.client_id, vimeo.app.client_secret)
    body = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = client.post("/oauth/access_token", auth=auth, json=body).json()
    assert _exchange(vimeo, client, code).status_code == 400
    headers = {"Authorization": f"bearer {second['access_token']}"}
    assert client.get("/me", headers=headers).status_code == 401
    body["refresh_token"] = second["refresh_token"]
    assert client.post("/oauth/access_token", auth=auth, json=body).json()["error"] == "invalid_grant"


def test_tokens_are_not_to_be_stored(vimeo: Sandbox, client: httpx.Client) -> None:
    assert _exchange(vimeo, client, _code(vimeo)).headers["Cache-Control"] == "no-store"


def test_lifetimes_can_be_asked_for_at_the_start() -> None:
    with (
        Sandbox(seed_library=False, token_lifetime=60, refresh_tokens=True) as vimeo,
        httpx.Client(base_url=vimeo.url, trust_env=False, verify=NO_TLS) as client,
    ):
        body = _exchange(vimeo, client, _code(vimeo)).json()
    assert body["expires_in"] == 60
    assert body["refresh_token"]
