"""SQLite's errors: one table says what each means and what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Final

from vimeo_toolkit.errors import ConfigurationError, StoreBusy, StoreError

__all__ = [
    "damaged",
    "damaged_row",
    "interrupting",
    "locked",
    "newer_schema",
    "no_log",
    "typed",
    "unwritten",
]


def locked() -> StoreBusy:
    return StoreBusy("The account store's file is locked by another process.", hint="Try again in a moment.")


def interrupting() -> StoreBusy:
    return StoreBusy(
        "A signal handler called the toolkit in the midst of the same thread's write to the account store.",
        hint="Set a flag in the handler, and call the toolkit when it has returned.",
    )


def damaged() -> StoreError:
    """Return the error for a file that SQLite cannot read."""
    return StoreError(
        "The account store's file is damaged or is not an SQLite database.",
        hint="Restore it from a backup, or move it away and connect the users again.",
    )


def damaged_row() -> StoreError:
    """Return the error for a row that no store wrote."""
    return StoreError(
        "A row of the account store is damaged.",
        hint="Delete the account and connect the user again, or restore the file from a backup.",
    )


def unwritten() -> StoreError:
    """Return the error for a commit that failed; sqlitedict does not say why."""
    return StoreError(
        "The account store's file cannot be written; the disk may be full.",
        hint="Make room, then try again: the change was not saved.",
    )


def no_log() -> StoreError:
    """Return the error for a disk that WAL does not work on."""
    return StoreError(
        "The account store's file is on a disk where SQLite cannot keep a write-ahead log.",
        hint="Put it on a local disk, or use a PostgreSQL or Redis store.",
    )


def newer_schema(have: int, known: int) -> ConfigurationError:
    """Return the error for a file that a newer release has changed."""
    return ConfigurationError(
        f"The account store's file is of schema {have}, made by a newer vimeo-toolkit; this release knows {known}.",
        hint="Upgrade vimeo-toolkit on this machine.",
    )


def _read_only() -> StoreError:
    return StoreError(
        "The account store's file cannot be written.",
        hint="Give this process write access to it and its folder.",
    )


def _unopened() -> StoreError:
    return StoreError(
        "The account store's file cannot be opened.", hint="Check its folder and this process's rights."
    )


def _full() -> StoreError:
    return StoreError(
        "The disk of the account store is full; the change was not saved.", hint="Make room, then try again."
    )


def _io() -> StoreError:
    return StoreError(
        "The disk of the account store failed to read or write.", hint="Check the disk, then try again."
    )


_PROBLEMS: Final[dict[int, Callable[[], StoreError]]] = {
    sqlite3.SQLITE_BUSY: locked,
    sqlite3.SQLITE_LOCKED: locked,
    sqlite3.SQLITE_READONLY: _read_only,
    sqlite3.SQLITE_FULL: _full,
    sqlite3.SQLITE_IOERR: _io,
    sqlite3.SQLITE_CORRUPT: damaged,
    sqlite3.SQLITE_NOTADB: damaged,
    sqlite3.SQLITE_CANTOPEN: _unopened,
    sqlite3.SQLITE_PERM: _unopened,
}


def typed(error: Exception) -> StoreError:
    """Return our error for SQLite's, whose text could quote a value."""
    if isinstance(error, StoreError):
        return error
    if isinstance(error, OSError):
        return _unopened()
    code = getattr(error, "sqlite_errorcode", None)
    problem = _PROBLEMS.get(code & 0xFF) if isinstance(code, int) else None
    if problem is not None:
        return problem()
    return StoreError(
        f"The account store failed ({type(error).__name__}).", hint="Try again; if it stays, check its file."
    )
