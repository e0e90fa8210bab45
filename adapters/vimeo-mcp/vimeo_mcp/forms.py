"""The bodies of strangers' requests: read within limits, and completed as the SDK's endpoints want them."""

from __future__ import annotations

import asyncio
import base64
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qs, unquote, urlencode

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Message, Receive, Scope

__all__ = ["LARGEST", "completed_form", "read_body", "replayed"]

LARGEST: Final = 65_536
"""Bytes of a request to an authorization server."""

PATIENCE: Final = 10.0
"""Seconds that a body may take to arrive."""


async def read_body(request: Request) -> bytes | None:
    """Return a request's body; None where it is too large.

    Raises:
        TimeoutError: it does not arrive.
        ClientDisconnect: the client is gone.
    """
    body = b""
    async with asyncio.timeout(PATIENCE):
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                return None
    return body


def completed_form(scope: Scope, body: bytes) -> bytes:
    """Return a form with what the SDK wants in it and clients may leave out.

    That is the client's id, which may be in the header with the secret (RFC 6749, 2.3.1), and, to revoke a token, a
    secret, which many clients do not have.
    """
    has = parse_qs(body.decode("latin-1"), keep_blank_values=True)
    more: dict[str, str] = {}
    scheme, _, given = Headers(scope=scope).get("authorization", "").partition(" ")
    if "client_id" not in has and scheme.lower() == "basic":
        with suppress(ValueError):
            more["client_id"] = unquote(base64.b64decode(given).decode().partition(":")[0])
    if "client_secret" not in has and "token" in has:
        more["client_secret"] = ""
    return b"&".join(filter(None, [body, urlencode(more).encode()]))


def replayed(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read once more."""
    given = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return given.pop() if given else await receive()

    return replay
