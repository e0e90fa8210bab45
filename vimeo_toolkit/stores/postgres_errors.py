"""PostgreSQL's errors: one table by SQLSTATE says what each means and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import psycopg

from vimeo_toolkit.errors import ConfigurationError, StoreBusy, StoreError
from vimeo_toolkit.stores.postgres_connections import NoConnection

__all__ = ["newer_schema", "typed"]

_Problem = StoreError | ConfigurationError


def _of(kind: type[_Problem], message: str, hint: str) -> Callable[[], _Problem]:
    return lambda: kind(message, hint=hint)


_AGAIN: Final = "Try again in a moment."
_SILENT: Final = _of(StoreBusy, "The store's PostgreSQL server does not answer.", _AGAIN)
_REFUSED: Final = _of(
    ConfigurationError,
    "The store's PostgreSQL server refused the connection.",
    "Check user, password and database in the store's URL.",
)
_CROWDED: Final = _of(
    StoreBusy,
    "The store's PostgreSQL server has no connection free.",
    "Try again in a moment; raise its max_connections, run fewer processes, or put PgBouncer before it.",
)
_FULL: Final = _of(
    StoreError,
    "The disk of the store's PostgreSQL server is full; the change was not saved.",
    "Make room, then try again.",
)
_STOPPING: Final = _of(StoreBusy, "The store's PostgreSQL server is starting or stopping.", _AGAIN)
_DAMAGED: Final = _of(
    StoreError,
    "The data of the store's PostgreSQL server is damaged.",
    "See the server's log and restore the database from a backup.",
)
_CONFLICT: Final = _of(
    StoreBusy, "Another transaction was in the way of the store's; nothing was saved.", _AGAIN
)
_ENDED: Final = _of(
    StoreBusy,
    "The store's PostgreSQL server ended the connection for being idle; nothing was saved.",
    "Try again; leave idle_in_transaction_session_timeout and its siblings off for the toolkit's user.",
)
_NO_TABLES: Final = _of(
    ConfigurationError,
    "The toolkit's tables are not where the store's URL looks for them, or are not as the toolkit made them.",
    "Check the search path in the store's URL, or restore the tables from a backup.",
)

_BY_STATE: Final[dict[str, Callable[[], _Problem]]] = {
    "28": _REFUSED,
    "3D000": _REFUSED,
    "3F000": _NO_TABLES,
    "42P01": _of(
        StoreError,
        "The toolkit's tables are not where the store's URL looks for them.",
        "Check the search path in the store's URL, or restore the tables from a backup; where all of them were "
        "dropped, the next call makes them anew.",
    ),
    "42703": _NO_TABLES,
    "42804": _NO_TABLES,
    "42501": _of(
        ConfigurationError,
        "The store's PostgreSQL user may not make or use the toolkit's tables.",
        "GRANT it CREATE on the schema for the first start, and all rights on the tables.",
    ),
    "25006": _of(
        StoreBusy,
        "The store's PostgreSQL server is read-only now (a standby?); the change was not saved.",
        "Try again after its failover, or set the store's URL to the primary.",
    ),
    "25P03": _ENDED,
    "25P04": _ENDED,
    "57P05": _ENDED,
    "40": _CONFLICT,
    "55P03": _CONFLICT,
    "57014": _of(
        StoreBusy,
        "The store's PostgreSQL server ended a statement that took too long; nothing was saved.",
        "Try again; if it stays, look for a low statement_timeout of the toolkit's user and for locks.",
    ),
    "57P": _STOPPING,
    "53300": _CROWDED,
    "53100": _FULL,
    "53200": _of(
        StoreError,
        "The store's PostgreSQL server has no memory left; the change was not saved.",
        "See the server's log, then try again.",
    ),
    "58": _DAMAGED,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
    "08": _SILENT,
}
"""By SQLSTATE, or by how it begins where a whole class means the same."""

_BY_WORDS: Final[tuple[tuple[str, Callable[[], _Problem]], ...]] = (
    ("authentication failed", _REFUSED),
    ("no password supplied", _REFUSED),
    ("does not exist", _REFUSED),
    ("pg_hba.conf", _REFUSED),
    ("not permitted", _REFUSED),
    ("certificate", _REFUSED),
    ("too many clients", _CROWDED),
    ("too many connections", _CROWDED),
    ("remaining connection slots", _CROWDED),
    ("starting up", _STOPPING),
    ("shutting down", _STOPPING),
    ("recovery mode", _STOPPING),
)
"""Errors while connecting come from libpq without an SQLSTATE."""


def typed(error: Exception) -> _Problem:
    """Return our error for the driver's, whose text could quote a value or the URL."""
    if isinstance(error, NoConnection):
        return StoreBusy(
            "All of this process's connections to the store's PostgreSQL server are in use.", hint=_AGAIN
        )
    state = getattr(error, "sqlstate", None) or ""
    for length in (5, 3, 2):
        if state[:length] in _BY_STATE:
            return _BY_STATE[state[:length]]()
    if isinstance(error, psycopg.OperationalError):
        text = str(error)
        return next((problem for words, problem in _BY_WORDS if words in text), _SILENT)()
    return StoreError(
        f"The store's PostgreSQL server reported {type(error).__name__}.", hint="See the server's log."
    )


def newer_schema(have: int, known: int) -> ConfigurationError:
    """Return the error for tables that a newer release has changed."""
    return ConfigurationError(
        f"The store's tables are of schema {have}, made by a newer vimeo-toolkit; this release knows {known}.",
        hint="Upgrade vimeo-toolkit on this machine.",
    )
