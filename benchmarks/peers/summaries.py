"""What peers' agents and scripts compute of Vimeo's answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

__all__ = ["by_month", "number", "seconds_until"]


def number(thing: Mapping[str, Any]) -> str:
    """Return a thing's number, the last part of its URI."""
    return str(thing["uri"]).rpartition("/")[2]


def by_month(videos: Iterable[Mapping[str, Any]]) -> dict[str, tuple[int, float]]:
    """Return for each month how many videos are of it, and how many hours."""
    lengths: dict[str, list[int]] = {}
    for video in videos:
        lengths.setdefault(video["created_time"][:7], []).append(video["duration"])
    return {month: (len(each), round(sum(each) / 3600, 2)) for month, each in lengths.items()}


def seconds_until(headers: Mapping[str, str]) -> float:
    """Return how long to wait after an answer for the next window, whose beginning is told in whole seconds."""
    reset = datetime.fromisoformat(headers["x-ratelimit-reset"])
    return max(1.0, (reset - parsedate_to_datetime(headers["date"])).total_seconds() + 1)
