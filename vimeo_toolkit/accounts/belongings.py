"""What is kept for a user beside the account. It is deleted with the account, and when another Vimeo user
connects."""

from __future__ import annotations

from typing import Final

from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.rows import own_key
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.stores.kinds import KINDS

__all__ = ["BY_USER", "NAMED", "PREFIXED", "forget_belongings"]

BY_USER: Final = tuple(name for name, kind in KINDS.items() if kind.owner == "address" and name != "account")
"""Kinds of which a user has one row, stored under the user's own key."""

PREFIXED: Final = tuple(name for name, kind in KINDS.items() if kind.owner == "prefix")
"""Kinds of which a user has many rows, whose names begin with the user's digest."""

NAMED: Final = tuple(name for name, kind in KINDS.items() if kind.owner == "inside" and name != "state")
"""Kinds whose rows have names of their own; their content says which user they belong to."""

STATE: Final = "state"
"""Links that wait for their callback. They belong to no connection, because a callback does not name one."""


async def forget_belongings(ctx: Context, io: IO, identity: Identity, *, links: bool = False) -> None:
    """Delete what is kept for this user, and with `links` the authorization links that wait, too.

    Raises:
        StoreError: the store cannot be read or written; it may be done again.
    """
    for kind in BY_USER:
        await ctx.vault.rows.drop(io, own_key(kind, identity))
    for kind in PREFIXED:
        await ctx.vault.rows.forget_named(io, kind, identity)
    for kind in NAMED:
        await ctx.vault.rows.forget(io, kind, identity)
    if links:
        await ctx.vault.rows.forget(io, STATE, identity, of_any=True)
