"""Budgets are learned from headers, and from nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.world import World
from vimeo_toolkit.calls.budget import (
    FIRST_LOCKOUT,
    LONGEST_LOCKOUT,
    SILENCE,
    UNKNOWN_CONCURRENCY,
    Window,
    observe,
    read_rate_limit,
    reserve,
)
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.result import RateLimit
from vimeo_toolkit.runtime.blocking import drive

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
    # Whole seconds are cut off in the header: the window may last that much longer.
    assert limit.reset_at == NOW.timestamp() + 31


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_wrong_clock_is_taken_out(hours: int) -> None:
    """A machine whose clock is hours off waits as long as one whose clock is right."""
    quota, ours = Quota(World().cipher, kept=False), NOW.timestamp() + hours * 3600
    headers = _headers((NOW + timedelta(seconds=30)).isoformat(), NOW)
    quota.budgets.heard(headers, ours)
    now = quota.budgets.now(ours)
    assert read_rate_limit(headers, now).reset_at == now + 31


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
    seen = read_rate_limit(headers, NOW.timestamp())
    window, _ = observe(Window(opened=1.0), seen, 1.0, blocked_for=None, block=1)
    reserve(window, 2.0)


def _all_of(window: Window, now: float) -> tuple[int, float]:
    """How much can be reserved at once, and the wait after it."""
    taken = 0
    while True:
        window, block, wait = reserve(window, now)
        if not block:
            return taken, wait
        taken += block


def test_nothing_known_lets_a_few_go() -> None:
    assert _all_of(Window(), 100.0)[0] == UNKNOWN_CONCURRENCY


def test_the_first_answer_tells_the_limit() -> None:
    window, block, _ = reserve(Window(), 100.0)
    window, _ = observe(window, RateLimit(50, 49, 160.0), 100.2, blocked_for=None, block=block)
    assert (window.limit, window.ends) == (50, 160.0)
    assert _all_of(window, 101.0) == (49, 59.0)


def test_what_is_reserved_is_not_reserved_again() -> None:
    window = Window(limit=320, remaining=320, ends=160.0, opened=100.0)
    window, block, _ = reserve(window, 101.0)
    assert block == 20
    assert window.remaining == 300
    after, own = observe(window, RateLimit(320, 310, 160.0), 102.0, blocked_for=None, block=block)
    assert (after.remaining, own) == (300, 20)  # Vimeo has not counted what is still reserved
    after, own = observe(window, RateLimit(320, 5, 160.0), 102.0, blocked_for=None, block=block)
    assert (after.remaining, own) == (5, 5)  # somebody else uses this user's budget, too


def test_a_new_window_begins_with_the_limit() -> None:
    spent = Window(limit=50, remaining=0, ends=160.0, opened=100.0)
    assert reserve(spent, 159.0)[1:] == (0, 1.0)
    window, block, _ = reserve(spent, 160.0)
    assert (window.remaining + block, window.ends) == (50, 0.0)
    window, _ = observe(window, RateLimit(50, 49, 220.0), 160.5, blocked_for=None, block=block)
    assert window.ends == 220.0


def test_an_old_answer_says_nothing_of_the_end_of_a_new_window() -> None:
    window = Window(limit=50, remaining=40, ends=220.0, opened=160.0)
    after, _ = observe(window, RateLimit(50, 0, 160.0), 161.0, blocked_for=None, block=1)
    assert after == window


def test_a_window_that_nobody_ends_is_abandoned() -> None:
    stuck = Window(limit=50, remaining=0, ends=0.0, opened=100.0)
    assert reserve(stuck, 101.0)[1] == 0
    assert reserve(stuck, 100.0 + SILENCE + 1)[1] > 0


def test_no_headers_at_all_do_not_use_anything_up() -> None:
    world, user = World(), ("vimeo", "u")
    quota = Quota(world.cipher, kept=True)
    for _ in range(100):
        if not quota.budgets.take(user, world.now()):
            assert drive(quota.refill(world, user)) == 0.0
            assert quota.budgets.take(user, world.now())
        drive(quota.learn(world, user, RateLimit(), None))


@pytest.mark.parametrize("ends", [1e12, 100.0 + 90_000])
def test_an_end_beyond_reason_is_no_end(ends: float) -> None:
    assert reserve(Window(limit=5, remaining=0, ends=ends, opened=99.0), 100.0)[1] > 0
    assert reserve(Window(limit=5, remaining=5, opened=99.0, blocked_until=ends), 100.0)[1] > 0


def test_lock_outs_double_and_end() -> None:
    window, now, last = Window(), 100.0, 0.0
    for _ in range(20):
        window, block, wait = reserve(window, now)
        assert block
        window, own = observe(window, RateLimit(), now, blocked_for=-1.0, block=block)
        assert own == 0
        _, none, wait = reserve(window, now)
        assert none == 0
        assert max(FIRST_LOCKOUT, last) <= wait <= LONGEST_LOCKOUT
        last, now = wait, now + wait
    assert last == LONGEST_LOCKOUT
    window, _, _ = reserve(window, now)
    window, _ = observe(window, RateLimit(5, 4, now + 60), now, blocked_for=None, block=1)
    window, _ = observe(window, RateLimit(), now, blocked_for=-1.0, block=1)
    assert reserve(window, now)[2] == FIRST_LOCKOUT


def test_a_refusal_with_its_seconds_and_nothing_else_ends_with_them() -> None:
    window, _, _ = reserve(Window(), 100.0)
    window, _ = observe(window, RateLimit(None, 0, None), 100.0, blocked_for=2.0, block=1)
    assert reserve(window, 101.0)[1:] == (0, 1.0)
    assert reserve(window, 102.0)[1] > 0


def test_who_waits_longest_goes_first() -> None:
    budgets, user = Quota(World().cipher, kept=False).budgets, ("vimeo", "u")
    first, second = budgets.ticket(user), budgets.ticket(user)
    assert budgets.begin_reserving(user)
    assert not budgets.begin_reserving(user)
    budgets.reserved(user, Window(limit=9, remaining=8, ends=160.0, opened=100.0), 1, 1)
    assert not budgets.take(user, 101.0)
    assert not budgets.take(user, 101.0, second)
    assert budgets.take(user, 101.0, first)
    budgets.leave(user, first)
    budgets.leave(user, first)
    assert budgets.begin_reserving(user)
    budgets.reserved(user, Window(limit=9, remaining=7, ends=160.0, opened=100.0), 2, 1)
    assert budgets.take(user, 101.0, second)
    assert not budgets.take(("vimeo", "v"), 101.0)


def test_a_block_ends_with_its_window() -> None:
    budgets, user = Quota(World().cipher, kept=False).budgets, ("vimeo", "u")
    budgets.reserved(user, Window(limit=9, remaining=5, ends=160.0, opened=100.0), 1, 4)
    assert budgets.take(user, 159.0)
    assert not budgets.take(user, 160.0)


@given(st.lists(st.tuples(st.integers(1, 60), st.booleans(), st.integers(0, 3)), max_size=60))
def test_two_processes_never_send_more_than_the_limit(steps: list[tuple[int, bool, int]]) -> None:
    """Whatever the order of reserving, sending and answering, Vimeo never sees more than its limit."""
    limit, ends, counted = 30, 160.0, 0
    window = Window(limit=limit, remaining=limit, ends=ends, opened=100.0)
    blocks = [0, 0]
    for now, which, answers in steps:
        me = int(which)
        if not blocks[me]:
            window, block, _ = reserve(window, 100.0 + now % 59)
            blocks[me] += block
        for _ in range(min(answers, blocks[me])):
            blocks[me] -= 1
            counted += 1
            seen = RateLimit(limit, max(0, limit - counted), ends)
            window, blocks[me] = observe(window, seen, 101.0, blocked_for=None, block=blocks[me])
    assert counted <= limit


@pytest.mark.parametrize("kept", [False, True])
def test_the_flow_keeps_windows_where_it_should(kept: bool) -> None:
    world = World()
    first, second = (Quota(world.cipher, kept=kept) for _ in range(2))
    user = ("vimeo", "u")
    assert drive(first.refill(world, user)) == 0.0
    drive(first.learn(world, user, RateLimit(50, 3, world.now() + 30), None))
    assert drive(second.refill(world, user)) == 0.0
    window, _ = second.budgets.last_seen(user)
    assert window.limit == (50 if kept else 0)
