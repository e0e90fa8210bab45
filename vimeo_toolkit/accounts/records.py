"""The accounts of one connection: look one up, make it, list them."""

from __future__ import annotations

from typing import Final

from vimeo_toolkit.accounts.context import Context, checked_identifier
from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.errors import NotConnected, StoreBusy
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.stores.protocol import Key

__all__ = ["get_account", "get_or_create_account", "list_accounts"]

_PAGE: Final = 500


async def get_account(ctx: Context, io: IO, connection_name: str, identifier: str) -> AccountRecord:
    """The account.

    Raises:
        NotConnected: there is none.
    """
    ctx.connection(connection_name)
    record = await ctx.vault.load(io, connection_name, checked_identifier(identifier))
    if record is None:
        raise NotConnected(
            f"{identifier!r} has no account on connection {connection_name!r}.",
            hint="Make one with get_or_create_connected_account, or list those that exist.",
            connection_name=connection_name,
            identifier=identifier,
        )
    return record


async def get_or_create_account(ctx: Context, io: IO, connection_name: str, identifier: str) -> AccountRecord:
    """The account; a new one is PENDING."""
    connection = ctx.connection(connection_name)
    checked_identifier(identifier)
    for _ in range(5):
        record = await ctx.vault.load(io, connection_name, identifier)
        if record is not None:
            return record
        created = await ctx.vault.save(
            io,
            AccountRecord(
                connection_name=connection_name,
                identifier=identifier,
                requested_scopes=tuple(connection.scopes),
                reason="The user has not connected a Vimeo account yet.",
            ),
        )
        if created is not None:
            return created
    raise StoreBusy("The account is being made and deleted at once.", hint="Try again.")


async def list_accounts(ctx: Context, io: IO, connection_name: str | None) -> list[AccountRecord]:
    """All accounts (of one connection), by connection and identifier."""
    if connection_name is not None:
        ctx.connection(connection_name)
    records: list[AccountRecord] = []
    after: Key | None = None
    while True:
        page = await ctx.vault.page(io, connection_name, after=after, limit=_PAGE)
        records.extend(record for _, record in page)
        if len(page) < _PAGE:
            return records
        after = page[-1][0]
