"""Accounts as a whole: copy them to another store, seal them under a new key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.errors import StoreError
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.stores.protocol import Key

__all__ = ["Moved", "Rotated", "copy_accounts", "rotate_key"]

_PAGE: Final = 200
_ATTEMPTS: Final = 20


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did: accounts in all, and those that were sealed anew."""

    total: int
    changed: int


@dataclass(frozen=True, slots=True)
class Moved:
    """What a copy did: accounts in all, those written now, and those that were there already."""

    total: int
    copied: int
    present: int


async def _all(vault: Vault, io: IO) -> AsyncIterator[tuple[Key, AccountRecord, str]]:
    """Every account with the name of the key that sealed it, page by page."""
    after: Key | None = None
    while True:
        page = await vault.sealed_page(io, after=after, limit=_PAGE)
        for key, record, key_id in page:
            yield key, record, key_id
        if len(page) < _PAGE:
            return
        after = page[-1][0]


async def rotate_key(vault: Vault, io: IO) -> Rotated:
    """Seal every account under the newest key. What is so sealed is left alone, so that an interrupted run is
    finished by the next; accounts that change meanwhile are sealed with the newest key by that change.

    Raises:
        WrongKey: a row's key is not among the keys given; those before it are done.
    """
    total = changed = 0
    async for _, record, key_id in _all(vault, io):
        total += 1
        if key_id == vault.key_id:
            continue
        current: AccountRecord | None = record
        for _ in range(_ATTEMPTS):
            if current is None or await vault.save(io, current) is not None:
                break
            current = await vault.load(io, record.connection_name, record.identifier)
        else:
            raise StoreError(
                "An account is being changed too often to be sealed anew.", hint="Run the rotation again."
            )
        changed += 1
    return Rotated(total, changed)


async def copy_accounts(source: Vault, source_io: IO, target: Vault, target_io: IO) -> Moved:
    """Copy every account, and read each back to compare. The source is left as it is.

    An account that the target has already, the same or newer, is left alone; so an interrupted copy is
    finished by the next.

    Raises:
        StoreError: what was read back is not what was written.
    """
    total = copied = present = 0
    async for _, record, _ in _all(source, source_io):
        total += 1
        there = await target.load(target_io, record.connection_name, record.identifier)
        if there is not None and there.updated_at >= record.updated_at:
            present += 1
            continue
        version = 0 if there is None else there.version
        saved = await target.save(target_io, record.replace(version=version), touch=False)
        found = await target.load(target_io, record.connection_name, record.identifier)
        if saved is None or found is None or found.to_json() != record.to_json():
            raise StoreError(
                f"The copy of account {record.identifier!r} is not the same as the original.",
                hint="Make sure that nothing else writes to the target, then run the copy again.",
            )
        copied += 1
    return Moved(total, copied, present)
