"""Where state lives: the `Store` protocol, stores behind it, and the cipher in front of them."""

from __future__ import annotations

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.stores.protocol import Key, Row, Store

__all__ = ["Key", "Row", "Store", "open_store"]

_FORMS = "sqlite:///file.db, sqlite:////absolute/file.db, sqlite:///:memory:"


def open_store(store: str | Store) -> Store:
    """The store of this URL; a `Store` is returned as it is.

    Raises:
        ConfigurationError: no store has such a URL.
    """
    if not isinstance(store, str):
        if isinstance(store, Store):
            return store
        raise ConfigurationError("store is neither a URL nor a Store.", hint=f"Use one of {_FORMS}.")
    scheme, separator, rest = store.partition("://")
    if separator and scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        from vimeo_toolkit.stores.sqlite import SqliteStore

        return SqliteStore(rest[1:])
    raise ConfigurationError(f"No store has a URL of the kind {scheme[:20]!r}.", hint=f"Use one of {_FORMS}.")
