"""What is kept of a budget: in this process, and in the row that processes share."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest

from tests.unit.world import World
from vimeo_toolkit.accounts.rows import own_key
from vimeo_toolkit.calls.budget import Budgets
from vimeo_toolkit.calls.budget_row import from_row, to_row
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.window import FIRST_LOCKOUT, LONGEST_LOCKOUT, LONGEST_WINDOW, Told, Window
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.runtime.blocking import run_sync
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
    return run_sync(quota._load(world, ANA))


def test_another_process_reads_what_one_wrote() -> None:
    world = World()
    writer = Quota(world.cipher, kept=True)
    now = world.monotonic()
    window = replace(WINDOW.moved(now - 125.0), blocked_until=None)
    version = run_sync(writer._swap(world, ANA, 0, window))
    assert version == int(world.now() * 1_000_000)
    assert reader(world) == (window, version)
    assert run_sync(writer._swap(world, ANA, 0, window)) is None, "its version has moved on"
    again = run_sync(writer._swap(world, ANA, version + 5_000_000, window))
    assert again is None
    assert version is not None
    assert run_sync(writer._swap(world, ANA, version, window)) == version + 1


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
    first = run_sync(quota._swap(world, ANA, 0, WINDOW))
    assert first == int(world.now() * 1_000_000)
    assert run_sync(quota._load(world, ANA)) == (WINDOW, first)
    other = replace(WINDOW, remaining=7)
    assert run_sync(quota._swap(world, ANA, 0, other)) is None
    assert run_sync(quota._load(world, ANA)) == (WINDOW, first)
    assert run_sync(quota._swap(world, ANA, first, other)) == first + 1
    assert run_sync(world.store.aget(own_key("budget", ANA.identity))) is None


# ---- the budgets of one process ----


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
