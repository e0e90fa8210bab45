"""An authorization server in a few lines, for flows without a network: single-use codes and refresh tokens."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tests.unit.world import answer
from vimeo_toolkit.runtime.ports import HttpRequest, HttpResponse

__all__ = ["FakeVimeo", "Issued"]

LIFETIME = 1000.0


@dataclass
class Issued:
    """A token that was given out."""

    access: str
    refresh: str
    user: str
    ends: float
    revoked: bool = False


@dataclass
class FakeVimeo:
    """Its state; `handle` answers a request at a time of its own clock."""

    tokens: dict[str, Issued] = field(default_factory=dict)
    refreshable: dict[str, Issued] = field(default_factory=dict)
    codes: dict[str, tuple[str, Issued | None]] = field(default_factory=dict)
    """Code → user, and the token that it brought."""
    devices: dict[str, str] = field(default_factory=dict)
    """Device code → user who has entered it."""

    def issue(self, user: str, now: float) -> Issued:
        number = len(self.tokens) + 1
        made = Issued(f"access-{number}", f"refresh-{number}", user, now + LIFETIME)
        self.tokens[made.access] = self.refreshable[made.refresh] = made
        return made

    def alive(self, now: float) -> set[str]:
        """Tokens that work."""
        return {each.access for each in self.tokens.values() if not each.revoked and each.ends > now}

    def handle(self, request: HttpRequest, now: float) -> HttpResponse:
        path = request.url.removeprefix("https://api.vimeo.com")
        body = json.loads(request.content or b"{}")
        held = dict(request.headers)["Authorization"].partition(" ")[2]
        match request.method, path:
            case "POST", "/oauth/access_token" if body["grant_type"] == "authorization_code":
                return self._exchanged(body["code"], now)
            case "POST", "/oauth/access_token":
                return self._refreshed(body["refresh_token"], now)
            case "POST", "/oauth/device":
                told = {"user_code": "ABC", "device_code": "device-1", "activate_link": "https://vimeo.com/a"}
                return _said(200, {**told, "expires_in": 600, "interval": 5})
            case "POST", "/oauth/device/authorize":
                user = self.devices.pop(body["device_code"], None)
                return _error("authorization_pending") if user is None else self._given(self.issue(user, now))
            case "GET", "/oauth/verify" if held in self.alive(now):
                return self._given(self.tokens[held])
            case "DELETE", "/tokens" if held in self.alive(now):
                self._revoke(self.tokens[held])
                return answer(204, b"")
        return _said(401, {"error": "No credentials.", "error_code": 8003})

    def _exchanged(self, code: str, now: float) -> HttpResponse:
        user, given = self.codes.get(code, ("", None))
        if given is not None:
            self._revoke(given)  # used twice (RFC 6749, 4.1.2)
        if not user or given is not None:
            return _error("invalid_grant")
        made = self.issue(user, now)
        self.codes[code] = (user, made)
        return self._given(made)

    def _refreshed(self, refresh: str, now: float) -> HttpResponse:
        old = self.refreshable.pop(refresh, None)
        if old is None or old.revoked:
            return _error("invalid_grant")
        self._revoke(old)
        return self._given(self.issue(old.user, now))

    def _revoke(self, token: Issued) -> None:
        token.revoked = True
        self.refreshable.pop(token.refresh, None)

    def _given(self, token: Issued) -> HttpResponse:
        return _said(
            200,
            {
                "access_token": token.access,
                "refresh_token": token.refresh,
                "expires_in": LIFETIME,
                "scope": "public private",
                "user": {"uri": token.user, "name": "Ana"},
            },
        )


def _said(status: int, body: dict[str, Any]) -> HttpResponse:
    return answer(status, json.dumps(body).encode())


def _error(name: str) -> HttpResponse:
    return _said(400, {"error": name})
