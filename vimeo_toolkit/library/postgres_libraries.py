"""The indexes of all users in one PostgreSQL database, for any number of machines."""

from __future__ import annotations

import importlib.metadata
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.library.postgres import PostgresIndex
from vimeo_toolkit.library.postgres_rows import bytes_of, text_of
from vimeo_toolkit.library.postgres_tables import Tables
from vimeo_toolkit.library.postgres_writing import forget
from vimeo_toolkit.library.terms import TERMS_FORMAT
from vimeo_toolkit.stores.postgres import PostgresStore
from vimeo_toolkit.stores.postgres_connections import Connection

__all__ = ["PostgresLibraries"]

_OF: Final = "SELECT id, generation, terms FROM vimeo_library WHERE identity = %(identity)s"
# Changes are numbered from the time on: who remembers the last one of the index that was here before is told of
# those to come.
_MAKE: Final = """
    INSERT INTO vimeo_library (identity, generation, terms, written, changes)
    SELECT %(identity)s, %(generation)s, %(terms)s::int[], now.seconds, (now.seconds * 1000)::int8
    FROM (SELECT extract(epoch FROM clock_timestamp())::float8 AS seconds) now
    ON CONFLICT (identity) DO NOTHING"""


class PostgresLibraries:
    """The indexes of all users in tables beside those of the store; they are made when they are first needed.

    Args:
        database: the store, or the URL, as `PostgresStore` takes it.

    Raises:
        ConfigurationError: the URL is malformed.
    """

    folder: Path | None = None

    def __init__(self, database: str | PostgresStore) -> None:
        self._store = PostgresStore(database) if isinstance(database, str) else database
        del database  # it may have a password, and a traceback's locals are often logged
        self._tables = Tables(self._store.open_pool)

    def __repr__(self) -> str:
        return f"PostgresLibraries({self._store!r})"

    def index(self, owner: Owner) -> PostgresIndex:
        """See `Libraries`.

        Raises:
            ConfigurationError: a newer release has changed the tables, or this user may not make them.
            StoreError: the server does not answer or refused.
        """
        given = {"identity": bytes_of(owner.identity.digest), "generation": bytes_of(owner.generation)}
        for library, generation, terms in self._tables.read(_OF, given):
            if bytes(generation) == given["generation"]:
                index = PostgresIndex(self._tables, library)
                if terms < _made():
                    index.make_terms_anew(_made())
                return index
        return PostgresIndex(self._tables, self._tables.change(lambda db: _own(db, given)))

    def forget(self, identity: Identity) -> bool:
        """See `Libraries`."""
        return self.discard(identity.digest)

    def users(self) -> dict[str, float]:
        """See `Libraries`."""
        return {
            text_of(digest): written
            for digest, written in self._tables.read("SELECT identity, written FROM vimeo_library", {})
        }

    def discard(self, digest: str) -> bool:
        """See `Libraries`."""
        return self._tables.change(lambda db: _without(db, {"identity": bytes_of(digest)}))

    def close(self) -> None:
        """See `Libraries`. An index that is used afterwards connects again."""
        self._tables.close()


def _own(db: Connection, given: dict[str, Any]) -> int:
    """Return the number of the library of this generation, made in place of one of another."""
    while True:
        found = _locked(db, given)
        if found is not None and bytes(found[1]) == given["generation"]:
            return int(found[0])
        if found is not None:
            forget(db, found[0])
        db.execute(_MAKE, {**given, "terms": _made()})  # does nothing where another process was faster


def _without(db: Connection, given: dict[str, Any]) -> bool:
    found = _locked(db, given)
    if found is not None:
        forget(db, found[0])
    return found is not None


def _locked(db: Connection, given: dict[str, Any]) -> Any:
    return db.execute(f"{_OF} FOR UPDATE", given, binary=True).fetchone()


@cache
def _made() -> list[int]:
    """Return how terms are made here: in a newer way, or an older one, than an index whose list is another."""
    numbers = re.findall(r"\d+", importlib.metadata.version("snowballstemmer"))
    return [TERMS_FORMAT, *map(int, numbers)]
