"""Which user gets the next connection: each has a fair share, however many the others want.

A user may hold as many connections as are still free beyond an eighth of all, which is left to those who have none.
One user with any number of slow calls so gets nearly half of them, two get nearly a third each (Choudhury and
Hahne, "Dynamic queue length thresholds", 1998: the rule of shared-memory switches), and beside any number of users
with several slow calls each an eighth is left for first calls.
Those who have to wait are served by how few they hold, then by who waited longest.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

__all__ = ["Place", "Shares"]


@dataclass(slots=True, eq=False)
class Place:
    """One user's claim to one connection: granted, or in the queue."""

    user: Hashable
    number: int
    granted: bool = False
    wake: Callable[[], object] | None = field(default=None, repr=False)


class Shares:
    """The connections of one event loop or process. Each method is a short computation under a lock."""

    def __init__(self, capacity: int) -> None:
        self.free = capacity
        self._for_first = capacity // 8
        self._held: dict[Hashable, int] = {}
        self._waiting: dict[Hashable, deque[Place]] = {}
        # (connections held, number of the oldest place, user), with outdated ones among them.
        self._next: list[tuple[int, int, Hashable]] = []
        self._numbers = itertools.count()
        self._guard = threading.RLock()  # reentrant: a signal handler may run while it is held

    def ask(self, user: Hashable, wake: Callable[[], object]) -> Place:
        """Return a place among them. If it is not `granted` yet, `wake` is called once when it is. Each must be
        given back by `leave`."""
        with self._guard:
            place = Place(user, next(self._numbers), wake=wake)
            queue = self._waiting.get(user)
            if not queue and self._may(self._held.get(user, 0)):
                self._grant(place)
            else:
                queue = self._waiting.setdefault(user, deque())
                queue.append(place)
                if len(queue) == 1:
                    self._offer(user)
            return place

    def leave(self, place: Place) -> None:
        """Give a place back, or step out of the queue."""
        with self._guard:
            user = place.user
            if place.granted:
                self.free += 1
                self._held[user] -= 1
                if not self._held[user]:
                    del self._held[user]
            else:
                self._waiting[user].remove(place)
                if not self._waiting[user]:
                    del self._waiting[user]
            if not self._waiting:
                return
            if user in self._waiting:
                self._offer(user)
            woken = list(self._serve())
        for served in woken:
            if served.wake is not None:
                served.wake()

    def _may(self, held: int) -> bool:
        """Return whether a user who holds so many may have one more."""
        return held < self.free - self._for_first if held else self.free > 0

    def _grant(self, place: Place) -> None:
        place.granted = True
        self.free -= 1
        self._held[place.user] = self._held.get(place.user, 0) + 1

    def _offer(self, user: Hashable) -> None:
        heapq.heappush(self._next, (self._held.get(user, 0), self._waiting[user][0].number, user))

    def _serve(self) -> list[Place]:
        served = []
        while self._next:
            held, number, user = self._next[0]
            queue = self._waiting.get(user)
            if not queue or queue[0].number != number or self._held.get(user, 0) != held:
                heapq.heappop(self._next)  # outdated: the heap has a newer entry of this user, if they wait
                continue
            if held >= self.free:
                break  # the next one holds at least as many
            heapq.heappop(self._next)
            place = queue.popleft()
            self._grant(place)
            served.append(place)
            if queue:
                self._offer(user)
            else:
                del self._waiting[user]
        return served
