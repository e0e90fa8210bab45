"""Vimeo's time and what the headers of an answer say of a budget, to the second."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from vimeo_toolkit.calls.clock import Clock, read_rate_limit
from vimeo_toolkit.calls.window import LONGEST_WINDOW, UNPROVEN, Told

NOW = 1_800_000_000.0
DATE = {"date": format_datetime(datetime.fromtimestamp(NOW, UTC), usegmt=True)}
YEAR = 366 * 86_400.0


def reset(text: str) -> dict[str, str]:
    return {"x-ratelimit-reset": text}


def test_a_clock_before_and_after_the_first_answer() -> None:
    clock = Clock()
    assert (clock.proven, clock.now(50.0, 7.0), clock.wrong(50.0, 7.0)) == (False, 50.0, None)
    clock.hint(3.0)
    assert clock.now(50.0, 7.0) == 53.0
    clock.sync_clock({}, 6.0, 7.0)
    assert not clock.proven
    clock.sync_clock(DATE, 100.0, 100.5)
    assert clock.proven
    assert clock.now(50.0, 101.0) == NOW + 0.5
    assert clock.wrong(NOW - 9.0, 101.0) == 9.5


def test_the_date_was_set_between_sending_and_arrival_and_lost_its_fraction() -> None:
    clock = Clock()
    clock.sync_clock(DATE, 100.0, 110.0)
    assert clock.now(0.0, 0.0) == NOW - 110.0
    clock.sync_clock(DATE, 104.0, 105.0)
    assert clock.now(0.0, 0.0) == NOW - 105.0, "at least: it had arrived by then"
    clock.sync_clock(DATE, 106.5, 200.0)
    assert clock.now(0.0, 0.0) == NOW + 1.0 - 106.5, "at most: it was not sent before"
    clock.sync_clock(DATE, 100.0, 200.0)
    assert clock.now(0.0, 0.0) == NOW + 1.0 - 106.5, "a slow answer spoils nothing"


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, Told()),
        ({"x-ratelimit-limit": " 50 ", "x-ratelimit-remaining": "49"}, Told(50, 49)),
        ({"x-ratelimit-limit": "1" * 9, "x-ratelimit-remaining": "1" * 10}, Told(111_111_111)),
        ({"x-ratelimit-limit": "-5", "x-ratelimit-remaining": "5.0"}, Told()),
        ({"x-ratelimit-limit": "٣٠", "x-ratelimit-remaining": "x"}, Told()),
        (reset("30"), Told(left=31.0)),
        (reset("0"), Told(left=1.0)),
        (reset(f"{LONGEST_WINDOW - 1:.0f}"), Told(left=LONGEST_WINDOW)),
        (reset(f"{LONGEST_WINDOW:.0f}"), Told()),
        (reset(str(int(NOW) + 30)), Told(left=31.0, figure=NOW + 30)),
        (reset(f"{int(NOW) + 30}.5"), Told(left=30.5, figure=NOW + 30.5)),
        (reset(str(int(NOW) - 1)), Told(figure=NOW - 1)),
        (reset(str(int(NOW))), Told(left=1.0, figure=NOW)),
        (reset(str(int(NOW) + 100_000)), Told(figure=NOW + 100_000)),
    ],
)
def test_what_headers_say(headers: dict[str, str], told: Told) -> None:
    assert read_rate_limit(headers, NOW) == told


@pytest.mark.parametrize(
    ("seconds", "took", "left"),
    [
        (30.0, 0.0, 31.0),
        (UNPROVEN - 1, 0.0, UNPROVEN),
        (UNPROVEN, 0.0, UNPROVEN),
        (86_400.0, 0.0, UNPROVEN),
        (-1.0, 0.0, UNPROVEN),
        (-1.0, 1.0, None),  # it ended while the answer was on its way
        (-3.0, 2.0, UNPROVEN),
        (-3.0, 2.5, None),
        (-86_400.0, 5.0, UNPROVEN),
        (YEAR - 2, 0.0, UNPROVEN),
        (YEAR, 0.0, None),
        (-YEAR - 2, 0.0, None),
    ],
)
def test_an_end_that_only_a_doubtful_clock_can_judge(seconds: float, took: float, left: float | None) -> None:
    told = read_rate_limit(reset(str(int(NOW + seconds))), NOW, proven=False, took=took)
    assert told == Told(left=left, sure=False, figure=NOW + seconds)


def test_a_count_of_seconds_needs_no_clock() -> None:
    assert read_rate_limit(reset("30"), NOW, proven=False) == Told(left=31.0)
