"""How far a connection is believed on which nothing has come for a while.

An agent thinks for a minute between two calls, and a new connection costs three times the round trip of a kept one.
But a NAT or a load balancer may forget an idle connection and tell nobody: what is sent on it then is never
answered. TCP keepalive (`connecting.KEEPALIVE`) finds most of these connections while they are idle; what is here
bounds the wait on the others, and keeps writes that must not be sent twice away from them.
"""

from __future__ import annotations

import time
from typing import Final

__all__ = ["FIRST_BYTES", "FRESH", "KEPT", "Doubts", "Idleness", "clock"]

KEPT: Final = 120.0
"""Seconds that an idle connection is kept."""

FRESH: Final = 20.0
"""Seconds of idleness after which a connection is in doubt."""

FIRST_BYTES: Final = 5.0
"""Seconds within which an answer has to begin on a connection in doubt; else the request is sent again on a new
one. A slow answer that is taken for a lost one costs a second request."""

clock = time.monotonic


class Doubts:
    """What the connections of one event loop, or of a process's blocking calls, tell each other: when one of them
    was found dead. Those that were idle by then are likely to have died of the same cause."""

    def __init__(self) -> None:
        self.found = float("-inf")


class Idleness:
    """When one connection was last heard of, and what follows from that for the next request."""

    __slots__ = ("_doubts", "_heard", "_until")

    def __init__(self, doubts: Doubts) -> None:
        self._doubts = doubts
        self._heard = clock()
        self._until: float | None = None

    @property
    def kept(self) -> bool:
        """Whether something was heard of the connection so short ago that it is kept."""
        return clock() - self._heard <= KEPT

    def usable(self, *, repeatable: bool) -> bool:
        """Return whether a request may be sent on this connection, which was idle so far.

        Args:
            repeatable: the request may be sent again if its answer does not come.
        """
        idle = clock() - self._heard
        return idle <= FRESH or (repeatable and idle <= KEPT and self._heard > self._doubts.found)

    def wrote(self) -> None:
        """Note that something is sent."""
        now = clock()
        if self._until is not None or now - self._heard > FRESH:
            self._until = now + FIRST_BYTES

    def left(self, timeout: float | None) -> float | None:
        """Return how many seconds to wait for bytes: `timeout`, or fewer on a connection in doubt."""
        if self._until is None:
            return timeout
        left = max(0.001, self._until - clock())
        return left if timeout is None else min(left, timeout)

    def heard(self) -> None:
        """Note that something came."""
        self._heard = clock()
        self._until = None

    def unheard(self) -> None:
        """Note that nothing came in time, or the end came. Where the connection was in doubt, others that are idle
        are not used."""
        if self._until is not None:
            self._doubts.found = clock()
