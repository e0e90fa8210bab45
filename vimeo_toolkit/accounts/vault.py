"""Accounts and pending authorizations, between their sealed rows and their records."""

from __future__ import annotations

import contextlib
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from vimeo_toolkit.accounts.model import AccountRecord, Unreadable
from vimeo_toolkit.errors import NotConnected, StoreBusy, StoreError, WrongKey
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.protocol import DAMAGED, Key, Row

__all__ = ["ACCOUNT", "Change", "Held", "Seal", "Vault", "own_key"]

Change = Callable[[AccountRecord], AccountRecord | None]

ACCOUNT = "account"
_TAKEN: Final = {"taken": True}
_TAKEN_SECONDS: Final = 60.0
_PAGE: Final = 500
_REMEMBERED = 2048
_CAS_ATTEMPTS = 50


class Seal(Protocol):
    """Authenticated encryption that binds a value to its key and version (`stores.cipher.Cipher`)."""

    @property
    def key_id(self) -> str: ...
    def key_id_of(self, sealed: bytes) -> str: ...
    def is_foreign(self, sealed: bytes) -> bool: ...
    def seal(self, key: Key, version: int, plaintext: bytes) -> bytes: ...
    def open(self, key: Key, version: int, sealed: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Held:
    """A renewed account that waits for the store, and what it was renewed from."""

    base: AccountRecord
    record: AccountRecord
    again: float
    """When it is worth trying again to save it, a monotonic time."""


class Vault:
    """Reads and writes sealed rows. Holds no connection: the flow's `IO` brings the store."""

    def __init__(self, cipher: Seal) -> None:
        self._cipher = cipher
        # Opening a seal costs more than the read: an unchanged row (same sealed bytes) is not opened again.
        self._opened: OrderedDict[Key, tuple[Row, AccountRecord]] = OrderedDict()
        self._held: dict[Key, Held] = {}

    async def load(self, io: IO, identity: Identity) -> AccountRecord | None:
        """The account, or None; with the token that is held for it, if there is one.

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
        """What is held for this account."""
        return self._held.get(_key(record)) if self._held else None

    def all_held(self) -> list[Held]:
        """What is held for any account."""
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
                key.connection,
                key.name,
                row.version,
                json.loads(self._cipher.open(key, row.version, row.value)),
            )
        # Out here, where no exception chain and no frame has what was in the row.
        raise StoreError(
            "A stored account cannot be read: it was written by another release or is damaged.",
            hint="Use the newest release, or delete the account and connect the user again.",
        )

    async def save(self, io: IO, record: AccountRecord, *, touch: bool = True) -> AccountRecord | None:
        """Write the record if its row is still at `record.version` (0: absent). None when it is not.

        `touch`: note the time of the change.
        """
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
        # In one expression: a frame that waits for the store must not hold the tokens in clear.
        sealed = self._cipher.seal(key, version, json.dumps(saved.to_json(), separators=(",", ":")).encode())
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
        for _ in range(_CAS_ATTEMPTS):
            current = await self.load(io, identity)
            if current is None:
                raise NotConnected(
                    "The user's Vimeo account was disconnected meanwhile.",
                    hint="Connect it again with get_authorization_link.",
                    connection_name=identity.connection_name,
                    identifier=identity.identifier,
                )
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
        """Return up to `limit` accounts in key order; one that does not open stands there as what it is."""
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
        return Unreadable(key.connection, key.name, reason, key.kind, self._cipher.is_foreign(row.value))

    async def broken(self, io: IO, identity: Identity) -> Row | None:
        """Return an account's row if it is there and does not open.

        Raises:
            StoreBusy: the store does not answer.
        """
        key = own_key(ACCOUNT, identity)
        row = await self._envelope(io, key)
        return row if row is not None and isinstance(self.record_of(key, row), Unreadable) else None

    async def _envelope(self, io: IO, key: Key) -> Row | None:
        """A row whatever is in it."""
        try:
            return await io.store.aget(key)
        except StoreBusy:
            raise
        except StoreError:
            return DAMAGED

    async def drop(self, io: IO, key: Key) -> None:
        """Delete a row, whatever is in it.

        Raises:
            StoreError: it is still there, as far as could be seen.
        """
        for _ in range(_CAS_ATTEMPTS):
            row = await self._envelope(io, key)
            if row is None or await io.store.adelete(key, expected=row.version):
                return
            if row == DAMAGED:
                await io.store.aget(key)  # it was not the row's fault: say what the store says

    @property
    def key_id(self) -> str:
        """The newest key's public name."""
        return self._cipher.key_id

    def is_current(self, row: Row) -> bool:
        """Return whether a row says that it is sealed with the newest key."""
        return self._cipher.key_id_of(row.value) == self._cipher.key_id

    def check(self, key: Key, row: Row) -> None:
        """Open a row and forget what is in it.

        Raises:
            WrongKey: it does not open.
        """
        self._cipher.open(key, row.version, row.value)

    async def reseal(self, io: IO, key: Key, row: Row, *, ttl: float | None) -> bool:
        """Seal a row that was read under the newest key, at the version and with the end that it has.

        Who has read it may therefore still change it or use it up. `ttl`: see `SureStore.areplace`. False, with
        nothing changed, where the row has changed since.

        Raises:
            WrongKey: it does not open.
        """
        sealed = self._cipher.seal(key, row.version, self._cipher.open(key, row.version, row.value))
        return await io.store.areplace(key, sealed, version=row.version, ttl=ttl)

    async def copy(self, key: Key, row: Row, target: Vault, target_io: IO, *, ttl: float | None) -> bool:
        """Put a row that was read into another store, under that one's key; False where that has one already.

        Raises:
            WrongKey: it does not open.
        """
        sealed = target._cipher.seal(key, row.version, self._cipher.open(key, row.version, row.value))
        return await target_io.store.aput(key, sealed, version=row.version, expected=0, ttl=ttl)

    async def put_json(
        self, io: IO, key: Key, body: Mapping[str, Any], *, ttl: float, expected: int = 0
    ) -> bool:
        """Keep a small sealed row, such as a pending authorization, if the one that is there is at version
        `expected` (0: none). May hold `Secret`s. False, with nothing changed, when it is not."""
        return await self._put(io, key, body, ttl=ttl, expected=expected) is not None

    async def _put(
        self, io: IO, key: Key, body: Mapping[str, Any], *, ttl: float, expected: int
    ) -> int | None:
        version = max(expected + 1, int(io.now() * 1_000_000))
        sealed = self._cipher.seal(key, version, json.dumps(dict(body), default=Secret.reveal).encode())
        done = await io.store.aput(key, sealed, version=version, expected=expected, ttl=ttl)
        return version if done else None

    async def read_json(self, io: IO, key: Key, *, void: bool = False) -> tuple[dict[str, Any], int] | None:
        """Such a row, which must hold no secret, and its version; None when there is none.

        `void`: a row that does not open counts as empty, to be written over by whoever has something to write.

        Raises:
            WrongKey: it does not open.
        """
        row = await (self._envelope(io, key) if void else io.store.aget(key))
        if row is None:
            return None
        if void and row == DAMAGED:
            await self.drop(io, key)
            return None
        body: dict[str, Any] = {}
        try:
            body = dict(json.loads(self._cipher.open(key, row.version, row.value)))
        except (WrongKey, ValueError, TypeError):
            if not void:
                raise
        if body == _TAKEN:  # by somebody who could not delete it any more
            await io.store.adelete(key, expected=row.version)
            return None
        return body, row.version

    async def take(self, io: IO, key: Key, version: int) -> bool:
        """Use up such a row that was read at this version. Of many callers at once exactly one gets True.

        The row is marked and then deleted: of a deletion whose answer was lost, nobody could say whose it was.
        """
        marked = await self._put(io, key, _TAKEN, ttl=_TAKEN_SECONDS, expected=version)
        if marked is None:
            return False
        with contextlib.suppress(StoreError):
            await io.store.adelete(key, expected=marked)
        return True

    async def take_json(self, io: IO, key: Key) -> dict[str, Any] | None:
        """Read and use up such a row. Of many callers at once exactly one gets it."""
        row = await io.store.aget(key)
        if row is None:
            return None
        body = Secret(self._cipher.open(key, row.version, row.value).decode())
        if json.loads(body.reveal()) == _TAKEN or not await self.take(io, key, row.version):
            return None
        return dict(json.loads(body.reveal()))

    async def forget(self, io: IO, kind: str, connection_name: str, identifier: str) -> None:
        """Delete such rows of a kind that say `identifier`, as far as they can be read."""
        after: Key | None = None
        while True:
            rows = await io.store.ascan(kind, connection_name, after=after, limit=_PAGE)
            for key, row in rows:
                if self._says(key, row, identifier):
                    await io.store.adelete(key, expected=row.version)
            if len(rows) < _PAGE:
                return
            after = rows[-1][0]

    def _says(self, key: Key, row: Row, identifier: str) -> bool:
        try:
            return bool(
                json.loads(self._cipher.open(key, row.version, row.value))["identifier"] == identifier
            )
        except (WrongKey, ValueError, KeyError, TypeError):
            return False


def own_key(kind: str, user: Identity | AccountRecord) -> Key:
    """Return the address of the row of this kind of which the user has one."""
    return Key(kind, user.connection_name, user.identifier)


def _key(record: AccountRecord) -> Key:
    return own_key(ACCOUNT, record)
