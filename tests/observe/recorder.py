"""A hook that keeps what it is told, and holds every event against the table."""

from __future__ import annotations

import json
from typing import Any

from vimeo_toolkit.observe import EVENTS, Event

__all__ = ["Recorder"]


class Recorder:
    def __init__(self) -> None:
        self.events: list[Event] = []
        self.wrong: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        if event.name not in EVENTS or set(event.data) != set(EVENTS[event.name]):
            self.wrong.append(event)  # an exception would be swallowed

    @property
    def names(self) -> list[str]:
        assert not self.wrong
        json.dumps([event.to_dict() for event in self.events])
        return [event.name for event in self.events]

    def data(self, name: str) -> dict[str, Any]:
        """What the last event of this name carries."""
        return dict(next(event for event in reversed(self.events) if event.name == name).data)
