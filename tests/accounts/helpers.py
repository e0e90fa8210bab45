"""What the tests of account flows share: what is sent, told of and stored."""

from __future__ import annotations

from typing import Any

from tests.unit.world import USER, World, answer, said
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord, FormerToken
from vimeo_toolkit.observe.events import Event
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.secret import Secret

API = "https://api.vimeo.com"
DONE = answer(204, b"")
RENEWED = said({"access_token": "access-2", "refresh_token": "refresh-2", "expires_in": 100, "scope": "edit"})
"""What a revocation and a refresh are answered with."""


def told(name: Any, **data: Any) -> Event:
    return Event(name, "vimeo", "u", None, data)


def old(name: str) -> FormerToken:
    return FormerToken(Secret(name), API)


def loaded(ctx: Context, world: World) -> AccountRecord:
    record = run_sync(ctx.vault.load(world, USER))
    assert record is not None
    return record


def bearer(world: World) -> list[str]:
    """The tokens of all requests."""
    return [dict(request.headers)["Authorization"] for request in world.sent]


def expiring(world: World, ctx: Context, left: float, **more: Any) -> AccountRecord:
    """Save an account whose token ends in so many seconds."""
    values = {"refresh_token": Secret("refresh-1"), "expires_at": world.time + left, "api_url": API, **more}
    return world.account(ctx, **values)
