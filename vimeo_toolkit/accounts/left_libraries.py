"""Delete the indexes that nobody may search any more: of accounts that ended long ago, or that are gone."""

from __future__ import annotations

from functools import partial
from typing import Final

from vimeo_toolkit.accounts.belongings import forget_library
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.observe.events import Event
from vimeo_toolkit.runtime.ports import IO

__all__ = ["forget_if_over", "sweep_libraries"]

_PAGE: Final = 500
ENDED: Final = frozenset({AccountStatus.EXPIRED, AccountStatus.REVOKED})


async def sweep_libraries(ctx: Context, io: IO) -> int:
    """Delete the indexes of accounts that Vimeo refused longer ago than the operator keeps them, and, when they are
    as old, those that belong to no account; return how many.

    An index without an account is left by a process that was killed, or by one that deleted the account and was not
    told where the indexes are. It is not deleted at once, because the wrong store may have been opened beside it.

    Raises:
        StoreError: the store or an index failed; it may be done again.
    """
    libraries = ctx.libraries
    if libraries is None:
        return 0
    # Before the accounts, so that what is begun meanwhile is not taken for one without an account.
    written = await io.call(libraries.users)
    deleted, after = 0, None
    while written:
        page = await ctx.vault.page(io, None, after=after, limit=_PAGE)
        for key, record in page:
            identity = Identity(key.connection, key.name)
            known = written.pop(identity.digest, None) is not None
            if known and isinstance(record, AccountRecord):
                deleted += await forget_if_over(ctx, io, record)
        if len(page) < _PAGE:
            break
        after = page[-1][0]
    for digest, at in written.items():
        if at + ctx.policy.keep_library <= io.now() and await io.call(partial(libraries.discard, digest)):
            deleted += 1
            await io.emit(Event("library.forgotten", "", "", None, {"cause": "unowned"}))
    return deleted


async def forget_if_over(ctx: Context, io: IO, record: AccountRecord) -> bool:
    """Delete the account's index if it ended longer ago than the operator keeps one; return whether there was one.

    Raises:
        StoreError: it cannot be deleted; it may be done again.
    """
    ended = record.updated_at if record.ended_at is None else record.ended_at
    if record.status not in ENDED or ended + ctx.policy.keep_library > io.now():
        return False
    return await forget_library(ctx, io, record.identity, cause="ended")
