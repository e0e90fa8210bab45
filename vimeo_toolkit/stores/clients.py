"""Database clients: one for the blocking calls of a process, one for each event loop."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from vimeo_toolkit.runtime.loops import PerLoop

__all__ = ["Clients", "ProcessClient"]

B = TypeVar("B")
A = TypeVar("A")


class ProcessClient(Generic[B]):
    """Makes the client of a process's blocking calls when it is first needed.

    A connection must not be used by two processes. After a fork the child makes its own and leaves the parent's
    untouched: closing one would say goodbye on the parent's socket.
    """

    def __init__(self, make: Callable[[], B]) -> None:
        self._make_blocking = make
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

    def forget_blocking(self) -> B | None:
        """Hand over the blocking client, to be closed."""
        self._own()
        with self._guard:
            client, self._blocking = self._blocking, None
        return client


class Clients(ProcessClient[B], Generic[B, A]):
    """The same, and a client for each event loop: nor must two of these use one connection."""

    def __init__(self, blocking: Callable[[], B], looped: PerLoop[A]) -> None:
        super().__init__(blocking)
        self._looped = looped

    def looped(self) -> A:
        """Return the running event loop's client.

        Raises:
            ConfigurationError: no asyncio loop is running.
        """
        return self._looped.get()

    async def close_looped(self) -> None:
        """Close the running event loop's client."""
        await self._looped.aclose()
