"""Tokens: how they are made, shown and ended. Refresh tokens are something Vimeo does not have today."""

from __future__ import annotations

import secrets
from typing import Any

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.state import App, Token, User
from vimeo_toolkit.sandbox.world import SandboxWorld

__all__ = ["SCOPES", "issue", "revoke_with_heirs", "scopes_of", "token_body"]

SCOPES = [
    "public",
    "private",
    "purchased",
    "purchase",
    "create",
    "edit",
    "delete",
    "interact",
    "upload",
    "stats",
    "promo_codes",
    "video_files",
    "email",
    "scim",
    "ai",
    "webhooks",
]


def issue(
    world: SandboxWorld,
    app: App,
    user: User | None,
    scopes: frozenset[str],
    *,
    lifetime: float | None = None,
    refresh: bool = False,
) -> Token:
    """Make a token of this user for this app, and return it."""
    token = Token(
        access_token=secrets.token_hex(16),
        app=app,
        user=user,
        scopes=scopes | {"public"},
        refresh_token=secrets.token_urlsafe(24) if refresh else None,
        expires=None if lifetime is None else world.clock.seconds() + lifetime,
    )
    world.tokens[token.access_token] = token
    if token.refresh_token:
        world.refresh_tokens[token.refresh_token] = token
    return token


def token_body(world: SandboxWorld, token: Token) -> dict[str, Any]:
    body: dict[str, Any] = {
        "access_token": token.access_token,
        "token_type": "bearer",
        "scope": " ".join(scope for scope in SCOPES if scope in token.scopes),
        "app": {"name": token.app.name, "uri": token.app.uri},
    }
    if token.user is not None:
        body["user"] = user_shape(token.user, token.user)
    if token.refresh_token:
        body["refresh_token"] = token.refresh_token
    if token.expires is not None:
        body["expires_in"] = max(0, round(token.expires - world.clock.seconds()))
    return body


def scopes_of(text: str) -> frozenset[str] | None:
    """Return the scopes that a text lists, None where one of them is unknown."""
    names = text.replace(",", " ").split() or ["public", "private"]
    return frozenset(names) if set(names) <= set(SCOPES) else None


def revoke_with_heirs(token: Token | None) -> None:
    """Revoke a token and those that it was refreshed to."""
    while token is not None:
        token.revoked = True
        token = token.successor


@endpoint("GET", "/oauth/verify")
def verify(call: Call) -> Answer:
    return Answer(200, token_body(call.world, call.token), "application/vnd.vimeo.auth+json")


@endpoint("DELETE", "/tokens")
def revoke(call: Call) -> Answer:
    call.token.revoked = True
    call.world.refresh_tokens.pop(call.token.refresh_token or "", None)
    return Answer(204)
