"""What is kept for a user beside the account. It is deleted with the account, and when another Vimeo user
connects."""

from __future__ import annotations

from typing import Final, Literal

from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.rows import own_key
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.observe.events import Event
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.stores.kinds import KINDS

__all__ = ["BY_USER", "NAMED", "PREFIXED", "forget_belongings", "forget_library"]

BY_USER: Final = tuple(name for name, kind in KINDS.items() if kind.owner == "address" and name != "account")
"""Kinds of which a user has one row, stored under the user's own key."""

PREFIXED: Final = tuple(name for name, kind in KINDS.items() if kind.owner == "prefix")
"""Kinds of which a user has many rows, whose names begin with the user's digest."""

NAMED: Final = tuple(name for name, kind in KINDS.items() if kind.owner == "inside" and name != "state")
"""Kinds whose rows have names of their own; their content says which user they belong to."""

STATE: Final = "state"
"""Links that wait for their callback. They belong to no connection, because a callback does not name one."""


async def forget_library(
    ctx: Context, io: IO, identity: Identity, *, cause: Literal["account", "asked", "ended"] = "account"
) -> bool:
    """Delete the index of this user's library, and tell of it; return whether there was one.

    Args:
        cause: the account is deleted or another's, the operator asks for it, or the account has ended long ago.

    Raises:
        StoreError: it cannot be deleted; it may be done again.
    """
    libraries = ctx.libraries
    if libraries is None or not await io.call(lambda: libraries.forget(identity)):
        return False
    await io.emit(Event.about("library.forgotten", identity, {"cause": cause}))
    return True


async def forget_belongings(ctx: Context, io: IO, identity: Identity, *, links: bool = False) -> None:
    """Delete what is kept for this user, the index of their library among it, and with `links` the authorization
    links that wait, too.

    Raises:
        StoreError: the store cannot be read or written; it may be done again.
    """
    await forget_library(ctx, io, identity)
    for kind in BY_USER:
        await ctx.vault.rows.drop(io, own_key(kind, identity))
    for kind in PREFIXED:
        await ctx.vault.rows.forget_named(io, kind, identity)
    for kind in NAMED:
        await ctx.vault.rows.forget(io, kind, identity)
    if links:
        await ctx.vault.rows.forget(io, STATE, identity, of_any=True)
