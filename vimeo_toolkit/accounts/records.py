"""The accounts of one connection: look one up, make it, list them."""

from __future__ import annotations

from typing import Final

from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord, ConnectedAccounts, Unreadable
from vimeo_toolkit.accounts.vault import ACCOUNT
from vimeo_toolkit.errors import NotConnected, StoreBusy, WrongKey
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.observe.events import Event
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.stores.protocol import Key

__all__ = ["get_account", "get_or_create_account", "list_accounts", "tell_unreadable"]

_PAGE: Final = 500
_NAMED: Final = 10


async def get_account(ctx: Context, io: IO, identity: Identity) -> AccountRecord:
    """Return the account.

    Raises:
        NotConnected: there is none.
    """
    record = await ctx.vault.load(io, identity)
    if record is None:
        raise NotConnected(
            f"{identity.identifier!r} has no account on connection {identity.connection_name!r}.",
            hint="Make one with get_or_create_connected_account, or list those that exist.",
            connection_name=identity.connection_name,
            identifier=identity.identifier,
        )
    return record


async def get_or_create_account(ctx: Context, io: IO, identity: Identity) -> AccountRecord:
    """Return the account; a new one is PENDING.

    Raises:
        StoreBusy: it is being made and deleted at once.
    """
    connection = ctx.connection(identity.connection_name)
    for _ in range(5):
        record = await ctx.vault.load(io, identity)
        if record is not None:
            return record
        created = await ctx.vault.save(
            io,
            AccountRecord(
                connection_name=identity.connection_name,
                identifier=identity.identifier,
                requested_scopes=tuple(connection.scopes),
                reason="The user has not connected a Vimeo account yet.",
            ),
        )
        if created is not None:
            return created
    raise StoreBusy("The account is being made and deleted at once.", hint="Try again.")


async def list_accounts(ctx: Context, io: IO, connection_name: str | None) -> ConnectedAccounts:
    """Return all accounts (of one connection), by connection and identifier, and those that do not open.

    Raises:
        WrongKey: none of the accounts was sealed with a key that is among those given.
    """
    if connection_name is not None:
        ctx.connection(connection_name)
    await io.store.acheck(ACCOUNT)
    found = ConnectedAccounts()
    unreadable: list[Unreadable] = []
    after: Key | None = None
    while True:
        page = await ctx.vault.page(io, connection_name, after=after, limit=_PAGE)
        for _, each in page:
            if isinstance(each, Unreadable):
                unreadable.append(each)
                await tell_unreadable(io, each)
            else:
                found.append(each.public())
        if len(page) < _PAGE:
            break
        after = page[-1][0]
    if unreadable and not found and all(each.foreign for each in unreadable):
        raise all_foreign(unreadable)
    found.unreadable = tuple(unreadable)
    return found


def all_foreign(unreadable: list[Unreadable]) -> WrongKey:
    """Return the error for a store of which nothing opens because its key is not there."""
    names = ", ".join(repr(each.identifier) for each in unreadable[:_NAMED])
    more = "" if len(unreadable) <= _NAMED else f" and {len(unreadable) - _NAMED} more"
    return WrongKey(
        f"None of the {len(unreadable)} stored accounts opens. {unreadable[0].reason} They are {names}{more}.",
        hint="Pass all keys that are in use, newest first (VIMEO_TOOLKIT_KEY takes several, separated by spaces). "
        "If that key is lost, delete each account and connect the user again.",
    )


async def tell_unreadable(io: IO, each: Unreadable) -> None:
    """Tell the operator's hooks of a row that does not open."""
    told = {"kind": each.kind, "cause": "key" if each.foreign else "damaged"}
    await io.emit(Event("account.unreadable", each.connection_name, each.identifier, None, told))
