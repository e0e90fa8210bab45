"""The errors of a Redis or Valkey server: one table says what each means and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from redis import exceptions

from vimeo_toolkit.errors import ConfigurationError, StoreBusy, StoreError

__all__ = ["damaged_row", "index_lost", "newer_format", "typed"]

_Problem = StoreError | ConfigurationError


def _of(kind: type[_Problem], message: str, hint: str) -> Callable[[], _Problem]:
    return lambda: kind(message, hint=hint)


_AGAIN: Final = "Try again in a moment."
_REFUSED: Final = _of(
    ConfigurationError,
    "The store's Redis server refused the connection.",
    "Check user and password in the store's URL, and that the server lets this machine in.",
)
_FORBIDDEN: Final = _of(
    ConfigurationError,
    "The store's Redis user may not run what the toolkit needs.",
    "Let it read, write, scan and run scripts (+@read +@write +@keyspace +@scripting) on the toolkit's prefix.",
)
_SILENT: Final = _of(StoreBusy, "The store's Redis server does not answer.", _AGAIN)

_BY_WORD: Final[dict[str, Callable[[], _Problem]]] = {
    "OOM": _of(
        StoreError,
        "The memory of the store's Redis server is full; the change was not saved.",
        "Raise its maxmemory (and keep maxmemory-policy noeviction), then try again.",
    ),
    "MISCONF": _of(
        StoreError,
        "The store's Redis server takes no writes, because it cannot save to its disk; the change was not saved.",
        "See the server's log, make room on its disk, then try again.",
    ),
    "READONLY": _of(
        StoreBusy,
        "The store's Redis server is a replica and takes no writes; the change was not saved.",
        "Try again after its failover, or set the store's URL to the primary.",
    ),
    "NOREPLICAS": _of(
        StoreBusy,
        "The store's Redis server takes no writes, because too few of its replicas answer.",
        "Try again when they are back.",
    ),
    "LOADING": _of(StoreBusy, "The store's Redis server is starting and reads its data.", _AGAIN),
    "MASTERDOWN": _of(
        StoreBusy, "The store's Redis server is a replica that has lost its primary.", "Try again later."
    ),
    "CLUSTERDOWN": _of(StoreBusy, "The store's Redis cluster is down.", _AGAIN),
    "TRYAGAIN": _of(StoreBusy, "The store's Redis cluster is moving its data.", _AGAIN),
    "BUSY": _of(StoreBusy, "The store's Redis server is busy with somebody's script.", _AGAIN),
    "MOVED": _of(
        ConfigurationError,
        "The store's Redis URL is of a cluster's node that does not have the toolkit's rows.",
        "Use the URL of the node that has them, or of a proxy or server without cluster mode.",
    ),
    "NOAUTH": _REFUSED,
    "WRONGPASS": _REFUSED,
    "DENIED": _REFUSED,
    "NOPERM": _FORBIDDEN,
    "can't run this command": _FORBIDDEN,
    "no permissions": _FORBIDDEN,
    "max number of clients": _of(
        StoreBusy,
        "The store's Redis server has no connection free (maxclients).",
        "Try again in a moment; raise maxclients, or run fewer processes.",
    ),
    "unknown command": _of(
        ConfigurationError,
        "The store's Redis server does not know a command that the toolkit needs.",
        "Use Redis 6.2 or newer, or Valkey, without a proxy that forbids scripts and SCAN.",
    ),
}
"""Redis errors by their first word, which within a script's error stands anywhere in the text."""

_WORDS: Final = re.compile("|".join(rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])" for word in _BY_WORD))

_BY_CLASS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (exceptions.AuthenticationError, "NOAUTH"),
    (exceptions.AuthorizationError, "NOAUTH"),
    (exceptions.NoPermissionError, "NOPERM"),
    (exceptions.OutOfMemoryError, "OOM"),
    (exceptions.ReadOnlyError, "READONLY"),
    (exceptions.BusyLoadingError, "LOADING"),
    (exceptions.MasterDownError, "MASTERDOWN"),
    (exceptions.ClusterDownError, "CLUSTERDOWN"),
    (exceptions.MovedError, "MOVED"),
    (exceptions.TryAgainError, "TRYAGAIN"),
    (exceptions.MaxConnectionsError, "max number of clients"),
)
"""Errors that redis-py recognises: it removes the first word."""


def typed(error: Exception) -> _Problem:
    """Return our error for the driver's, whose text could quote a value or the URL."""
    for kind, word in _BY_CLASS:
        if isinstance(error, kind):
            return _BY_WORD[word]()
    found = _WORDS.search(str(error)) if isinstance(error, exceptions.RedisError) else None
    if found is not None:
        return _BY_WORD[found[0]]()
    if isinstance(error, exceptions.ConnectionError | exceptions.TimeoutError | OSError):
        return _SILENT()
    if isinstance(error, exceptions.ResponseError) and str(error).startswith("WRONGTYPE"):
        return damaged_row()
    return StoreError(
        f"The store's Redis server reported {type(error).__name__}.", hint="See the server's log."
    )


def damaged_row() -> StoreError:
    """Return the error for a row that no store wrote."""
    return StoreError(
        "A row of the store is damaged.",
        hint="Delete the account and connect the user again, or restore the store from a backup.",
    )


def index_lost() -> StoreError:
    """Return the error for an index that the server keeps losing."""
    return StoreError(
        "The store's Redis server loses its index of rows while it is read, so nobody can know what it has.",
        hint="Set maxmemory-policy noeviction and give it more memory, then try again.",
    )


def newer_format(found: bytes, known: int) -> ConfigurationError:
    """Return the error for rows that a newer release wrote."""
    text = found.decode("ascii", "replace")[:20]
    return ConfigurationError(
        f"The store's rows are of format {text}, made by a newer vimeo-toolkit; this release knows {known}.",
        hint="Upgrade vimeo-toolkit on this machine.",
    )
