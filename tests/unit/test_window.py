"""What is left of a user's requests: each rule of `reserve` and `observe` by its figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from vimeo_toolkit.calls.window import (
    FIRST_LOCKOUT,
    LONGEST_LOCKOUT,
    POLL,
    SILENCE,
    UNKNOWN_CONCURRENCY,
    UNPROVEN,
    Told,
    Window,
    corrects,
    observe,
    reserve,
)

KNOWN = Window(limit=320, remaining=300, ends=160.0, opened=100.0)


def seen(window: Window, told: Told, now: float = 110.0, **more: Any) -> tuple[Window, int]:
    told = replace(told, refused=more.pop("refused", None))
    return observe(window, told, now, **{"sent": now - 0.5, "block": 3, **more})


def test_all_times_of_a_window_move_and_nothing_else() -> None:
    window = Window(
        limit=9,
        remaining=8,
        ends=1.0,
        opened=2.0,
        blocked_until=3.0,
        lockout=4.0,
        tried=5.0,
        figure=6.0,
        since=7.0,
    )
    assert window.moved(10.0) == Window(
        limit=9, remaining=8, ends=11.0, opened=12.0, blocked_until=13.0, lockout=4.0, tried=15.0, figure=6.0,
        since=17.0,
    )  # fmt: skip
    assert Window().moved(10.0) == Window()


@pytest.mark.parametrize(
    ("window", "wait"),
    [
        (Window(), 0.0),
        (KNOWN, 60.0),
        (replace(KNOWN, ends=90.0), 0.0),
        (replace(KNOWN, ends=None), SILENCE),
        (replace(KNOWN, ends=None, opened=10.0), 0.0),
        (replace(KNOWN, ends=None, opened=None), 0.0),
        (replace(KNOWN, blocked_until=107.0), 7.0),
        (replace(KNOWN, blocked_until=100.0), 60.0),
        (replace(KNOWN, blocked_until=90.0, lockout=5.0), 0.0),
        (replace(KNOWN, blocked_until=90.0, lockout=5.0, tried=95.0), SILENCE - 5),
    ],
)
def test_the_longest_wait(window: Window, wait: float) -> None:
    assert window.most(100.0) == wait


def test_a_block_is_a_sixteenth_between_one_and_fifty() -> None:
    for remaining, block in ((1, 1), (15, 1), (31, 1), (32, 2), (320, 20), (800, 50), (8_000, 50)):
        window = replace(KNOWN, limit=9_000, remaining=remaining)
        assert reserve(window, 101.0) == (replace(window, remaining=remaining - block), block, 0.0)


@pytest.mark.parametrize(
    ("window", "now"),
    [
        (replace(KNOWN, remaining=0), 160.0),
        (replace(KNOWN, remaining=0, ends=None), 100.1 + SILENCE),
        (replace(KNOWN, remaining=0, ends=None, opened=None), 100.0),
        (replace(KNOWN, remaining=0, blocked_until=120.0), 160.0),
    ],
    ids=["ended", "abandoned", "never opened", "was blocked"],
)
def test_a_window_that_is_over_begins_again_with_the_limit(window: Window, now: float) -> None:
    begun = replace(window, remaining=300, ends=None, opened=now, blocked_until=None)
    assert reserve(window, now) == (begun, 20, 0.0)
    unknown = replace(window, limit=0)
    assert reserve(unknown, now)[0] == replace(begun, limit=0, remaining=UNKNOWN_CONCURRENCY - 1)


def test_what_is_used_up_waits_for_the_end_or_for_an_answer() -> None:
    spent = replace(KNOWN, remaining=0)
    assert reserve(spent, 130.0) == (spent, 0, 30.0)
    for opened in (100.0, 100.0 - SILENCE):  # exactly as long as the silence is not yet abandoned
        unheard = replace(spent, ends=None, opened=opened)
        assert reserve(unheard, 100.0) == (unheard, 0, POLL)


def test_one_request_tries_whether_refusals_are_over() -> None:
    locked = replace(KNOWN, lockout=5.0, blocked_until=105.0)
    assert reserve(locked, 104.0) == (locked, 0, 1.0)
    trying, block, wait = reserve(locked, 105.0)
    assert (trying, block, wait) == (replace(locked, remaining=299, tried=105.0), 1, 0.0)
    assert reserve(trying, 105.0 + SILENCE) == (trying, 0, POLL)
    assert reserve(replace(trying, remaining=0), 159.0)[2] == 1.0


# ---- what an answer says ----


def test_an_answer_lowers_what_is_left_and_never_raises_it() -> None:
    assert seen(KNOWN, Told(320, 290, 50.0)) == (replace(KNOWN, remaining=290), 3)
    assert seen(KNOWN, Told(320, 310, 50.0)) == (KNOWN, 3)
    assert seen(KNOWN, Told(320, 2, 50.0)) == (replace(KNOWN, remaining=2), 2)
    assert seen(KNOWN, Told(500, None, None)) == (replace(KNOWN, limit=500), 3)


def test_the_first_figure_counts_what_was_lent_less_the_answers_own_request() -> None:
    lent = Window(remaining=UNKNOWN_CONCURRENCY - 4, opened=100.0)
    assert seen(lent, Told(50, 49, 50.0))[0] == Window(limit=50, remaining=46, ends=160.0, opened=100.0)
    nothing_lent = Window(remaining=UNKNOWN_CONCURRENCY, opened=100.0)
    assert seen(nothing_lent, Told(50, 49, 50.0))[0].remaining == 49
    assert seen(lent, Told(50, 1, 50.0))[0].remaining == 0


def test_without_headers_what_was_lent_comes_back_up_to_what_may_be_lent() -> None:
    lent = Window(remaining=5, opened=100.0)
    assert seen(lent, Told()) == (replace(lent, remaining=6), 3)
    whole = Window(opened=100.0)
    assert seen(whole, Told()) == (whole, 3)
    assert seen(KNOWN, Told()) == (KNOWN, 3)


def test_an_end_is_corrected_when_it_differs_by_more_than_a_second() -> None:
    assert seen(KNOWN, Told(320, 300, 51.0))[0].ends == 160.0
    assert seen(KNOWN, Told(320, 300, 51.1))[0].ends == pytest.approx(161.1)
    assert seen(KNOWN, Told(320, 300, 48.0))[0].ends == 158.0
    assert seen(KNOWN, Told(320, 300, 48.0, sure=False))[0].ends == 160.0
    assert seen(replace(KNOWN, ends=None), Told(320, 300, 48.0, sure=False))[0].ends == 158.0
    assert seen(replace(KNOWN, ends=110.0), Told(320, 300, 0.5, sure=False))[0].ends == 110.5


def test_what_corrects_an_end() -> None:
    assert not corrects(KNOWN, Told(), 110.0)
    assert not corrects(KNOWN, Told(left=50.5), 110.0)
    assert corrects(KNOWN, Told(left=52.0), 110.0)
    assert not corrects(KNOWN, Told(left=52.0, sure=False), 110.0)
    assert corrects(replace(KNOWN, ends=110.0), Told(left=0.5, sure=False), 110.0)


def test_figures_of_a_newer_window_are_not_taken_for_this_ones_near_its_end() -> None:
    told = Told(320, 319, 60.0)
    assert seen(replace(KNOWN, remaining=20), told, 159.5)[0].remaining == 20
    low = Told(320, 5, 60.0)
    assert seen(KNOWN, low, 159.0) == (replace(KNOWN, ends=219.0), 3), (
        "the end is near: it tells of the next one"
    )
    assert seen(KNOWN, low, 158.9)[0].remaining == 5, (
        "an end that moves on before it has come is the same window"
    )
    assert seen(KNOWN, Told(320, 5, 1.5), 159.5)[0].remaining == 5, "a second's difference is the same end"


def test_an_answer_of_the_window_before_changes_nothing_but_the_limit() -> None:
    window = replace(KNOWN, opened=100.0, figure=60.0, since=50.0)
    told = Told(400, 0, 0.5, figure=60.0)
    assert seen(window, told, 101.0, sent=99.0) == (replace(window, limit=400), 3)
    unknown = Window(opened=100.0, remaining=4)
    assert seen(unknown, Told(None, 2, 5.0), 101.0, sent=99.0) == (replace(unknown, remaining=5), 3)
    at_once = seen(window, replace(told, left=59.0), 101.0, sent=100.0)[0]
    assert at_once.remaining == 0, "sent when it opened, it is of this window"


@pytest.mark.parametrize(
    ("remaining", "told", "block", "after"),
    [
        (40, 45, 3, (39, 3)),
        (40, 20, 3, (20, 3)),
        (40, 2, 3, (2, 2)),
        (0, 45, 3, (0, 2)),
        (1, 45, 3, (0, 3)),
        (0, 1, 3, (0, 1)),
        (0, 45, 0, (0, 0)),
    ],
)
def test_a_straggler_uses_up_one_of_the_window_that_it_reached(
    remaining: int, told: int, block: int, after: tuple[int, int]
) -> None:
    window = Window(limit=50, remaining=remaining, opened=160.0, figure=1_000.0, since=100.0)
    answered = Told(limit=50, remaining=told, left=58.0, figure=1_060.0)
    seen_after, own = observe(window, answered, 161.0, sent=159.0, block=block)
    assert (seen_after.remaining, own) == after
    assert (seen_after.figure, seen_after.since) == (1_060.0, 161.0)


@pytest.mark.parametrize(
    ("window", "told"),
    [
        ({"limit": 0}, {}),
        ({}, {"figure": None}),
        ({}, {"left": None}),
        ({"figure": 1_060.0, "since": 159.4}, {}),
        ({"figure": 1_120.0}, {}),
        ({"figure": 1_060.0, "since": None}, {}),
    ],
)
def test_who_cannot_be_told_from_the_window_before_is_not_counted(
    window: dict[str, Any], told: dict[str, Any]
) -> None:
    before = Window(limit=50, remaining=40, opened=160.0, figure=1_000.0, since=100.0)
    answered = Told(limit=None, remaining=5, left=58.0, figure=1_060.0)
    after, own = seen(replace(before, **window), replace(answered, **told), 161.0, sent=159.0)
    assert (after.remaining, own) == (40 if after.limit else 10, 3)


@pytest.mark.parametrize("since", [160.0, 159.6])
def test_one_that_was_first_named_when_this_window_opened_is_counted(since: float) -> None:
    window = Window(limit=50, remaining=40, opened=160.0, figure=1_060.0, since=since)
    told = Told(limit=50, remaining=45, left=58.0, figure=1_060.0)
    assert seen(window, told, 161.0, sent=159.0)[0].remaining == 39


def test_the_end_that_a_doubtful_clock_judges_counts_from_when_it_was_first_told() -> None:
    told = Told(320, 300, UNPROVEN, sure=False, figure=9.0)
    first = seen(replace(KNOWN, ends=None), told, 100.0)[0]
    assert (first.figure, first.since, first.ends) == (9.0, 100.0, 100.0 + UNPROVEN)
    again = seen(replace(first, ends=None), told, 130.0)[0]
    assert (again.since, again.ends) == (100.0, 100.0 + UNPROVEN)
    at_the_end = seen(replace(first, ends=None), told, 100.0 + UNPROVEN)[0]
    assert at_the_end.ends == 100.0 + UNPROVEN + 1.0
    sure = seen(replace(first, ends=None), replace(told, sure=True), 130.0)[0]
    assert sure.ends == 130.0 + UNPROVEN
    no_end = seen(replace(first, ends=None), replace(told, left=None), 130.0)[0]
    assert no_end.ends is None
    # Told for longer than a window can last: a clock has leapt, and it counts anew.
    assert seen(first, told, 170.0)[0].since == 100.0
    assert seen(first, told, 170.1)[0].since == 170.1
    assert seen(first, replace(told, figure=10.0), 120.0)[0].since == 120.0
    assert seen(first, Told(320, 300, 30.0), 120.0)[0].figure == 9.0


# ---- refusals ----


def test_a_refusal_without_a_time_pauses_and_the_next_one_twice_as_long() -> None:
    once, block = seen(KNOWN, Told(), 110.0, refused=-1.0)
    assert block == 0
    assert once == replace(KNOWN, blocked_until=110.0 + FIRST_LOCKOUT, lockout=FIRST_LOCKOUT)
    twice = seen(replace(once, tried=115.0), Told(), 116.0, sent=115.0, refused=-1.0)[0]
    assert twice == replace(once, blocked_until=126.0, lockout=10.0)
    longest = seen(replace(KNOWN, lockout=600.0, blocked_until=100.0), Told(), 110.0, refused=-1.0)[0]
    assert (longest.lockout, longest.blocked_until) == (LONGEST_LOCKOUT, 110.0 + LONGEST_LOCKOUT)


def test_a_refusal_with_a_time_pauses_for_it_and_longer_when_it_led_nowhere() -> None:
    once = seen(KNOWN, Told(), 110.0, refused=2.0)[0]
    assert (once.blocked_until, once.lockout) == (112.0, FIRST_LOCKOUT / 2)
    twice = seen(once, Told(), 113.0, sent=112.5, refused=2.0)[0]
    assert (twice.blocked_until, twice.lockout) == (118.0, FIRST_LOCKOUT)
    longer = seen(once, Told(), 113.0, sent=112.5, refused=50.0)[0]
    assert longer.blocked_until == 163.0
    at_once = seen(KNOWN, Told(), 110.0, refused=0.0)[0]
    assert (at_once.blocked_until, at_once.lockout) == (110.0, FIRST_LOCKOUT / 2)


def test_the_end_of_the_window_is_the_time_of_a_refusal_that_names_none() -> None:
    told = seen(KNOWN, Told(left=20.0), 110.0, refused=-1.0)[0]
    assert (told.blocked_until, told.ends, told.lockout) == (130.0, 130.0, FIRST_LOCKOUT / 2)
    asked = seen(KNOWN, Told(left=20.0), 110.0, refused=7.0)[0]
    assert asked.blocked_until == 117.0
    now = seen(KNOWN, Told(left=20.0), 110.0, refused=0.0)[0]
    assert now.blocked_until == 110.0


def test_the_time_that_a_refusal_names_is_the_end_where_no_other_is_known() -> None:
    assert seen(replace(KNOWN, ends=None), Told(), 110.0, refused=2.0)[0].ends == 112.0
    assert seen(replace(KNOWN, ends=110.0), Told(), 110.0, refused=2.0)[0].ends == 112.0
    assert seen(KNOWN, Told(), 110.0, refused=2.0)[0].ends == 160.0
    assert seen(replace(KNOWN, ends=None), Told(), 110.0, refused=-1.0)[0].ends is None


def test_requests_that_were_under_way_together_are_refused_once() -> None:
    blocked = replace(KNOWN, blocked_until=112.0, lockout=FIRST_LOCKOUT)
    for told in (110.0, 113.0):  # the pause lasts, or is over
        after = seen(blocked, Told(), told, sent=109.0, refused=-1.0)[0]
        assert (after.lockout, after.blocked_until) == (FIRST_LOCKOUT, max(112.0, told))
    longer = seen(blocked, Told(), 110.0, sent=109.0, refused=8.0)[0]
    assert (longer.lockout, longer.blocked_until) == (FIRST_LOCKOUT, 118.0)
    after_it = seen(blocked, Told(), 112.5, sent=112.0, refused=-1.0)[0]
    assert after_it.lockout == 2 * FIRST_LOCKOUT


def test_a_request_that_is_let_through_after_the_pause_ends_it() -> None:
    blocked = replace(KNOWN, blocked_until=112.0, lockout=FIRST_LOCKOUT, tried=112.0)
    ended = replace(blocked, lockout=0.0, tried=None)
    assert seen(blocked, Told(), 113.0, sent=112.0)[0] == ended
    assert seen(blocked, Told(), 113.0, sent=111.9)[0] == blocked
    assert seen(replace(blocked, blocked_until=None), Told(), 113.0)[0] == replace(ended, blocked_until=None)


OLD = Window(limit=50, remaining=4, ends=160.0, opened=100.0, figure=1_060.0, since=101.0)
NEXT = Told(limit=50, remaining=49, left=59.5, figure=1_120.0)


@pytest.mark.parametrize(
    ("elsewhere", "block", "after"),
    [(0, 3, (49, 0)), (30, 3, (19, 0)), (44, 0, (5, 0)), (45, 0, (4, 0)), (42, 3, (4, 3)), (None, 3, (4, 3))],
)
def test_a_window_that_begins_sooner_than_expected_is_used_at_once(
    elsewhere: int | None, block: int, after: tuple[int, int]
) -> None:
    window, own = seen(OLD, NEXT, 159.5, block=block, elsewhere=elsewhere)
    assert (window.remaining, own) == after
    assert window.ends == 219.0
    assert window.opened == (159.5 if after[0] > 4 else 100.0)


def test_an_end_that_moves_long_before_it_has_come_opens_no_window() -> None:
    """So Vimeo's did in 2017, with each answer."""
    window, own = seen(OLD, NEXT, 130.0, elsewhere=0)
    assert (window.remaining, own, window.opened) == (4, 3, 100.0)


def test_an_answer_that_was_overtaken_says_nothing_of_the_window_that_runs() -> None:
    window = replace(OLD, opened=160.0, remaining=45, ends=220.0, figure=1_120.0, since=160.0)
    told = Told(limit=50, remaining=0, left=0.5, figure=1_060.0)
    assert observe(window, told, 161.0, sent=159.0, block=3) == (window, 3)
