"""Tables in PostgreSQL, brought up to date by numbered migrations: safe in any number of processes at once."""

# ruff: noqa: S608 - the statements are put together from constants of the modules that call this

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final

from psycopg import errors

from vimeo_toolkit.errors import ConfigurationError, StoreError
from vimeo_toolkit.stores.postgres_connections import Connection
from vimeo_toolkit.stores.postgres_errors import newer_schema, typed

__all__ = ["Schema"]

_MIGRATION: Final = 60.0
"""Seconds for one statement of a migration, or for another process's."""


class Schema:
    """Tables of one purpose, which each process brings up to date once.

    Args:
        table: has this schema's version.
        lock: the number of the advisory lock under which migrations are applied.
        migrations: one entry a version.
        transaction: gives a connection within a transaction.
    """

    def __init__(
        self,
        table: str,
        lock: int,
        migrations: Sequence[str],
        transaction: Callable[[], AbstractContextManager[Connection]],
    ) -> None:
        self._table = table
        self._lock = lock
        self._migrations = migrations
        self._transaction = transaction
        self.current = False
        """Whether the tables are known to be up to date."""
        self._migrating = (os.getpid(), threading.RLock())

    def bring_up_to_date(self) -> None:
        """Make or update the tables, unless they are known to be current. Safe in any number of processes and
        threads at once.

        Raises:
            ConfigurationError: the tables are of a newer release.
            psycopg.Error, NoConnection: the server does not answer or refused.
        """
        # One thread looks; the others wait for it, or many at once would fill the server's queue of connections.
        if self._migrating[0] != os.getpid():  # a fork may have copied a lock that somebody held
            self._migrating = (os.getpid(), threading.RLock())
        with self._migrating[1]:
            if not self.current:
                with self._transaction() as connection:
                    self._migrate(connection)
                self.current = True

    def typed(self, error: Exception) -> StoreError | ConfigurationError:
        """Return what an error of the driver means. Tables that are gone are made again by the next call."""
        if isinstance(error, errors.UndefinedTable):
            self.current = False
        return typed(error)

    def _migrate(self, connection: Connection) -> None:
        """Apply the migrations that the database does not have yet."""
        table, migrations = self._table, self._migrations
        connection.patience = _MIGRATION
        found = connection.execute(f"SELECT to_regclass('{table}') IS NOT NULL".encode()).fetchone()
        have = _version(connection, table) if found and found[0] else 0
        if have > len(migrations):
            raise newer_schema(have, len(migrations))
        if have < len(migrations):
            # Only where there is something to do: the right to create is needed once.
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (self._lock,))
            connection.execute(
                f"CREATE TABLE IF NOT EXISTS {table} "
                "(version int PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())".encode()
            )
            have = _version(connection, table)
            if have > len(migrations):
                raise newer_schema(have, len(migrations))
            for number, script in enumerate(migrations[have:], start=have + 1):
                connection.execute(script.encode())
                connection.execute(f"INSERT INTO {table} (version) VALUES (%s)".encode(), (number,))


def _version(connection: Connection, table: str) -> int:
    row: Any = connection.execute(f"SELECT coalesce(max(version), 0) FROM {table}".encode()).fetchone()
    return int(row[0]) if row else 0
