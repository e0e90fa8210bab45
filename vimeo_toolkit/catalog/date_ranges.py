"""Spans of time as people name them, for models without a clock: "this month", or days in ISO 8601."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from vimeo_toolkit.catalog.marks import Help

__all__ = ["FirstDay", "LastDay", "Moment", "Period", "Span", "TimeZone", "span_of", "zone"]

Period = Annotated[
    Literal[
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
    ],
    Help(
        "A span of days by its name, in place of from_date and until_date. Weeks begin on Monday; the last 7 "
        "days end with today.",
        "Any date will do when it is left out.",
    ),
]
"""Weeks begin on Monday; the last 7 days end with today."""

_HOW: Final = (
    "write a day as 2026-11-30, a month as 2026-11, a year as 2026 or a time as 2026-11-30T18:00:00Z; for "
    "today, this week and such there is period"
)
_WHICH_ZONE: Final = "not a time zone: write it as Europe/Stockholm or UTC+2"
_YEAR_OR_MONTH: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?")
_WEEK: Final = re.compile(r"[0-9]{4}-?W[0-9]{2}")
_DAY: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}-[0-9]{2}|[0-9]{4}|-W[0-9]{2}-[0-9]|W[0-9]{3})")
_TIME: Final = re.compile(
    rf"(?P<day>{_DAY.pattern}|[0-9]{{4}}/[0-9]{{2}}/[0-9]{{2}})(?:T|\s+)(?P<time>[0-9][0-9:.,]*)"
    r"\s*(?P<zone>Z|(?:UTC|GMT)?\s*[+-][0-9:]+|UTC|GMT)?",
    re.ASCII,
)
_MIDNIGHT: Final = re.compile(r"24(?::?00){0,2}(?:[.,]0+)?")
_OFFSET: Final = re.compile(
    r"(?:z|zulu|(?:utc|gmt)?\s*(?:(?P<sign>[+-])\s*(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-5][0-9]))?)|utc|gmt)",
    re.IGNORECASE | re.ASCII,
)

_LAST_DAYS: Final = {"today": 1, "last_7_days": 7, "last_30_days": 30}


@dataclass(frozen=True, slots=True)
class _Named:
    """What a text names: the first day of a year, month, week or day and the first one after it, or a moment."""

    first: date
    after: date | None = None
    """None: beyond what Python's calendar has."""
    moment: datetime | None = None


def _parsed(text: str) -> _Named:
    written = text.strip().strip("\"'`").strip().upper()
    try:
        if found := _TIME.fullmatch(written):
            if _MIDNIGHT.fullmatch(found["time"]):
                # 24:00 is the end of that day (ISO 8601) and not part of the next.
                day = date.fromisoformat(found["day"].replace("/", "-"))
                midnight = _parsed(f"{day + timedelta(days=1)}T00:00{found['zone'] or ''}")
                return _Named(day, moment=midnight.moment)
            moment = datetime.fromisoformat(f"{found['day'].replace('/', '-')}T{found['time']}")
            return _Named(
                moment.date(), moment=_zoned(moment, zone(found["zone"]) if found["zone"] else None)
            )
        written = written.replace("/", "-")
        if found := _YEAR_OR_MONTH.fullmatch(written):
            year, month = int(found[1]), int(found[2] or 1)
            return _whole(date(year, month, 1), months=1 if found[2] else 12)
        if _WEEK.fullmatch(written):
            return _whole(date.fromisoformat(written), days=7)
        if _DAY.fullmatch(written):
            return _whole(date.fromisoformat(written), days=1)
    except (ValueError, OverflowError):
        pass
    raise ValueError(_HOW)


def _whole(first: date, *, days: int = 0, months: int = 0) -> _Named:
    try:
        if months:
            years, month = divmod(first.month - 1 + months, 12)
            return _Named(first, date(first.year + years, month + 1, 1))
        return _Named(first, first + timedelta(days=days))
    except (OverflowError, ValueError):
        return _Named(first)


def _written(value: Any) -> Any:
    """Return dates as text: numbers such as 20261130 and Python's dates are as clear."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 100_000_000:
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _moment(text: str) -> str:
    _parsed(text)
    return text


def _first_day(value: Any) -> Any:
    return _named_day(value).first


def _last_day(value: Any) -> Any:
    named = _named_day(value)
    if named.moment is not None:
        return named.first
    return named.after - timedelta(days=1) if named.after else date.max


def _named_day(value: Any) -> _Named:
    """Return the day that is named. pydantic does not do it, because it takes 20261130 for seconds since 1970."""
    written = _written(value)
    if not isinstance(written, str):
        raise ValueError(_HOW)
    return _parsed(written)


def _zone(name: str) -> str:
    zone(name)
    return name


def zone(name: str | None) -> tzinfo:
    """Return the time zone of this name, UTC for None.

    Raises:
        ValueError: there is none of this name.
    """
    text = "UTC" if name is None else name.strip().replace("\u2212", "-")
    if found := _OFFSET.fullmatch(text):
        if found["sign"] is None:
            return UTC
        offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
        if offset > timedelta(hours=14):
            raise ValueError(_WHICH_ZONE)
        return timezone(-offset if found["sign"] == "-" else offset)
    text = text.replace(" ", "_")
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        pass
    known = {each.lower(): each for each in available_timezones()}
    if text.lower() not in known:
        raise ValueError(_WHICH_ZONE)
    return ZoneInfo(known[text.lower()])


_TEXT: Final = WithJsonSchema({"type": "string"})
Moment = Annotated[str, Field(max_length=40), BeforeValidator(_written), AfterValidator(_moment), _TEXT]
"""A day, month, year or time in ISO 8601."""
TimeZone = Annotated[
    str,
    Field(max_length=64),
    AfterValidator(_zone),
    _TEXT,
    Help(
        "Where days begin and end: a time zone such as Europe/Stockholm, or UTC+2.",
        "It is UTC when left out.",
    ),
]
"""A name of the IANA database, or a distance from UTC."""
FirstDay = Annotated[
    date,
    BeforeValidator(_first_day),
    Help(
        "The first day that counts, such as 2026-11-01; a month (2026-11) or a year stands for its first day."
    ),
]
"""A day; the first one where a month or a year is named."""
LastDay = Annotated[
    date,
    BeforeValidator(_last_day),
    Help(
        "The last day that counts, such as 2026-11-30; a month (2026-11) or a year stands for its last day."
    ),
]
"""A day; the last one where a month or a year is named."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to before `end`; None where it is open."""

    start: datetime | None = None
    end: datetime | None = None

    def __bool__(self) -> bool:
        return self.start is not None or self.end is not None

    def has(self, moment: datetime | None) -> bool:
        """Return whether a moment is in it. One that is not known is only in a span that is open on both sides."""
        if moment is None:
            return not self
        return (self.start is None or moment >= self.start) and (self.end is None or moment < self.end)

    def to_json(self) -> dict[str, Any]:
        """Return `{"from": …, "before": …}`, without the sides that are open."""
        ends = {"from": self.start, "before": self.end}
        return {name: moment.isoformat() for name, moment in ends.items() if moment is not None}


def span_of(
    period: Period | None, first: str | None, last: str | None, zone: tzinfo, now: datetime | None
) -> Span:
    """Return the span of a named period, or of the whole days from `first` to `last`.

    Args:
        now: the moment that a named period counts from.
    """
    if period is None or now is None:
        return Span(_start(first, zone), _end(last, zone))
    begin, end = _days(period, now.astimezone(zone).date())
    return Span(_midnight(begin, zone), _midnight(end, zone))


def _days(period: Period, today: date) -> tuple[date, date]:
    """Return the first day of a period and the first one after it."""
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
    named = _parsed(text)
    return _midnight(named.first, zone) if named.moment is None else _zoned(named.moment, zone)


def _end(text: str | None, zone: tzinfo) -> datetime | None:
    if text is None:
        return None
    named = _parsed(text)
    if named.moment is not None:
        return _zoned(named.moment, zone)
    return datetime.max.replace(tzinfo=UTC) if named.after is None else _midnight(named.after, zone)


def _zoned(moment: datetime, zone: tzinfo | None) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
