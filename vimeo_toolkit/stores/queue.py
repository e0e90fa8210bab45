"""A queue of threads for a number of connections: they go to those who wait in the order in which they came."""

from __future__ import annotations

import threading
from collections import deque

__all__ = ["Queue"]


class Queue:
    """Counts connections that are free, and who waits for one.

    A condition or a semaphore of `threading` would let a thread that comes just as one is given back have it before
    those who wait, for whom that can take seconds.
    """

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: deque[threading.Event] = deque()
        self._guard = threading.RLock()  # reentrant: a signal handler may run while it is held

    def take(self, timeout: float) -> bool:
        """Wait for a connection, and return whether one became free within `timeout` seconds."""
        with self._guard:
            if self._free:
                self._free -= 1
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        try:
            came = turn.wait(timeout)
        except BaseException:  # Ctrl-C, or what another signal's handler raises
            if not self._left(turn):
                self.give()
            raise
        return came or not self._left(turn)

    def give(self) -> None:
        """Give a connection back: to who has waited longest, if somebody waits."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1

    def _left(self, turn: threading.Event) -> bool:
        """Step out of the queue; return False where its turn had come already."""
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return True
            return False
