"""Connections that were made ahead, and on which nothing was sent yet."""

from __future__ import annotations

import ssl
from collections import deque
from typing import Any, Generic, TypeVar

__all__ = ["Spares", "answers_nothing"]

S = TypeVar("S")


class Spares(Generic[S]):
    """Connections by host and port, until somebody takes them. Safe to use from many threads."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], deque[S]] = {}

    def put(self, host: str, port: int, connection: S) -> None:
        self._kept.setdefault((host, port), deque()).append(connection)

    def take(self, host: str, port: int) -> S | None:
        """Return the newest connection, which nobody else gets; None where there is none."""
        try:
            return self._kept[host, port].pop()
        except LookupError:
            return None

    def clear(self) -> list[S]:
        """Remove all connections and return them, to be closed."""
        kept, self._kept = self._kept, {}
        return [each for connections in kept.values() for each in connections]


def answers_nothing(connection: Any) -> bool:
    """Return whether a TLS socket on which nothing was sent is still open: what came on it is of TLS alone.

    Servers send session tickets behind the handshake, so that such a socket is readable without being at its end.
    """
    connection.setblocking(False)
    try:
        connection.recv(1)
    except (ssl.SSLWantReadError, BlockingIOError):
        return True
    except OSError:
        return False
    return False
