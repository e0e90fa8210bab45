"""OAuth 2.0: consent page, codes, tokens. Shapes: the API's OpenAPI document (2024); RFC 6749 and 7636 where it is
silent."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vimeo_toolkit.sandbox.oauth_device import device_routes
from vimeo_toolkit.sandbox.oauth_messages import client_of, form_of, grant_error, granted, no_client
from vimeo_toolkit.sandbox.pages import consent_page, lost_page
from vimeo_toolkit.sandbox.state import App, Code
from vimeo_toolkit.sandbox.tokens import issue, revoke_with_heirs, scopes_of
from vimeo_toolkit.sandbox.world import SandboxWorld

if TYPE_CHECKING:
    from vimeo_toolkit.sandbox.server import Sandbox

__all__ = ["oauth_routes"]

CODE_SECONDS = 600.0


def oauth_routes(sandbox: Sandbox) -> list[Route]:
    """Return the routes that take no token."""
    world = sandbox.world

    async def consent(request: Request) -> Response:
        asked = _asked(world, request.query_params)
        return consent_page(asked.app, asked.scopes, world.users) if asked else lost_page()

    async def decide(request: Request) -> Response:
        asked = _asked(world, request.query_params)
        if asked is None:
            return lost_page()
        form = parse_qs((await request.body()).decode())
        back = {"state": asked.state} if asked.state else {}
        user = world.find_user((form.get("user") or [""])[-1])
        if form.get("decision") != ["allow"] or user is None:
            back["error"] = "access_denied"
            return _redirect(asked.redirect_uri, back)
        ticked = frozenset(form.get("scope", [])) & asked.scopes
        code = Code(
            value=secrets.token_hex(16),
            app=asked.app,
            user=user,
            scopes=ticked | {"public"},
            redirect_uri=asked.redirect_uri,
            challenge=asked.challenge,
            method=asked.method,
            ends=world.clock.seconds() + CODE_SECONDS,
        )
        world.codes[code.value] = code
        return _redirect(asked.redirect_uri, {"code": code.value, **back})

    async def token(request: Request) -> Response:
        sandbox.token_calls += 1
        if sandbox.token_latency:
            await asyncio.sleep(sandbox.token_latency)
        app = client_of(world, request)
        if app is None:
            return no_client()
        form = await form_of(request)
        if form.get("grant_type") == "authorization_code":
            return _exchange(world, app, form)
        if form.get("grant_type") == "refresh_token":
            return _refresh(world, app, form)
        return grant_error("unsupported_grant_type", "The grant type is not supported.")

    async def client_credentials(request: Request) -> Response:
        app = client_of(world, request)
        if app is None:
            return no_client()
        form = await form_of(request)
        scopes = scopes_of(form.get("scope", "public"))
        if form.get("grant_type") != "client_credentials" or scopes is None:
            return grant_error("invalid_request", "The grant type or a scope is invalid.")
        return granted(world, issue(world, app, None, frozenset({"public"})))

    return [
        Route("/oauth/authorize", consent, methods=["GET"]),
        Route("/oauth/authorize", decide, methods=["POST"]),
        Route("/oauth/access_token", token, methods=["POST"]),
        Route("/oauth/authorize/client", client_credentials, methods=["POST"]),
        *device_routes(sandbox),
    ]


class _Asked:
    def __init__(self, app: App, scopes: frozenset[str], query: Any) -> None:
        self.app = app
        self.scopes = scopes
        self.redirect_uri: str = query["redirect_uri"]
        self.state: str = query.get("state", "")
        self.challenge: str | None = query.get("code_challenge")
        self.method: str = query.get("code_challenge_method", "plain")


def _asked(world: SandboxWorld, query: Any) -> _Asked | None:
    """What the authorize URL asks for. A bad one shows Vimeo's 404 page and never redirects."""
    app = next((each for each in world.apps if each.client_id == query.get("client_id")), None)
    scopes = scopes_of(query.get("scope", ""))
    if app is None or scopes is None or query.get("response_type") != "code":
        return None
    if query.get("redirect_uri") not in app.redirect_uris:
        return None
    if query.get("code_challenge_method", "plain") not in ("plain", "S256"):
        return None
    return _Asked(app, scopes, query)


def _redirect(uri: str, query: dict[str, str]) -> Response:
    joint = "&" if urlsplit(uri).query else "?"
    return RedirectResponse(f"{uri}{joint}{urlencode(query)}", 302)


def _exchange(world: SandboxWorld, app: App, form: dict[str, str]) -> Response:
    code = world.codes.get(form.get("code", ""))
    if code is None or code.app is not app or world.clock.seconds() >= code.ends:
        return _bad_code()
    if code.token is not None:
        revoke_with_heirs(code.token)
        return _bad_code()
    if form.get("redirect_uri") != code.redirect_uri:
        return grant_error("invalid_grant", "The redirect URI doesn't match the one of the code.")
    if code.challenge is not None and not _proves(form.get("code_verifier", ""), code):
        return grant_error("invalid_grant", "The code verifier doesn't match the challenge.")
    code.token = issue(
        world, app, code.user, code.scopes, lifetime=app.token_lifetime, refresh=app.refresh_tokens
    )
    return granted(world, code.token)


def _bad_code() -> Response:
    """As recorded in 2021; RFC 6749 has `invalid_grant` for it."""
    return grant_error("invalid_request", "Invalid authorization code")


def _proves(verifier: str, code: Code) -> bool:
    if code.method == "plain":
        return hmac.compare_digest(verifier.encode(), str(code.challenge).encode())
    digest = hashlib.sha256(verifier.encode()).digest()
    return hmac.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"="), str(code.challenge).encode())


def _refresh(world: SandboxWorld, app: App, form: dict[str, str]) -> Response:
    """Single use: the old refresh token and the old access token end with it."""
    old = world.refresh_tokens.pop(form.get("refresh_token", ""), None)
    if old is None or old.app is not app or old.revoked:
        return grant_error("invalid_grant", "The refresh token is invalid.")
    old.revoked = True
    renewed = issue(world, app, old.user, old.scopes, lifetime=app.token_lifetime or 3600.0, refresh=True)
    old.successor = renewed
    return granted(world, renewed)
