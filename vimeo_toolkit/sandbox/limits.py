"""Requests per window, by the plan of the user whose token is used.

The figures are those of Vimeo's help page (2025): each plan's own, and twice that with `fields`. A request
without `fields` therefore costs two of one with. A DELETE takes no `fields`, so it costs one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

__all__ = ["PLANS", "VIDEO_QUOTAS", "VideoQuota", "Window", "take"]

PLANS: Final = {
    "free": 25,
    "basic": 25,
    "starter": 125,
    "plus": 125,
    "standard": 250,
    "pro": 250,
    "business": 500,
    "advanced": 750,
    "premium": 750,
    "studio": 1500,
    "enterprise": 2500,
}
"""Requests a minute without `fields`."""


@dataclass(frozen=True, slots=True)
class VideoQuota:
    """A plan's uploads, counted in videos."""

    most: int
    period: str
    days: int
    lifetime: int | None = None


VIDEO_QUOTAS: Final = {
    "free": VideoQuota(2, "month", 30, lifetime=25),
    "starter": VideoQuota(60, "year", 365),
    "standard": VideoQuota(120, "year", 365),
}
"""Plans that count videos (recordings of 2023); the others count bytes."""


@dataclass(slots=True)
class Window:
    ends: float = 0.0
    used: int = 0


def take(
    window: Window, plan: str, *, projected: bool, now: float, seconds: float
) -> tuple[bool, dict[str, str]]:
    """Count one request: whether it is within the limit, and the headers that say where the limit stands."""
    if now >= window.ends or window.ends - now > seconds:
        window.ends, window.used = now + seconds, 0
    capacity = PLANS[plan] * 2
    cost = 1 if projected else 2
    allowed = window.used + cost <= capacity
    if allowed:
        window.used += cost
    return allowed, {
        "X-RateLimit-Limit": str(capacity // cost),
        "X-RateLimit-Remaining": str(max(0, capacity - window.used) // cost),
        "X-RateLimit-Reset": datetime.fromtimestamp(window.ends, UTC).isoformat(timespec="seconds"),
    }
