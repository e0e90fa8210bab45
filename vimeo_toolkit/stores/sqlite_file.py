"""The connections of one process to one SQLite file, safe from sqlitedict's hazards.

Left to its defaults, sqlitedict pickles its values, returns before a write is on disk, hides a failed write
until the next call, hangs after a fork and loses updates between processes. Here each write is one atomic
statement on a SqliteDict's connection, whose outcome is waited for, with a WAL and `synchronous=FULL`.

Reads go through a few plain SQLite connections instead: 9 µs where sqlitedict's queue to its thread costs 80
to 100 µs and would put them behind other threads' waits for the disk. WAL lets a reader and a writer work at
the same time.
"""

from __future__ import annotations

import logging
import os
import queue
import sqlite3
import threading
import weakref
from pathlib import Path
from typing import Any, Final, NoReturn

from sqlitedict import SqliteDict, SqliteMultithread

from vimeo_toolkit.stores.sqlite_errors import interrupting, locked, typed, unwritten
from vimeo_toolkit.stores.sqlite_schema import BUSY_SECONDS, TABLES, connect, prepare

__all__ = ["BUSY_SECONDS", "Closed", "File"]

# sqlitedict would log several stacks for an error before ours is raised.
_SILENT: Final = logging.Logger("vimeo_toolkit.sqlitedict", logging.CRITICAL + 1)


class Closed(Exception):
    """The file was closed meanwhile, by `close` or because of a fork: open it again."""


class File:
    """Connections to the file, made with mode 0600 when it is not there; None is a database in memory.

    Raises:
        StoreError: it cannot be opened.
        StoreBusy: it is locked.
    """

    def __init__(self, path: Path | None) -> None:
        self.pid = os.getpid()
        self.path = path
        self.closed = False
        self._readers: list[sqlite3.Connection] = []
        self._reading = 0
        self._pool = threading.Condition()
        self._renewing = threading.RLock()
        self._durable: _Writer | _Memory
        self._quick: _Writer | _Memory
        with _GATE:
            if path is None:
                self._durable = self._quick = _Memory()
                return
            prepare(path)
            self._durable = _Writer(path, "FULL")
            # NORMAL does not wait for the disk at each commit, and cannot corrupt a WAL either.
            self._quick = _Writer(path, "NORMAL")
            _OPEN.add(self)

    @property
    def usable(self) -> bool:
        return not self.closed and self.pid == os.getpid() and (self.path is not None or self._durable.alive)

    def _writer(self, durable: bool) -> _Writer | _Memory:
        """Return a writer whose thread is alive: a failed commit ends one, and the readers go on."""
        writer = self._durable if durable else self._quick
        if writer.alive or self.path is None:
            return writer
        with self._renewing:
            if self.closed:
                raise Closed
            writer = self._durable if durable else self._quick
            if not writer.alive:
                writer = _Writer(self.path, "FULL" if durable else "NORMAL")
                self._durable, self._quick = (writer, self._quick) if durable else (self._durable, writer)
        return writer

    def write(self, statement: str, values: tuple[Any, ...], durable: bool = True) -> list[tuple[Any, ...]]:
        """Run one statement; when this returns, it is committed (and on disk, if it is to be durable).

        Raises:
            StoreError, StoreBusy: it was not.
            Closed: it was not tried.
        """
        return self._writer(durable).run(statement, values)

    def read(self, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """Run a SELECT."""
        if self.path is None:
            return self._durable.run(statement, values)
        with self._pool:
            if self.closed:
                raise Closed
            self._reading += 1
            reader = self._readers.pop() if self._readers else None
        try:
            if reader is None:
                reader = connect(self.path)
                reader.execute("PRAGMA query_only=ON")
                # The rows of some 15,000 active users, and the way to all others: SQLite's own 2 MB hold a tenth.
                # No mmap, which is a little faster still: a file that is cut meanwhile would end the process.
                reader.execute("PRAGMA cache_size=-16384")
            return reader.execute(statement, values).fetchall()
        except (sqlite3.Error, UnicodeError) as error:
            if reader is not None:
                reader.close()
                reader = None
            raise typed(error) from None
        finally:
            with self._pool:
                self._reading -= 1
                if reader is not None:
                    self._readers.append(reader)
                if self.closed:
                    self._pool.notify_all()

    def close(self) -> None:
        """Close all connections, after the statements that run now. Closing twice does nothing."""
        with self._pool:
            self.closed = True
            self._pool.wait_for(lambda: self._reading == 0, timeout=2 * BUSY_SECONDS)
            while self._readers:
                self._readers.pop().close()
        with self._renewing:
            self._durable.close()
            self._quick.close()
        _OPEN.discard(self)


class _Memory:
    """A database in memory, for one process.

    Its statements take microseconds and wait for no disk, so they run where they are. Through sqlitedict's thread
    an event loop would stand still at each read while writers are busy.
    """

    def __init__(self) -> None:
        self._guard = threading.RLock()
        self._running = False
        self._rows = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self.alive = True
        for table in TABLES:
            self.run(table)

    def run(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self._guard:
            if self._running:  # the same thread, so a signal handler that interrupted a statement
                raise interrupting()
            if not self.alive:
                raise Closed
            self._running = True
            try:
                return self._rows.execute(statement, values).fetchall()
            except (sqlite3.Error, UnicodeError, OverflowError) as error:
                raise typed(error) from None
            finally:
                self._running = False

    def close(self) -> None:
        with self._guard:
            self.alive = False
            self._rows.close()


class _Thread(SqliteMultithread):  # type: ignore[misc]
    """sqlitedict's thread. What goes wrong at the very commit ends it: then whoever waits is told at once."""

    waiting: queue.Queue[Any] | None = None

    def run(self) -> None:
        try:
            super().run()
        except Exception as error:
            if self.waiting is not None:
                self.waiting.put(error.with_traceback(None))  # drops the frame and its connection


class _Rows(SqliteDict):  # type: ignore[misc]
    def _new_conn(self) -> _Thread:
        return _Thread(self.filename, self.autocommit, self.journal_mode, outer_stack=False)


class _Writer:
    """A SqliteDict, and a way to run one statement on its connection and wait for its outcome."""

    def __init__(self, path: Path, synchronous: str) -> None:
        self._guard = threading.RLock()
        self._running = False
        try:
            self._rows = _Rows(
                str(path),
                tablename="rows",
                autocommit=True,
                journal_mode="WAL",
                encode=_refuse,
                decode=_refuse,
                outer_stack=False,
            )
        except Exception as error:
            raise typed(error) from None
        self._rows.conn.log = _SILENT
        self.run(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
        self.run(f"PRAGMA synchronous={synchronous}")
        # macOS: an ordinary fsync leaves the write in the disk's own memory. Elsewhere these do nothing.
        self.run(f"PRAGMA fullfsync={int(synchronous == 'FULL')}")
        self.run("PRAGMA checkpoint_fullfsync=1")

    @property
    def alive(self) -> bool:
        return bool(self._rows.conn is not None and self._rows.conn.is_alive())

    def run(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        # One statement at a time: sqlitedict reports an error to the next caller, whoever that is.
        if not self._guard.acquire(timeout=2 * BUSY_SECONDS):
            raise locked()
        if self._running:  # the same thread: a signal handler that interrupted a write
            self._guard.release()
            raise interrupting()
        self._running = True
        try:
            return self._run(statement, values)
        except (sqlite3.Error, UnicodeError, OverflowError) as error:
            raise typed(error) from None
        finally:
            self._running = False
            self._guard.release()

    def _run(self, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        connection = self._rows.conn
        if connection is None:
            raise Closed
        answers: queue.Queue[Any] = queue.Queue()
        connection.waiting = answers
        connection.execute(statement, values, answers)
        rows: list[tuple[Any, ...]] = []
        while True:
            try:
                answer = answers.get(timeout=0.5)
            except queue.Empty:
                if connection.is_alive():
                    continue
                raise unwritten() from None
            if isinstance(answer, Exception):
                raise answer
            if not isinstance(answer, tuple):
                break
            rows.append(answer)
        connection.check_raise_error()
        return rows

    def close(self) -> None:
        with self._guard:
            if self.alive:
                self._rows.close()


# A process forked while a database is open inherits SQLite's records of which locks "this process" holds, and
# then takes none of its own: when the parent closed the file, it removed the log that the child wrote to, and
# acknowledged rows were gone. So everything is closed before a fork, and opened again by whoever needs it.

_GATE = threading.RLock()
_OPEN: weakref.WeakSet[File] = weakref.WeakSet()


def _before_fork() -> None:
    _GATE.acquire()
    for file in list(_OPEN):
        if file.pid == os.getpid():
            file.close()


def _after_fork_in_child() -> None:
    global _GATE
    _GATE = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=lambda: _GATE.release(),
        after_in_child=_after_fork_in_child,
    )


def _refuse(value: Any) -> NoReturn:
    """Refuse to convert values: sqlitedict's pickling is not used, so nothing can ever be unpickled."""
    raise TypeError("Rows of this store are read and written by its own statements only.")
