"""Vimeo's time, and the times in its answers, without trust in this machine's clock.

A machine's clock can be days off and can be set at any moment. So times within a process are those of a clock
that nobody sets (`IO.monotonic`), and what an answer says counts as a difference to that answer's own `Date`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vimeo_toolkit.calls.window import LONGEST_WINDOW, UNPROVEN, Told
from vimeo_toolkit.wire.format import epoch, http_date

__all__ = ["Clock", "read_rate_limit"]


class Clock:
    """Vimeo's time: the `Date` of its last answers, carried on by the monotonic clock."""

    def __init__(self) -> None:
        self._offset: float | None = None
        """Vimeo's time less `IO.monotonic`; None before the first `Date`."""
        self._wrong = 0.0
        """How much this machine's clock was behind Vimeo's when somebody last knew."""

    @property
    def proven(self) -> bool:
        """Whether an answer has told the time."""
        return self._offset is not None

    def now(self, wall: float, monotonic: float) -> float:
        """Return Vimeo's time, seconds since the epoch; a guess by this machine's clock before the first
        answer."""
        offset = self._offset
        return wall + self._wrong if offset is None else monotonic + offset

    def wrong(self, wall: float, monotonic: float) -> float | None:
        """Return how much this machine's clock is behind Vimeo's; None while nobody knows."""
        return None if self._offset is None else monotonic + self._offset - wall

    def hint(self, wrong: float) -> None:
        """Take an earlier process's figure for how far the machine's clock is behind, until an answer comes."""
        self._wrong = wrong

    def sync_clock(self, headers: Mapping[str, str], sent: float, arrived: float) -> None:
        """Learn from an answer. `sent`, `arrived`: when, by the monotonic clock.

        The `Date` was set between the two, and lost its fraction of a second. Within these bounds what is known
        stays, so that a slow answer spoils nothing.
        """
        server = http_date(headers.get("date", ""))
        if server is None:
            return
        least, most = server - arrived, server + 1.0 - sent
        known = least if self._offset is None else self._offset
        self._offset = min(max(known, least), most)


def read_rate_limit(
    headers: Mapping[str, str], now: float, *, proven: bool = True, took: float = 0.0
) -> Told:
    """Read the budget from an answer's headers; whatever cannot be read counts as not said. Never raises.

    `X-RateLimit-Reset` is an ISO 8601 datetime by Vimeo's word and in recordings of 2017 to 2021; it has been
    seconds since the epoch too, and is read as seconds from now when it is small.

    Args:
        headers: with names in lower case.
        now: Vimeo's time, which a `Date` among the headers overrules by at most its missing fraction.
        proven: whether `now` is more than a guess.
        took: seconds from the request's sending to the answer.
    """
    text = headers.get("x-ratelimit-reset", "").strip()
    left: float | None = None
    figure: float | None = None
    absolute = False
    number = _number(text, 12)
    if (moment := epoch(text)) is not None:
        left, absolute, figure = moment - now, True, moment
        number = int(moment) if moment.is_integer() else None
    elif number is not None:
        left = float(number)
    if left is not None and number is not None:
        left += 1.0  # whole seconds were cut off, not rounded: the window may last this much longer
    guessed = absolute and not proven
    if left is not None and guessed and abs(left) < _WRONG_BY:
        # With a clock that may be wrong, a past end and an end in days look the same: assume that a window is
        # running. The exception is a window whose end came while a late answer was on its way.
        if left <= 0.0 < left + took:
            left = None
        elif not 0.0 < left <= UNPROVEN:
            left = UNPROVEN
    elif left is not None and not 0.0 < left <= LONGEST_WINDOW:
        left = None  # past by the answer's own time, or unreasonably far away
    return Told(
        limit=_number(headers.get("x-ratelimit-limit", ""), 9),
        remaining=_number(headers.get("x-ratelimit-remaining", ""), 9),
        left=left,
        sure=not guessed,
        figure=figure,
    )


_WRONG_BY: Final = 366 * 86_400.0
"""Seconds by which a machine's clock may be wrong; a larger difference is taken for nonsense."""


def _number(text: str, digits: int) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
