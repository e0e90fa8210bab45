"""Where state lives: the `Store` protocol, stores behind it, and the cipher in front of them."""

from __future__ import annotations

import re

from vimeo_toolkit.errors import ConfigurationError, MissingExtra
from vimeo_toolkit.stores.completeness import FORMS, require_complete
from vimeo_toolkit.stores.protocol import DAMAGED, EPHEMERAL_KINDS, Checked, KeepsEnds, Key, Row, Store

__all__ = ["DAMAGED", "EPHEMERAL_KINDS", "Checked", "KeepsEnds", "Key", "Row", "Store", "open_store"]


def open_store(store: str | Store) -> Store:
    """Return the store of this URL; a `Store` is returned as it is. Nothing is connected to yet.

    Raises:
        ConfigurationError: no store has such a URL, its driver is not installed, or a `Store` is incomplete.
    """
    if not isinstance(store, str):
        require_complete(store)
        return store
    try:
        return _of_url(store)
    finally:
        del store  # it may have a password, and a traceback's locals are often logged


def _of_url(store: str) -> Store:
    scheme, separator, rest = store.partition("://")
    try:
        if not separator or not re.fullmatch("[a-z+]{1,20}", scheme):
            # Not quoted: it may be a connection string with a password in it.
            scheme = ""
            raise ConfigurationError("The store is not a URL.", hint=f"Use one of {FORMS}.")
        # A driver is imported when a URL asks for it: redis alone takes a third of a second.
        if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
            from vimeo_toolkit.stores.sqlite import SqliteStore

            return SqliteStore(rest[1:])
        if scheme in ("postgresql", "postgres"):
            try:
                from vimeo_toolkit.stores.postgres import PostgresStore
            except ImportError:
                raise MissingExtra("A PostgreSQL store", "psycopg", "postgres") from None
            return PostgresStore(store)
        if scheme in ("redis", "rediss", "unix", "valkey", "valkeys"):
            try:
                from vimeo_toolkit.stores.redis import RedisStore
            except ImportError:
                raise MissingExtra("A Redis store", "redis", "redis") from None
            return RedisStore(store)
        raise ConfigurationError(f"No store has a URL of the form {scheme}://.", hint=f"Use one of {FORMS}.")
    finally:
        del store, rest
