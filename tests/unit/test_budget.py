"""Budgets are learned from headers, and from nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vimeo_toolkit.calls.budget import (
    FIRST_LOCKOUT,
    LONGEST_LOCKOUT,
    UNKNOWN_CONCURRENCY,
    Budgets,
    read_rate_limit,
)
from vimeo_toolkit.calls.result import RateLimit

USER, OTHER = ("vimeo", "u"), ("vimeo", "v")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def _headers(reset: str, date: datetime | None = None) -> dict[str, str]:
    headers = {"x-ratelimit-limit": "50", "x-ratelimit-remaining": "7", "x-ratelimit-reset": reset}
    if date is not None:
        headers["date"] = format_datetime(date, usegmt=True)
    return headers


@pytest.mark.parametrize(
    "reset",
    [
        (NOW + timedelta(seconds=30)).isoformat(),
        (NOW + timedelta(seconds=30)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        (NOW + timedelta(seconds=30)).replace(tzinfo=None).isoformat(),
        str(int(NOW.timestamp()) + 30),
        "30",
    ],
    ids=["iso", "zulu", "naive", "epoch", "seconds"],
)
def test_formats_of_the_reset(reset: str) -> None:
    limit = read_rate_limit(_headers(reset), NOW.timestamp())
    assert (limit.limit, limit.remaining) == (50, 7)
    assert limit.reset_at == pytest.approx(NOW.timestamp() + 30)


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_wrong_clock_is_taken_out(hours: int) -> None:
    ours = NOW.timestamp() + hours * 3600
    limit = read_rate_limit(_headers((NOW + timedelta(seconds=30)).isoformat(), NOW), ours)
    assert limit.reset_at == pytest.approx(ours + 30)


@pytest.mark.parametrize(
    "reset", ["", "soon", "-5", "9" * 40, "2026-99-99", "1e9", "٣٠", "inf", "9999-12-31T23:59:59"]
)
def test_nonsense_is_not_said(reset: str) -> None:
    assert read_rate_limit(_headers(reset), NOW.timestamp()).reset_at is None


@given(
    st.dictionaries(
        st.sampled_from(["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "date"]),
        st.text(),
    )
)
def test_no_header_ever_raises(headers: dict[str, str]) -> None:
    budgets, limit = Budgets(), read_rate_limit(headers, NOW.timestamp())
    assert budgets.take(USER, 0.0) == 0.0
    budgets.settle(USER, 0.0, limit)


def test_nothing_known_lets_a_few_go() -> None:
    budgets = Budgets()
    assert [budgets.take(USER, 0.0) for _ in range(UNKNOWN_CONCURRENCY)] == [0.0] * UNKNOWN_CONCURRENCY
    assert budgets.take(USER, 0.0) > 0
    assert budgets.take(OTHER, 0.0) == 0.0


def test_spent_until_the_reset_and_free_after_it() -> None:
    budgets = Budgets()
    assert budgets.take(USER, 0.0) == 0.0
    budgets.settle(USER, 0.0, RateLimit(3, 2, 10.0))
    assert [budgets.take(USER, 1.0) for _ in range(3)] == [0.0, 0.0, 9.0]
    budgets.settle(USER, 2.0, RateLimit(3, 1, 10.0))
    budgets.settle(USER, 2.0, RateLimit(3, 0, 10.0))
    assert budgets.take(USER, 5.0) == 5.0
    assert budgets.take(OTHER, 5.0) == 0.0
    assert [budgets.take(USER, 10.0) for _ in range(3)] == [0.0] * 3
    assert budgets.take(USER, 10.0) > 0


def test_answers_that_overtake_each_other() -> None:
    budgets = Budgets()
    for _ in range(3):
        budgets.take(USER, 0.0)
    for remaining in (1, 3, 2):
        budgets.settle(USER, 0.0, RateLimit(5, remaining, 10.0))
    assert [budgets.take(USER, 0.0) for _ in range(2)] == [0.0, 10.0]


def test_lock_outs_double_and_end() -> None:
    budgets, now, last = Budgets(), 0.0, 0.0
    for _ in range(20):
        assert budgets.take(USER, now) == 0.0
        budgets.settle(USER, now, None, blocked_for=-1.0)
        wait = budgets.take(USER, now)
        assert FIRST_LOCKOUT <= wait <= LONGEST_LOCKOUT
        assert wait >= last
        last, now = wait, now + wait
    assert last == LONGEST_LOCKOUT
    assert budgets.take(USER, now) == 0.0
    budgets.settle(USER, now, RateLimit(5, 4, now + 60))
    budgets.settle(USER, now, None, blocked_for=-1.0)
    assert budgets.take(USER, now) == FIRST_LOCKOUT
