"""What every OAuth endpoint reads and answers: the client, the form, a token, an error."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response

from vimeo_toolkit.sandbox.projection import rendered
from vimeo_toolkit.sandbox.state import App, Token
from vimeo_toolkit.sandbox.tokens import token_body
from vimeo_toolkit.sandbox.world import SandboxWorld

__all__ = ["answer", "client_of", "form_of", "grant_error", "granted", "no_client"]


def answer(body: dict[str, Any], status: int = 200, media: str = "application/json") -> Response:
    """Return an answer that must not be stored (RFC 6749, 5.1)."""
    content = json.dumps(body, separators=(",", ":"), default=rendered)
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache", "Vary": "Accept"}
    return Response(content, status, headers, media_type=media)


def granted(world: SandboxWorld, token: Token) -> Response:
    return answer(token_body(world, token), media="application/vnd.vimeo.auth+json")


def grant_error(error: str, description: str, status: int = 400) -> Response:
    return answer({"error": error, "error_description": description}, status)


def client_of(world: SandboxWorld, request: Request) -> App | None:
    """Return the app that the HTTP Basic header names."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(encoded.strip()).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    for app in world.apps:
        if app.client_id == client_id and hmac.compare_digest(app.client_secret.encode(), secret.encode()):
            return app
    return None


def no_client() -> Response:
    return grant_error("invalid_client", "A valid client ID and secret are required.", 401)


async def form_of(request: Request) -> dict[str, str]:
    """Return the body as texts, JSON or a form."""
    raw = await request.body()
    if "json" in request.headers.get("content-type", ""):
        try:
            value = json.loads(raw or b"{}")
        except ValueError:
            return {}
        return {str(name): str(item) for name, item in value.items()} if isinstance(value, dict) else {}
    pairs = parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in pairs.items()}
