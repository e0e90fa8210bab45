"""Copy all rows of a store to another store, or seal them under a new key.

Neither stops at a row that cannot be read: it is gone past and reported, because it may be one user's alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from vimeo_toolkit.accounts.model import AccountRecord, Unreadable
from vimeo_toolkit.accounts.records import tell_unreadable
from vimeo_toolkit.accounts.vault import ACCOUNT, Vault
from vimeo_toolkit.errors import StoreBusy, StoreError, WrongKey
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.stores.kinds import KINDS
from vimeo_toolkit.stores.protocol import Key, Row

__all__ = ["Moved", "Rotated", "copy_accounts", "rotate_key"]

_PAGE: Final = 200
_ROUNDS: Final = 5


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did."""

    total: int
    """Accounts in all."""
    changed: int
    """Those that were sealed anew."""
    others: int = 0
    """Other rows that were sealed anew: unfinished uploads, approvals, waiting links…"""
    unreadable: tuple[Unreadable, ...] = ()
    """Rows that do not open with the keys given, and so were left as they are."""
    void: int = 0
    """Damaged rows of a kind that expires, such as approvals. No key opens them, so they need not be kept."""

    @property
    def complete(self) -> bool:
        """Whether every row is sealed under the newest key, so that the older keys can go."""
        return not self.unreadable


@dataclass(frozen=True, slots=True)
class Moved:
    """What a copy did."""

    total: int
    """Accounts in all."""
    copied: int
    """Those that were written now."""
    present: int
    """Those that were there already."""
    unreadable: tuple[Unreadable, ...] = ()
    """Rows that do not open, in the source or in the target, and so were not copied."""
    void: int = 0
    """Damaged rows of a kind that expires, such as approvals: nobody can use them, in either store."""

    @property
    def complete(self) -> bool:
        """Whether the target has every row of the source that can be of use."""
        return not self.unreadable


def _is_void(each: Unreadable) -> bool:
    """Return whether a row is useless whatever keys there are, and expires by itself."""
    return each.damaged and KINDS[each.kind].lasts is not None


async def _rows(io: IO, kind: str) -> AsyncIterator[tuple[Key, Row]]:
    """Every row of a kind, page by page."""
    after: Key | None = None
    while True:
        page = await io.store.ascan(kind, None, after=after, limit=_PAGE)
        for each in page:
            yield each
        if len(page) < _PAGE:
            return
        after = page[-1][0]


async def rotate_key(vault: Vault, io: IO) -> Rotated:
    """Seal every row of every kind under the newest key, then verify that this is so.

    What is so sealed is opened and left alone, so that an interrupted run is finished by the next.

    Raises:
        StoreError: the store cannot be read or written, or cannot know what it has.
        StoreBusy: rows are still being sealed with another key, by a process that has not got the newest one.
    """
    total, changed, others, broken = 0, 0, 0, dict[Key, Unreadable]()
    for kind in KINDS:
        await io.store.acheck(kind)
        async for key, row in _rows(io, kind):
            total += kind == ACCOUNT
            try:
                if vault.rows.is_current(row):
                    vault.rows.check(key, row)
                    continue
                done = await vault.rows.reseal(io, key, row, ttl=KINDS[kind].lasts)
            except WrongKey as error:
                broken[key] = vault.unreadable(key, row, error.message)
                await tell_unreadable(io, broken[key])
                continue
            changed += done and kind == ACCOUNT
            others += done and kind != ACCOUNT
    for _ in range(_ROUNDS):
        left = 0
        for kind in KINDS:
            async for key, row in _rows(io, kind):
                if key in broken or vault.rows.is_current(row):
                    continue
                # It was changed, or came, while the others were being sealed.
                left += 1
                try:
                    done = await vault.rows.reseal(io, key, row, ttl=KINDS[kind].lasts)
                except WrongKey as error:
                    broken[key] = vault.unreadable(key, row, error.message)
                    continue
                changed += done and kind == ACCOUNT
                others += done and kind != ACCOUNT
        if not left:
            kept = tuple(each for each in broken.values() if not _is_void(each))
            return Rotated(total, changed, others, kept, void=len(broken) - len(kept))
        await io.sleep(0.1 * io.jitter())
    raise StoreBusy(
        "Rows are still being sealed with another key than the newest.",
        hint="Give every process all keys, the newest first, and run the rotation again. Drop no key before.",
    )


async def copy_accounts(source: Vault, source_io: IO, target: Vault, target_io: IO) -> Moved:
    """Copy every account with what belongs to it, and read each account back to compare. The source stays as it is.

    An account that the target has already, the same or newer, is left alone; so an interrupted copy is
    finished by the next.

    Raises:
        StoreError: what was read back is not what was written.
    """
    total = copied = present = 0
    broken: list[Unreadable] = []
    await source_io.store.acheck(ACCOUNT)
    async for key, row in _rows(source_io, ACCOUNT):
        total += 1
        record = source.record_of(key, row)
        if isinstance(record, Unreadable):
            broken.append(record)
            await tell_unreadable(source_io, record)
            continue
        try:
            new = await _copied(record, target, target_io)
        except WrongKey as error:
            reason = f"The target has a row of this account that does not open: {error.message}"
            broken.append(Unreadable(key.connection, key.name, reason))
            await tell_unreadable(target_io, broken[-1])
            continue
        copied, present = copied + new, present + (not new)
    for kind, rule in KINDS.items():
        if kind == ACCOUNT or not rule.moves:
            continue
        await source_io.store.acheck(kind)
        async for key, row in _rows(source_io, kind):
            try:
                await source.rows.copy(key, row, target.rows, target_io, ttl=rule.lasts)
            except WrongKey as error:
                broken.append(source.unreadable(key, row, error.message))
                await tell_unreadable(source_io, broken[-1])
    kept = tuple(each for each in broken if not _is_void(each))
    return Moved(total, copied, present, kept, void=len(broken) - len(kept))


async def _copied(record: AccountRecord, target: Vault, target_io: IO) -> bool:
    """Copy an account; False when the target has it already."""
    there = await target.load(target_io, record.identity)
    if there is not None and there.updated_at >= record.updated_at:
        return False
    version = 0 if there is None else there.version
    saved = await target.save(target_io, record.replace(version=version), touch=False)
    found = await target.load(target_io, record.identity)
    if saved is None or found is None or found.to_json() != record.to_json():
        raise StoreError(
            f"The copy of account {record.identifier!r} is not the same as the original.",
            hint="Make sure that nothing else writes to the target, then run the copy again.",
        )
    return True
