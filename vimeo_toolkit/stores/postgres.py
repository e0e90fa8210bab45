"""Accounts in PostgreSQL, for any number of machines.

The tables are made by the toolkit when it first connects (in the URL's search path) and brought up to date by
numbered migrations under an advisory lock, so that many processes may start at once. Every write is one
statement. Time is the server's.
"""

# ruff: noqa: S608 - the statements are put together from constants of this module alone

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.runtime.threads import Threads
from vimeo_toolkit.stores.clients import Clients
from vimeo_toolkit.stores.key_encoding import behind, from_text, part_to_text, place_of, span, to_text
from vimeo_toolkit.stores.postgres_connections import Connection, NoConnection, Pool, looped_pools, settings
from vimeo_toolkit.stores.postgres_schema import Schema
from vimeo_toolkit.stores.protocol import EPHEMERAL_KINDS, Key, Row

__all__ = ["PostgresStore"]

_LOCK: Final = 0x56494D454F  # "VIMEO"
_MIGRATIONS: Final = (
    """
    CREATE TABLE vimeo_toolkit_row (
        key bytea PRIMARY KEY, version bigint NOT NULL, value bytea NOT NULL, expires timestamptz);
    CREATE INDEX vimeo_toolkit_row_expires ON vimeo_toolkit_row (expires) WHERE expires IS NOT NULL;
    CREATE TABLE vimeo_toolkit_lease (
        name bytea PRIMARY KEY, owner bytea NOT NULL, expires timestamptz NOT NULL,
        fence bigint NOT NULL);
    CREATE SEQUENCE vimeo_toolkit_fence;
    """,
    # Nobody read the number that a lease had, for which the rows of those given back were kept.
    """
    ALTER TABLE vimeo_toolkit_lease DROP COLUMN fence;
    DROP SEQUENCE IF EXISTS vimeo_toolkit_fence;
    DELETE FROM vimeo_toolkit_lease WHERE owner = '';
    """,
)
"""The schema, one entry a version. Entries are only ever added."""

_ALIVE: Final = "(expires IS NULL OR expires > clock_timestamp())"
_GET: Final = f"SELECT version, value FROM vimeo_toolkit_row WHERE key = %s AND {_ALIVE}"
_SCAN: Final = (
    f"SELECT key, version, value FROM vimeo_toolkit_row WHERE key >= %s AND key < %s AND {_ALIVE} "
    "ORDER BY key LIMIT %s"
)
_UNTIL: Final = "clock_timestamp() + make_interval(secs => %(ttl)s::float8)"
# A server or database that is set not to wait for its disk would break the store's promise. Set for the one
# transaction that this is part of, never for the session, which may be another's next (`postgres_connections`).
_DURABLE: Final = (
    "WITH durable AS MATERIALIZED (SELECT set_config('synchronous_commit', CASE current_setting("
    "'synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true) AS done) "
)
# `quick` lets that transaction return before the disk has it.
_QUICK: Final = "WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) AS done) "
_INSERT: Final = (
    "INSERT INTO vimeo_toolkit_row (key, version, value, expires) "
    f"SELECT %(key)s, %(version)s::bigint, %(value)s::bytea, {_UNTIL}"
)
_INSERT_END: Final = (
    " ON CONFLICT (key) DO UPDATE SET version = excluded.version, value = excluded.value, "
    "expires = excluded.expires WHERE vimeo_toolkit_row.expires <= clock_timestamp() RETURNING 1"
)
_UPDATE: Final = (
    f"UPDATE vimeo_toolkit_row SET version = %(version)s::bigint, value = %(value)s::bytea, expires = {_UNTIL} "
    f"WHERE key = %(key)s AND version = %(expected)s::bigint AND {_ALIVE}"
)
_PUT: Final = {
    (False, True): _DURABLE + _INSERT + " FROM durable" + _INSERT_END,
    (False, False): _QUICK + _INSERT + " FROM quick" + _INSERT_END,
    (True, True): _DURABLE + _UPDATE + " AND (SELECT done FROM durable) <> 'off' RETURNING 1",
    (True, False): _QUICK + _UPDATE + " AND (SELECT done FROM quick) = 'off' RETURNING 1",
}
"""By (is there a row to replace, must it be durable)."""
_DELETE: Final = (
    f"{_DURABLE}DELETE FROM vimeo_toolkit_row WHERE key = %s AND version = %s::bigint AND {_ALIVE} "
    "AND (SELECT done FROM durable) <> 'off' RETURNING 1"
)
_REPLACE: Final = (
    f"{_DURABLE}UPDATE vimeo_toolkit_row SET value = %s::bytea WHERE key = %s AND version = %s::bigint "
    f"AND {_ALIVE} AND (SELECT done FROM durable) <> 'off' RETURNING 1"
)
_WRITES: Final = 32
"""Writes of rows that end from one removal to the next, which takes away three times as many."""
# Rows that another session is about to remove or replace are left to it.
_PURGE: Final = (
    "DELETE FROM vimeo_toolkit_row WHERE key IN (SELECT key FROM vimeo_toolkit_row "
    "WHERE expires <= clock_timestamp() LIMIT 100 FOR UPDATE SKIP LOCKED)"
)
_ACQUIRE: Final = (
    "INSERT INTO vimeo_toolkit_lease AS held (name, owner, expires) "
    f"VALUES (%(name)s, %(owner)s, {_UNTIL}) "
    "ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, expires = excluded.expires "
    "WHERE held.owner = excluded.owner OR held.expires <= clock_timestamp() RETURNING 1"
)
_RELEASE: Final = "DELETE FROM vimeo_toolkit_lease WHERE name = %s AND owner = %s"

_Rows = list[tuple[Any, ...]]


def _well_formed(url: str) -> bool:
    try:
        psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.Error:
        return False
    return True


class PostgresStore:
    """Accounts in PostgreSQL 12 or newer.

    Args:
        url: a libpq URL, `postgresql://user:password@host/database`. Another schema than the user's own is
            chosen with `?options=-csearch_path%3Dname`.
    """

    shared = True
    path = None

    def __init__(self, url: str) -> None:
        self._place = place_of(url)
        if not _well_formed(url):
            del url  # it may have a password, and a traceback's locals are often logged
            raise ConfigurationError(
                "The store's PostgreSQL URL is malformed.",
                hint="Write postgresql://user:password@host:5432/database, with special characters of the "
                "password percent-encoded.",
            )
        # In closures and not in attributes: no repr or dump of this object has the password.
        self._connect: Callable[[], Connection] = lambda: Connection.connect(url, **settings())
        self.open_pool: Callable[[], Pool] = lambda: Pool(url)
        """Opens further connections to this database, for other tables than the store's."""
        self._clients = Clients(self.open_pool, looped_pools(url))
        self._ending = itertools.count()
        """How many rows that end were written."""
        self._threads = Threads("vimeo-toolkit-postgres", 1)
        self._schema = Schema("vimeo_toolkit_schema", _LOCK, _MIGRATIONS, self._own_transaction)

    def __repr__(self) -> str:
        return f"PostgresStore({self._place!r})"

    def get(self, key: Key) -> Row | None:
        return _row(self._run(_GET, (to_text(key).encode(),), again=True))

    async def aget(self, key: Key) -> Row | None:
        return _row(await self._arun(_GET, (to_text(key).encode(),), again=True))

    def put(self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None) -> bool:
        done = bool(self._run(*_put(key, value, version, expected, ttl)))
        if self._purges(ttl):
            self._run(_PURGE, ())
        return done

    async def aput(
        self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None
    ) -> bool:
        done = bool(await self._arun(*_put(key, value, version, expected, ttl)))
        if self._purges(ttl):
            await self._arun(_PURGE, ())
        return done

    def _purges(self, ttl: float | None) -> bool:
        """Return whether rows that have ended are removed after a write with this life."""
        return ttl is not None and not next(self._ending) % _WRITES

    def replace(self, key: Key, value: bytes, *, version: int) -> bool:
        """See `stores.protocol.KeepsEnds`."""
        return bool(self._run(_REPLACE, (value, to_text(key).encode(), version)))

    async def areplace(self, key: Key, value: bytes, *, version: int) -> bool:
        return bool(await self._arun(_REPLACE, (value, to_text(key).encode(), version)))

    def delete(self, key: Key, *, expected: int) -> bool:
        return bool(self._run(_DELETE, (to_text(key).encode(), expected)))

    async def adelete(self, key: Key, *, expected: int) -> bool:
        return bool(await self._arun(_DELETE, (to_text(key).encode(), expected)))

    def scan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]:
        return _page(self._run(_SCAN, _range(kind, connection, after, limit), again=True))

    async def ascan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]:
        return _page(await self._arun(_SCAN, _range(kind, connection, after, limit), again=True))

    def acquire(self, lease: str, owner: str, ttl: float) -> bool:
        return bool(self._run(_ACQUIRE, _lease(lease, owner, ttl)))

    async def aacquire(self, lease: str, owner: str, ttl: float) -> bool:
        return bool(await self._arun(_ACQUIRE, _lease(lease, owner, ttl)))

    def release(self, lease: str, owner: str) -> None:
        self._run(_RELEASE, (part_to_text(lease).encode(), part_to_text(owner).encode()))

    async def arelease(self, lease: str, owner: str) -> None:
        await self._arun(_RELEASE, (part_to_text(lease).encode(), part_to_text(owner).encode()))

    def close(self) -> None:
        """Close the blocking pool. An event loop's own is closed by `aclose` in that loop."""
        pool = self._clients.forget_blocking()
        if pool is not None:
            pool.close()

    async def aclose(self) -> None:
        await self._clients.close_looped()
        await self._threads.run(self.close)

    def _run(self, statement: str, values: Any, *, again: bool = False) -> _Rows:
        try:
            if not self._schema.current:
                self._schema.bring_up_to_date()
            return self._clients.blocking().run(statement, values, again=again)
        except (psycopg.Error, NoConnection) as error:
            failure = self._schema.typed(error)
        raise failure  # outside: the driver's error, with the URL in its frames, is not in the chain of this one

    async def _arun(self, statement: str, values: Any, *, again: bool = False) -> _Rows:
        try:
            if not self._schema.current:
                await self._threads.run(self._schema.bring_up_to_date)
            return await self._clients.looped().run(statement, values, again=again)
        except (psycopg.Error, NoConnection) as error:
            failure = self._schema.typed(error)
        raise failure

    @contextmanager
    def _own_transaction(self) -> Iterator[Connection]:
        """Give a new connection, outside of the pool."""
        with self._connect() as connection, connection.transaction():
            yield connection


def _put(
    key: Key, value: bytes, version: int, expected: int, ttl: float | None
) -> tuple[str, dict[str, Any]]:
    statement = _PUT[bool(expected), key.kind not in EPHEMERAL_KINDS]
    return statement, {
        "key": to_text(key).encode(),
        "value": value,
        "version": version,
        "expected": expected,
        "ttl": ttl,
    }


def _lease(lease: str, owner: str, ttl: float) -> dict[str, Any]:
    return {"name": part_to_text(lease).encode(), "owner": part_to_text(owner).encode(), "ttl": ttl}


def _range(kind: str, connection: str | None, after: Key | None, limit: int) -> tuple[bytes, bytes, int]:
    low, high = span(kind, connection)
    return behind(low, after).encode(), high.encode(), limit


def _row(rows: _Rows) -> Row | None:
    return Row(bytes(rows[0][1]), rows[0][0]) if rows else None


def _page(rows: _Rows) -> list[tuple[Key, Row]]:
    return [(from_text(bytes(text).decode()), Row(bytes(value), version)) for text, version, value in rows]
