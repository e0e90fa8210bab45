"""Many calls of one user that could go on at once do so one by one, and nobody else waits for them."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref

import pytest

from vimeo_toolkit.runtime.thread_turns import ThreadTurns, Turn
from vimeo_toolkit.runtime.turns import CURRENT, ROUNDS, Reading, Turns, turn

BURST = 40


async def _rounds(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def _busy(*users: str) -> Turns:
    """Turns of users who have several calls under way."""
    turns = Turns()
    turns._calls.update(dict.fromkeys(users, 2))
    return turns


def test_a_users_only_call_never_waits() -> None:
    async def run() -> None:
        turns = Turns()
        for _ in range(3):
            with turns.calling("ana"):
                await asyncio.wait_for(asyncio.gather(*(turns.take("ana") for _ in range(9))), 30)
                assert not turns._counting, "and costs the loop no round"
                with turns.calling("ana"):
                    await turns.take("ana")
                    assert turns._counting
            assert turns._calls == {}
            await asyncio.sleep(0)

    asyncio.run(run())


def test_a_burst_of_one_user_goes_on_one_by_one_and_others_at_once() -> None:
    gone: list[str] = []

    async def run() -> None:
        turns = _busy("busy", *"abc")

        async def one(user: str) -> None:
            await turns.take(user)
            gone.append(user)

        burst = [asyncio.create_task(one("busy")) for _ in range(BURST)]
        await _rounds(2)
        assert gone == ["busy"]
        for number in range(5):
            await one(f"quiet_{number}")
            assert gone[-1] == f"quiet_{number}", "in the same round of the loop"
            before = gone.count("busy")
            await _rounds(ROUNDS)
            assert gone.count("busy") == before + 1
        await asyncio.gather(*burst)
        assert gone.count("busy") == BURST
        assert turns._waiting == {}

    asyncio.run(run())


def test_users_who_wait_take_turns_and_who_was_cancelled_takes_none() -> None:
    gone: list[str] = []

    async def run() -> None:
        turns = _busy("busy", *"abc")

        async def one(user: str) -> None:
            await turns.take(user)
            gone.append(user)

        tasks = [asyncio.create_task(one(user)) for user in ["a"] * 5 + ["b"] * 3 + ["c"]]
        await asyncio.sleep(0)
        assert gone == ["a", "b", "c"]
        tasks[2].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(run())
    assert gone[3:] == ["a", "b", "b", "a", "a"]


def test_turns_are_taken_only_where_an_answer_is_read_for_somebody() -> None:
    async def run() -> None:
        await turn()
        turns = _busy("ana")
        CURRENT.set(Reading(turns, "ana"))
        await turn()
        waiting = asyncio.create_task(turn())
        await asyncio.sleep(0)
        assert waiting.done(), "a new round"
        CURRENT.set(None)
        await turn()

    asyncio.run(run())


def test_a_loop_that_ends_amid_a_burst_is_let_go() -> None:
    kept: list[weakref.ref[object]] = []

    async def run() -> None:
        turns = _busy("busy")
        kept.append(weakref.ref(asyncio.get_running_loop()))
        tasks = [asyncio.create_task(turns.take("busy")) for _ in range(9)]
        await asyncio.sleep(0)
        assert not all(task.done() for task in tasks)

    asyncio.run(run())
    gc.collect()
    assert kept[0]() is None


def _now(come: threading.Event) -> bool:
    return come.is_set()


def test_threads_of_one_user_go_on_one_by_one_and_others_at_once() -> None:
    turns = ThreadTurns()
    first, second, third = (Turn(turns, "busy") for _ in range(3))
    assert first.take(_now)
    assert second.take(_now), "the first of those who wait"
    waited: list[bool] = []
    over = threading.Event()

    def wait() -> None:
        waited.append(third.take(lambda come: come.wait(30)))
        over.set()

    thread = threading.Thread(target=wait)
    thread.start()
    for number in range(5):
        with turns.of(f"quiet_{number}") as quiet:
            assert quiet.take(_now)
            assert quiet.come is None
    assert not waited
    second.give()
    assert over.wait(30)
    thread.join()
    assert waited == [True]
    for each in (first, third, second):
        each.give()  # once more is nothing
    again = Turn(turns, "busy")
    assert again.take(_now)
    assert again.come is None


def test_a_thread_that_waits_in_vain_leaves_the_queue() -> None:
    turns = ThreadTurns()
    first, second = Turn(turns, "busy"), Turn(turns, "busy")
    assert first.take(_now)
    assert second.take(_now)
    with turns.of("busy") as late:
        assert not late.take(_now)
        assert not late.held

    def interrupted(come: threading.Event) -> bool:
        raise KeyboardInterrupt

    with turns.of("busy") as stopped, pytest.raises(KeyboardInterrupt):
        stopped.take(interrupted)
    first.give()
    second.give()
    assert (turns._first, turns._waiting, turns._served) == ({}, {}, None)


def test_a_turn_ends_with_its_request() -> None:
    turns = ThreadTurns()
    with turns.of("busy") as held:
        assert held.take(_now)
    assert not held.held
    assert turns._first == {}
