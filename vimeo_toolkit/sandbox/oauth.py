"""OAuth 2.0: consent page, codes, tokens, device codes. Shapes: the API's OpenAPI document (2024); RFC 6749, 7636,
8628 where it is silent. The sandbox's refresh tokens are something Vimeo does not have today."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vimeo_toolkit.sandbox.http import Answer, Call, endpoint
from vimeo_toolkit.sandbox.pages import activation_page, consent_page, lost_page, message_page
from vimeo_toolkit.sandbox.projection import rendered
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.state import App, Code, Device, Token, User
from vimeo_toolkit.sandbox.world import World

if TYPE_CHECKING:
    from vimeo_toolkit.sandbox.server import Sandbox

__all__ = ["SCOPES", "issue", "oauth_routes"]

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
CODE_SECONDS = 600.0
DEVICE_SECONDS = 1800.0


def issue(
    world: World,
    app: App,
    user: User | None,
    scopes: frozenset[str],
    *,
    lifetime: float | None = None,
    refresh: bool = False,
) -> Token:
    """A new token of this user for this app."""
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


def _auth(world: World, token: Token) -> dict[str, Any]:
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


def _answer(body: dict[str, Any], status: int = 200, media: str = "application/json") -> Response:
    """Never to be stored (RFC 6749, 5.1)."""
    content = json.dumps(body, separators=(",", ":"), default=rendered)
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache", "Vary": "Accept"}
    return Response(content, status, headers, media_type=media)


def _granted(world: World, token: Token) -> Response:
    return _answer(_auth(world, token), media="application/vnd.vimeo.auth+json")


def _grant_error(error: str, description: str, status: int = 400) -> Response:
    return _answer({"error": error, "error_description": description}, status)


def _client(world: World, request: Request) -> App | None:
    """The app that HTTP Basic names."""
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


def _no_client() -> Response:
    return _grant_error("invalid_client", "A valid client ID and secret are required.", 401)


async def _form(request: Request) -> dict[str, str]:
    """The body as texts, JSON or a form."""
    raw = await request.body()
    if "json" in request.headers.get("content-type", ""):
        try:
            value = json.loads(raw or b"{}")
        except ValueError:
            return {}
        return {str(name): str(item) for name, item in value.items()} if isinstance(value, dict) else {}
    pairs = parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in pairs.items()}


def _scopes(text: str) -> frozenset[str] | None:
    """The scopes of a text, None where one of them is unknown."""
    names = text.replace(",", " ").split() or ["public", "private"]
    return frozenset(names) if set(names) <= set(SCOPES) else None


@endpoint("GET", "/oauth/verify")
def verify(call: Call) -> Answer:
    return Answer(200, _auth(call.world, call.token), "application/vnd.vimeo.auth+json")


@endpoint("DELETE", "/tokens")
def revoke(call: Call) -> Answer:
    call.token.revoked = True
    call.world.refresh_tokens.pop(call.token.refresh_token or "", None)
    return Answer(204)


def oauth_routes(sandbox: Sandbox) -> list[Route]:
    """The routes that take no token."""
    world = sandbox.world

    async def consent(request: Request) -> Response:
        asked = _asked(request.query_params)
        return consent_page(asked.app, asked.scopes, world.users) if asked else lost_page()

    async def decide(request: Request) -> Response:
        asked = _asked(request.query_params)
        if asked is None:
            return lost_page()
        form = parse_qs((await request.body()).decode())
        back = {"state": asked.state} if asked.state else {}
        user = world.find_user((form.get("user") or [""])[-1])
        if form.get("decision") != ["allow"] or user is None:
            back["error"] = "access_denied"
            return _redirect(asked.redirect_uri, back)
        granted = frozenset(form.get("scope", [])) & asked.scopes
        code = Code(
            value=secrets.token_hex(16),
            app=asked.app,
            user=user,
            scopes=granted | {"public"},
            redirect_uri=asked.redirect_uri,
            challenge=asked.challenge,
            method=asked.method,
            ends=world.clock.seconds() + CODE_SECONDS,
        )
        world.codes[code.value] = code
        return _redirect(asked.redirect_uri, {"code": code.value, **back})

    class _Asked:
        def __init__(self, app: App, scopes: frozenset[str], query: Any) -> None:
            self.app = app
            self.scopes = scopes
            self.redirect_uri: str = query["redirect_uri"]
            self.state: str = query.get("state", "")
            self.challenge: str | None = query.get("code_challenge")
            self.method: str = query.get("code_challenge_method", "plain")

    def _asked(query: Any) -> _Asked | None:
        """What the authorize URL asks for. A bad one shows Vimeo's 404 page and never redirects."""
        app = next((each for each in world.apps if each.client_id == query.get("client_id")), None)
        scopes = _scopes(query.get("scope", ""))
        if app is None or scopes is None or query.get("response_type") != "code":
            return None
        if query.get("redirect_uri") not in app.redirect_uris:
            return None
        if query.get("code_challenge_method", "plain") not in ("plain", "S256"):
            return None
        return _Asked(app, scopes, query)

    async def token(request: Request) -> Response:
        sandbox.token_calls += 1
        if sandbox.token_latency:
            await asyncio.sleep(sandbox.token_latency)
        app = _client(world, request)
        if app is None:
            return _no_client()
        form = await _form(request)
        if form.get("grant_type") == "authorization_code":
            return _exchange(world, app, form)
        if form.get("grant_type") == "refresh_token":
            return _refresh(world, app, form)
        return _grant_error("unsupported_grant_type", "The grant type is not supported.")

    async def client_credentials(request: Request) -> Response:
        app = _client(world, request)
        if app is None:
            return _no_client()
        form = await _form(request)
        scopes = _scopes(form.get("scope", "public"))
        if form.get("grant_type") != "client_credentials" or scopes is None:
            return _grant_error("invalid_request", "The grant type or a scope is invalid.")
        return _granted(world, issue(world, app, None, frozenset({"public"})))

    async def device(request: Request) -> Response:
        app = _client(world, request)
        if app is None:
            return _no_client()
        scopes = _scopes((await _form(request)).get("scope", ""))
        if scopes is None:
            return _grant_error("invalid_scope", "A scope is unknown.")
        made = Device(
            device_code=secrets.token_hex(20),
            user_code="".join(secrets.choice("BCDFGHJKLMNPQRSTVWXZ23456789") for _ in range(6)),
            app=app,
            scopes=scopes,
            ends=world.clock.seconds() + DEVICE_SECONDS,
        )
        world.devices[made.user_code] = made
        return _answer(
            {
                "device_code": made.device_code,
                "user_code": made.user_code,
                "authorize_link": f"{sandbox.url}/oauth/device/authorize",
                "activate_link": f"{sandbox.url}/activate",
                "expires_in": int(DEVICE_SECONDS),
                "interval": sandbox.device_interval,
            }
        )

    async def device_poll(request: Request) -> Response:
        app = _client(world, request)
        if app is None:
            return _no_client()
        form = await _form(request)
        made = world.devices.get(form.get("user_code", ""))
        if made is None or made.device_code != form.get("device_code") or made.app is not app:
            return _grant_error("invalid_grant", "No such device code exists.")
        if world.clock.seconds() >= made.ends:
            return _grant_error("expired_token", "The device code has expired.")
        if made.user is None:
            return _grant_error("authorization_pending", "The user has not entered the code yet.")
        del world.devices[made.user_code]
        granted = issue(
            world, app, made.user, made.scopes, lifetime=app.token_lifetime, refresh=app.refresh_tokens
        )
        return _granted(world, granted)

    async def activate(request: Request) -> Response:
        if request.method == "GET":
            return activation_page(world.users)
        form = parse_qs((await request.body()).decode())
        made = world.devices.get((form.get("user_code") or [""])[-1].strip().upper())
        user = world.find_user((form.get("user") or [""])[-1])
        if made is None or user is None:
            return message_page("This code is unknown.", 404)
        made.user = user
        return message_page("The device is connected.", 200)

    return [
        Route("/oauth/authorize", consent, methods=["GET"]),
        Route("/oauth/authorize", decide, methods=["POST"]),
        Route("/oauth/access_token", token, methods=["POST"]),
        Route("/oauth/authorize/client", client_credentials, methods=["POST"]),
        Route("/oauth/device", device, methods=["POST"]),
        Route("/oauth/device/authorize", device_poll, methods=["POST"]),
        Route("/activate", activate, methods=["GET", "POST"]),
    ]


def _redirect(uri: str, query: dict[str, str]) -> Response:
    joint = "&" if urlsplit(uri).query else "?"
    return RedirectResponse(f"{uri}{joint}{urlencode(query)}", 302)


def _exchange(world: World, app: App, form: dict[str, str]) -> Response:
    code = world.codes.get(form.get("code", ""))
    if code is None or code.app is not app or world.clock.seconds() >= code.ends:
        return _bad_code()
    if code.token is not None:
        _revoke_with_heirs(code.token)
        return _bad_code()
    if form.get("redirect_uri") != code.redirect_uri:
        return _grant_error("invalid_grant", "The redirect URI doesn't match the one of the code.")
    if code.challenge is not None and not _proves(form.get("code_verifier", ""), code):
        return _grant_error("invalid_grant", "The code verifier doesn't match the challenge.")
    code.token = issue(
        world, app, code.user, code.scopes, lifetime=app.token_lifetime, refresh=app.refresh_tokens
    )
    return _granted(world, code.token)


def _bad_code() -> Response:
    """As recorded in 2021; RFC 6749 has `invalid_grant` for it."""
    return _grant_error("invalid_request", "Invalid authorization code")


def _revoke_with_heirs(token: Token | None) -> None:
    """The token, and those that it was refreshed to."""
    while token is not None:
        token.revoked = True
        token = token.heir


def _proves(verifier: str, code: Code) -> bool:
    if code.method == "plain":
        return hmac.compare_digest(verifier.encode(), str(code.challenge).encode())
    digest = hashlib.sha256(verifier.encode()).digest()
    return hmac.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"="), str(code.challenge).encode())


def _refresh(world: World, app: App, form: dict[str, str]) -> Response:
    """Single use: the old refresh token and the old access token end with it."""
    old = world.refresh_tokens.pop(form.get("refresh_token", ""), None)
    if old is None or old.app is not app or old.revoked:
        return _grant_error("invalid_grant", "The refresh token is invalid.")
    old.revoked = True
    renewed = issue(world, app, old.user, old.scopes, lifetime=app.token_lifetime or 3600.0, refresh=True)
    old.heir = renewed
    return _granted(world, renewed)
