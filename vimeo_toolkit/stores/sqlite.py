"""The embedded store: one SQLite file through `sqlitedict`, in the way that makes it safe.

Left to its defaults, sqlitedict pickles its values, returns before a write is on disk, hides a failed write
until the next call, hangs after a fork and loses updates between processes. Here values are bytes that pass
unchanged, the journal is a WAL with `synchronous=FULL`, every write is one atomic statement whose outcome is
waited for, and each process opens a handle of its own. Reads go through a plain SQLite connection a thread,
because sqlitedict's queue would put them behind other threads' writes.

A row is `version (8 bytes) · expiry in milliseconds or 0 (8 bytes) · sealed value`, both numbers big-endian, so
that SQLite compares them as it compares bytes.
"""

from __future__ import annotations

import asyncio
import os
import queue
import sqlite3
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NoReturn

from sqlitedict import SqliteDict

from vimeo_toolkit.errors import ConfigurationError, StoreBusy, StoreError
from vimeo_toolkit.stores.naming import from_text, span, to_text
from vimeo_toolkit.stores.protocol import EPHEMERAL_KINDS, Key, Row

__all__ = ["SqliteStore"]

_HEAD: Final = struct.Struct(">QQ")
_BUSY_SECONDS: Final = 5.0
_LONGEST_LEASE: Final = 120.0

_INSERT: Final = (
    'INSERT INTO "rows" (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value '
    "WHERE substr(value, 9, 8) <> zeroblob(8) AND substr(value, 9, 8) <= ? RETURNING 1"
)
_UPDATE: Final = 'UPDATE "rows" SET value = ? WHERE key = ? AND substr(value, 1, 8) = ? RETURNING 1'
_DELETE: Final = 'DELETE FROM "rows" WHERE key = ? AND substr(value, 1, 8) = ? RETURNING 1'
_PURGE: Final = (
    'DELETE FROM "rows" WHERE key > ? AND key < ? AND substr(value, 9, 8) <> zeroblob(8) '
    "AND substr(value, 9, 8) <= ? RETURNING 1"
)
_SELECT: Final = 'SELECT value FROM "rows" WHERE key = ?'
_SCAN: Final = 'SELECT key, value FROM "rows" WHERE key > ? AND key < ? ORDER BY key LIMIT ?'
_LEASES: Final = (
    "CREATE TABLE IF NOT EXISTS leases (name TEXT PRIMARY KEY, owner TEXT, expires REAL, fence INTEGER)"
)
# A lease that ends later than any lease can was taken under a clock that has been set back since.
_ACQUIRE: Final = (
    "INSERT INTO leases (name, owner, expires, fence) VALUES (?1, ?2, ?3 + ?4, 1) "
    "ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, expires = excluded.expires, "
    "fence = fence + (owner <> excluded.owner) "
    "WHERE owner = excluded.owner OR expires <= ?3 OR expires > ?3 + ?5 RETURNING fence"
)
_RELEASE: Final = "UPDATE leases SET owner = '', expires = 0 WHERE name = ? AND owner = ? RETURNING 1"


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
        self._opened: _Handle | None = None
        self._opening = threading.Lock()
        # Handles that came over a fork: closing them would touch the parent's connection, so they are kept.
        self._inherited: list[_Handle] = []

    def __repr__(self) -> str:
        return f"SqliteStore({str(self.path) if self.path else ':memory:'!r})"

    def _handle(self) -> _Handle:
        handle = self._opened
        if handle is not None and handle.pid == os.getpid() and handle.alive:
            return handle
        if handle is not None and handle.pid != os.getpid():
            self._inherited.append(handle)
            self._opened, self._opening = None, threading.Lock()
        with self._opening:
            if self._opened is None or not self._opened.alive:
                self._opened = _Handle(self.path)
            return self._opened

    def get(self, key: Key) -> Row | None:
        rows = self._handle().read(_SELECT, (to_text(key),))
        return _row(rows[0][0]) if rows else None

    def put(self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None) -> bool:
        now = _now_ms()
        blob = _HEAD.pack(version, 0 if ttl is None else now + int(ttl * 1000)) + value
        handle = self._handle()
        durable = key.kind not in EPHEMERAL_KINDS
        if expected:
            done = handle.write(_UPDATE, (blob, to_text(key), struct.pack(">Q", expected)), durable)
        else:
            done = handle.write(_INSERT, (to_text(key), blob, struct.pack(">Q", now)), durable)
            if ttl is not None:
                handle.write(_PURGE, (*span(key.kind, None), struct.pack(">Q", now)), durable=False)
        return bool(done)

    def delete(self, key: Key, *, expected: int) -> bool:
        return bool(self._handle().write(_DELETE, (to_text(key), struct.pack(">Q", expected))))

    def scan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]:
        low, high = span(kind, connection)
        start = low if after is None else max(low, to_text(after))
        found = self._handle().read(_SCAN, (start, high, limit))
        return [(from_text(text), row) for text, blob in found if (row := _row(blob)) is not None]

    def acquire(self, lease: str, owner: str, ttl: float) -> int | None:
        rows = self._handle().write(_ACQUIRE, (lease, owner, time.time(), ttl, _LONGEST_LEASE), durable=False)
        return int(rows[0][0]) if rows else None

    def release(self, lease: str, owner: str) -> None:
        self._handle().write(_RELEASE, (lease, owner), durable=False)

    def close(self) -> None:
        handle, self._opened = self._opened, None
        if handle is not None and handle.pid == os.getpid():
            handle.close()

    # A read takes microseconds and never waits for a writer (WAL), so it runs where it is; a write waits for
    # the disk, so it goes to a thread.

    async def aget(self, key: Key) -> Row | None:
        return self.get(key)

    async def aput(
        self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None
    ) -> bool:
        return await asyncio.to_thread(self.put, key, value, version=version, expected=expected, ttl=ttl)

    async def adelete(self, key: Key, *, expected: int) -> bool:
        return await asyncio.to_thread(self.delete, key, expected=expected)

    async def ascan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]:
        return await asyncio.to_thread(self.scan, kind, connection, after=after, limit=limit)

    async def aacquire(self, lease: str, owner: str, ttl: float) -> int | None:
        return await asyncio.to_thread(self.acquire, lease, owner, ttl)

    async def arelease(self, lease: str, owner: str) -> None:
        await asyncio.to_thread(self.release, lease, owner)

    async def aclose(self) -> None:
        await asyncio.to_thread(self.close)


class _Handle:
    """One process's connections to the file."""

    def __init__(self, path: Path | None) -> None:
        self.pid = os.getpid()
        self._path = path
        self._readers = threading.local()
        self._writers: list[_Writer] = []
        if path is not None and not path.exists():
            # Before SQLite makes it with the umask's mode; -wal and -shm take after it.
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        self._durable = _Writer(path, "FULL")
        self._writers.append(self._durable)
        self._quick = self._durable
        if path is not None:
            # NORMAL does not wait for the disk at each commit, and cannot corrupt a WAL either.
            self._quick = _Writer(path, "NORMAL")
            self._writers.append(self._quick)

    @property
    def alive(self) -> bool:
        return all(writer.alive for writer in self._writers)

    def write(self, statement: str, values: tuple[Any, ...], durable: bool = True) -> list[tuple[Any, ...]]:
        return (self._durable if durable else self._quick).run(statement, values)

    def read(self, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        if self._path is None:
            return self._durable.run(statement, values)
        try:
            reader = getattr(self._readers, "connection", None)
            if reader is None:
                reader = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)
                reader.execute("PRAGMA query_only=ON")
                self._readers.connection = reader
            return list(reader.execute(statement, values))
        except sqlite3.Error as error:
            self._readers.connection = None
            raise _typed(error) from None

    def close(self) -> None:
        for writer in self._writers:
            writer.close()
        reader = getattr(self._readers, "connection", None)
        if reader is not None:
            reader.close()
            self._readers.connection = None


class _Writer:
    """A SqliteDict, and a way to run one statement on its connection and wait for what comes of it."""

    def __init__(self, path: Path | None, synchronous: str) -> None:
        self._guard = threading.Lock()
        try:
            self._rows = SqliteDict(
                ":memory:" if path is None else str(path),
                tablename="rows",
                autocommit=True,
                journal_mode="WAL",
                encode=_refuse,
                decode=_refuse,
                outer_stack=False,
            )
        except Exception as error:
            raise _typed(error) from None
        self.run(f"PRAGMA busy_timeout={int(_BUSY_SECONDS * 1000)}")
        self.run(f"PRAGMA synchronous={synchronous}")
        self.run(_LEASES)

    @property
    def alive(self) -> bool:
        return bool(self._rows.conn is not None and self._rows.conn.is_alive())

    def run(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        # One at a time: sqlitedict reports a statement's error to whoever comes next.
        with self._guard:
            connection = self._rows.conn
            answers: queue.Queue[Any] = queue.Queue()
            try:
                connection.execute(statement, values, answers)
                rows: list[tuple[Any, ...]] = []
                while True:
                    try:
                        answer = answers.get(timeout=0.5)
                    except queue.Empty:
                        if connection.is_alive():
                            continue
                        # An error at the very commit ends sqlitedict's thread without a word.
                        raise StoreError(
                            "The account store's file cannot be written; the disk may be full.",
                            hint="Make room, then try again: the change was not saved.",
                        ) from None
                    if not isinstance(answer, tuple):
                        break
                    rows.append(answer)
                connection.check_raise_error()
            except sqlite3.Error as error:
                raise _typed(error) from None
            return rows

    def close(self) -> None:
        with self._guard:
            if self.alive:
                self._rows.close()


def _row(blob: object) -> Row | None:
    if not isinstance(blob, bytes) or len(blob) < _HEAD.size:
        raise StoreError(
            "A row of the account store is damaged.",
            hint="Restore the store from a backup, or delete the account and connect the user again.",
        )
    version, expires = _HEAD.unpack_from(blob)
    if expires and expires <= _now_ms():
        return None
    return Row(blob[_HEAD.size :], version)


def _now_ms() -> int:
    return int(time.time() * 1000)


def _refuse(value: Any) -> NoReturn:
    """sqlitedict's own reading and writing is not used, so nothing can ever be unpickled."""
    raise TypeError("Rows of this store are read and written by its own statements only.")


_PROBLEMS: Final[dict[int, Callable[[], StoreError]]] = {
    sqlite3.SQLITE_BUSY: lambda: StoreBusy(
        "The account store's file is locked by another process.", hint="Try again in a moment."
    ),
    sqlite3.SQLITE_LOCKED: lambda: StoreBusy("The account store is locked.", hint="Try again in a moment."),
    sqlite3.SQLITE_READONLY: lambda: StoreError(
        "The account store's file cannot be written.", hint="Give this process write access to it."
    ),
    sqlite3.SQLITE_FULL: lambda: StoreError(
        "The disk of the account store is full; the change was not saved.", hint="Make room, then try again."
    ),
    sqlite3.SQLITE_CORRUPT: lambda: _corrupt(),
    sqlite3.SQLITE_NOTADB: lambda: _corrupt(),
    sqlite3.SQLITE_CANTOPEN: lambda: StoreError(
        "The account store's file cannot be opened.", hint="Check its folder and this process's rights."
    ),
}


def _corrupt() -> StoreError:
    return StoreError(
        "The account store's file is damaged or is no SQLite database.",
        hint="Restore it from a backup, or move it away and connect the users again.",
    )


def _typed(error: Exception) -> StoreError:
    if isinstance(error, StoreError):
        return error
    code = getattr(error, "sqlite_errorcode", None)
    problem = _PROBLEMS.get(code & 0xFF) if isinstance(code, int) else None
    if problem is not None:
        return problem()
    return StoreError(
        f"The account store failed ({type(error).__name__}).", hint="Try again; if it stays, check its file."
    )
