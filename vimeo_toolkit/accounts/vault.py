"""Accounts: from sealed rows to records, and back."""

from __future__ import annotations

import contextlib
import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from vimeo_toolkit.accounts.home import Home
from vimeo_toolkit.accounts.model import AccountRecord, Unreadable
from vimeo_toolkit.accounts.rows import CAS_ATTEMPTS, Rows, Seal, own_key
from vimeo_toolkit.errors import NotConnected, StoreBusy, StoreError, WrongKey
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.stores.kinds import KINDS
from vimeo_toolkit.stores.protocol import Key, Row

__all__ = ["ACCOUNT", "Change", "Held", "Vault", "disconnected"]

Change = Callable[[AccountRecord], AccountRecord | None]

ACCOUNT: Final = "account"
_REMEMBERED: Final = 2048


@dataclass(frozen=True, slots=True)
class Held:
    """A renewed account that could not be saved yet, and the account that it replaces."""

    base: AccountRecord
    record: AccountRecord
    again: float
    """When saving is tried again, a monotonic time."""


class Vault:
    """Reads and writes accounts; `rows` has the sealed rows of every kind."""

    def __init__(self, cipher: Seal) -> None:
        self.rows = Rows(cipher)
        # Opening a seal is slower than the read, so an unchanged row (same sealed bytes) is not opened again.
        self._opened: OrderedDict[Key, tuple[Row, AccountRecord]] = OrderedDict()
        self._held: dict[Key, Held] = {}
        self.home = Home(cipher)

    async def load(self, io: IO, identity: Identity) -> AccountRecord | None:
        """Return the account, or None. A renewed token that could not be saved yet is part of it.

        Raises:
            WrongKey: the row does not open with the keys given, or was moved or altered.
        """
        key = own_key(ACCOUNT, identity)
        row = await io.store.aget(key)
        if row is None:
            self._opened.pop(key, None)
            return None
        record = self._record(key, row)
        held = self._held.get(key) if self._held else None
        return record if held is None or held.record.version != record.version else held.record

    def hold(self, base: AccountRecord, record: AccountRecord, *, again: float) -> None:
        """Keep a renewed account that cannot be saved now in this process's memory.

        `base`: what it was renewed from. `record.version` is that of the row which it is to replace.
        """
        self._held[_key(record)] = Held(base, record, again)

    def held(self, record: AccountRecord) -> Held | None:
        """Return what is held for this account."""
        return self._held.get(_key(record)) if self._held else None

    def all_held(self) -> list[Held]:
        """Return what is held for any account."""
        return list(self._held.values())

    def release(self, record: AccountRecord) -> None:
        """Let go of what is held for this account."""
        self._held.pop(_key(record), None)

    def _record(self, key: Key, row: Row) -> AccountRecord:
        known = self._opened.get(key)
        if known is not None and known[0] == row:
            return known[1]
        record = self._read(key, row)
        self._opened[key] = (row, record)
        while len(self._opened) > _REMEMBERED:
            try:
                self._opened.popitem(last=False)
            except KeyError:  # another thread emptied it
                break
        return record

    def _read(self, key: Key, row: Row) -> AccountRecord:
        with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
            return AccountRecord.from_json(
                key,
                row.version,
                json.loads(self.rows.cipher.open(key, row.version, row.value)),
            )
        # Raised outside of the `except`, so that no exception chain or frame holds the row's content.
        raise StoreError(
            "A stored account cannot be read: it was written by another release or is damaged.",
            hint="Use the newest release, or delete the account and connect the user again.",
        )

    async def save(self, io: IO, record: AccountRecord, *, touch: bool = True) -> AccountRecord | None:
        """Write the record if its row is still at `record.version` (0: absent). None when it is not.

        `touch`: note the time of the change.

        Raises:
            WrongKey: the account would be the first one under these keys, beside others that none of them opens.
        """
        if not record.version:
            await self.home.require(io)
        now = io.now()
        # A version is never used twice, even by a row that was deleted and made again: a stale writer that
        # remembers the old row can then not overwrite the new one.
        version = max(record.version + 1, int(now * 1_000_000))
        saved = record.replace(
            updated_at=now if touch else record.updated_at,
            created_at=record.created_at or now,
            version=version,
        )
        key = _key(record)
        # One expression, so that no frame holds the tokens in clear while it waits for the store.
        sealed = self.rows.cipher.seal(
            key, version, json.dumps(saved.to_json(), separators=(",", ":")).encode()
        )
        if not await io.store.aput(key, sealed, version=version, expected=record.version):
            return None
        held = self.held(record)
        if held is not None and held.record.access_token == saved.access_token:
            self.release(record)
        return saved

    async def update(self, io: IO, identity: Identity, change: Change) -> AccountRecord:
        """Apply `change` to the account as it is stored, again after each lost race.

        `change` gets the stored record and returns the new one, or None to leave it. Returns what is stored.

        Raises:
            NotConnected: the account is gone.
            StoreBusy: the race was lost too often.
        """
        for _ in range(CAS_ATTEMPTS):
            current = await self.load(io, identity)
            if current is None:
                raise disconnected(identity)
            changed = change(current)
            if changed is None:
                return current
            saved = await self.save(io, changed.replace(version=current.version))
            if saved is not None:
                return saved
            await io.sleep(0.01 * io.jitter())
        raise StoreBusy(
            "The account is being changed by too many callers at once.", hint="Try again in a moment."
        )

    async def remove(self, io: IO, record: AccountRecord) -> bool:
        """Delete the account's row if it is still at this version."""
        key = _key(record)
        self._opened.pop(key, None)
        removed = await io.store.adelete(key, expected=record.version)
        if removed:
            self.release(record)
        return removed

    async def page(
        self, io: IO, connection_name: str | None, *, after: Key | None, limit: int
    ) -> list[tuple[Key, AccountRecord | Unreadable]]:
        """Return up to `limit` accounts in key order; one that does not open is in the list as `Unreadable`."""
        rows = await io.store.ascan(ACCOUNT, connection_name, after=after, limit=limit)
        return [(key, self.record_of(key, row)) for key, row in rows]

    def record_of(self, key: Key, row: Row) -> AccountRecord | Unreadable:
        """Return the account of a row that was read."""
        try:
            return self._record(key, row)
        except (WrongKey, StoreError) as error:
            return self.unreadable(key, row, error.message)

    def unreadable(self, key: Key, row: Row, reason: str) -> Unreadable:
        """Return what to say of a row that does not open."""
        whose = key.kind not in KINDS or KINDS[key.kind].owner == "address"
        return Unreadable(
            key.connection,
            key.name if whose else "",
            reason,
            key.kind,
            foreign=self.rows.cipher.is_foreign(row.value),
            damaged=self.rows.cipher.is_damaged(row.value),
            name="" if whose else key.name,
        )

    async def broken(self, io: IO, identity: Identity) -> Row | None:
        """Return an account's row if it is there and does not open.

        Raises:
            StoreBusy: the store does not answer.
        """
        key = own_key(ACCOUNT, identity)
        row = await self.rows.envelope(io, key)
        return row if row is not None and isinstance(self.record_of(key, row), Unreadable) else None


def disconnected(identity: Identity) -> NotConnected:
    """Return the error for an account that is gone since it was last looked at."""
    return NotConnected(
        "The user's Vimeo account was disconnected meanwhile.",
        hint="Connect it again with get_authorization_link.",
        connection_name=identity.connection_name,
        identifier=identity.identifier,
    )


def _key(record: AccountRecord) -> Key:
    return own_key(ACCOUNT, record)
