"""Tables in PostgreSQL, brought up to date by numbered migrations: safe in any number of processes at once."""

# ruff: noqa: S608 - the statements are put together from constants of the modules that call this

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from vimeo_toolkit.stores.postgres_connections import Connection
from vimeo_toolkit.stores.postgres_errors import newer_schema

__all__ = ["bring_up_to_date"]

_MIGRATION: Final = 60.0
"""Seconds for one statement of a migration, or for another process's."""


def bring_up_to_date(connection: Connection, table: str, lock: int, migrations: Sequence[str]) -> None:
    """Apply the migrations that a database does not have yet, in one transaction.

    Args:
        connection: not in a transaction.
        table: of this schema's version.
        lock: the number of the advisory lock under which they are applied.
        migrations: one entry a version.

    Raises:
        ConfigurationError: the tables are of a newer release.
        psycopg.Error: the server refused.
    """
    with connection.transaction():
        connection.patience = _MIGRATION
        found = connection.execute(f"SELECT to_regclass('{table}') IS NOT NULL".encode()).fetchone()
        have = _version(connection, table) if found and found[0] else 0
        if have > len(migrations):
            raise newer_schema(have, len(migrations))
        if have < len(migrations):
            # Only where there is something to do: the right to create is needed once.
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (lock,))
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
