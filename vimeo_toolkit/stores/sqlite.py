"""The embedded store: one SQLite file through `sqlitedict`, in the way that makes it safe (see `sqlite_file`).

A row is `version (8 bytes) · expiry in milliseconds or 0 (8 bytes) · sealed value`, both numbers big-endian, so
that SQLite compares them as it compares bytes.
"""

# ruff: noqa: S608 - the statements are put together from constants of this module alone

from __future__ import annotations

import os
import struct
import threading
import time
from pathlib import Path
from typing import Any, Final, TypeGuard

from vimeo_toolkit.errors import ConfigurationError, StoreBusy, StoreError
from vimeo_toolkit.runtime.threads import Threads
from vimeo_toolkit.stores.key_encoding import behind, from_text, part_to_text, span, to_text
from vimeo_toolkit.stores.protocol import DAMAGED, EPHEMERAL_KINDS, Key, Row
from vimeo_toolkit.stores.sqlite_errors import damaged_row
from vimeo_toolkit.stores.sqlite_file import Closed, File

__all__ = ["SqliteStore"]

_HEAD: Final = struct.Struct(">QQ")
_NUMBER: Final = struct.Struct(">Q")
_PURGE_SECONDS: Final = 30.0
_REOPENED: Final = 100

_EXPIRED: Final = "substr(value, 9, 8) <> zeroblob(8) AND substr(value, 9, 8) <= ?"
_ALIVE: Final = "(substr(value, 9, 8) = zeroblob(8) OR substr(value, 9, 8) > ?)"
_INSERT: Final = (
    'INSERT INTO "rows" (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value '
    f"WHERE {_EXPIRED} RETURNING 1"
)
_UPDATE: Final = (
    f'UPDATE "rows" SET value = ? WHERE key = ? AND substr(value, 1, 8) = ? AND {_ALIVE} RETURNING 1'
)
_DELETE: Final = f'DELETE FROM "rows" WHERE key = ? AND substr(value, 1, 8) = ? AND {_ALIVE} RETURNING 1'
_REPLACE: Final = (
    'UPDATE "rows" SET value = CAST(substr(value, 1, 16) || ? AS BLOB) '
    f"WHERE key = ? AND substr(value, 1, 8) = ? AND {_ALIVE} RETURNING 1"
)
# A value that is too short or not bytes was not written by a store.
_BROKEN: Final = f"(typeof(value) <> 'blob' OR length(value) < {_HEAD.size})"
_DISCARD: Final = f'DELETE FROM "rows" WHERE key = ? AND {_BROKEN} RETURNING 1'
_PURGE: Final = f'DELETE FROM "rows" WHERE key >= ? AND key < ? AND {_EXPIRED}'
_SELECT: Final = 'SELECT value FROM "rows" WHERE key = ?'
_SCAN: Final = (
    f'SELECT key, value FROM "rows" WHERE key >= ? AND key < ? AND ({_BROKEN} OR {_ALIVE}) '
    "ORDER BY key LIMIT ?"
)
# SQLite reads the clock when it has the write lock; a time from before that may be past.
_NOW: Final = "((julianday('now') - 2440587.5) * 86400.0)"
# A lease with an impossibly late end was taken before the clock was set back.
_ACQUIRE: Final = (
    f"INSERT INTO lease (name, owner, expires, lasts) VALUES (?, ?, {_NOW} + ?, ?) "
    "ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, expires = excluded.expires, "
    "lasts = excluded.lasts "
    f"WHERE owner = excluded.owner OR expires <= {_NOW} OR expires > {_NOW} + lasts + 5 RETURNING 1"
)
_RELEASE: Final = "DELETE FROM lease WHERE name = ? AND owner = ?"


class SqliteStore:
    """Accounts in one file, for any number of threads and processes on one machine.

    Args:
        path: the file, made with mode 0600 when it is not there, or ":memory:" for one process.

    Raises:
        ConfigurationError: the folder is missing.
    """

    shared = False

    def __init__(self, path: str | Path) -> None:
        self.path: Path | None = None if str(path) == ":memory:" else Path(path).absolute()
        if self.path is not None and not self.path.parent.is_dir():
            raise ConfigurationError(
                f"The folder {self.path.parent} of the account store does not exist.", hint="Make it first."
            )
        self._pid = os.getpid()
        self._file: File | None = None
        self._opening = threading.RLock()  # reentrant: a signal handler may run while it is held
        self._threads = Threads("vimeo-toolkit-sqlite", 4)
        self._purged = 0.0
        # Files from before a fork that Python did not see: closing them would affect the parent's, so they are
        # kept.
        self._inherited: list[Any] = []

    def __repr__(self) -> str:
        return f"SqliteStore({str(self.path) if self.path else ':memory:'!r})"

    @property
    def is_open(self) -> bool:
        """Whether the file is open; a database in memory has rows only then."""
        return self._file is not None

    def _opened(self) -> File:
        file = self._file
        if file is not None and file.usable:
            return file
        if self._pid != os.getpid():
            if self.path is None and file is not None:
                raise StoreError(
                    "The account store is in the memory of the process that this one was forked from; its "
                    "accounts are not here.",
                    hint="Use a store that processes share, such as sqlite:///accounts.db, or make the toolkit "
                    "after the fork.",
                )
            self._inherited.append((file, self._opening))
            self._file, self._opening, self._pid = None, threading.RLock(), os.getpid()
        with self._opening:
            if self._file is None or not self._file.usable:
                self._file = File(self.path)
            return self._file

    def _write(self, statement: str, values: tuple[Any, ...], durable: bool = True) -> bool:
        for _ in range(_REOPENED):
            try:
                return bool(self._opened().write(statement, values, durable))
            except Closed:  # by another thread's fork or close
                continue
        raise StoreBusy("The account store is being closed.", hint="Try again in a moment.")

    def _read(self, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        for _ in range(_REOPENED):
            try:
                return self._opened().read(statement, values)
            except Closed:
                continue
        raise StoreBusy("The account store is being closed.", hint="Try again in a moment.")

    def get(self, key: Key) -> Row | None:
        rows = self._read(_SELECT, (to_text(key),))
        return _row(rows[0][0]) if rows else None

    def put(self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None) -> bool:
        now = _now_ms()
        text, blob = to_text(key), _HEAD.pack(version, 0 if ttl is None else now + int(ttl * 1000)) + value
        durable = key.kind not in EPHEMERAL_KINDS
        if expected:
            return self._write(_UPDATE, (blob, text, _NUMBER.pack(expected), _NUMBER.pack(now)), durable)
        done = self._write(_INSERT, (text, blob, _NUMBER.pack(now)), durable)
        if ttl is not None and time.monotonic() - self._purged > _PURGE_SECONDS:
            self._purged = time.monotonic()
            self._write(_PURGE, (*span(key.kind, None), _NUMBER.pack(now)), durable=False)
        return done

    def delete(self, key: Key, *, expected: int) -> bool:
        if not expected:
            return self._write(_DISCARD, (to_text(key),))
        now = _NUMBER.pack(_now_ms())
        return self._write(_DELETE, (to_text(key), _NUMBER.pack(expected), now))

    def replace(self, key: Key, value: bytes, *, version: int) -> bool:
        """See `stores.protocol.KeepsEnds`."""
        values = (value, to_text(key), _NUMBER.pack(version), _NUMBER.pack(_now_ms()))
        return self._write(_REPLACE, values, key.kind not in EPHEMERAL_KINDS)

    def scan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]:
        low, high = span(kind, connection)
        found = self._read(_SCAN, (behind(low, after), high, _NUMBER.pack(_now_ms()), limit))
        rows = ((text, _row(blob) if _whole(blob) else DAMAGED) for text, blob in found)
        return [(from_text(text), row) for text, row in rows if row is not None]

    def acquire(self, lease: str, owner: str, ttl: float) -> bool:
        values = (part_to_text(lease), part_to_text(owner), ttl, ttl)
        return self._write(_ACQUIRE, values, durable=False)

    def release(self, lease: str, owner: str) -> None:
        self._write(_RELEASE, (part_to_text(lease), part_to_text(owner)), durable=False)

    def close(self) -> None:
        """Close the file. A database in memory is gone then."""
        if self._pid != os.getpid():
            return
        with self._opening:
            file, self._file = self._file, None
        if file is not None:
            file.close()

    # Reads take microseconds and never wait for a writer (WAL), so they run on the event loop's thread; a write
    # waits for the disk, so it runs in another thread.

    async def aget(self, key: Key) -> Row | None:
        return self.get(key)

    async def aput(
        self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None
    ) -> bool:
        return await self._threads.run(self.put, key, value, version=version, expected=expected, ttl=ttl)

    async def areplace(self, key: Key, value: bytes, *, version: int) -> bool:
        return await self._threads.run(self.replace, key, value, version=version)

    async def adelete(self, key: Key, *, expected: int) -> bool:
        return await self._threads.run(self.delete, key, expected=expected)

    async def ascan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]:
        return await self._threads.run(self.scan, kind, connection, after=after, limit=limit)

    async def aacquire(self, lease: str, owner: str, ttl: float) -> bool:
        return await self._threads.run(self.acquire, lease, owner, ttl)

    async def arelease(self, lease: str, owner: str) -> None:
        await self._threads.run(self.release, lease, owner)

    async def aclose(self) -> None:
        await self._threads.run(self.close)


def _whole(blob: object) -> TypeGuard[bytes]:
    return isinstance(blob, bytes) and len(blob) >= _HEAD.size


def _row(blob: object) -> Row | None:
    if not _whole(blob):
        raise damaged_row()
    version, expires = _HEAD.unpack_from(blob)
    if expires and expires <= _now_ms():
        return None
    return Row(blob[_HEAD.size :], version)


def _now_ms() -> int:
    return int(time.time() * 1000)
