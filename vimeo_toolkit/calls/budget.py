"""Each user's request budget, learned from what Vimeo's headers say and from nothing else.

Vimeo limits requests per user of a token and per window; how many depends on the user's plan. The window's
length is not assumed: its end comes with each answer.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final

from vimeo_toolkit.calls.result import RateLimit
from vimeo_toolkit.wire.format import instant

__all__ = ["Budgets", "read_rate_limit"]

UNKNOWN_CONCURRENCY: Final = 10
"""How many requests may be under way for a user of whom nothing is known yet: below the smallest plan's limit
(Free: 25 a minute, 50 with `fields`, by Vimeo's help page)."""

FIRST_LOCKOUT: Final = 5.0
LONGEST_LOCKOUT: Final = 900.0
"""Seconds to keep still after a 429 that does not say how long, doubled at each one that follows."""

_FARTHEST: Final = 86_400.0
_REMEMBERED: Final = 50_000


@dataclass(slots=True)
class _State:
    limit: int | None = None
    remaining: int | None = None
    reset_at: float = 0.0
    """Monotonic seconds; 0 while unknown."""
    under_way: int = 0
    blocked_until: float = 0.0
    lockout: float = 0.0
    """The last lock-out that had no time of its own."""


class Budgets:
    """The budgets of one process. Every method is a short computation under a lock; nobody waits in here."""

    def __init__(self) -> None:
        self._states: OrderedDict[tuple[str, str], _State] = OrderedDict()
        self._guard = threading.Lock()

    def _state(self, user: tuple[str, str]) -> _State:
        state = self._states.get(user)
        if state is None:
            state = self._states[user] = _State()
            while len(self._states) > _REMEMBERED:
                self._states.popitem(last=False)
        else:
            self._states.move_to_end(user)
        return state

    def take(self, user: tuple[str, str], now: float) -> float:
        """Take one request from the user's budget: 0.0 when it may be sent, else seconds to wait first.

        Whoever gets 0.0 must call `settle` with the answer, or None where none came.
        """
        with self._guard:
            state = self._state(user)
            if state.blocked_until > now:
                return state.blocked_until - now
            if state.reset_at and state.reset_at <= now:
                state.remaining, state.reset_at = state.limit, 0.0
            if state.remaining is None:
                if state.under_way >= UNKNOWN_CONCURRENCY:
                    return 0.05
            elif state.remaining - state.under_way <= 0:
                if state.reset_at:
                    return state.reset_at - now
                if state.under_way:  # a new window whose end the answers under way will tell
                    return 0.05
            state.under_way += 1
            return 0.0

    def settle(
        self, user: tuple[str, str], now: float, limit: RateLimit | None, *, blocked_for: float | None = None
    ) -> None:
        """Learn from an answer. `limit.reset_at` is in `now`'s clock. `blocked_for`: seconds that a 429 asked
        for, negative where it did not say."""
        with self._guard:
            state = self._state(user)
            state.under_way = max(0, state.under_way - 1)
            if limit is not None and limit.limit is not None:
                state.limit = limit.limit
            if limit is not None and limit.remaining is not None:
                reset_at = limit.reset_at or state.reset_at
                newer = reset_at > state.reset_at + 1.0
                if state.remaining is None or newer or not state.reset_at:
                    state.remaining = limit.remaining
                elif (
                    reset_at >= state.reset_at - 1.0
                ):  # answers overtake each other: the lowest is the latest
                    state.remaining = min(state.remaining, limit.remaining)
                state.reset_at = max(reset_at, state.reset_at)
            if blocked_for is None:
                state.lockout = 0.0
            else:
                if blocked_for < 0:
                    state.lockout = min(max(state.lockout * 2, FIRST_LOCKOUT), LONGEST_LOCKOUT)
                    blocked_for = state.lockout
                state.blocked_until = max(state.blocked_until, now + blocked_for)


def read_rate_limit(headers: Mapping[str, str], now: float) -> RateLimit:
    """The budget from an answer's headers; whatever cannot be read counts as not said. Never raises.

    `X-RateLimit-Reset` is an ISO 8601 datetime by Vimeo's word; it has been seconds since the epoch too, and
    is read as seconds from now when it is small. The server's own `Date` takes out a clock that is wrong.
    """
    reset_text = headers.get("x-ratelimit-reset", "").strip()
    reset_in: float | None = None
    server_now = _http_date(headers.get("date", "")) or now
    number = _number(reset_text, 12)
    if number is not None:
        reset_in = number - server_now if number > 1_000_000_000 else float(number)
    elif reset_text:
        moment = instant(reset_text)
        reset_in = None if moment is None else moment - server_now
    reset_at = None if reset_in is None or reset_in > _FARTHEST else now + max(reset_in, 0.0)
    return RateLimit(
        limit=_number(headers.get("x-ratelimit-limit", ""), 9),
        remaining=_number(headers.get("x-ratelimit-remaining", ""), 9),
        reset_at=reset_at,
    )


def _number(text: str, digits: int) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


@lru_cache(maxsize=64)
def _http_date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
