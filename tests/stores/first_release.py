"""What release 0.1.0 left behind, in each kind of store.

`first_release.sql` is the dump of a SQLite file that 0.1.0 itself wrote (against the sandbox, with `KEY`): two
connected users, one who has not connected yet, a waiting link, two approvals, an unfinished upload, a budget. In
PostgreSQL and Redis it kept the same sealed values; their tables and names are written out here as it made them.
"""

from __future__ import annotations

import base64
import sqlite3
import struct
import time
from pathlib import Path
from typing import Any

__all__ = ["KEY", "USERS", "hold_lease", "leases", "write"]

KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
USERS = ("ana", "ben/é", "new", "pending")

_DUMP = Path(__file__).with_suffix(".sql")

_TABLES = """
CREATE TABLE vimeo_toolkit_schema (version int PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now());
CREATE TABLE vimeo_toolkit_row (
    key bytea PRIMARY KEY, version bigint NOT NULL, value bytea NOT NULL, expires timestamptz);
CREATE INDEX vimeo_toolkit_row_expires ON vimeo_toolkit_row (expires) WHERE expires IS NOT NULL;
CREATE TABLE vimeo_toolkit_lease (
    name bytea PRIMARY KEY, owner bytea NOT NULL, expires timestamptz NOT NULL,
    fence bigint NOT NULL);
CREATE SEQUENCE vimeo_toolkit_fence;
INSERT INTO vimeo_toolkit_schema (version) VALUES (1);
"""


def write(url: str) -> None:
    """Put it into an empty store; what was to end some time ends in an hour."""
    if url.startswith("sqlite"):
        _sqlite(Path(url.removeprefix("sqlite:///")))
    elif url.startswith("postgresql"):
        _postgres(url)
    else:
        _redis(url)


def _sqlite(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.executescript(_DUMP.read_text())
    for text, version, ends, value in _rows(connection):
        blob = struct.pack(">QQ", version, int((time.time() + 3600) * 1000) if ends else 0) + value
        connection.execute('UPDATE "rows" SET value = ? WHERE key = ?', (blob, text))
    connection.close()


def _rows(connection: sqlite3.Connection | None = None) -> list[tuple[str, int, bool, bytes]]:
    """Name, version, whether it ends, and sealed value of each row."""
    if connection is None:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.executescript(_DUMP.read_text())
    rows = connection.execute('SELECT key, value FROM "rows"').fetchall()
    return [(text, *_head(blob), blob[16:]) for text, blob in rows]


def _head(blob: bytes) -> tuple[int, bool]:
    version, ends = struct.unpack_from(">QQ", blob)
    return version, bool(ends)


def _postgres(url: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_TABLES.encode())
        for text, version, ends, value in _rows():
            connection.execute(
                "INSERT INTO vimeo_toolkit_row VALUES (%s, %s, %s, now() + %s::interval)",
                (text.encode(), version, value, "1 hour" if ends else None),
            )


def _redis(url: str) -> None:
    client, prefix = _client(url)
    for text, version, ends, value in _rows():
        kind = text.partition("/")[0]
        client.set(f"{{{prefix}}}:row:{text}", struct.pack(">Q", version) + value, ex=3600 if ends else None)
        client.zadd(f"{{{prefix}}}:index:{kind}", {text: 0})
        if ends:
            client.zadd(f"{{{prefix}}}:expiry:{kind}", {text: (time.time() + 3600) * 1000})
    client.close()


def hold_lease(url: str, name: str, owner: str, *, seconds: float) -> None:
    """Take a lease as 0.1.0 did, with a number; one that ended is there still, and so is one given back."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        insert = "INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?, 7)"
        connection.execute(insert, (name, owner, time.time() + seconds, abs(seconds)))
        connection.execute(insert, ("given back", "", 0.0, 60.0))
        connection.close()
    elif url.startswith("postgresql"):
        import psycopg

        with psycopg.connect(url, autocommit=True) as server:
            insert = "INSERT INTO vimeo_toolkit_lease VALUES (%s, %s, now() + %s * interval '1 second', 7)"
            server.execute(insert, (name.encode(), owner.encode(), seconds))
            server.execute(insert + " ON CONFLICT DO NOTHING", (b"given back", b"", 0.0))
    elif seconds > 0:
        client, prefix = _client(url)
        client.set(f"{{{prefix}}}:lease:{name}", f"7 {owner}", px=int(seconds * 1000))
        client.set(f"{{{prefix}}}:fence", "7")
        client.close()


def leases(url: str) -> list[str]:
    """Return what is kept of leases."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        rows = connection.execute("SELECT name FROM lease").fetchall()
        connection.close()
        return [name for (name,) in rows]
    if url.startswith("postgresql"):
        import psycopg

        with psycopg.connect(url) as server:
            return [
                bytes(name).decode() for (name,) in server.execute("SELECT name FROM vimeo_toolkit_lease")
            ]
    client, prefix = _client(url)
    names = [
        name.decode() for pattern in ("lease:*", "fence") for name in client.keys(f"{{{prefix}}}:{pattern}")
    ]
    client.close()
    return [name.rpartition(":")[2] for name in names]


def _client(url: str) -> tuple[Any, str]:
    import redis

    address, _, prefix = url.partition("?prefix=")
    return redis.Redis(unix_socket_path=address.removeprefix("unix://")), prefix
