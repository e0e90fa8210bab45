"""Where state lives: the `Store` protocol, stores behind it, and the cipher in front of them."""

from __future__ import annotations

import re

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.stores.protocol import Key, Row, Store

__all__ = ["Key", "Row", "Store", "open_store"]

_FORMS = (
    "sqlite:///file.db, sqlite:////absolute/file.db, sqlite:///:memory:, postgresql://user:password@host/database, "
    "redis://host:6379/0, rediss://host:6379/0, unix:///path/to/socket, valkey://host:6379/0"
)


def open_store(store: str | Store) -> Store:
    """The store of this URL; a `Store` is returned as it is. Nothing is connected to yet.

    Raises:
        ConfigurationError: no store has such a URL, or its driver is not installed.
    """
    if not isinstance(store, str):
        if isinstance(store, Store):
            return store
        raise ConfigurationError("store is neither a URL nor a Store.", hint=f"Use one of {_FORMS}.")
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
            raise ConfigurationError("The store is no URL.", hint=f"Use one of {_FORMS}.")
        # A driver is imported when a URL asks for it: redis alone takes a third of a second.
        if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
            from vimeo_toolkit.stores.sqlite import SqliteStore

            return SqliteStore(rest[1:])
        if scheme in ("postgresql", "postgres"):
            try:
                from vimeo_toolkit.stores.postgres import PostgresStore
            except ImportError:
                raise _missing("psycopg", "postgres") from None
            return PostgresStore(store)
        if scheme in ("redis", "rediss", "unix", "valkey", "valkeys"):
            try:
                from vimeo_toolkit.stores.redis import RedisStore
            except ImportError:
                raise _missing("redis", "redis") from None
            return RedisStore(store)
        raise ConfigurationError(f"No store has a URL of the form {scheme}://.", hint=f"Use one of {_FORMS}.")
    finally:
        del store, rest


def _missing(package: str, extra: str) -> ConfigurationError:
    return ConfigurationError(
        f"The store needs the package {package}, which is not installed.",
        hint=f'Run: pip install "vimeo-toolkit[{extra}]"',
    )
