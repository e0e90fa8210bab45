"""The sandbox's own time, which tests can move."""

from __future__ import annotations

import time
from datetime import UTC, datetime

__all__ = ["Clock"]


class Clock:
    """Runs like the machine's clock, from wherever it was set."""

    def __init__(self, now: datetime | None = None) -> None:
        self._offset = 0.0
        if now is not None:
            self.set(now)

    def seconds(self) -> float:
        """Return seconds since the epoch."""
        return time.time() + self._offset

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), UTC)

    def set(self, now: datetime) -> None:
        """Set to a datetime; one without a zone is taken as UTC."""
        moment = now if now.tzinfo else now.replace(tzinfo=UTC)
        self._offset = moment.timestamp() - time.time()

    def advance(self, seconds: float) -> None:
        """Move by so many seconds; negative ones move back."""
        self._offset += seconds
