"""What is kept of a budget: in this process, and in the row that processes share."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.world import World
from vimeo_toolkit.accounts.rows import own_key
from vimeo_toolkit.calls.budget import Budgets
from vimeo_toolkit.calls.budget_row import from_row, to_row
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.window import FIRST_LOCKOUT, LONGEST_LOCKOUT, LONGEST_WINDOW, Told, Window
from vimeo_toolkit.errors import StoreError
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.stores.protocol import Key, Row
from vimeo_toolkit.wire.sending import LONGEST_ASKED

ANA = Owner(Identity("vimeo", "u"), "1.5 /users/7")
BEN = Owner(Identity("vimeo", "v"), "2.5 /users/8")
WINDOW = Window(
    limit=320,
    remaining=300,
    ends=160.0,
    opened=100.0,
    blocked_until=130.0,
    lockout=5.0,
    tried=120.0,
    figure=9.0,
    since=110.0,
)


def test_a_row_gives_back_every_field_of_its_window() -> None:
    row = json.loads(json.dumps(to_row(WINDOW, 125.0)))
    assert from_row(row) == (WINDOW, 125.0)
    assert row == {
        "written": 125.0,
        "limit": 320,
        "remaining": 300,
        "lockout": 5.0,
        "figure": 9.0,
        "ends": 35.0,
        "blocked_until": 5.0,
        "opened": -25.0,
        "tried": -5.0,
        "since": -15.0,
    }
    assert set(row) - {"written"} == {field.name for field in fields(Window)}
    assert from_row(to_row(Window(), 7.0)) == (Window(), 7.0)


def test_a_row_promises_no_time_beyond_reason() -> None:
    """Its writer's clock may have leapt: nothing has happened after it was written, and nothing ends too late."""
    far = Window(1, 1, 1e9, 1e9, 1e9, 1e9, 1e9, 1e9, 1e9)
    read, _ = from_row(to_row(far, 100.0))
    assert read == Window(
        1, 1, 100.0 + LONGEST_WINDOW, 100.0, 100.0 + LONGEST_ASKED, LONGEST_LOCKOUT, 100.0, 1e9, 100.0
    )


def reader(world: World) -> tuple[Window, int]:
    quota = Quota(world.cipher, kept=True)
    return run_sync(quota.windows.load(world, ANA))


def test_another_process_reads_what_one_wrote() -> None:
    world = World()
    writer = Quota(world.cipher, kept=True)
    now = world.monotonic()
    window = replace(WINDOW.moved(now - 125.0), blocked_until=None)
    version = run_sync(writer.windows.swap(world, ANA, 0, window))
    assert version == int(world.now() * 1_000_000)
    assert reader(world) == (window, version)
    assert run_sync(writer.windows.swap(world, ANA, 0, window)) is None, "its version has moved on"
    again = run_sync(writer.windows.swap(world, ANA, version + 5_000_000, window))
    assert again is None
    assert version is not None
    assert run_sync(writer.windows.swap(world, ANA, version, window)) == version + 1


@pytest.mark.parametrize("damage", ["generation", "sealed", "json", "field", "number"])
def test_a_row_that_does_not_fit_is_learned_anew_at_its_version(damage: str) -> None:
    world = World()
    key = own_key("budget", ANA.identity)
    body = to_row(WINDOW, 0.0) | {"generation": ANA.generation, "wrong": None}
    if damage == "generation":
        body["generation"] = BEN.generation
    elif damage == "field":
        del body["limit"]
    elif damage == "number":
        body["remaining"] = float("inf")
    text = b"{" if damage == "json" else json.dumps(body).encode()
    value = b"other" if damage == "sealed" else world.cipher.seal(key, 5, text)
    assert run_sync(world.store.aput(key, value, version=5, expected=0, ttl=60.0))
    assert reader(world) == (Window(), 5)


def test_a_window_that_only_this_process_keeps_is_compared_and_set() -> None:
    world = World()
    quota = Quota(world.cipher, kept=False)
    first = run_sync(quota.windows.swap(world, ANA, 0, WINDOW))
    assert first == int(world.now() * 1_000_000)
    assert run_sync(quota.windows.load(world, ANA)) == (WINDOW, first)
    other = replace(WINDOW, remaining=7)
    assert run_sync(quota.windows.swap(world, ANA, 0, other)) is None
    assert run_sync(quota.windows.load(world, ANA)) == (WINDOW, first)
    assert run_sync(quota.windows.swap(world, ANA, first, other)) == first + 1
    assert run_sync(world.store.aget(own_key("budget", ANA.identity))) is None


class Watched:
    """A store that notes what is done to budgets."""

    def __init__(self, world: World) -> None:
        self._rows = world.store
        self.ascan, self.adelete = self._rows.ascan, self._rows.adelete
        self.done: list[str] = []

    async def aget(self, key: Key) -> Row | None:
        self.done.append("read")
        return await self._rows.aget(key)

    async def aput(self, key: Key, value: bytes, **more: Any) -> bool:
        done = await self._rows.aput(key, value, **more)
        self.done.append("written" if done else "refused")
        return done

    def since(self) -> list[str]:
        done, self.done = self.done, []
        return done


def _watched() -> tuple[World, Watched]:
    world = World()
    watched = Watched(world)
    world.store = cast(Any, watched)
    return world, watched


def _told(remaining: int) -> Told:
    return Told(limit=100, remaining=remaining, left=60.0, figure=1.0)


def _learn(quota: Quota, world: World, remaining: int) -> None:
    now = world.monotonic()
    run_sync(quota.learn(world, ANA, _told(remaining), sent=now, arrived=now))


def test_an_answer_is_noted_without_a_look_at_a_row_that_nobody_else_changes() -> None:
    world, store = _watched()
    quota = Quota(world.cipher, kept=True)
    run_sync(quota.refill(world, ANA))
    assert store.since() == ["read", "written"]
    _learn(quota, world, 99)
    _learn(quota, world, 90)
    assert store.since() == ["written", "written"]
    assert reader(world) == quota.budgets.last_seen(ANA)
    store.since()
    run_sync(quota.refill(world, ANA))
    assert store.since() == ["read", "written"], "who reserves always looks"


def test_a_row_that_another_process_changed_is_read_until_it_is_left_alone() -> None:
    world, store = _watched()
    quota, other = Quota(world.cipher, kept=True), Quota(world.cipher, kept=True)
    run_sync(quota.refill(world, ANA))
    _learn(quota, world, 99)
    run_sync(other.refill(world, ANA))
    store.since()
    _learn(quota, world, 50)
    assert store.since() == ["refused", "read", "written"]
    _learn(quota, world, 40)
    assert store.since() == ["read", "written"], "another process was there before: nothing is tried unseen"
    _learn(quota, world, 30)
    assert store.since() == ["written"], "nobody has been there meanwhile"
    assert reader(world)[0].remaining == 30


def test_an_answer_that_changes_nothing_here_is_held_against_the_row() -> None:
    """Another process may know of a newer window."""
    world, store = _watched()
    quota = Quota(world.cipher, kept=True)
    run_sync(quota.refill(world, ANA))
    _learn(quota, world, 99)
    window, version = quota.budgets.last_seen(ANA)
    newer = replace(window, remaining=80)
    assert run_sync(Quota(world.cipher, kept=True).windows.swap(world, ANA, version, newer))
    store.since()
    run_sync(quota.windows.exchange(world, ANA, lambda seen: (seen, None), unseen=True))
    assert store.since() == ["read"]


def test_a_write_that_failed_is_followed_by_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    world, store = _watched()
    quota = Quota(world.cipher, kept=True)
    run_sync(quota.refill(world, ANA))
    _learn(quota, world, 99)

    async def broken(*_: Any, **__: Any) -> bool:
        raise StoreError("broken")

    with monkeypatch.context() as patch:
        patch.setattr(store, "aput", broken)
        _learn(quota, world, 98)
    store.since()
    _learn(quota, world, 97)
    assert store.since() == ["read", "written"]


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["take", "learn"])), max_size=40))
def test_processes_never_hand_out_more_than_there_is(steps: list[tuple[int, str]]) -> None:
    """In whatever order three processes reserve, take and learn."""
    world = World()
    quotas = [Quota(world.cipher, kept=True) for _ in range(3)]
    run_sync(quotas[0].refill(world, ANA))
    _learn(quotas[0], world, 20)
    sent = [0]

    def take(quota: Quota) -> None:
        for _ in range(2):
            if quota.budgets.take(ANA, world.monotonic()):
                sent[0] += 1
                return
            run_sync(quota.refill(world, ANA))

    for which, what in steps:
        if what == "take":
            take(quotas[which])
        else:
            _learn(quotas[which], world, 20 - min(sent[0], 20))
    assert sent[0] <= 21, "the first one was reserved before the limit was known"


# ---- the budgets of one process ----


def test_a_user_who_is_forgotten_takes_no_memory() -> None:
    budgets = Budgets()
    for owner in (ANA, Owner(ANA.identity, "another generation"), BEN):
        budgets.ticket(owner)
    budgets.forget(ANA.identity)
    assert list(budgets._users) == [BEN]
    budgets.leave(ANA, 1)
    budgets.end(ANA)
    budgets.land(ANA, 1)
    assert budgets.take(ANA, 0.0) == 0


def test_who_lost_the_race_changes_nothing() -> None:
    budgets = Budgets()
    assert budgets.swap(ANA, 0, WINDOW, 3)
    assert budgets.last_seen(ANA) == (WINDOW, 3)
    assert not budgets.swap(ANA, 0, Window(), 4)
    assert budgets.last_seen(ANA) == (WINDOW, 3)
    assert budgets.last_seen(BEN) == (Window(), 0)


def test_a_reservation_that_was_given_up_can_be_begun_again() -> None:
    budgets = Budgets()
    assert budgets.begin(ANA)
    assert not budgets.begin(ANA)
    assert budgets.begin(BEN)
    budgets.end(ANA)
    assert budgets.begin(ANA)
    budgets.reserved(ANA, WINDOW, 1, 2)
    budgets.end(ANA)
    assert budgets.begin(ANA)


def test_a_block_adds_up_within_a_window_and_not_across() -> None:
    budgets = Budgets()
    first = Window(limit=9, remaining=9, opened=100.0)
    budgets.reserved(ANA, first, 1, 2)
    budgets.reserved(ANA, replace(first, opened=100.9), 2, 3)
    assert (budgets.block(ANA), budgets.last_seen(ANA)[1]) == (5, 2)
    budgets.reserved(ANA, replace(first, opened=101.9), 3, 4)
    assert budgets.block(ANA) == 4
    budgets.reserved(BEN, Window(), 1, 1)
    budgets.reserved(BEN, Window(), 2, 1)
    assert budgets.block(BEN) == 2


def test_one_request_is_taken_in_turn_and_none_while_blocked() -> None:
    budgets = Budgets()
    budgets.reserved(ANA, Window(limit=9, ends=160.0, opened=100.0, blocked_until=110.0), 1, 2)
    assert not budgets.take(ANA, 109.0)
    first, second = budgets.ticket(ANA), budgets.ticket(ANA)
    assert (first, second) == (1, 2)
    assert not budgets.take(ANA, 111.0), "two wait, and there are two"
    assert budgets.take(ANA, 111.0, second)
    assert not budgets.take(ANA, 111.0, second), "the last one is the first one's"
    assert budgets.take(ANA, 111.0, first)
    budgets.reserved(ANA, Window(limit=9, ends=160.0, opened=100.0), 2, 1)
    budgets.leave(ANA, first)
    assert budgets.take(ANA, 111.0, first), "without a place in the queue it goes first"
    assert budgets.block(ANA) == 0


def test_a_block_is_worth_nothing_from_the_moment_that_its_window_ends() -> None:
    budgets = Budgets()
    budgets.reserved(ANA, Window(limit=9, ends=160.0, opened=100.0), 1, 2)
    assert not budgets.take(ANA, 160.0)
    assert budgets.block(ANA) == 0


@pytest.mark.parametrize(
    ("told", "sent", "refused", "change", "news"),
    [
        (Told(320, 300, 50.0), 109.0, False, {}, False),
        (Told(320, 301, 50.0), 109.0, False, {}, False),
        (Told(320, 299, 50.0), 109.0, False, {}, True),
        (Told(321, 300, 50.0), 109.0, False, {}, True),
        (Told(None, None, 50.0), 109.0, False, {}, False),
        (Told(320, 300, 52.0), 109.0, False, {}, True),
        (Told(320, 300, 50.0), 100.0, False, {}, False),
        (Told(320, 300, 50.0), 99.0, False, {}, True),
        (Told(320, 300, 50.0), 99.0, False, {"opened": None}, False),
        (Told(320, 300, 50.0), 109.0, True, {}, True),
        (Told(320, 300, 50.0), 109.0, False, {"lockout": 5.0}, True),
        (Told(), 109.0, False, {"limit": 0}, True),
    ],
)
def test_which_answers_tell_something_new(
    told: Told, sent: float, refused: bool, change: dict[str, float | None], news: bool
) -> None:
    budgets = Budgets()
    window = Window(limit=320, remaining=300, ends=160.0, opened=100.0)
    budgets.reserved(ANA, replace(window, **change), 1, 1)  # type: ignore[arg-type]
    assert budgets.is_news(ANA, replace(told, refused=-1.0 if refused else None), 110.0, sent) is news


def test_an_answer_may_lower_the_own_block_and_never_raises_it() -> None:
    budgets = Budgets()
    budgets.reserved(ANA, WINDOW, 1, 5)
    budgets.commit(ANA, replace(WINDOW, remaining=1), 2, 9)
    assert (budgets.block(ANA), budgets.last_seen(ANA)) == (5, (replace(WINDOW, remaining=1), 2))
    budgets.commit(ANA, WINDOW, 3, 2)
    assert budgets.block(ANA) == 2


def test_what_was_lent_is_free_again_for_who_waits_here_while_the_limit_is_unknown() -> None:
    budgets = Budgets()
    assert not budgets.give_back(ANA)
    budgets.ticket(ANA)
    assert budgets.give_back(ANA)
    assert budgets.block(ANA) == 1
    budgets.reserved(ANA, WINDOW, 1, 0)
    before = budgets.block(ANA)
    assert not budgets.give_back(ANA)
    assert budgets.block(ANA) == before


def test_a_ban_is_a_pause_of_which_nobody_says_how_long() -> None:
    budgets = Budgets()
    assert not budgets.banned(ANA)
    budgets.reserved(ANA, replace(WINDOW, lockout=FIRST_LOCKOUT / 2), 1, 0)
    assert not budgets.banned(ANA)
    budgets.reserved(ANA, replace(WINDOW, lockout=FIRST_LOCKOUT), 1, 0)
    assert budgets.banned(ANA)
    assert budgets.most(ANA, 100.0) == 30.0


def test_the_time_of_a_row_never_goes_back() -> None:
    budgets = Budgets()
    assert budgets.row_time(ANA, 1_000.0, 10.0) == 1_000.0
    assert budgets.row_time(ANA, 500.0, 20.0) == 1_010.0
    assert budgets.row_time(ANA, 1_100.0, 20.0) == 1_100.0
    assert budgets.row_time(ANA, 1_100.0, 20.0, written=2_000.0) == 2_000.0
    assert budgets.row_time(ANA, 1_100.0, 30.0) == 2_010.0
    assert budgets.row_time(BEN, 1_100.0, 30.0) == 1_100.0


def test_who_was_not_seen_for_long_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vimeo_toolkit.calls.budget._REMEMBERED", 2)
    budgets = Budgets()
    cleo = Owner(Identity("vimeo", "w"))
    for owner in (ANA, BEN):
        budgets.reserved(owner, WINDOW, 1, 3)
    assert (budgets.block(ANA), budgets.block(BEN), budgets.block(ANA)) == (3, 3, 3)
    budgets.reserved(cleo, WINDOW, 1, 3)
    assert (budgets.block(ANA), budgets.block(cleo)) == (3, 3)
    assert budgets.block(BEN) == 0


def test_each_connection_has_its_own_time() -> None:
    budgets = Budgets()
    assert budgets.clock("vimeo") is budgets.clock("vimeo")
    assert budgets.clock("vimeo") is not budgets.clock("other")
