"""Device codes (RFC 8628): a device shows a code, and the user types it in elsewhere."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vimeo_toolkit.sandbox.oauth_messages import answer, client_of, form_of, grant_error, granted, no_client
from vimeo_toolkit.sandbox.pages import activation_page, message_page
from vimeo_toolkit.sandbox.state import Device
from vimeo_toolkit.sandbox.tokens import issue, scopes_of

if TYPE_CHECKING:
    from vimeo_toolkit.sandbox.server import Sandbox

__all__ = ["device_routes"]

DEVICE_SECONDS = 1800.0


def device_routes(sandbox: Sandbox) -> list[Route]:
    """Return the routes by which a device is connected."""
    world = sandbox.world

    async def device(request: Request) -> Response:
        app = client_of(world, request)
        if app is None:
            return no_client()
        scopes = scopes_of((await form_of(request)).get("scope", ""))
        if scopes is None:
            return grant_error("invalid_scope", "A scope is unknown.")
        made = Device(
            device_code=secrets.token_hex(20),
            user_code="".join(secrets.choice("BCDFGHJKLMNPQRSTVWXZ23456789") for _ in range(6)),
            app=app,
            scopes=scopes,
            ends=world.clock.seconds() + DEVICE_SECONDS,
        )
        world.devices[made.user_code] = made
        return answer(
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
        app = client_of(world, request)
        if app is None:
            return no_client()
        form = await form_of(request)
        made = world.devices.get(form.get("user_code", ""))
        if made is None or made.device_code != form.get("device_code") or made.app is not app:
            return grant_error("invalid_grant", "No such device code exists.")
        if world.clock.seconds() >= made.ends:
            return grant_error("expired_token", "The device code has expired.")
        if made.user is None:
            return grant_error("authorization_pending", "The user has not entered the code yet.")
        del world.devices[made.user_code]
        token = issue(
            world, app, made.user, made.scopes, lifetime=app.token_lifetime, refresh=app.refresh_tokens
        )
        return granted(world, token)

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
        Route("/oauth/device", device, methods=["POST"]),
        Route("/oauth/device/authorize", device_poll, methods=["POST"]),
        Route("/activate", activate, methods=["GET", "POST"]),
    ]
