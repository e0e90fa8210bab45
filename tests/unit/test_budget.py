"""Budgets are learned from headers, and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.world import World
from vimeo_toolkit.calls.budget import Budgets
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.window import (
    FIRST_LOCKOUT,
    LONGEST_LOCKOUT,
    POLL,
    SILENCE,
    UNKNOWN_CONCURRENCY,
    Told,
    Window,
    observe,
    reserve,
)
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.runtime.blocking import run_sync

ANA = Owner(Identity("vimeo", "u"), "1.5 /users/7")
SPENT = Window(limit=50, remaining=0, ends=160.0, opened=100.0)


def see(
    window: Window,
    told: Told,
    now: float,
    *,
    sent: float | None = None,
    refused: float | None = None,
    block: int = 1,
) -> tuple[Window, int]:
    told = replace(told, refused=refused)
    return observe(window, told, now, sent=now if sent is None else sent, block=block)


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
    window, _ = see(window, Told(50, 49, 60.0), 100.5, block=block)
    assert (window.limit, window.ends) == (50, 160.5)
    assert _all_of(window, 101.0) == (49, 59.5)


def test_what_is_reserved_is_not_reserved_again() -> None:
    window = Window(limit=320, remaining=320, ends=160.0, opened=100.0)
    window, block, _ = reserve(window, 101.0)
    assert block == 20
    assert window.remaining == 300
    after, own = see(window, Told(320, 310, 58.0), 102.0, block=block)
    assert (after.remaining, own) == (300, 20)  # Vimeo has not counted what is still reserved
    after, own = see(window, Told(320, 5, 58.0), 102.0, block=block)
    assert (after.remaining, own) == (5, 5)  # somebody else uses this user's budget, too


def test_a_new_window_begins_with_the_limit() -> None:
    assert reserve(SPENT, 159.0)[1:] == (0, 1.0)
    window, block, _ = reserve(SPENT, 160.0)
    assert (window.remaining + block, window.ends) == (50, None)
    window, _ = see(window, Told(50, 49, 60.0), 160.5, sent=160.0, block=block)
    assert window.ends == 220.5


def test_an_answer_to_a_request_of_the_last_window_says_nothing_of_this_one() -> None:
    window = Window(limit=50, remaining=40, ends=220.0, opened=160.0)
    assert see(window, Told(50, 0, 1.0), 161.0, sent=159.9) == (window, 1)


def test_an_end_that_moves_on_is_the_same_window() -> None:
    """So Vimeo's resets did in 2017: each a quarter of an hour after its answer."""
    window = Window(limit=100, remaining=80, ends=1_000.0, opened=100.0)
    after, _ = see(window, Told(100, 5, 900.0), 110.0)
    assert (after.ends, after.remaining) == (1_010.0, 5)


def test_a_window_that_nobody_ends_is_abandoned() -> None:
    stuck = replace(SPENT, ends=None)
    assert reserve(stuck, 101.0)[1:] == (0, POLL)
    assert stuck.most(101.0) == SILENCE - 1, "what a caller is told is longer than the next look"
    assert reserve(stuck, 100.0 + SILENCE + 1)[1] > 0


def test_no_headers_at_all_do_not_use_anything_up() -> None:
    world = World()
    quota = Quota(world.cipher, kept=True)
    for _ in range(100):
        if not quota.budgets.take(ANA, world.monotonic()):
            assert run_sync(quota.refill(world, ANA)).seconds == 0.0
            assert quota.budgets.take(ANA, world.monotonic())
        _learn(quota, world, Told())


# ---- refusals ----


def test_lock_outs_double_and_end() -> None:
    window, now, last = Window(), 100.0, 0.0
    for _ in range(20):
        window, block, _ = reserve(window, now)
        assert block
        window, own = see(window, Told(), now, refused=-1.0, block=block)
        assert own == 0
        _, none, wait = reserve(window, now)
        assert none == 0
        assert max(FIRST_LOCKOUT, last) <= wait <= LONGEST_LOCKOUT
        last, now = wait, now + wait
    assert last == LONGEST_LOCKOUT
    window, _, _ = reserve(window, now)
    window, _ = see(window, Told(5, 4, 60.0), now)
    window, _ = see(window, Told(), now, refused=-1.0)
    assert reserve(window, now)[2] == FIRST_LOCKOUT


@pytest.mark.parametrize("asked", [0.0, 0.1, 1.0, 2.5])
def test_a_time_that_was_kept_and_led_nowhere_is_not_believed_again(asked: float) -> None:
    window, now, requests = Window(), 100.0, 0
    while now < 160.0:
        window, block, wait = reserve(window, now)
        if block:
            requests += block
            window, _ = see(window, Told(), now, refused=asked, block=block)
        else:
            now += wait
    assert requests <= 5


def test_requests_refused_together_are_one_refusal() -> None:
    window, _, _ = reserve(Window(), 100.0)
    for moment in (101.0, 101.5, 102.0, 106.5):
        window, _ = see(window, Told(), moment, sent=100.0, refused=-1.0)
    assert (window.lockout, window.blocked_until) == (FIRST_LOCKOUT, 106.5)


def test_after_a_refusal_one_request_goes_first() -> None:
    window, _, _ = reserve(Window(), 100.0)
    window, _ = see(window, Told(50, 0, None), 100.0, refused=-1.0)
    window, block, _ = reserve(window, 200.0)
    assert block == 1
    assert reserve(window, 200.1)[1:] == (0, POLL)
    assert reserve(window, 201.0 + SILENCE)[1] == 1, "its answer never came"
    window, _ = see(window, Told(50, 49, 60.0), 200.5, sent=200.0)
    assert reserve(window, 200.6)[1] > 1


def test_a_success_from_before_the_refusal_does_not_end_it() -> None:
    window, _, _ = reserve(Window(), 100.0)
    window, _ = see(window, Told(), 101.0, sent=100.0, refused=-1.0)
    window, _ = see(window, Told(50, 40, 60.0), 101.5, sent=100.0)
    assert window.lockout
    assert window.blocked(102.0)


def test_a_refusal_with_its_seconds_and_nothing_else_ends_with_them() -> None:
    window, _, _ = reserve(Window(), 100.0)
    window, _ = see(window, Told(None, 0, None), 100.0, refused=2.0)
    assert reserve(window, 101.0)[1:] == (0, 1.0)
    assert reserve(window, 102.0)[1] > 0


# ---- the shares of a process ----


def test_who_waits_longest_goes_first() -> None:
    budgets = Budgets()
    first, second = budgets.ticket(ANA), budgets.ticket(ANA)
    assert budgets.begin(ANA)
    assert not budgets.begin(ANA)
    budgets.reserved(ANA, Window(limit=9, remaining=8, ends=160.0, opened=100.0), 1, 1)
    budgets.end(ANA)
    assert not budgets.take(ANA, 101.0)
    assert not budgets.take(ANA, 101.0, second)
    assert budgets.take(ANA, 101.0, first)
    budgets.leave(ANA, first)
    budgets.leave(ANA, first)
    assert budgets.begin(ANA)
    budgets.reserved(ANA, Window(limit=9, remaining=7, ends=160.0, opened=100.0), 2, 1)
    assert budgets.take(ANA, 101.0, second)
    assert not budgets.take(Owner(Identity("vimeo", "v")), 101.0)


def test_a_block_ends_with_its_window() -> None:
    budgets = Budgets()
    budgets.reserved(ANA, Window(limit=9, remaining=5, ends=160.0, opened=100.0), 1, 4)
    assert budgets.take(ANA, 159.0)
    assert not budgets.take(ANA, 160.0)
    budgets.reserved(ANA, Window(limit=9, remaining=8, opened=160.0), 2, 1)
    assert budgets.block(ANA) == 1


@given(st.lists(st.tuples(st.integers(1, 60), st.booleans(), st.integers(0, 3)), max_size=60))
def test_two_processes_never_send_more_than_the_limit(steps: list[tuple[int, bool, int]]) -> None:
    """Whatever the order of reserving, sending and answering, Vimeo never sees more than its limit."""
    limit, counted = 30, 0
    window = Window(limit=limit, remaining=limit, ends=160.0, opened=100.0)
    blocks = [0, 0]
    for now, which, answers in steps:
        me = int(which)
        if not blocks[me]:
            window, block, _ = reserve(window, 100.0 + now % 59)
            blocks[me] += block
        for _ in range(min(answers, blocks[me])):
            blocks[me] -= 1
            counted += 1
            told = Told(limit, max(0, limit - counted), 59.0)
            window, blocks[me] = see(window, told, 101.0, block=blocks[me])
    assert counted <= limit


@pytest.mark.parametrize("kept", [False, True])
def test_the_flow_keeps_windows_where_it_should(kept: bool) -> None:
    world = World()
    first, second = (Quota(world.cipher, kept=kept) for _ in range(2))
    assert run_sync(first.refill(world, ANA)).seconds == 0.0
    _learn(first, world, Told(50, 3, 30.0))
    assert run_sync(second.refill(world, ANA)).seconds == 0.0
    window, _ = second.budgets.last_seen(ANA)
    assert window.limit == (50 if kept else 0)


@pytest.mark.parametrize("kept", [False, True])
def test_another_vimeo_user_inherits_no_ban(kept: bool) -> None:
    world = World()
    quota = Quota(world.cipher, kept=kept)
    _learn(quota, world, Told(), 600.0)
    assert run_sync(quota.refill(world, ANA)).seconds == pytest.approx(600.0)
    assert run_sync(quota.refill(world, ANA._replace(generation="2.5 /users/8"))).seconds == 0.0


def test_a_ban_longer_than_a_day_is_kept_as_long() -> None:
    world = World()
    _learn(Quota(world.cipher, kept=True), world, Told(), 200_000.0)
    for passed, left in ((100_000.0, 100_000.0), (99_990.0, 10.0)):
        world.time += passed
        assert run_sync(Quota(world.cipher, kept=True).refill(world, ANA)).seconds == pytest.approx(left)


def test_a_straggler_counts_in_the_window_that_it_reached() -> None:
    """Sent before this window opened, counted by Vimeo in this one: what is left is one less, its end is known."""
    window = Window(limit=50, remaining=40, opened=160.0, figure=1_000.0, since=100.0)
    told = Told(limit=50, remaining=45, left=58.0, figure=1_060.0)
    seen, block = observe(window, told, 161.0, sent=159.0, block=3)
    assert (seen.remaining, seen.ends, block) == (39, 219.0, 3)
    # The next one names the same window, and counts as well.
    seen, block = observe(seen, told, 162.0, sent=159.5, block=3)
    assert (seen.remaining, block) == (38, 3)
    used_up = Window(limit=50, remaining=0, opened=160.0, figure=1_060.0, since=161.0)
    assert observe(used_up, told, 162.0, sent=159.0, block=3)[1] == 2


def test_a_late_answer_of_the_window_before_is_not_counted() -> None:
    window = Window(limit=50, remaining=40, opened=160.0, figure=1_000.0, since=100.0)
    told = Told(limit=50, remaining=0, left=0.5, figure=1_000.0)
    assert observe(window, told, 161.0, sent=159.0, block=3) == (window, 3)


def _learn(quota: Quota, world: World, told: Told, refused: float | None = None) -> None:
    """Learn from an answer that arrives at once."""
    now = world.monotonic()
    run_sync(quota.learn(world, ANA, replace(told, refused=refused), sent=now, arrived=now))


class _SlowRows:
    """A store in which the first look at a row takes a while, and the first change loses against another's."""

    def __init__(self, world: World, seconds: float) -> None:
        self.world, self.real, self.seconds = world, world.store, seconds
        self.lost = False

    async def aget(self, key: Any) -> Any:
        self.world.time += self.seconds
        return await self.real.aget(key)

    async def aput(self, *given: Any, **named: Any) -> bool:
        if not self.lost:
            self.lost = True
            return False
        return bool(await self.real.aput(*given, **named))


def test_an_answer_says_the_same_however_late_it_is_learned() -> None:
    """The store is slow and another process is first: the window ends when the answer said, and no later."""
    world = World()
    world.store = cast(Any, _SlowRows(world, 0.7))
    quota, arrived = Quota(world.cipher, kept=True), world.monotonic()
    _learn(quota, world, Told(50, 3, 30.0))
    assert world.monotonic() > arrived + 1.4
    window, _ = quota.budgets.last_seen(ANA)
    assert window.limit == 50
    assert window.ends == pytest.approx(arrived + 30.0)


def test_a_request_that_is_under_way_when_a_window_opens_holds_one_of_it_back() -> None:
    budgets, now = Budgets(), 100.0
    first = Window(limit=10, remaining=7, ends=110.0, opened=90.0)
    budgets.reserved(ANA, first, 1, 3)
    turns = [budgets.take(ANA, now) for _ in range(3)]
    assert 0 not in turns
    assert len(set(turns)) == 1
    assert budgets.take(ANA, now) == 0
    budgets.land(ANA, turns[0])
    second = Window(limit=10, remaining=7, ends=130.0, opened=111.0)
    budgets.reserved(ANA, second, 2, 3)
    assert budgets.wanted(ANA) == 3, "one for who asks, and two that are held back"
    later = budgets.take(ANA, 112.0)
    assert later not in (0, turns[0])
    assert budgets.take(ANA, 112.0) == 0
    assert budgets.holds_back(ANA)
    budgets.land(ANA, turns[1])
    assert budgets.take(ANA, 112.0) == later
    budgets.land(ANA, turns[2])
    assert not budgets.holds_back(ANA)
    assert budgets.wanted(ANA) == 1
    for turn in (later, later, turns[0]):
        budgets.land(ANA, turn)  # one too many does not count
    budgets.reserved(ANA, second, 3, 1)
    assert budgets.take(ANA, 112.0) == later


def test_what_other_processes_may_still_send_is_bounded_by_what_answers_told() -> None:
    budgets, now = Budgets(), 100.0
    window = Window(limit=50, remaining=30, ends=160.0, opened=90.0)
    budgets.reserved(ANA, window, 1, 4)
    assert budgets.elsewhere(ANA, window) is None, "no answer has told of this window"
    assert budgets.take(ANA, now)
    budgets.is_news(ANA, Told(50, 10, 60.0), now, 89.0)
    assert budgets.elsewhere(ANA, window) is None, "it was sent before this window"
    for told in (44, 40, 42):
        budgets.is_news(ANA, Told(50, told, 60.0), now, now)
    assert budgets.elsewhere(ANA, window) == 40 - 30 - 3 - 1
    assert budgets.elsewhere(ANA, replace(window, remaining=38)) == 0
    assert budgets.elsewhere(ANA, replace(window, opened=161.0)) is None, "another window"
    budgets.reserved(ANA, replace(window, opened=161.0), 2, 0)
    assert budgets.elsewhere(ANA, replace(window, opened=161.0)) is None
    assert budgets.elsewhere(ANA, replace(window, limit=0)) is None
