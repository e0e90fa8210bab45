"""Turns of the threads that call: when many calls of one user could go on at once, they do so one by one.

Threads share Python's interpreter lock, and it goes to any of those who want it. When a few hundred slow calls of
one user are answered at the same moment, everybody else would wait for most of them. `turns` has the same for event
loops.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Self

__all__ = ["ThreadTurns", "Turn"]


@dataclass(slots=True, eq=False)
class Turn:
    """One call's claim to go on."""

    turns: ThreadTurns = field(repr=False)
    user: Hashable
    come: threading.Event | None = None
    """Set when it is its turn; None for a call that need not wait."""
    held: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.give()

    def take(self, wait: Callable[[threading.Event], bool]) -> bool:
        """Wait until it may go on.

        Args:
            wait: waits for an event and returns whether it came, as `Event.wait` does.
        """
        self.turns._ask(self)
        if self.come is None:
            return True
        try:
            came = wait(self.come)
        except BaseException:
            self.give()
            raise
        if not came:
            self.give()
        return came

    def give(self) -> None:
        """Let the next one go on; nothing happens if it has no turn."""
        if self.held:
            self.turns._end(self)


class ThreadTurns:
    """Who may go on, in one process. One call of each user goes on at once; further ones wait, and of all who wait
    one goes on at a time, the users in turn."""

    def __init__(self) -> None:
        self._first: dict[Hashable, Turn] = {}
        self._waiting: dict[Hashable, deque[Turn]] = {}
        """Those who wait, by user; the user whose turn it is next is first."""
        self._served: Turn | None = None
        self._guard = threading.RLock()  # reentrant: a signal handler may run while it is held

    def of(self, user: Hashable) -> Turn:
        """Return what a call of this user takes and gives. As a context manager it gives what it has at the end."""
        return Turn(self, user)

    def _ask(self, turn: Turn) -> None:
        with self._guard:
            turn.held, turn.come = True, None
            if turn.user not in self._first and turn.user not in self._waiting:
                self._first[turn.user] = turn
                return
            turn.come = threading.Event()
            self._waiting.setdefault(turn.user, deque()).append(turn)
            self._serve()

    def _end(self, turn: Turn) -> None:
        with self._guard:
            turn.held = False
            if self._first.get(turn.user) is turn:
                del self._first[turn.user]
            elif self._served is turn:
                self._served = None
            else:  # it has waited for long enough
                queue = self._waiting[turn.user]
                queue.remove(turn)
                if not queue:
                    del self._waiting[turn.user]
            self._serve()

    def _serve(self) -> None:
        if self._served is not None or not self._waiting:
            return
        user = next(iter(self._waiting))
        queue = self._waiting.pop(user)
        self._served = turn = queue.popleft()
        if queue:
            self._waiting[user] = queue
        if turn.come is not None:
            turn.come.set()
