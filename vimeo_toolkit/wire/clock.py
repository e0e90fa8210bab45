"""Vimeo's time for accounts: tokens live for hours, and this machine's clock may be hours off."""

from __future__ import annotations

from collections.abc import Mapping

from vimeo_toolkit.wire.format import http_date

__all__ = ["VimeoClock"]


class VimeoClock:
    """How far Vimeo's clock is ahead of this machine's, by the last answer; 0 before one.

    It goes on with the time of day and not with `IO.monotonic`, which stands still while a machine sleeps.
    """

    def __init__(self) -> None:
        self._ahead = 0.0

    def sync(self, headers: Mapping[str, str], wall: float) -> None:
        """Learn from an answer's `Date` (RFC 9110, 6.6.1). `wall`: when it came, by this machine's clock."""
        told = http_date(headers.get("date", ""))
        if told is not None:
            # A `Date` has whole seconds, so a smaller difference does not count.
            ahead = told + 0.5 - wall
            self._ahead = ahead if abs(ahead) > 1.5 else 0.0

    def now(self, wall: float) -> float:
        """Return Vimeo's time when this machine's clock says `wall`."""
        return wall + self._ahead
