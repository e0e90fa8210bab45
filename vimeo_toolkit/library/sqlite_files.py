"""The file of an index: it is made, opened and removed, by many processes at once.

SQLite keeps what it has not yet put into a file in another one beside it (`-wal`), which it finds by the name. So
no file may be opened while one of the same name is removed, nor a new one find what an old one left: a lock on the
folder sees to that. It is held for as long as that takes, never while rows are written.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote

from vimeo_toolkit.errors import ConfigurationError, StoreBusy, StoreError
from vimeo_toolkit.library.sqlite_schema import (
    FORMAT,
    build,
    is_current,
    owner_of,
    remade,
    upgrade,
    version_of,
)

try:
    import fcntl
except ImportError:  # Windows, where a file that is open cannot be removed
    fcntl = None  # type: ignore[assignment]

__all__ = [
    "BUSY_SECONDS",
    "Damaged",
    "FileId",
    "OpenFile",
    "file_at",
    "open_file",
    "ready",
    "removed",
    "transaction",
    "typed",
]

BUSY_SECONDS: Final = 10.0
"""How long a write waits for another one."""
_TRIES: Final = 20

FileId = tuple[int, int]
"""Device and inode: what a path leads to."""


class Damaged(Exception):
    """SQLite cannot read the file."""

    def __init__(self, file: FileId | None) -> None:
        super().__init__()
        self.file = file


class OpenFile(NamedTuple):
    """A connection and the file it is to."""

    db: sqlite3.Connection
    file: FileId


def file_at(path: Path) -> FileId | None:
    """Return what a path leads to; None where there is nothing.

    Raises:
        StoreError: nobody can say.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(
            f"An index cannot be looked at: {_reason(error)}.",
            hint=f"Let this process read and write {path.parent} and its files.",
        ) from None
    return found.st_dev, found.st_ino


def open_file(path: Path) -> OpenFile | None:
    """Return a connection to a file that is there; None where it is not."""
    with _folder(path, alone=False):
        file = file_at(path)
        return None if file is None else OpenFile(_connect(path, file), file)


def ready(path: Path, generation: str) -> None:
    """Make an index's file if there is none, delete that of another generation, and bring it up to date.

    Raises:
        ConfigurationError: a newer release has changed it.
        Damaged: it is not one.
        StoreError: it cannot be opened.
    """
    for _ in range(_TRIES):
        with _folder(path, alone=True):
            if file_at(path) is None:
                _unlink(path, "-wal", "-shm", "-journal")
                _make(path)
        opened = open_file(path)
        if opened is None:
            continue
        try:
            with transaction(opened.db, "begin"):
                whose = owner_of(opened.db)
                current = whose == generation and is_current(opened.db)
            if whose in (None, generation) and not current:
                _prepare(opened.db, generation)
        except sqlite3.Error as error:
            raise typed(error, opened.file) from None
        finally:
            opened.db.close()
        if whose not in (None, generation):
            removed(path, opened.file)
        elif opened.file == file_at(path):
            return
    raise StoreBusy(
        "The library's index is deleted again and again while it is made.", hint="Try again later."
    )


def _make(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)  # somebody may have deleted it, to begin anew
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(
            f"An index cannot be made: {_reason(error)}.", hint=f"Let this process write to {path.parent}."
        ) from None


def _prepare(db: sqlite3.Connection, generation: str) -> None:
    if db.execute("pragma journal_mode=wal").fetchone()[0] != "wal":
        raise StoreError(
            "The library's index is on a disk where SQLite cannot keep a write-ahead log.",
            hint="Name a folder on a local disk: library='sqlite:///folder'.",
        )
    with transaction(db):
        if version_of(db) > FORMAT:
            raise ConfigurationError(
                f"The library's index has format {version_of(db)}, made by a newer vimeo-toolkit; this one knows "
                f"{FORMAT}.",
                hint="Upgrade vimeo-toolkit on this machine, or name another folder.",
            )
        whose = owner_of(db)
        if whose is None:
            build(db, generation)
        elif whose == generation:
            upgrade(db)
            remade(db)


def removed(path: Path, only: FileId | None = None) -> bool:
    """Delete an index's rows and files; return whether there was one.

    The rows go first, so that who has the file open sees that it is nobody's.

    Args:
        path: of its file.
        only: this file; another one, which somebody has made in its place, stays.

    Raises:
        StoreError: they are still there.
    """
    opened = None
    with suppress(Damaged, StoreError):  # one that cannot be opened is only removed
        opened = open_file(path)
    emptied = False
    try:
        if opened is not None and only in (None, opened.file):
            with suppress(sqlite3.Error), transaction(opened.db):
                build(opened.db, None)
                emptied = True
        with _folder(path, alone=True):
            there = file_at(path)
            if there is None or there != (only or (opened.file if opened else there)):
                return opened is not None
            if emptied and opened is not None and _is_owned(opened.db):
                return True  # somebody has made theirs in it
            if opened is not None:
                opened.db.close()
            # The file first: what is left of the others goes before a new one is made.
            _unlink(path, "", "-wal", "-shm", "-journal")
            return True
    finally:
        if opened is not None:
            opened.db.close()


def _is_owned(db: sqlite3.Connection) -> bool:
    try:
        with transaction(db, "begin"):
            return owner_of(db) is not None
    except sqlite3.Error:
        return False


def _unlink(path: Path, *ends: str) -> None:
    try:
        for end in ends:
            with suppress(FileNotFoundError):
                os.unlink(f"{path}{end}")
    except OSError as error:
        if os.name == "nt" and isinstance(error, PermissionError):
            return  # Windows keeps a file that is open; it is empty
        raise StoreError(
            f"An index could not be deleted: {_reason(error)}.",
            hint=f"Let this process write to {path.parent} and its files, and try again.",
        ) from None


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


@contextmanager
def _folder(path: Path, *, alone: bool) -> Iterator[None]:
    """Lock the folder, for whoever opens its files or for one who makes or removes them."""
    try:
        folder = None if fcntl is None else os.open(path.parent, os.O_RDONLY)
    except OSError:  # what follows says what is wrong with it
        folder = None
    if folder is None:
        yield
        return
    try:
        fcntl.flock(folder, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
    finally:
        fcntl.flock(folder, fcntl.LOCK_UN)  # a process that was forked meanwhile keeps the folder open
        os.close(folder)


@contextmanager
def transaction(db: sqlite3.Connection, begin: str = "begin immediate") -> Iterator[None]:
    """Make what is done within a whole: it is committed, or rolled back where anything is raised."""
    db.execute(begin)
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):
            db.execute("rollback")
        raise
    db.execute("commit")


def _connect(path: Path, file: FileId) -> sqlite3.Connection:
    db = None
    try:
        db = sqlite3.connect(
            f"file:{quote(str(path))}?mode=rw",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        # The log's end is what may be lost in a power cut, and then a sync reads it again.
        db.executescript(
            "pragma synchronous=normal; pragma cache_size=-2048; pragma journal_size_limit=4194304;"
        )
        db.execute("select count(*) from sqlite_master").fetchone()  # opens the files
    except sqlite3.Error as error:
        if db is not None:
            db.close()
        raise typed(error, file) from None
    return db


def typed(error: sqlite3.Error, file: FileId | None) -> Exception:
    """Return what an error of SQLite's means for who reads or writes the index."""
    extended = getattr(error, "sqlite_errorcode", 0)
    code = extended & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or extended == sqlite3.SQLITE_IOERR_SHORT_READ:
        return Damaged(file)
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
