"""Prepare a SQLite file before it is used: create it, check it, migrate it."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
import warnings
from pathlib import Path
from typing import Final

from vimeo_toolkit.errors import StoreBusy
from vimeo_toolkit.stores.sqlite_errors import newer_schema, no_log, typed

__all__ = ["BUSY_SECONDS", "TABLES", "connect", "network_disk", "prepare"]

BUSY_SECONDS: Final = 5.0
"""How long a statement waits for a lock that another process holds."""

_MIGRATIONS: Final = (
    (
        'CREATE TABLE IF NOT EXISTS "rows" (key TEXT PRIMARY KEY, value BLOB)',  # as sqlitedict makes it
        "CREATE TABLE IF NOT EXISTS lease (name TEXT PRIMARY KEY, owner TEXT, expires REAL, lasts REAL, fence INT)",
    ),
    (
        # Nobody read the number that a lease had, for which the rows of those given back were kept.
        "ALTER TABLE lease DROP COLUMN fence",
        "DELETE FROM lease WHERE owner = ''",
    ),
)
"""The schema, one entry a version (`user_version`). Release 0.1.0 made the first one's tables without a number.
Entries are only ever added."""

TABLES: Final = tuple(statement for statements in _MIGRATIONS for statement in statements)
"""The statements that create the tables of an empty database."""

_NETWORK: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "lustre", "gpfs", "beegfs", "glusterfs"}
    | {"fuse.sshfs", "fuse.glusterfs", "fuse.s3fs"}
)


def connect(path: Path) -> sqlite3.Connection:
    """Return a plain connection, each statement of which is a transaction."""
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)


def prepare(path: Path) -> None:
    """Make the file, its journal mode and its tables, before sqlitedict's thread could fail at it unseen.

    Raises:
        ConfigurationError: a newer release has changed the file.
        StoreError: it cannot be opened.
    """
    until = time.monotonic() + BUSY_SECONDS
    while True:
        connection = None
        try:
            # Before SQLite makes it with the umask's mode; -wal and -shm take after it.
            os.close(os.open(path, os.O_CREAT | os.O_RDONLY, 0o600))
            connection = connect(path)
            if connection.execute("PRAGMA journal_mode=WAL").fetchone()[0] != "wal":
                raise no_log()
            _migrate(connection)
        except (sqlite3.Error, OSError) as error:
            # Of several processes that set the journal mode at once, SQLite refuses all but one without
            # waiting.
            problem = typed(error)
            if not isinstance(problem, StoreBusy) or time.monotonic() > until:
                raise problem from None
            time.sleep(0.01)
        else:
            break
        finally:
            if connection is not None:
                connection.close()
    disk = network_disk(path)
    if disk:
        warnings.warn(
            f"The account store's file is on a network file system ({disk}). Only processes of one machine may use "
            "it there, and a power cut may lose what was acknowledged: put it on a local disk, or use a PostgreSQL "
            "or Redis store.",
            stacklevel=8,
        )


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables up to date, in one transaction; of many processes at once one does it."""
    known = len(_MIGRATIONS)
    if _version(connection) < known:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_READONLY or not _has_tables(connection):
                raise
            return  # the file is read-only: reading works, and a write will report it
        for statements in _MIGRATIONS[_version(connection) :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version={max(known, _version(connection))}")
        connection.execute("COMMIT")
    if _version(connection) > known:
        raise newer_schema(_version(connection), known)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _has_tables(connection: sqlite3.Connection) -> bool:
    found = connection.execute(
        "SELECT count(*) FROM sqlite_master WHERE name IN ('rows', 'lease')"
    ).fetchone()
    return bool(found[0] == 2)


def network_disk(path: Path, mounts: str | None = None) -> str:
    """Return the kind of network file system that a path is on, empty where it is on none or nobody can say.

    `mounts`: what Linux has in `/proc/self/mountinfo` (proc(5)); Windows tells it by the path.
    """
    if sys.platform == "win32":
        return "a share" if path.drive.startswith("\\\\") else ""
    if mounts is None:
        try:
            mounts = Path("/proc/self/mountinfo").read_text(errors="surrogateescape")
        except OSError:
            return ""
    best, kind = "", ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        place = fields[4].encode(errors="surrogateescape").decode("unicode_escape")  # a space is \040
        if (path.is_relative_to(place)) and len(place) >= len(best):
            best, kind = place, after.split()[0]
    return kind if kind in _NETWORK else ""
