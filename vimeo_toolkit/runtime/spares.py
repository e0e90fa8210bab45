"""Connections that were made ahead, and on which nothing was sent yet."""

from __future__ import annotations

import ssl
from typing import Any, Generic, TypeVar

__all__ = ["Spares", "answers_nothing"]

S = TypeVar("S")


class Spares(Generic[S]):
    """One connection to each host and port, until somebody takes it. Safe to use from many threads."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], S] = {}

    def put(self, host: str, port: int, connection: S) -> S | None:
        """Keep a connection, and return the one that was there, to be closed."""
        former = self.take(host, port)
        self._kept[host, port] = connection
        return former

    def take(self, host: str, port: int) -> S | None:
        """Return the connection, which nobody else gets; None where there is none."""
        return self._kept.pop((host, port), None)

    def clear(self) -> list[S]:
        """Remove all connections and return them, to be closed."""
        kept, self._kept = self._kept, {}
        return list(kept.values())


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
