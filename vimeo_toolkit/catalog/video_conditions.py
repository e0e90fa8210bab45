"""What a video has to be, and by which of it Vimeo is asked to sort."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from vimeo_toolkit.wire.format import iso_datetime

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.date_ranges import Span
    from vimeo_toolkit.catalog.video_search import MyVideosFind

__all__ = ["Order", "Value", "Video", "date_of", "meets", "order_of"]

Video = Mapping[str, Any]
Value = float | datetime


@dataclass(frozen=True, slots=True)
class Order:
    """By which condition the pages are sorted."""

    sort: str
    value: Callable[[Video], Value | None]
    downwards: bool


def meets(asked: MyVideosFind, span: Span, video: Video) -> bool:
    """Return whether a video is one that was asked for.

    Args:
        asked: the conditions.
        span: the period that they mean, by Vimeo's time.
        video: as the list shows it.
    """
    if asked.privacy is not None:
        shown = video.get("privacy")
        if not isinstance(shown, Mapping) or shown.get("view") != asked.privacy:
            return False
    seconds = _number(video.get("duration"))
    if asked.min_duration is not None and (seconds is None or seconds < asked.min_duration):
        return False
    if asked.max_duration is not None and (seconds is None or seconds > asked.max_duration):
        return False
    return _within(span, date_of(asked)(video))


def date_of(asked: MyVideosFind) -> Callable[[Video], Value | None]:
    """Return what gives the date that was asked about."""
    return _modified if asked.by == "modified" else _uploaded


def order_of(asked: MyVideosFind) -> Order:
    """Return the order by the condition that lets the reading end soonest, towards its bound."""
    begins = bool(asked.period or asked.from_date)
    # A folder's videos cannot be sorted by their change.
    if (begins or asked.until_date) and (asked.by != "modified" or asked.folder_id is None):
        sort = "modified_time" if asked.by == "modified" else "date"
        return Order(sort, date_of(asked), downwards=begins)
    if asked.min_duration is not None or asked.max_duration is not None:
        return Order("duration", _duration, downwards=asked.min_duration is not None)
    return Order("date", _uploaded, downwards=True)


def _uploaded(video: Video) -> Value | None:
    return _time(video.get("created_time"))


def _modified(video: Video) -> Value | None:
    return _time(video.get("modified_time"))


def _duration(video: Video) -> Value | None:
    return _number(video.get("duration"))


def _within(span: Span, moment: Value | None) -> bool:
    if not span:
        return True
    if not isinstance(moment, datetime):
        return False
    return (span.start is None or moment >= span.start) and (span.end is None or moment < span.end)


def _time(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    return iso_datetime(value)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
