"""SQLite's connections to one index: a few for readers, one writer at a time, all of them of the right life.

An index may be deleted, or replaced by another user's, while threads and processes have it open. So each
transaction first reads whose it is. A file is emptied before it is removed: who still has it open sees then that it
is nobody's.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote

from vimeo_toolkit.errors import ConfigurationError, StoreBusy, StoreError
from vimeo_toolkit.library.sqlite_schema import FORMAT, build, owner_of, remade, version_of

__all__ = ["Connections", "Damaged", "ready", "removed"]

BUSY_SECONDS: Final = 10.0
"""How long a write waits for another one."""
_IDLE: Final = 2
"""Connections that are kept open, of each index."""


class Damaged(Exception):
    """SQLite cannot read the file."""


class _Open(NamedTuple):
    db: sqlite3.Connection
    file: tuple[int, int]
    """What the path led to when it was opened."""


class Connections:
    """The connections to one index.

    Args:
        path: its file.
        generation: see `Owner.generation`.
    """

    def __init__(self, path: Path, generation: str) -> None:
        self.path = path
        self.generation = generation
        self.reset()
        with _GATE:
            _ALL.add(self)

    def reset(self) -> None:
        """Begin without connections, in a forked process: no thread of its parent's is there to give one back."""
        self._idle: list[_Open] = []
        self._busy = 0
        self._state = threading.Condition()
        self._writing = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that sees one moment of the index."""
        with self._transaction("begin") as db:
            yield db

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Make changes that are there as a whole or not at all."""
        with self._writing, self._transaction("begin immediate") as db:
            yield db

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        opened = self._take()
        whole = False
        try:
            opened.db.execute(begin)
            try:
                if owner_of(opened.db) != self.generation:
                    raise _forgotten()
                yield opened.db
            except BaseException:
                with suppress(sqlite3.Error):
                    opened.db.execute("rollback")
                raise
            opened.db.execute("commit")
            whole = True
        except sqlite3.Error as error:
            raise _typed(error) from None
        finally:
            self._give(opened, whole)

    def _take(self) -> _Open:
        with _GATE, self._state:
            self._busy += 1
            try:
                here = _file(self.path)
                while self._idle:
                    opened = self._idle.pop()
                    if opened.file == here:
                        return opened
                    opened.db.close()
                return self._opened(here)
            except BaseException:
                self._busy -= 1
                raise

    def _opened(self, here: tuple[int, int] | None) -> _Open:
        if here is None:
            raise _forgotten()
        try:
            return _Open(_connect(self.path), here)
        except sqlite3.Error as error:
            raise _typed(error) from None

    def _give(self, opened: _Open, whole: bool) -> None:
        with self._state:
            self._busy -= 1
            if whole and len(self._idle) < _IDLE:
                self._idle.append(opened)
            else:
                opened.db.close()
            self._state.notify_all()

    def close(self, wait: float = 0.0) -> None:
        """Close what is not in use now; it is opened again when it is needed."""
        with self._state:
            self._state.wait_for(lambda: self._busy == 0, timeout=wait)
            while self._idle:
                self._idle.pop().db.close()


def ready(path: Path, generation: str) -> None:
    """Make an index's file if there is none, delete that of another generation, and bring it up to date.

    Raises:
        ConfigurationError: a newer release has changed it.
        Damaged: it is not one.
        StoreError: it cannot be opened.
    """
    for _ in range(_TRIES):
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        before = _file(path)
        try:
            db = _connect(path)
            try:
                whose = owner_of(db)
                if whose in (None, generation):
                    _prepared(db, generation)
            finally:
                db.close()
        except sqlite3.Error as error:
            raise _typed(error) from None
        if whose not in (None, generation):
            removed(path)
        elif before is not None and before == _file(path):
            return
    raise StoreBusy(
        "The library's index is deleted again and again while it is made.", hint="Try again later."
    )


_TRIES: Final = 5


def _prepared(db: sqlite3.Connection, generation: str) -> None:
    if version_of(db) == FORMAT and owner_of(db) == generation and not remade(db, look=True):
        return
    if db.execute("pragma journal_mode=wal").fetchone()[0] != "wal":
        raise StoreError(
            "The library's index is on a disk where SQLite cannot keep a write-ahead log.",
            hint="Name a folder on a local disk: library='sqlite:///folder'.",
        )
    db.execute("begin immediate")
    try:
        if version_of(db) > FORMAT:
            raise ConfigurationError(
                f"The library's index has format {version_of(db)}, made by a newer vimeo-toolkit; this one knows "
                f"{FORMAT}.",
                hint="Upgrade vimeo-toolkit on this machine, or name another folder.",
            )
        if version_of(db) != FORMAT or owner_of(db) != generation:
            build(db, generation)
        else:
            remade(db)
        db.execute("commit")
    except BaseException:
        with suppress(sqlite3.Error):
            db.execute("rollback")
        raise


def removed(path: Path) -> bool:
    """Delete an index's rows and files; return whether there was one.

    Raises:
        StoreError: they are still there.
    """
    if _file(path) is None:
        return False
    with suppress(sqlite3.Error):  # a damaged one is only removed
        db = _connect(path)
        try:
            db.execute("begin immediate")
            build(db, None)
            db.execute("commit")
        finally:
            db.close()
    try:
        for end in ("-wal", "-shm", "-journal", ""):
            with suppress(FileNotFoundError):
                os.unlink(f"{path}{end}")
    except OSError as error:
        if os.name == "nt" and isinstance(error, PermissionError):
            return True  # Windows keeps a file that is open; it is empty
        raise StoreError(
            f"An index could not be deleted: {error.strerror or type(error).__name__}.",
            hint=f"Let this process write to {path.parent} and its files, and try again.",
        ) from None
    return True


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    # The log's end is what may be lost in a power cut, and then a sync reads it again.
    db.executescript("pragma synchronous=normal; pragma cache_size=-2048; pragma journal_size_limit=4194304;")
    return db


def _file(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(
            f"An index cannot be looked at: {error.strerror or type(error).__name__}.",
            hint=f"Let this process read and write {path.parent} and its files.",
        ) from None
    return found.st_dev, found.st_ino


def _forgotten() -> StoreError:
    return StoreError(
        "This user's index was deleted while it was used.",
        hint="If the account is still connected, ask for the index anew and sync it.",
    )


def _typed(error: sqlite3.Error) -> Exception:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return Damaged()
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusy("The library's index is locked by another process.", hint="Try again in a moment.")
    what, then = _PROBLEMS.get(code, ("failed", "Report this with the versions of Python and SQLite."))
    return StoreError(f"The library's index {what}.", hint=then)


_PROBLEMS: Final = {
    sqlite3.SQLITE_READONLY: ("cannot be written", "Give this process write access to the library's folder."),
    sqlite3.SQLITE_FULL: ("cannot grow: the disk is full", "Make room, then sync again."),
    sqlite3.SQLITE_IOERR: ("cannot be read or written", "Check the disk, then try again."),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "Check the library's folder and this process's rights."),
    sqlite3.SQLITE_PERM: ("cannot be opened", "Check the library's folder and this process's rights."),
}

# A forked process must not use its parent's connections, nor does SQLite see its own locks beside them: so all are
# closed before a fork, and opened again by whoever needs them.

_GATE = threading.RLock()
_ALL: weakref.WeakSet[Connections] = weakref.WeakSet()


def _before_fork() -> None:
    _GATE.acquire()
    for each in list(_ALL):
        each.close(wait=BUSY_SECONDS)


def _after_fork_in_child() -> None:
    global _GATE
    _GATE = threading.RLock()
    for each in list(_ALL):
        each.reset()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=lambda: _GATE.release(),
        after_in_child=_after_fork_in_child,
    )
