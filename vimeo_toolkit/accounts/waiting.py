"""Authorization links that wait for their callback: a user has a bounded number of them."""

from __future__ import annotations

from typing import Final

from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.rows import own_key
from vimeo_toolkit.errors import StoreBusy
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.stores.protocol import Key

__all__ = ["MOST", "bound"]

STATE: Final = "state"
LINKS: Final = "links"

MOST: Final = 30
"""Links of a user that can be used at once. The oldest goes first: the newest is what the user has before them."""

_ATTEMPTS: Final = 50


async def bound(ctx: Context, io: IO, identity: Identity, newest: str, seconds: float) -> None:
    """Note a link that was just kept, and delete the user's oldest ones above `MOST`. `newest`: its row's name.

    The note is a row of the user's, changed by compare-and-set, so that the bound is one for all workers. Which
    links were used since it does not say: deleting one of those does nothing.

    Raises:
        StoreBusy: too many links are being made for this user at once. The newest is deleted again.
    """
    noted = own_key(LINKS, identity)
    for _ in range(_ATTEMPTS):
        found = await ctx.vault.rows.read_json(io, noted, void=True)
        before, version = found if found is not None else ({}, 0)
        names = [*before.get("names", ()), newest]
        body = {"names": names[-MOST:]}
        if await ctx.vault.rows.put_json(io, noted, body, ttl=seconds, expected=version):
            for name in names[:-MOST]:
                await ctx.vault.rows.drop(io, Key(STATE, "", name))
            return
        await io.sleep(0.01 * io.jitter())
    await ctx.vault.rows.drop(io, Key(STATE, "", newest))
    raise StoreBusy(
        "Too many authorization links are being made for this user at once.", hint="Try again in a moment."
    )
