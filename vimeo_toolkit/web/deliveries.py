"""Remember which deliveries are running and which are done."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from vimeo_toolkit.stores.protocol import Key

if TYPE_CHECKING:
    from vimeo_toolkit.toolkit import VimeoToolkit

__all__ = ["Begun", "DeliveryMemory", "RecentDeliveries", "StoredDeliveries", "two_states"]

Begun = Literal["new", "running", "done"]
"""The state of a delivery: unknown so far, somebody works on it, or done."""

DONE: Final = "done"
RUNNING: Final = "running"


class DeliveryMemory(Protocol):
    """Remembers deliveries by a digest of their body.

    A delivery is begun, and then either done or forgotten. Only what is done may be acknowledged when it comes
    again: one that is only begun may still fail, or its worker may die.
    """

    async def begin(self, digest: str, seconds: float) -> Begun:
        """Begin to work on a delivery. Exactly one of several callers gets "new".

        `seconds`: when it is neither done nor forgotten by then, its worker has died, and it may begin again.
        """
        ...

    async def done(self, digest: str, seconds: float) -> None:
        """Remember for so many seconds that the delivery is done."""
        ...

    async def forget(self, digest: str) -> None:
        """Forget a delivery that was not handled, so that it can come again."""
        ...


class RecentDeliveries:
    """Remembers in this process's memory.

    Args:
        limit: how many at most; the oldest that are done are forgotten first.
    """

    def __init__(self, limit: int = 50_000) -> None:
        self._limit = limit
        self._until: OrderedDict[str, float] = OrderedDict()
        self._running: dict[str, float] = {}

    async def begin(self, digest: str, seconds: float) -> Begun:
        """See `DeliveryMemory`."""
        now = time.monotonic()
        if self._until.get(digest, now) > now:
            return "done"
        if self._running.get(digest, now) > now:
            return "running"
        self._running[digest] = now + seconds
        return "new"

    async def done(self, digest: str, seconds: float) -> None:
        """See `DeliveryMemory`."""
        self._running.pop(digest, None)
        self._until[digest] = time.monotonic() + seconds
        self._until.move_to_end(digest)
        while len(self._until) > self._limit:
            self._until.popitem(last=False)

    async def add(self, digest: str, seconds: float) -> bool:
        """Remember a delivery as done at once; True when it was not known."""
        if await self.begin(digest, seconds) != "new":
            return False
        await self.done(digest, seconds)
        return True

    async def forget(self, digest: str) -> None:
        """See `DeliveryMemory`."""
        self._running.pop(digest, None)
        self._until.pop(digest, None)


class StoredDeliveries:
    """Remembers in the toolkit's store, which several workers and machines share, and which survives a restart.

    Args:
        toolkit: whose store it is. One in memory serves one process only.
    """

    def __init__(self, toolkit: VimeoToolkit) -> None:
        self._toolkit = toolkit

    async def _swap(
        self, digest: str, state: str, seconds: float, found: tuple[dict[str, Any], int] | None
    ) -> bool:
        vault, io = self._toolkit._context.vault, self._toolkit._async
        known, version = found or ({}, 0)  # fields of a newer release are kept
        row = {**known, "state": state}
        return await vault.rows.put_json(io, _key(digest), row, ttl=seconds, expected=version)

    async def _read(self, digest: str) -> tuple[dict[str, Any], int] | None:
        return await self._toolkit._context.vault.rows.read_json(self._toolkit._async, _key(digest))

    async def begin(self, digest: str, seconds: float) -> Begun:
        """See `DeliveryMemory`.

        Raises:
            StoreError: the store does not answer.
        """
        found = await self._read(digest)
        if found is None:
            if await self._swap(digest, RUNNING, seconds, None):
                return "new"
            found = await self._read(digest)
        return "done" if found is not None and found[0]["state"] == DONE else "running"

    async def done(self, digest: str, seconds: float) -> None:
        """See `DeliveryMemory`.

        Raises:
            StoreError: the store does not answer.
        """
        found = await self._read(digest)
        await self._swap(digest, DONE, seconds, found)

    async def forget(self, digest: str) -> None:
        """See `DeliveryMemory`.

        Raises:
            StoreError: the store does not answer.
        """
        found = await self._read(digest)
        if found is not None and found[0]["state"] != DONE:
            await self._toolkit._async.store.adelete(_key(digest), expected=found[1])


def _key(digest: str) -> Key:
    return Key("delivery", "", digest)


class _OneState:
    """A memory in the first release's form, `add` and `forget`: what is running is known in this process only."""

    def __init__(self, memory: Any, kept: float) -> None:
        self._memory = memory
        self._kept = kept
        self._running: set[str] = set()
        self._guard = asyncio.Lock()

    async def begin(self, digest: str, seconds: float) -> Begun:
        async with self._guard:
            if digest in self._running:
                return "running"
            if not await self._memory.add(digest, self._kept):
                return "done"
            self._running.add(digest)
            return "new"

    async def done(self, digest: str, seconds: float) -> None:
        self._running.discard(digest)

    async def forget(self, digest: str) -> None:
        self._running.discard(digest)
        await self._memory.forget(digest)


def two_states(memory: Any, kept: float) -> DeliveryMemory:
    """Return the memory itself, or one around it where it has only `add` (for `kept` seconds) and `forget`."""
    return memory if hasattr(memory, "begin") else _OneState(memory, kept)
