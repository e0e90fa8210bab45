"""The sandbox's own time, which tests can move."""

from __future__ import annotations

import time
from datetime import UTC, datetime

__all__ = ["Clock"]


class Clock:
    """Runs like the machine's clock, from wherever it was set, until it is stopped."""

    def __init__(self, now: datetime | None = None) -> None:
        self._offset = 0.0
        self._stopped: float | None = None
        if now is not None:
            self.set(now)

    def seconds(self) -> float:
        """Seconds since the epoch."""
        return self._machine() + self._offset

    def _machine(self) -> float:
        return time.time() if self._stopped is None else self._stopped

    def stop(self) -> None:
        """Stand still from now on, so that equal runs give equal answers; `set` and `advance` still move it."""
        self._stopped = self._machine()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), UTC)

    def set(self, now: datetime) -> None:
        """Set to a datetime; one without a zone is taken as UTC."""
        moment = now if now.tzinfo else now.replace(tzinfo=UTC)
        self._offset = moment.timestamp() - self._machine()

    def advance(self, seconds: float) -> None:
        """Move by so many seconds; negative ones move back."""
        self._offset += seconds
