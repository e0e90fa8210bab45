"""Disconnect an account: revoke its token at Vimeo first, then delete everything that is kept of it."""

from __future__ import annotations

from vimeo_toolkit.accounts.belongings import forget_belongings, forget_library
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.accounts.records import tell_unreadable
from vimeo_toolkit.accounts.revoking import former, revoke
from vimeo_toolkit.accounts.rows import own_key
from vimeo_toolkit.accounts.vault import ACCOUNT
from vimeo_toolkit.errors import StoreBusy, StoreError, VimeoError, VimeoUnavailable, WrongKey
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.observe.events import Event
from vimeo_toolkit.runtime.ports import IO

__all__ = ["Disconnected", "delete_account"]

_ATTEMPTS = 50


class Disconnected(int):
    """What a deletion did. As a number it is 1 when there was an account and 0 when there was none, so it works
    as a bool."""

    revoked: bool
    """Vimeo confirmed that every token of the account is revoked, and it had one."""
    unreadable: bool
    """The account's row did not open, so its token could not be revoked: it may live on at Vimeo."""

    def __new__(cls, existed: bool, revoked: bool, unreadable: bool = False) -> Disconnected:
        made = super().__new__(cls, existed)
        made.revoked = revoked
        made.unreadable = unreadable
        return made

    def __repr__(self) -> str:
        told = ", unreadable=True" if self.unreadable else ""
        return f"Disconnected(existed={bool(self)}, revoked={self.revoked}{told})"


async def delete_account(ctx: Context, io: IO, identity: Identity, *, revoke: bool = True) -> Disconnected:
    """See `VimeoToolkit.delete_connected_account`."""
    return await io.shielded(lambda io: _deleted(ctx, io, identity, revoking=revoke))


async def _deleted(ctx: Context, io: IO, identity: Identity, *, revoking: bool) -> Disconnected:
    existed = revoked = False
    for _ in range(_ATTEMPTS):
        try:
            record = await ctx.vault.load(io, identity)
        except (WrongKey, StoreError) as error:
            if isinstance(error, StoreBusy):
                raise
            if await _dropped(ctx, io, identity, error):
                return Disconnected(True, False, unreadable=True)
            continue
        if record is None:
            await forget_belongings(ctx, io, identity, links=existed)
            return Disconnected(existed, revoked)
        if revoking:
            # Write the row before Vimeo is told, so that a read-only store is noticed. If a later step fails, the
            # account says so and can be deleted again.
            marked = await ctx.vault.save(io, record.replace(deleting_since=io.now()))
            if marked is None:
                continue
            record = marked
            revoked = await _revoked(ctx, io, record) or revoked
        existed = True
        try:
            await forget_belongings(ctx, io, identity, links=True)
            # A refresh that finished meanwhile has changed the row: then its new token is revoked, too.
            removed = await ctx.vault.remove(io, record)
        except StoreError as error:
            if revoked:
                raise _left(error) from None
            raise
        if removed:
            # A sync may have begun its index anew before the row was gone; from now on it finds no account.
            await forget_library(ctx, io, identity)
            await _tell_deleted(io, identity, revoked=revoked)
            return Disconnected(True, revoked)
    raise StoreBusy(
        "The account is being changed by too many callers at once.", hint="Try again in a moment."
    )


async def _dropped(ctx: Context, io: IO, identity: Identity, error: WrongKey | StoreError) -> bool:
    """Delete an account whose row does not open; False when the row has changed meanwhile and must be read again.

    Raises:
        StoreError: the store failed, and not this row.
    """
    row = await ctx.vault.broken(io, identity)
    if row is None:
        return False
    await forget_belongings(ctx, io, identity, links=True)
    key = own_key(ACCOUNT, identity)
    if not await io.store.adelete(key, expected=row.version):
        if isinstance(error, StoreError) and not row.value:
            raise error
        return False
    ctx.vault.home.give_up_others()
    await tell_unreadable(io, ctx.vault.unreadable(key, row, error.message))
    await _tell_deleted(io, identity, revoked=False)
    return True


async def _tell_deleted(io: IO, identity: Identity, *, revoked: bool) -> None:
    await io.emit(Event.about("account.deleted", identity, {"revoked": revoked}))


async def _revoked(ctx: Context, io: IO, record: AccountRecord) -> bool:
    """Revoke every token of the account; return whether it had one.

    Raises:
        VimeoUnavailable: Vimeo did not confirm it.
    """
    tokens = former(record, record.access_token)
    for each in tokens:
        try:
            await revoke(ctx, io, each)
        except (VimeoUnavailable, VimeoError) as error:
            status = error.status
        else:
            continue
        raise VimeoUnavailable(
            "Vimeo did not confirm that the token is revoked"
            + ("" if status is None else f" (status {status})")
            + "; the account was kept.",
            hint="Try again, or delete it with revoke=False and revoke it in Vimeo's settings.",
            status=status,
        )
    return bool(tokens)


def _left(error: StoreError) -> StoreError:
    return type(error)(
        "The token is revoked at Vimeo, and the account could not be removed from the store. "
        + error.message,
        hint="Delete the account again when the store can be written.",
    )
