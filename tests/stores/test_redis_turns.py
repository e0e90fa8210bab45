"""A loop's connections to Redis go to those who wait for one in the order in which they came."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import redis.asyncio
from redis import exceptions

from vimeo_toolkit.stores.redis_connections import _InTurn


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


def _pool(timeout: float = 30.0) -> _InTurn:
    return _InTurn(max_connections=1, timeout=timeout)


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
