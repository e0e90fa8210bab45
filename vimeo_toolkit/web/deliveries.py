"""Which deliveries have been seen."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Protocol

__all__ = ["DeliveryMemory", "RecentDeliveries"]


class DeliveryMemory(Protocol):
    """Remembers deliveries by a digest of their body. Implement it over what your machines share, such as
    Redis's `SET digest 1 NX EX seconds`, where several of them take deliveries."""

    async def add(self, digest: str, seconds: float) -> bool:
        """Remember it for so long. True when it was not known: exactly one of several callers hears that."""
        ...

    async def forget(self, digest: str) -> None:
        """It was not dealt with: let it come again."""
        ...


class RecentDeliveries:
    """In this process's memory.

    Args:
        limit: how many at most; the oldest are forgotten first.
    """

    def __init__(self, limit: int = 10_000) -> None:
        self._limit = limit
        self._until: OrderedDict[str, float] = OrderedDict()

    async def add(self, digest: str, seconds: float) -> bool:
        now = time.monotonic()
        if self._until.get(digest, now) > now:
            return False
        self._until[digest] = now + seconds
        self._until.move_to_end(digest)
        while len(self._until) > self._limit:
            self._until.popitem(last=False)
        return True

    async def forget(self, digest: str) -> None:
        self._until.pop(digest, None)
