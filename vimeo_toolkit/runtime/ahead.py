"""Do what comes next beside what is needed now."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Hashable, Iterable
from functools import partial
from typing import Any, Final, Generic, TypeVar

from vimeo_toolkit.runtime.beside import BESIDE
from vimeo_toolkit.runtime.ports import IO, Begun
from vimeo_toolkit.wire.rate_limit import RateLimit

__all__ = ["AT_ONCE", "Ahead", "room_in", "share_of"]

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

AT_ONCE: Final = 8
"""Flows of one caller at the same time, those included that are over and wait for their turn."""
SHARE: Final = 8
"""Of what is left of the user's budget, they may be one in so many, so that other calls find enough."""


def room_in(limit: RateLimit) -> int:
    """Return how many may be under way at the same time, by the budget as an answer told it last."""
    return 1 if limit.remaining is None else share_of(limit.remaining)


def share_of(left: int) -> int:
    """Return how many may be under way at the same time where so many requests are left."""
    return max(1, min(AT_ONCE, left // SHARE))


class Ahead(Generic[K, T]):
    """Flows, of which those that come next are begun before their turn.

    Args:
        io: what they run on.
        flow: makes the flow of a key.
        room: tells how many there may be at the same time.
    """

    def __init__(self, io: IO, flow: Callable[[K], Coroutine[Any, Any, T]], room: Callable[[], int]) -> None:
        self._io = io
        self._flow = flow
        self._room = room
        self._begun: dict[K, Begun[T]] = {}

    async def result(self, key: K, following: Iterable[K] = ()) -> T:
        """Return the result of a key's flow, and begin those that come next as far as there is room.

        Raises:
            VimeoToolkitError: what the flow raises.
        """
        begun = self._begun.get(key)
        under_way = len(self._begun) + (begun is None)
        for each in () if BESIDE.get() else following:  # what was begun beside others begins none itself
            if each not in self._begun and each != key:
                if under_way >= self._room():
                    break
                self._begun[each] = self._io.begin(partial(self._flow, each))
                under_way += 1
        if begun is None:
            return await self._flow(key)
        try:
            value = await begun.result()
        except Exception:
            del self._begun[key]
            raise
        # Not after a cancellation or an interrupt of this caller: it goes on then, until it is dropped.
        del self._begun[key]
        return value

    def close(self) -> None:
        """Drop those whose turn did not come: at the end, and where what they read has changed meanwhile."""
        for begun in self._begun.values():
            begun.drop()
        self._begun.clear()

    async def end(self) -> None:
        """Drop them, and return when none goes on: for flows that change something."""
        begun = [*self._begun.values()]
        self.close()
        for each in begun:
            await each.over()
