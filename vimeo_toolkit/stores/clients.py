"""Database clients: one for the blocking calls of a process, one for each event loop."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from vimeo_toolkit.runtime.loops import PerLoop

__all__ = ["Clients"]

B = TypeVar("B")
A = TypeVar("A")


class Clients(Generic[B, A]):
    """Makes a client when it is first needed.

    A connection must not be used by two processes or two event loops. After a fork the child makes its own
    and leaves the parent's untouched: closing one would say goodbye on the parent's socket.
    """

    def __init__(self, blocking: Callable[[], B], looped: PerLoop[A]) -> None:
        self._make_blocking = blocking
        self._looped = looped
        self._inherited: list[Any] = []
        self._reset()

    def _reset(self) -> None:
        self._guard = threading.RLock()  # reentrant: a signal handler may run while it is held
        self._blocking: B | None = None
        self._pid = os.getpid()

    def _own(self) -> None:
        if self._pid != os.getpid():
            self._inherited.append(self._blocking)
            self._reset()

    def blocking(self) -> B:
        """Return this process's client."""
        self._own()
        client = self._blocking
        if client is None:
            with self._guard:
                if self._blocking is None:
                    self._blocking = self._make_blocking()
                client = self._blocking
        return client

    def looped(self) -> A:
        """Return the running event loop's client.

        Raises:
            ConfigurationError: no asyncio loop is running.
        """
        return self._looped.get()

    def forget_blocking(self) -> B | None:
        """Hand over the blocking client, to be closed."""
        self._own()
        with self._guard:
            client, self._blocking = self._blocking, None
        return client

    async def close_looped(self) -> None:
        """Close the running event loop's client."""
        await self._looped.aclose()
