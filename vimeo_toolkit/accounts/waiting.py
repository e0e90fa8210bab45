"""Authorization links that wait for their callback: a user has a bounded number of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from vimeo_toolkit.accounts.rows import own_key
from vimeo_toolkit.errors import StoreBusy
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.stores.protocol import Key

if TYPE_CHECKING:
    from vimeo_toolkit.accounts.context import Context
    from vimeo_toolkit.accounts.model import AuthorizationLink

__all__ = ["ASKED", "MOST", "MOST_OFFERS", "OFFERED", "Offer", "bound"]

STATE: Final = "state"
LINKS: Final = "links"

MOST: Final = 30
"""Links that one user can have at once. The oldest is deleted first: the user is looking at the newest."""

ASKED: Final = "names"
OFFERED: Final = "offered"
"""Two counts: links that were requested, and links that failing calls offered. Neither takes the other's
place."""

MOST_OFFERS: Final = 1_000
"""Of all users, in the memory of one process."""

_ATTEMPTS: Final = 50


@dataclass(frozen=True, slots=True)
class Offer:
    """A link that a failing call offered, to be offered again."""

    link: AuthorizationLink = field(repr=False)
    key: Key
    """Of its row: the link can be used while that is there."""
    until: float
    """By the monotonic clock."""


async def bound(
    ctx: Context, io: IO, identity: Identity, newest: str, seconds: float, *, to: str = ASKED
) -> None:
    """Note a new link, and delete the user's oldest ones above `MOST`. `newest`: the name of its row. `to`: the
    count that it belongs to.

    The note is a row of the user's, changed by compare-and-set, so that the bound is one for all workers. Which
    links were used since it does not say: deleting one of those does nothing.

    Raises:
        StoreBusy: too many links are being made for this user at once. The newest is deleted again.
    """
    noted = own_key(LINKS, identity)
    for _ in range(_ATTEMPTS):
        found = await ctx.vault.rows.read_json(io, noted, void=True)
        before, version = found if found is not None else ({}, 0)
        names = [*before.get(to, ()), newest]
        body = {**before, to: names[-MOST:]}
        if await ctx.vault.rows.put_json(io, noted, body, ttl=seconds, expected=version):
            for name in names[:-MOST]:
                await ctx.vault.rows.drop(io, Key(STATE, "", name))
            return
        await io.sleep(0.01 * io.jitter())
    await ctx.vault.rows.drop(io, Key(STATE, "", newest))
    raise StoreBusy(
        "Too many authorization links are being made for this user at once.", hint="Try again in a moment."
    )
