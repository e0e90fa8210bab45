"""Each user's request budget, learned from what Vimeo's headers say and from nothing else.

Vimeo limits requests per user of a token and per window; how many depends on the user's plan. The window's
length is not assumed: its end comes with each answer. All times here are Vimeo's own (`Budgets.now`), so that
machines whose clocks differ agree.

What is left of a window is one small record a user, the `Window`, in the store when other processes use it
too. A process reserves a block of it by compare-and-set and hands out single requests from that block, so that
most calls cost no round trip. The functions over a `Window` are pure.
"""

from __future__ import annotations

import dataclasses
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Final

from vimeo_toolkit.calls.result import RateLimit
from vimeo_toolkit.wire.format import instant

__all__ = ["Budgets", "Window", "observe", "read_rate_limit", "reserve"]

UNKNOWN_CONCURRENCY: Final = 10
"""How many requests may be under way for a user of whom nothing is known yet: below the smallest plan's limit
(Free: 25 a minute, 50 with `fields`, by Vimeo's help page)."""

FIRST_LOCKOUT: Final = 5.0
LONGEST_LOCKOUT: Final = 900.0
"""Seconds to keep still after a 429 that does not say how long, doubled at each one that follows."""

SILENCE: Final = 35.0
"""Seconds after which a window that nobody has told the end of is taken for abandoned: longer than a call."""

POLL: Final = 0.05
"""Seconds to wait for an answer that is under way and will say how much is left."""

_BLOCK_SHARE: Final = 16
_LARGEST_BLOCK: Final = 50
_FARTHEST: Final = 86_400.0
_REMEMBERED: Final = 50_000

User = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Window:
    """What is left for a user. `remaining` is what nobody has reserved yet."""

    limit: int = 0
    """Requests a window; 0 while unknown, and then `remaining` is provisional."""
    remaining: int = UNKNOWN_CONCURRENCY
    ends: float = 0.0
    """0 while unknown."""
    opened: float = 0.0
    blocked_until: float = 0.0
    lockout: float = 0.0
    """The last lock-out that did not say its length."""

    def to_json(self) -> list[float]:
        return list(dataclasses.astuple(self))

    @classmethod
    def from_json(cls, values: Any) -> Window:
        limit, remaining, ends, opened, blocked_until, lockout = values
        return cls(int(limit), int(remaining), ends, opened, blocked_until, lockout)


def reserve(window: Window, now: float) -> tuple[Window, int, float]:
    """Take a block: the window after it, how many requests it is, and seconds to wait when it is none."""
    if 0 < window.blocked_until - now <= _FARTHEST:
        return window, 0, window.blocked_until - now
    silent = not window.ends and now - window.opened > SILENCE
    if not window.opened or silent or (window.ends and now >= window.ends) or window.ends - now > _FARTHEST:
        # A new window begins with the next request. How much it holds is known, when it ends is not.
        fresh = window.limit or UNKNOWN_CONCURRENCY
        window = dataclasses.replace(window, remaining=fresh, ends=0.0, opened=now, blocked_until=0.0)
    if window.remaining <= 0:
        return window, 0, window.ends - now if window.ends else POLL
    block = max(1, min(_LARGEST_BLOCK, window.remaining // _BLOCK_SHARE))
    return dataclasses.replace(window, remaining=window.remaining - block), block, 0.0


def observe(
    window: Window, seen: RateLimit, now: float, *, blocked_for: float | None, block: int
) -> tuple[Window, int]:
    """Learn from an answer: the window after it, and how much of the asker's own block is still good.

    `seen.reset_at` is Vimeo's time. `blocked_for`: seconds that a 429 asked for, negative when it did not say.
    """
    changes: dict[str, Any] = {}
    if blocked_for is not None:
        if blocked_for < 0:
            changes["lockout"] = min(max(window.lockout * 2, FIRST_LOCKOUT), LONGEST_LOCKOUT)
            blocked_for = float(changes["lockout"])
        elif not seen.reset_at and window.ends <= now:
            changes["ends"] = now + blocked_for  # what it asked to wait for is all that is known of the end
        changes["blocked_until"] = max(window.blocked_until, now + blocked_for)
        block = 0
    elif window.lockout:
        changes["lockout"] = 0.0
    ends = seen.reset_at or 0.0
    # An answer that was long on its way speaks of a window that is over.
    late = bool(ends and (ends < window.ends - 1.0 or ends <= window.opened))
    if seen.limit:
        changes["limit"] = seen.limit
    if seen.remaining is None or late:
        if not window.limit:  # no headers at all: what was lent provisionally comes back
            changes["remaining"] = min(window.remaining + 1, UNKNOWN_CONCURRENCY)
    elif not window.limit:
        lent = UNKNOWN_CONCURRENCY - window.remaining
        changes["remaining"] = max(0, seen.remaining - max(0, lent - 1))
    elif not ends or not window.ends or ends <= window.ends + 1.0:  # else it tells of a newer window
        # Everything reserved is at most what Vimeo has counted or will count: `remaining` can be no more
        # than what it says is left. Less than that is requests on their way.
        changes["remaining"] = min(window.remaining, seen.remaining)
        block = min(block, seen.remaining)
    if ends > window.ends and not late:
        changes["ends"] = ends
    return dataclasses.replace(window, **changes), block


@dataclass(slots=True)
class _Local:
    """One process's share of one user's window."""

    block: int = 0
    ends: float = 0.0
    window: Window = field(default_factory=Window)
    """As last seen; others may have changed it since."""
    version: int = 0
    queue: list[int] = field(default_factory=list)
    """Tickets of those who wait, oldest first."""
    reserving: bool = False


class Budgets:
    """The budgets as one process knows them. Each method is a short computation under a lock."""

    def __init__(self) -> None:
        self._users: OrderedDict[User, _Local] = OrderedDict()
        self._guard = threading.Lock()
        self._ahead = 0.0
        self._tickets = 0

    def now(self, wall: float) -> float:
        """Vimeo's time, by the `Date` of its last answer."""
        return wall + self._ahead

    def _local(self, user: User) -> _Local:
        local = self._users.get(user)
        if local is None:
            local = self._users[user] = _Local()
            if len(self._users) > _REMEMBERED:
                self._users.popitem(last=False)
        return local

    def ticket(self, user: User) -> int:
        """A place in the queue of those who wait for this user's budget."""
        with self._guard:
            self._tickets += 1
            self._local(user).queue.append(self._tickets)
            return self._tickets

    def leave(self, user: User, ticket: int) -> None:
        """Give the place back, whether it was waited for or not."""
        with self._guard:
            queue = self._local(user).queue
            if ticket in queue:
                queue.remove(ticket)

    def take(self, user: User, now: float, ticket: int | None = None) -> bool:
        """Take one request from this process's block; False when it is used up, over, or others came first."""
        with self._guard:
            local = self._local(user)
            if local.ends and now >= local.ends:
                local.block = 0
            waiting = local.queue
            before = len(waiting) if ticket is None else waiting.index(ticket) if ticket in waiting else 0
            if local.block <= before or (0 < local.window.blocked_until - now <= _FARTHEST):
                return False
            local.block -= 1
            return True

    def begin_reserving(self, user: User) -> bool:
        """True for the one caller of this process who may reserve now; it calls `reserved` or `gave_up`."""
        with self._guard:
            local = self._local(user)
            if local.reserving:
                return False
            local.reserving = True
            return True

    def last_seen(self, user: User) -> tuple[Window, int]:
        """The window and its version as this process saw them last."""
        with self._guard:
            local = self._local(user)
            return local.window, local.version

    def swap(self, user: User, version: int, window: Window, new: int) -> bool:
        """Compare-and-set, for windows that no other process shares."""
        with self._guard:
            local = self._local(user)
            if local.version != version:
                return False
            local.window, local.version = window, new
            return True

    def gave_up(self, user: User) -> None:
        with self._guard:
            self._local(user).reserving = False

    def reserved(self, user: User, window: Window, version: int, block: int) -> None:
        """A reservation succeeded."""
        with self._guard:
            local = self._local(user)
            local.reserving = False
            if local.ends != window.ends:
                local.block = 0
            local.block += block
            local.ends, local.window, local.version = window.ends, window, version

    def concerns(self, user: User, seen: RateLimit, refused: bool) -> bool:
        """Whether an answer says something that the window as last seen does not hold yet."""
        with self._guard:
            window = self._local(user).window
            if refused or not window.limit or window.lockout:
                return True
            if seen.limit is not None and seen.limit != window.limit:
                return True
            if seen.remaining is not None and seen.remaining < window.remaining:
                return True
            return bool(seen.reset_at and seen.reset_at > window.ends)

    def learned(self, user: User, window: Window, version: int, block: int) -> None:
        """An answer was observed: the window after it, and what of the own block is still good."""
        with self._guard:
            local = self._local(user)
            local.block = min(local.block, block)
            local.ends, local.window, local.version = window.ends, window, version

    def give_back(self, user: User) -> bool:
        """An answer had no headers: while the limit is unknown, the request that was lent for it is free again,
        for somebody of this process who waits. False when nobody does (or the limit is known): then it goes
        back to the window, where other processes find it."""
        with self._guard:
            local = self._local(user)
            if local.window.limit or not local.queue:
                return False
            local.block += 1
            return True

    def blocked_for(self, user: User, now: float) -> float:
        """Seconds for which nothing may be sent for this user."""
        with self._guard:
            return self._local(user).window.blocked_until - now

    def block(self, user: User) -> int:
        with self._guard:
            return self._local(user).block

    def heard(self, headers: Mapping[str, str], wall: float) -> None:
        """Learn Vimeo's time."""
        server = _http_date(headers.get("date", ""))
        if server is not None and abs(server - wall - self._ahead) > 2.0:
            # The header has whole seconds, and an answer takes a while: within two they agree.
            self._ahead = 0.0 if abs(server - wall) <= 2.0 else server - wall


def read_rate_limit(headers: Mapping[str, str], now: float) -> RateLimit:
    """The budget from an answer's headers; whatever cannot be read counts as not said. Never raises.

    `X-RateLimit-Reset` is an ISO 8601 datetime by Vimeo's word; it has been seconds since the epoch too, and
    is read as seconds from now when it is small. `now` and the result's `reset_at` are Vimeo's time.
    """
    reset_text = headers.get("x-ratelimit-reset", "").strip()
    reset_at: float | None = None
    number = _number(reset_text, 12)
    if number is not None:
        reset_at = float(number) if number > 1_000_000_000 else now + number
    elif reset_text:
        reset_at = instant(reset_text)
    if reset_at is not None and reset_at.is_integer():
        reset_at += 1.0  # whole seconds were cut off, not rounded: the window may last this much longer
    if reset_at is not None and reset_at - now > _FARTHEST:
        reset_at = None
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
