"""Many small connection pools instead of a large one.

httpcore's pool looks through all of its connections for each of them, at each request: with 200 in flight in one
pool that takes six times as long as the requests themselves, and the event loop stands still meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, Generic, TypeVar

__all__ = ["CAPACITY", "CONNECTIONS", "SHARDS", "PoolShards"]

SHARDS: Final = 100
CONNECTIONS: Final = 4
"""Connections of each shard."""
CAPACITY: Final = SHARDS * CONNECTIONS
"""The most connections to Vimeo, for each event loop and for a process's blocking calls. A process may have 1,024
files open on most systems."""

C = TypeVar("C")


@dataclass(slots=True)
class _Shard(Generic[C]):
    client: C
    busy: int = 0


class PoolShards(Generic[C]):
    """Clients; another one is made when all are busy. Safe to use from many threads."""

    def __init__(self, make: Callable[[], C]) -> None:
        self._make = make
        self._shards: list[_Shard[C]] = []
        self._guard = threading.RLock()  # reentrant: a signal handler may run while it is held

    @contextmanager
    def client(self) -> Iterator[C]:
        """Return the first client with a free connection, so that few calls at a time use few connections."""
        with self._guard:
            shard = self._choose()
            shard.busy += 1
        try:
            yield shard.client
        finally:
            with self._guard:
                shard.busy -= 1

    def _choose(self) -> _Shard[C]:
        for shard in self._shards:
            if shard.busy < CONNECTIONS:
                return shard
        if len(self._shards) < SHARDS:
            self._shards.append(_Shard(self._make()))
            return self._shards[-1]
        return min(self._shards, key=attrgetter("busy"))

    def clear(self) -> list[C]:
        """Remove all clients and return them, to be closed."""
        with self._guard:
            shards, self._shards = self._shards, []
        return [shard.client for shard in shards]
