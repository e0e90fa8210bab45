"""When work in the background may take one of a user's requests, so that no other call of theirs waits for it.

A request that is not taken by the end of its window is lost; one that is taken is missing to whoever comes. So the
background takes what the others will not need: as many as they used in the windows before, or as they use at this
window's pace, are left to them, and half of a small limit in any case. Pure functions; the times are monotonic.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from vimeo_toolkit.calls.window import UNPROVEN, Window

__all__ = ["GIVES_WAY", "Use", "pause", "remembered"]

GIVES_WAY: Final = 0.05
"""Seconds until another look while somebody else of the user waits."""
KEPT: Final = 100
"""Requests that are always left to the others, half of the limit at most."""
MARGIN: Final = 1.25
"""How many times as many as they seem to need are left to them."""
FORGOTTEN: Final = 0.9
"""What is left of the most that the others used, after each window in which they used less."""
_LOOKS: Final = 30
"""How often in a window it is looked again whether there is room."""


class Use(NamedTuple):
    """The use of one window."""

    left: int
    """Requests that nobody has sent yet."""
    mine: int
    """Those that the background took."""
    most: float = 0.0
    """As many as the others used in a window before."""


def pause(window: Window, use: Use, now: float) -> float:
    """Return the seconds that the background waits before it looks again; 0.0 when it may send one request."""
    if not window.limit or (window.opened is None and window.ends is None):
        return 0.0  # nothing is known yet: the first answer tells
    if window.ends is not None and now >= window.ends:
        return 0.0  # a new window begins
    length, gone = _times(window, now)
    passed = gone / length
    if use.mine > passed * window.limit:
        # Not all at once: how fast the others go shows only after a while.
        return max(length * use.mine / window.limit - gone, GIVES_WAY)
    others = max(0, window.limit - use.left - use.mine)
    expected = min(max(use.most, others / max(passed, 1e-9)), window.limit)
    kept = max(min(window.limit // 2, KEPT), MARGIN * (expected - others))
    return 0.0 if use.left > kept else min(length / _LOOKS, length - gone)


def _times(window: Window, now: float) -> tuple[float, float]:
    """Return how long a window lasts, and how much of it is over."""
    if window.ends is None:
        gone = now - (window.opened or now)
        return max(UNPROVEN, gone), gone
    left = window.ends - now
    length = UNPROVEN if window.opened is None else window.ends - window.opened
    length = max(length, left)
    return length, length - left


def remembered(window: Window, use: Use) -> float:
    """Return how many requests the others can be expected to use, when a window is over."""
    others = window.limit - use.left - use.mine if window.limit else 0
    return max(others, use.most * FORGOTTEN)
