"""The request budget as the headers of Vimeo's answers have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["UNKNOWN", "RateLimit"]


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The user's request budget, as the answer's headers told it. Any part can be unknown (None)."""

    limit: int | None = None
    """Requests per window."""
    remaining: int | None = None
    reset_at: float | None = None
    """When the window ends, seconds since the epoch by this machine's clock."""


UNKNOWN: Final = RateLimit()
"""The budget before any answer."""
