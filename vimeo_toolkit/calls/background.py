"""When work in the background may take one of a user's requests, so that no other call of theirs waits for it.

A request that is not taken by the end of its window is lost; one that is taken is missing to whoever comes. So the
background takes what the others will not need. As many as they used in one of the windows before, or use at this
window's pace, are left to them, and half of a small limit in any case. Pure functions; the times are monotonic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from vimeo_toolkit.calls.window import UNPROVEN, Window

__all__ = ["GIVES_WAY", "REMEMBERED", "Use", "others", "pause"]

GIVES_WAY: Final = 0.05
"""Seconds until another look while somebody else of the user waits."""
KEPT: Final = 100
"""Requests that are always left to the others, half of the limit at most."""
_PLENTY: Final = 10
"""How many times as many as are always left are used at an even pace only."""
UNKNOWN: Final = 0.8
"""The share of a small limit that the others are taken to need before they were seen."""
REMEMBERED: Final = 10
"""Windows whose use is remembered."""
_MORE: Final = 1.1
"""How many times as many as in a window before are left to them."""
_DEVIATIONS: Final = 3.0
"""By how many standard deviations more than at this window's pace may still come, if each comes by chance."""
_SOON: Final = 0.05
"""The share of a window before whose end its pace says nothing."""
_AFTER: Final = 2.0
"""Seconds after a window's end in which the background does not open the next one. Vimeo writes ends in whole
seconds, so an answer may still tell of the last."""
_LOOKS: Final = 30
"""How often in a window it is looked again whether there is room."""


class Use(NamedTuple):
    """The use of a user's windows."""

    left: int
    """Requests of this one that nobody has sent yet."""
    mine: int
    """Those that the background took."""
    before: Sequence[int] = ()
    """As many as the others used in the windows before."""


def others(window: Window, use: Use) -> int:
    """Return how many requests of a window the user's other calls took."""
    return max(0, window.limit - use.left - use.mine)


def pause(window: Window, use: Use, now: float) -> float:
    """Return the seconds that the background waits before it looks again; 0.0 when it may send one request."""
    if not window.limit or (window.opened is None and window.ends is None):
        return 0.0  # nothing is known yet: the first answer tells
    if window.ends is not None and now >= window.ends:
        return max(0.0, window.ends + _AFTER - now)
    length, gone = _times(window, now)
    passed = gone / length
    ahead = use.mine - max(0, window.limit - _PLENTY * KEPT)
    if ahead > passed * window.limit:
        # Not all of a small limit at once: how fast the others go shows only after a while.
        return length * ahead / window.limit - gone
    room = use.left - _kept(window.limit, use, others(window, use), passed)
    return 0.0 if room > 0 else min(length / _LOOKS, length - gone)


def _kept(limit: int, use: Use, used: int, passed: float) -> float:
    """Return how many requests are left to the others. `used`: by them in this window."""
    always = min(limit // 2, KEPT)
    before = _MORE * max(use.before, default=0)
    if len(use.before) < REMEMBERED:
        before = max(before, min(UNKNOWN * limit, KEPT))
    coming = used / max(passed, _SOON) * (1.0 - passed)
    return max(always, before - used, coming + _DEVIATIONS * math.sqrt(coming))


def _times(window: Window, now: float) -> tuple[float, float]:
    """Return how long a window lasts, and how much of it is over."""
    if window.ends is None:
        gone = now - (window.opened or now)
        return max(UNPROVEN, gone), gone
    left = window.ends - now
    length = UNPROVEN if window.opened is None else window.ends - window.opened
    length = max(length, left)
    return length, length - left
