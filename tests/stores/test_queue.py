"""Connections go to those who wait for one in the order in which they came."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
import redis.asyncio
from redis import exceptions

from vimeo_toolkit.stores.queue import Queue
from vimeo_toolkit.stores.redis_connections import _AsyncInTurn, _InTurn


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Replaces what redis-py itself does with its connections; with something in it, none can be made."""
    refused: list[bool] = []

    async def get(_pool: Any) -> object:
        if refused:
            raise exceptions.ConnectionError("refused")
        return "connection"

    async def release(_pool: Any, _connection: object) -> None:
        """It is free."""

    monkeypatch.setattr(redis.asyncio.BlockingConnectionPool, "get_connection", get)
    monkeypatch.setattr(redis.asyncio.BlockingConnectionPool, "release", release)
    return refused


def _pool(timeout: float = 30.0) -> _AsyncInTurn:
    return _AsyncInTurn(max_connections=1, timeout=timeout)


@pytest.mark.usefixtures("refusing")
def test_who_waits_is_served_before_who_comes() -> None:
    served: list[str] = []

    async def run() -> None:
        pool = _pool()

        async def one(name: str, times: int = 1) -> None:
            for _ in range(times):
                connection = await pool.get_connection()
                served.append(name)
                await asyncio.sleep(0)
                await pool.release(connection)

        greedy = asyncio.create_task(one("greedy", 6))
        await asyncio.sleep(0)
        await asyncio.gather(greedy, one("first"), one("second"))

    asyncio.run(run())
    assert served == ["greedy", "greedy", "first", "second", *["greedy"] * 4]


@pytest.mark.usefixtures("refusing")
def test_who_waits_for_too_long_or_is_cancelled_takes_no_connection_along() -> None:
    async def run() -> None:
        pool = _pool(timeout=0.01)
        held = await pool.get_connection()
        with pytest.raises(exceptions.ConnectionError, match="No connection available"):
            await pool.get_connection()
        waiting = asyncio.create_task(pool.get_connection())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await pool.release(held)
        assert await pool.get_connection() == held

    asyncio.run(run())


def test_a_connection_that_cannot_be_made_leaves_room_for_the_next(refusing: list[bool]) -> None:
    async def run() -> None:
        pool = _pool()
        refusing.append(True)
        with pytest.raises(exceptions.ConnectionError, match="refused"):
            await pool.get_connection()
        refusing.clear()
        await pool.get_connection()

    asyncio.run(run())


def _waiting(queue: Queue, count: int, served: list[int]) -> list[threading.Thread]:
    """Threads that wait in this order."""
    threads = []
    for number in range(count):

        def one(number: int = number) -> None:
            assert queue.take(30)
            served.append(number)

        threads.append(threading.Thread(target=one))
        threads[-1].start()
        while len(queue._waiting) <= number:
            threads[-1].join(0.001)
    return threads


def test_threads_are_served_in_turn_and_before_who_comes() -> None:
    queue, served = Queue(1), list[int]()
    assert queue.take(0)
    threads = _waiting(queue, 3, served)
    for number in range(3):
        queue.give()
        assert not queue.take(0), "it is another's"
        threads[number].join()
        assert served == list(range(number + 1))
    queue.give()
    assert queue.take(0)


def test_a_thread_that_waits_in_vain_takes_no_connection_along(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = Queue(1)
    assert queue.take(0)
    assert not queue.take(0.001)
    given: list[Callable[[], None]] = [lambda: None, queue.give]

    def interrupted(_: threading.Event, timeout: float | None = None) -> bool:
        given.pop(0)()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(threading.Event, "wait", interrupted)
        for _ in range(2):  # while it waits, and just as it is served
            with pytest.raises(KeyboardInterrupt):
                queue.take(30)
    assert not queue._waiting
    assert queue.take(0)


def test_a_thread_that_is_served_just_as_its_time_is_up_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = Queue(1)
    assert queue.take(0)

    def late(_: threading.Event, timeout: float | None = None) -> bool:
        queue.give()
        return False

    with monkeypatch.context() as patch:
        patch.setattr(threading.Event, "wait", late)
        assert queue.take(30)


def test_a_pool_of_threads_gives_back_what_it_took(monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[bool] = []

    def get(_pool: Any) -> object:
        if refused:
            raise exceptions.ConnectionError("refused")
        return "connection"

    monkeypatch.setattr(redis.BlockingConnectionPool, "get_connection", get)
    monkeypatch.setattr(redis.BlockingConnectionPool, "release", lambda *_: None)
    pool = _InTurn(max_connections=1, timeout=0.001)
    held = pool.get_connection()
    with pytest.raises(exceptions.ConnectionError, match="No connection available"):
        pool.get_connection()
    pool.release(held)
    refused.append(True)
    with pytest.raises(exceptions.ConnectionError, match="refused"):
        pool.get_connection()
    refused.clear()
    assert pool.get_connection() == "connection"
