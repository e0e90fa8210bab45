"""Turns at an event loop: when many calls of one user could go on at once, they do so one by one.

What a call does with an answer takes a fraction of a millisecond in which the loop does nothing else. When a few
hundred slow calls of one user are answered at the same moment, everybody else would wait for all of them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

__all__ = ["CURRENT", "Reading", "Turns", "turn"]

ROUNDS: Final = 5
"""Rounds of the loop from one of those who wait to the next. In the rounds between, others' calls go on; with
nothing else to do they take some microseconds."""


class Turns:
    """Who may go on, at one event loop. In each of the loop's rounds one call of each user goes on at once; further
    ones wait, and of all who wait, one goes on every few rounds, the users in turn."""

    def __init__(self) -> None:
        self._calls: dict[Hashable, int] = {}
        """How many calls of each user are under way."""
        self._went: set[Hashable] = set()
        """Users of whom a call has gone on in this round."""
        self._waiting: dict[Hashable, deque[asyncio.Future[None]]] = {}
        """Those who wait, by user; the user whose turn it is next is first."""
        self._rounds = 0
        self._counting = False

    @contextmanager
    def calling(self, user: Hashable) -> Iterator[None]:
        """Count a call of this user as under way within the block. A user's only call never waits."""
        self._calls[user] = self._calls.get(user, 0) + 1
        try:
            yield
        finally:
            self._calls[user] -= 1
            if not self._calls[user]:
                del self._calls[user]

    async def take(self, user: Hashable) -> None:
        """Wait for a turn of this user."""
        if self._calls.get(user, 0) < 2:
            return
        if user not in self._went and user not in self._waiting:
            self._went.add(user)
            self._count()
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(user, deque()).append(turn)
        self._count()
        await turn

    def _count(self) -> None:
        if not self._counting:
            self._counting = True
            asyncio.get_running_loop().call_soon(self._round)

    def _round(self) -> None:
        self._counting = False
        self._went.clear()
        self._rounds += 1
        if self._waiting and self._rounds >= ROUNDS:
            self._rounds = 0
            self._serve()
        if self._waiting:
            self._count()

    def _serve(self) -> None:
        while self._waiting:
            user = next(iter(self._waiting))
            queue = self._waiting.pop(user)
            turn = queue.popleft()
            if queue:
                self._waiting[user] = queue
            if not turn.done():  # else its caller was cancelled
                turn.set_result(None)
                return


@dataclass(slots=True)
class Reading:
    """The request that a task is making."""

    turns: Turns
    user: Hashable = field(repr=False)
    written: bool = False
    """Whether a part of it may have reached the server."""
    repeatable: bool = False
    """Whether it may be sent on a connection in doubt, see `idleness`."""


CURRENT: ContextVar[Reading | None] = ContextVar("vimeo_toolkit_reading", default=None)
"""The running task's request."""


async def turn() -> None:
    """Wait for the turn of the user whose answer is being read; at once where nobody is named."""
    current = CURRENT.get()
    if current is not None:
        await current.turns.take(current.user)
