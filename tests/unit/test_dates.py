"""Days, months, zones and places in a video, in every spelling; extremes end in a clear error or in a span."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from tests.hostile.world import call
from vimeo_toolkit import InvalidInput
from vimeo_toolkit.catalog.date_ranges import Moment, TimeZone, span_of, zone
from vimeo_toolkit.catalog.timecodes import Duration, Timecode, seconds_of

MOMENTS: TypeAdapter[str] = TypeAdapter(Moment)
ZONES: TypeAdapter[str] = TypeAdapter(TimeZone)
TIMECODES: TypeAdapter[float] = TypeAdapter(Timecode)
DURATIONS: TypeAdapter[int] = TypeAdapter(Duration)


def span(written: Any) -> tuple[str, str]:
    text = MOMENTS.validate_python(written)
    made = span_of(None, text, text, UTC, None)
    assert made.start is not None
    assert made.end is not None
    return made.start.isoformat()[:16], made.end.isoformat()[:16]


@pytest.mark.parametrize(
    ("written", "first", "before"),
    [
        ("2026-11-30", "2026-11-30T00:00", "2026-12-01T00:00"),
        ("20261130", "2026-11-30T00:00", "2026-12-01T00:00"),
        (20261130, "2026-11-30T00:00", "2026-12-01T00:00"),
        (date(2026, 11, 30), "2026-11-30T00:00", "2026-12-01T00:00"),
        ("2026/11/30", "2026-11-30T00:00", "2026-12-01T00:00"),
        (" 2026-11-30 ", "2026-11-30T00:00", "2026-12-01T00:00"),
        ("'2026-11-30'", "2026-11-30T00:00", "2026-12-01T00:00"),
        ("2026-11-30T24:00", "2026-12-01T00:00", "2026-12-01T00:00"),
        ("20261231T240000Z", "2027-01-01T00:00", "2027-01-01T00:00"),
        ("2026-11", "2026-11-01T00:00", "2026-12-01T00:00"),
        ("2026-12", "2026-12-01T00:00", "2027-01-01T00:00"),
        ("2026", "2026-01-01T00:00", "2027-01-01T00:00"),
        ("2026-W48", "2026-11-23T00:00", "2026-11-30T00:00"),
        ("2026-W48-1", "2026-11-23T00:00", "2026-11-24T00:00"),
        ("2024-02", "2024-02-01T00:00", "2024-03-01T00:00"),
        ("9999-12-31", "9999-12-31T00:00", "9999-12-31T23:59"),
        ("9999", "9999-01-01T00:00", "9999-12-31T23:59"),
        ("0001", "0001-01-01T00:00", "0002-01-01T00:00"),
    ],
)
def test_what_is_named_is_whole(written: Any, first: str, before: str) -> None:
    assert span(written) == (first, before)


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-30T18:00:00Z",
        "2026-11-30t18:00:00z",
        "2026-11-30 18:00",
        "2026-11-30 18:00 UTC",
        "2026-11-30T20:00:00+02:00",
        "2026-11-30T20:00:00 +0200",
        "2026-11-30 20:00 UTC+2",
        "20261130T180000Z",
        "2026/11/30 18:00",
        "2026-11-30T18",
        "2026-11-30T18:00:00.000Z",
    ],
)
def test_a_time_is_a_moment(written: str) -> None:
    made = span_of(None, written, None, UTC, None)
    assert made.start == datetime(2026, 11, 30, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "today",
        "202611",
        "30.11.2026",
        "11/30/2026",
        "2026-13",
        "2026-11-31",
        "2026-11-30T25:00",
        "26-11-30",
        "2026-11-30T18:00:00+99:99",
        "0000",
        "10000-01-01",
        "\uff12\uff10\uff12\uff16",
        1764547200,
        True,
        -1,
        2026.5,
    ],
)
def test_what_is_not_a_date_is_refused(written: Any) -> None:
    result, sent = call("vimeo_my_videos_find", {"from_date": written})
    assert isinstance(result, InvalidInput)
    assert not sent


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("utc", 0),
        ("UTC", 0),
        ("Z", 0),
        ("z", 0),
        ("gmt", 0),
        ("UTC+2", 2),
        ("utc+02:00", 2),
        ("GMT-5", -5),
        ("+0200", 2),
        ("+02:00", 2),
        ("+2", 2),
        ("-0530", -5.5),
        ("\u22125", -5),
        ("UTC +14", 14),
        ("asia/tokyo", 9),
        ("Asia/Tokyo", 9),
        ("America/Puerto Rico", -4),
        (" Asia/Tokyo ", 9),
    ],
)
def test_zones(written: str, hours: float) -> None:
    assert zone(ZONES.validate_python(written)).utcoffset(datetime(2026, 11, 30)) == timedelta(hours=hours)  # noqa: DTZ001


@pytest.mark.parametrize(
    "written", ["", "local", "PST", "UTC+15", "UTC+", "Mars/X", "../../etc/passwd", "Europe", "\0"]
)
def test_what_is_not_a_zone_is_refused(written: str) -> None:
    with pytest.raises(ValidationError, match="Europe/Stockholm or UTC"):
        ZONES.validate_python(written)


@given(
    day=st.dates(),
    form=st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d"]),
    name=st.sampled_from(["UTC", "UTC+14", "-12", "Asia/Tokyo", "America/New_York", "Europe/Stockholm"]),
)
def test_every_day_is_in_the_span_that_ends_with_it(day: date, form: str, name: str) -> None:
    """All days that Python has, and none is lost; `strftime` writes no zeros before early years."""
    text = (
        form.replace("%Y", f"{day.year:04}").replace("%m", f"{day.month:02}").replace("%d", f"{day.day:02}")
    )
    made = span_of(None, text, text, zone(name), None)
    assert made.start is not None
    assert made.end is not None
    assert made.start < made.end
    assert made.start.date() == day
    if day < date.max:
        assert made.end == datetime(*(day + timedelta(days=1)).timetuple()[:3], tzinfo=zone(name))
    assert made.to_json().keys() == {"from", "before"}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    first=st.text(max_size=12) | st.from_regex(r"\A[0-9]{1,5}(-[0-9W]{1,3}){0,2}([T ][0-9:.+Z-]{0,9})?\Z"),
    last=st.none() | st.datetimes().map(datetime.isoformat) | st.dates().map(date.isoformat),
    name=st.text(max_size=6) | st.sampled_from(["UTC", "utc+14", "Asia/Tokyo"]),
)
def test_nothing_raw_comes_of_dates(first: str, last: str | None, name: str) -> None:
    result, sent = call("vimeo_my_videos_find", {"from_date": first, "until_date": last, "timezone": name})
    assert isinstance(result, InvalidInput) or len(sent) == 1


@pytest.mark.parametrize(
    ("since", "until", "sent_as"),
    [
        ("2026-10-01", "2026-11-01", ("2026-10-01", "2026-11-01")),
        ("2026-10", "2026-11", ("2026-10-01", "2026-11-30")),
        ("20261001", "2026", ("2026-10-01", "2026-12-31")),
        (20261001, 20261130, ("2026-10-01", "2026-11-30")),
        (date(2026, 10, 1), "2026-11-30T12:00:00Z", ("2026-10-01", "2026-11-30")),
        ("2026", "9999", ("2026-01-01", "9999-12-31")),
    ],
)
def test_days_of_analytics(since: Any, until: Any, sent_as: tuple[str, str]) -> None:
    _, sent = call("vimeo_analytics_get", {"dimension": "total", "since": since, "until": until})
    query = parse_qs(urlsplit(sent[0].url).query)
    assert (query["from"], query["to"]) == ([sent_as[0]], [sent_as[1]])


@pytest.mark.parametrize("written", [1764547200, 19958400, "1764547200", 1.5, True, None, "yesterday"])
def test_numbers_are_not_seconds_since_1970(written: Any) -> None:
    result, sent = call(
        "vimeo_analytics_get", {"dimension": "total", "since": written, "until": "2026-11-30"}
    )
    assert isinstance(result, InvalidInput)
    assert not sent


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("1:30", 90),
        ("01:02:03", 3723),
        ("90", 90),
        (90, 90),
        ("90.5", 90.5),
        ("1:30.5", 90.5),
        ("0:00:01,500", 1.5),
        ("1m30s", 90),
        ("1h", 3600),
        ("90s", 90),
        ("1 min 30 sec", 90),
        ("PT1M30S", 90),
        ("90:00", 5400),
        (" 1:30 ", 90),
        ("2 minutes", 120),
        ("0", 0),
        ("0:00", 0),
    ],
)
def test_places_in_a_video(written: Any, seconds: float) -> None:
    assert TIMECODES.validate_python(written) == seconds
    assert DURATIONS.validate_python(written if not isinstance(seconds, float) else 1) >= 0
    _, sent = call("vimeo_video_chapter_create", {"video_id": "1", "title": "a", "timecode": written})
    assert json.loads(sent[0].content)["timecode"] == seconds
    _, sent = call("vimeo_video_picture_create", {"video_id": "1", "time": written})
    assert json.loads(sent[0].content)["time"] == seconds


@pytest.mark.parametrize(
    "written",
    [
        "",
        "1:75",
        "1:60:00",
        "-1:30",
        "-1",
        -1,
        "abc",
        "1:2",
        "h",
        "1:30 pm",
        "inf",
        "nan",
        float("nan"),
        float("inf"),
        True,
        "\uff11:30",
        "9" * 400,
        [],
        "1e3",
    ],
)
def test_what_is_not_a_place_is_refused(written: Any) -> None:
    for tool, field in (("vimeo_video_chapter_create", "timecode"), ("vimeo_video_picture_create", "time")):
        result, sent = call(
            tool, {"video_id": "1", field: written} | ({"title": "a"} if "chapter" in tool else {})
        )
        assert isinstance(result, InvalidInput)
        assert not sent


@given(seconds=st.integers(0, 359_999))
def test_what_a_clock_shows_is_read_back(seconds: int) -> None:
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    for written in (f"{hours}:{minutes:02}:{left:02}", f"{hours}h{minutes}m{left}s", str(seconds)):
        assert seconds_of(written) == seconds


@pytest.mark.parametrize(("written", "seconds"), [("1:30", 90), ("5m", 300), (60, 60), ("60", 60)])
def test_lengths(written: Any, seconds: int) -> None:
    assert DURATIONS.validate_python(written) == seconds
