"""What is left of a user's requests: pure functions over one small record, the `Window`.

Vimeo limits requests per user of a token and per window; how many depends on the user's plan. The window's length
is not assumed: its end comes with each answer. All times here are those of one process's monotonic clock.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["LONGEST_WINDOW", "Told", "Window", "observe", "reserve"]

UNKNOWN_CONCURRENCY: Final = 10
"""How many requests may be under way while nothing is known of a user's limit: fewer than the smallest plan's
(Free: 25 a minute, 50 with `fields`, by Vimeo's help page)."""

FIRST_LOCKOUT: Final = 5.0
LONGEST_LOCKOUT: Final = 900.0
"""Seconds to pause at most after a refusal that does not say how long; doubled after each further one."""

SILENCE: Final = 35.0
"""Seconds after which a window without a known end counts as abandoned: longer than a call."""

POLL: Final = 0.05
"""Seconds to wait for an answer that is under way and will say how much is left."""

LONGEST_WINDOW: Final = 86_400.0

UNPROVEN: Final = 60.0
"""Seconds that a window lasts at most for answers without `Date`, while no other answer has shown how far this
machine's clock is off: as long as Vimeo's last (recorded in 2020 and 2021)."""

_BLOCK_SHARE: Final = 16
_LARGEST_BLOCK: Final = 50
_OVERDUE: Final = 10.0
"""Seconds. A window that seems to last longer than any can was first seen by a clock that was set since."""

_SAME: Final = 1.0
"""Seconds by which two answers may differ about the end of one window."""
_EARLY: Final = 0.5
"""Seconds by which the first answer of a window may come before the window is opened here."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one answer says of the budget. Any part can be unknown (None)."""

    limit: int | None = None
    remaining: int | None = None
    left: float | None = None
    """Seconds until the window ends, above 0."""
    sure: bool = True
    """False where `left` rests on a clock that nobody has confirmed."""
    figure: float | None = None
    """The end as Vimeo wrote it, which names the window."""
    refused: float | None = None
    """Of a refusal: the seconds that it asked for, negative for none."""


@dataclass(frozen=True, slots=True)
class Window:
    """What is left for a user. `remaining` is what nobody has reserved yet."""

    limit: int = 0
    """Requests a window; 0 while unknown, and then `remaining` is provisional."""
    remaining: int = UNKNOWN_CONCURRENCY
    ends: float | None = None
    opened: float | None = None
    """When its first request was reserved; None for the very first window, which was not opened by a request."""
    blocked_until: float | None = None
    lockout: float = 0.0
    """The last pause after a refusal, as long as no request has been let through since."""
    tried: float | None = None
    """When the single request was sent that tests whether refusals are over."""
    figure: float | None = None
    """The end as Vimeo wrote it last."""
    since: float | None = None
    """When an answer first said so."""

    def moved(self, by: float) -> Window:
        """Return the window with its times on another clock."""

        def move(time: float | None) -> float | None:
            return None if time is None else time + by

        return dataclasses.replace(
            self,
            ends=move(self.ends),
            opened=move(self.opened),
            blocked_until=move(self.blocked_until),
            tried=move(self.tried),
            since=move(self.since),
        )

    def blocked(self, now: float) -> float:
        """Return seconds for which nothing may be sent, 0 for none."""
        return 0.0 if self.blocked_until is None else max(0.0, self.blocked_until - now)

    def awaits_answers(self, now: float) -> bool:
        """Return whether nothing is known to be used up: the answers under way have not told of it yet."""
        return self.ends is None and not self.lockout and not self.blocked(now)

    def most(self, now: float) -> float:
        """Return seconds after which a request can be reserved even if no request under way is ever answered."""
        if blocked := self.blocked(now):
            return blocked
        until = self.ends
        if self.lockout:
            until = None if self.tried is None else self.tried + SILENCE
        elif until is None and self.opened is not None:
            until = self.opened + SILENCE
        return 0.0 if until is None else max(0.0, until - now)


def reserve(window: Window, now: float, wanted: int = 1) -> tuple[Window, int, float]:
    """Take a block: the window after it, how many requests it is, and seconds to wait when there is none.

    `wanted`: how many callers of this process wait. They get one each from a single visit to the store, unless
    other processes would find less than half.
    """
    if blocked := window.blocked(now):
        return window, 0, blocked
    if _over(window, now):
        # A new window begins with the next request. How much it holds is known, when it ends is not.
        fresh = window.limit or UNKNOWN_CONCURRENCY
        window = dataclasses.replace(window, remaining=fresh, ends=None, opened=now, blocked_until=None)
    if window.lockout and window.tried is not None and now - window.tried <= SILENCE:
        return window, 0, POLL
    if window.remaining <= 0:
        return window, 0, POLL if window.ends is None else window.ends - now
    if window.lockout:  # after a refusal a single request tests the limit
        return dataclasses.replace(window, remaining=window.remaining - 1, tried=now), 1, 0.0
    share = max(window.remaining // _BLOCK_SHARE, min(wanted, window.remaining // 2))
    block = max(1, min(_LARGEST_BLOCK, share))
    return dataclasses.replace(window, remaining=window.remaining - block), block, 0.0


def _over(window: Window, now: float) -> bool:
    if window.ends is not None:
        return now >= window.ends
    return window.opened is None or now - window.opened > SILENCE


def observe(
    window: Window,
    told: Told,
    now: float,
    *,
    sent: float,
    block: int,
    elsewhere: int | None = None,
) -> tuple[Window, int]:
    """Learn from an answer: the window after it, and how much of the asker's own block is still good.

    Args:
        window: what is known so far.
        told: what the answer says.
        now: when it arrived.
        sent: when its request was sent.
        block: what the asker has reserved and not used.
        elsewhere: how many requests of this window others may still send; None while that is not known.
    """
    changes: dict[str, Any] = {}
    # It was sent before this window opened, so it speaks of a former one.
    late = window.opened is not None and sent < window.opened
    if told.figure is not None and not (late and told.figure < (window.figure or 0.0)):
        since = window.since if told.figure == window.figure else None
        if since is None or now - since > UNPROVEN + _OVERDUE:
            changes |= {"figure": told.figure, "since": now}
        elif not told.sure and told.left is not None:
            # An end that rests on a doubtful clock counts from when it was first told.
            told = dataclasses.replace(told, left=min(told.left, max(since + UNPROVEN - now, 1.0)))
    if told.refused is not None:
        changes |= _refused(window, told, now, sent, told.refused)
        block = 0
    elif window.lockout and sent >= (window.blocked_until or sent):
        changes |= {"lockout": 0.0, "tried": None}
    if told.limit:
        changes["limit"] = told.limit
    straggler = late and _is_of(window, told)
    late = late and not straggler
    ends = None if told.left is None or late else now + told.left
    newer = ends is not None and window.ends is not None and ends > window.ends + _SAME
    if straggler and told.remaining is not None:
        # It was reserved in the former window and reached Vimeo in this one, where nobody has reserved it.
        changes["remaining"] = max(0, min(window.remaining - 1, told.remaining))
        block = min(block - (window.remaining < 1), told.remaining) if block else 0
    elif told.remaining is None or late:
        if not window.limit:  # no headers: the request that was lent comes back
            changes["remaining"] = min(window.remaining + 1, UNKNOWN_CONCURRENCY)
    elif not window.limit:
        lent = UNKNOWN_CONCURRENCY - window.remaining
        changes["remaining"] = max(0, told.remaining - max(0, lent - 1))
    elif not newer or now < (window.ends or now) - _SAME:
        # All reserved requests are among those that Vimeo has counted or will count, so `remaining` is at most
        # what Vimeo says. If it is less, requests are on their way. (A later end means a newer window; but one
        # whose end moves before it has come, as Vimeo's did in 2017, is the same one.)
        changes["remaining"] = min(window.remaining, told.remaining)
        block = min(block, told.remaining)
    elif elsewhere is not None and told.remaining - elsewhere > window.remaining + block:
        # The next window has begun, sooner than this one was to end. It is opened anew: whoever has reserved
        # requests and not sent them gives them back, and those under way are held back until they are answered.
        changes |= {"remaining": told.remaining - elsewhere, "opened": now, "blocked_until": None}
        block = 0
    if ends is not None and _corrects(window.ends, ends, now, sure=told.sure):
        changes["ends"] = ends
    return dataclasses.replace(window, **changes), block


def _is_of(window: Window, told: Told) -> bool:
    """Whether an answer whose request was sent before this window opened names this one and not the last."""
    if not window.limit or window.opened is None or told.figure is None or told.left is None:
        return False
    if window.figure is None or told.figure > window.figure:
        return True
    # An answer that was overtaken by those of a later window has a lower figure.
    return told.figure == window.figure and (window.since or 0.0) >= window.opened - _EARLY


def corrects(window: Window, told: Told, now: float) -> bool:
    """Return whether an answer tells another end of the window than the known one."""
    return told.left is not None and _corrects(window.ends, now + told.left, now, sure=told.sure)


def _corrects(known: float | None, ends: float, now: float, *, sure: bool) -> bool:
    if known is None or known <= now:
        return True
    return sure and abs(ends - known) > _SAME


def _refused(window: Window, told: Told, now: float, sent: float, asked: float) -> dict[str, Any]:
    """Return what a refusal changes. A refusal that follows another one's pause leads to a longer pause, whatever
    it says: the former one was evidently wrong."""
    asked = told.left if asked < 0 and told.left is not None else asked
    said = asked >= 0
    if window.blocked(now) or (window.blocked_until is not None and sent < window.blocked_until):
        # It was sent at the same time as one that was refused before.
        pause, lockout = (asked if said else 0.0), window.lockout
    else:
        lockout = min(max(window.lockout * 2, FIRST_LOCKOUT), LONGEST_LOCKOUT)
        pause = max(asked, lockout if window.lockout else 0.0) if said else lockout
        if said and not window.lockout:
            lockout = FIRST_LOCKOUT / 2
    until = max(now + pause, window.blocked_until or now)
    changes: dict[str, Any] = {"blocked_until": until, "lockout": lockout, "tried": None}
    if said and told.left is None and (window.ends is None or window.ends <= now):
        changes["ends"] = until  # the pause that it asked for is all that is known of the end
    return changes
