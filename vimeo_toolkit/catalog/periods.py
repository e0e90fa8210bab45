"""Spans of time as people name them, for models without a clock: "this month", or days in ISO 8601."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, WithJsonSchema

__all__ = ["Moment", "Period", "Span", "TimeZone", "span_of", "zone"]

Period = Literal[
    "today",
    "yesterday",
    "this_week",
    "last_week",
    "this_month",
    "last_month",
    "last_7_days",
    "last_30_days",
    "this_year",
    "last_year",
]
"""Weeks begin on Monday; the last 7 days end with today."""

_LAST_DAYS: Final = {"today": 1, "last_7_days": 7, "last_30_days": 30}


def _moment(text: str) -> str:
    _parsed(text)
    return text


def _parsed(text: str) -> date | datetime:
    try:
        # A day is ten characters; `datetime` would take one for its midnight.
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("write a day as 2026-11-30 or a time as 2026-11-30T18:00:00Z") from None


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("not a time zone: write it as Europe/Stockholm") from None
    return name


_TEXT: Final = WithJsonSchema({"type": "string"})
Moment = Annotated[str, Field(max_length=40), AfterValidator(_moment), _TEXT]
"""A day or a time in ISO 8601."""
TimeZone = Annotated[str, Field(max_length=64), AfterValidator(_zone), _TEXT]
"""A name of the IANA database."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to before `end`; None where it is open."""

    start: datetime | None = None
    end: datetime | None = None

    def __bool__(self) -> bool:
        return self.start is not None or self.end is not None

    def to_json(self) -> dict[str, Any]:
        """`{"from": …, "before": …}`, without what is open."""
        ends = {"from": self.start, "before": self.end}
        return {name: moment.isoformat() for name, moment in ends.items() if moment is not None}


def zone(name: str | None) -> tzinfo:
    """The time zone of this name, UTC for None."""
    return UTC if name is None else ZoneInfo(name)


def span_of(
    period: Period | None, first: str | None, last: str | None, zone: tzinfo, now: datetime | None
) -> Span:
    """The span of a named period, or else from `first` to `last`, a day being whole.

    Args:
        now: the moment that a named period counts from.
    """
    if period is None or now is None:
        return Span(_start(first, zone), _end(last, zone))
    begin, end = _days(period, now.astimezone(zone).date())
    return Span(_midnight(begin, zone), _midnight(end, zone))


def _days(period: Period, today: date) -> tuple[date, date]:
    """The first day of a period and the first one after it."""
    day = timedelta(days=1)
    if period in _LAST_DAYS:
        return today - (_LAST_DAYS[period] - 1) * day, today + day
    if period == "yesterday":
        return today - day, today
    monday, month, year = today - today.weekday() * day, today.replace(day=1), today.replace(month=1, day=1)
    match period:
        case "this_week":
            return monday, monday + 7 * day
        case "last_week":
            return monday - 7 * day, monday
        case "this_month":
            return month, (month + 31 * day).replace(day=1)
        case "last_month":
            return (month - day).replace(day=1), month
        case "this_year":
            return year, year.replace(year=year.year + 1)
        case _:
            return year.replace(year=year.year - 1), year


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _start(text: str | None, zone: tzinfo) -> datetime | None:
    if text is None:
        return None
    moment = _parsed(text)
    if isinstance(moment, datetime):
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return _midnight(moment, zone)


def _end(text: str | None, zone: tzinfo) -> datetime | None:
    if text is None:
        return None
    moment = _parsed(text)
    if isinstance(moment, datetime):
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return _midnight(moment + timedelta(days=1), zone)
