"""OAuth 2.0 as Vimeo speaks it: pure functions that build requests and read answers.

Sources: the API's OpenAPI document (2024) for the endpoints and the `auth` shape; RFC 6749, 7636 (PKCE) and
9700 for the rest.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from vimeo_toolkit.connection import Connection
from vimeo_toolkit.runtime.ports import HttpRequest, HttpResponse
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.wire.format import ACCEPT, USER_AGENT, json_object, one_line, seconds_after

__all__ = [
    "Callback",
    "Grant",
    "authorize_url",
    "device_poll_request",
    "device_request",
    "exchange_request",
    "is_token",
    "oauth_error",
    "parse_callback",
    "parse_grant",
    "parse_token",
    "refresh_request",
    "refuses_client",
    "refuses_token",
    "revoke_request",
    "verify_request",
]


_TOKEN: Final = re.compile(r"[!-~]+", re.ASCII)
_URI: Final = re.compile(r"(?:/[0-9A-Za-z_-]{1,64}){1,6}", re.ASCII)
_SCOPE: Final = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,64}", re.ASCII)
"""A scope-token (RFC 6749, 3.3), and not a long one."""
_MOST_SCOPES: Final = 100
_LONGEST_TOKEN: Final = 4096
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token answer or `GET /oauth/verify` says. `access_token` is None in the latter."""

    access_token: Secret | None
    refresh_token: Secret | None
    expires_at: float | None
    """Vimeo's time."""
    scopes: tuple[str, ...] | None
    """None where the answer does not say: then they are those that were requested (RFC 6749, 5.1) or the former
    ones (6)."""
    user_uri: str | None
    user_name: str | None
    app_uri: str | None


@dataclass(frozen=True, slots=True)
class Callback:
    """The query of a callback URL."""

    path: str
    state: str
    code: Secret | None
    error: str | None


def authorize_url(connection: Connection, scopes: Iterable[str], state: str, verifier: Secret | None) -> str:
    """Return the page on which the user consents. Scopes are separated by spaces, as Vimeo wants them."""
    query = {
        "response_type": "code",
        "client_id": connection.client_id,
        "redirect_uri": connection.redirect_uri,
        "scope": " ".join(scopes),
        "state": state,
    }
    if verifier:
        digest = hashlib.sha256(verifier.reveal().encode()).digest()
        query["code_challenge"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        query["code_challenge_method"] = "S256"
    return f"{connection.api_url}/oauth/authorize?{urlencode(query)}"


def parse_callback(url: str) -> Callback | None:
    """Return what the callback URL says, or None where it is not one. A repeated parameter is refused (RFC 6749,
    3.1)."""
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return None
    values = {}
    for name in ("state", "code", "error"):
        found = query.get(name, [])
        if len(found) > 1:
            return None
        values[name] = found[0] if found else ""
    if not values["state"] or not (values["code"] or values["error"]):
        return None
    code = Secret(values["code"]) if values["code"] else None
    return Callback(path=parts.path, state=values["state"], code=code, error=values["error"] or None)


def _basic(connection: Connection) -> tuple[tuple[str, str], ...]:
    pair = f"{connection.client_id}:{connection.secret.reveal()}"
    return (
        ("Authorization", f"basic {base64.b64encode(pair.encode()).decode()}"),
        ("Accept", ACCEPT),
        ("User-Agent", USER_AGENT),
        ("Content-Type", "application/json"),
    )


def _bearer(token: Secret) -> tuple[tuple[str, str], ...]:
    return (
        ("Authorization", f"Bearer {token.reveal()}"),
        ("Accept", ACCEPT),
        ("User-Agent", USER_AGENT),
    )


def _token_request(connection: Connection, body: Mapping[str, str]) -> HttpRequest:
    url = f"{connection.api_url}/oauth/access_token"
    return HttpRequest("POST", url, _basic(connection), json.dumps(body).encode())


def exchange_request(connection: Connection, code: Secret, verifier: Secret) -> HttpRequest:
    body = {
        "grant_type": "authorization_code",
        "code": code.reveal(),
        "redirect_uri": connection.redirect_uri,
    }
    if verifier:
        body["code_verifier"] = verifier.reveal()
    return _token_request(connection, body)


def refresh_request(connection: Connection, refresh_token: Secret) -> HttpRequest:
    body = {"grant_type": "refresh_token", "refresh_token": refresh_token.reveal()}
    return _token_request(connection, body)


def device_request(connection: Connection, scopes: Iterable[str]) -> HttpRequest:
    """Return the request for a device code."""
    body = {"grant_type": "device_grant", "scope": " ".join(scopes)}
    url = f"{connection.api_url}/oauth/device"
    return HttpRequest("POST", url, _basic(connection), json.dumps(body).encode())


def device_poll_request(connection: Connection, user_code: str, device_code: Secret) -> HttpRequest:
    """Return the request that asks whether the user has entered the code. Its URL does not come from an
    answer."""
    body = {"user_code": user_code, "device_code": device_code.reveal()}
    url = f"{connection.api_url}/oauth/device/authorize"
    return HttpRequest("POST", url, _basic(connection), json.dumps(body).encode())


def verify_request(connection: Connection, token: Secret) -> HttpRequest:
    return HttpRequest("GET", f"{connection.api_url}/oauth/verify", _bearer(token))


def revoke_request(api_url: str, token: Secret) -> HttpRequest:
    return HttpRequest("DELETE", f"{api_url}/tokens", _bearer(token))


def parse_token(response: HttpResponse, now: float) -> Grant | None:
    """Read a token answer; None where it has no token that can be used.

    RFC 6749 has 200; a 201 with a token in it has given one just the same, and the old one may be gone.
    """
    grant = parse_grant(response, now)
    return grant if grant is not None and grant.access_token is not None else None


def parse_grant(response: HttpResponse, now: float) -> Grant | None:
    """Read a token answer or a verify answer; None for anything else. Only the parts that make it one must be
    right: other parts that are missing or malformed count as not said.

    Args:
        now: Vimeo's time.
    """
    body = json_object(response.content) if 200 <= response.status < 300 else None
    if body is None or not ({"access_token", "scope", "user"} & body.keys()):
        return None
    user, app = _object(body.get("user")), _object(body.get("app"))
    return Grant(
        access_token=_token(body.get("access_token")),
        refresh_token=_token(body.get("refresh_token")),
        expires_at=seconds_after(body, now),
        scopes=_scopes(body.get("scope")),
        user_uri=_uri(user.get("uri")),
        user_name=one_line(user.get("name"), _LONGEST_NAME) or None,
        app_uri=_uri(app.get("uri")),
    )


def is_token(text: str) -> bool:
    """Return whether a text can be a token: other characters would break out of the header, or break it."""
    return 0 < len(text) <= _LONGEST_TOKEN and _TOKEN.fullmatch(text) is not None


def oauth_error(response: HttpResponse) -> str:
    """Return the answer's error code, such as `invalid_grant`; empty where it has none. Never its free text."""
    body = json_object(response.content) or {}
    error = body.get("error")
    known = isinstance(error, str) and 0 < len(error) <= 64 and error.replace("_", "").isalnum()
    return str(error) if known else ""


def refuses_token(response: HttpResponse) -> bool:
    """Return whether Vimeo itself says that it does not accept the token.

    Its 401 is a JSON object. A page with that status comes from something between, a firewall or a portal,
    and says nothing about the token.
    """
    return response.status == 401 and json_object(response.content) is not None


def refuses_client(response: HttpResponse) -> bool:
    """Return whether Vimeo itself says that the app's id and secret are wrong."""
    return refuses_token(response) or oauth_error(response) == "invalid_client"


def _scopes(value: Any) -> tuple[str, ...] | None:
    """Scopes in a text, separated by spaces or commas, or in a list; None where it names none."""
    parts = value if isinstance(value, list) else [value]
    names = {
        name
        for part in parts
        if isinstance(part, str)
        for name in part.replace(",", " ").split()[:_MOST_SCOPES]
    }
    known = {name for name in names if _SCOPE.fullmatch(name)}
    return tuple(sorted(known)) if known else None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _uri(value: Any) -> str | None:
    """A Vimeo URI such as `/users/123`: later it becomes a part of requests and is shown."""
    return value if isinstance(value, str) and _URI.fullmatch(value) else None


def _token(value: Any) -> Secret | None:
    return Secret(value) if isinstance(value, str) and is_token(value) else None
