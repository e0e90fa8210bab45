"""What a request says: who asks, in which format, within which limit, with what body."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

from vimeo_toolkit.sandbox.errors import bad_token, legacy, refused
from vimeo_toolkit.sandbox.limits import take
from vimeo_toolkit.sandbox.state import Token
from vimeo_toolkit.sandbox.world import SandboxWorld

__all__ = ["authenticated", "body_of", "check_accept", "limited"]


def authenticated(world: SandboxWorld, header: str) -> Token:
    """Return the token of an Authorization header.

    Raises:
        ApiError: 401/8003.
    """
    scheme, _, value = header.partition(" ")
    if not value or scheme.lower() != "bearer":
        raise bad_token("The request has no bearer token.")
    token = world.tokens.get(value.strip())
    if (
        token is None
        or token.revoked
        or (token.expires is not None and world.clock.seconds() >= token.expires)
    ):
        raise bad_token()
    return token


def check_accept(accept: str) -> None:
    """Look whether an Accept header names a format and version that there is.

    Raises:
        ApiError: 406.
    """
    kinds = [part.strip() for part in accept.split(",")]
    for kind in kinds:
        media, *parameters = (part.strip() for part in kind.split(";"))
        if media in ("*/*", "application/json", "application/*"):
            return
        if media in ("application/vnd.vimeo.*+json", "application/vnd.vimeo.*"):
            version = next(
                (each.partition("=")[2] for each in parameters if each.startswith("version")), "3.4"
            )
            if version.startswith("3."):
                return
    raise legacy(406, "The requested media type or version is not available.")


def limited(world: SandboxWorld, token: Token, method: str, query: dict[str, str]) -> dict[str, str]:
    """Take one request from the user's limit; return the headers that tell of it.

    Raises:
        ApiError: 429/9000, it is used up.
    """
    # Client credentials use up the app owner's quota.
    owner = token.user or token.app.owner or world.users[0]
    allowed, headers = take(
        owner.window,
        owner.plan,
        projected=bool(query.get("fields")) or method == "DELETE",
        now=world.clock.seconds(),
        seconds=world.window_seconds,
    )
    if not allowed:
        error = refused(429, 9000, "The user's limit of requests is reached.", error="Too many API requests.")
        error.headers.update(headers)
        raise error
    return headers


def body_of(raw: bytes, content_type: str) -> Any:
    """Return the JSON or the form of a body; None where there is neither.

    Raises:
        ApiError: 400/2205, it is not the JSON that it says it is.
    """
    if not raw:
        return None
    if "json" in content_type:
        try:
            return json.loads(raw)
        except ValueError:
            raise refused(400, 2205, "The body of the request isn't formatted properly.") from None
    # Without a JSON content type Vimeo reads a form; `privacy.view=anybody` nests there, too.
    try:
        pairs = parse_qs(raw.decode(), keep_blank_values=True)
    except UnicodeDecodeError:
        return None
    body: dict[str, Any] = {}
    for name, values in pairs.items():
        *parents, leaf = name.split(".")
        target = body
        for parent in parents:
            target = target.setdefault(parent, {})
        target[leaf] = values[-1]
    return body
