"""The request budget that Vimeo tells of in the headers of each answer."""

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
"""What is known before an answer has told anything."""
