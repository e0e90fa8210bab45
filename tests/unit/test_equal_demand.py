"""Many users of one store who want the same: a simulation in which time passes only when everybody waits."""

from __future__ import annotations

import asyncio
import selectors
import statistics
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import formatdate
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.world import World
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.window import Window, reserve
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.errors import RateLimited
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.runtime.ports import HttpResponse
from vimeo_toolkit.stores.protocol import Key, Row
from vimeo_toolkit.wire.rate_limit import UNKNOWN

LIMIT, LENGTH = 40, 2.0
USERS, CALLERS, WINDOWS = 20, 8, 3
EPOCH = 1_800_000_000.25


class _Passing(selectors.DefaultSelector):
    """What an event loop waits with: the time it would wait for has passed at once."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000.0

    def select(self, timeout: float | None = None) -> list[Any]:
        assert timeout is not None, "everybody waits for ever"
        self.now += timeout
        return []


@dataclass
class _Server:
    """Vimeo, counting a window for each user from its first request."""

    windows: dict[str, tuple[float, int]] = field(default_factory=dict)
    refused: int = 0

    def answer(self, user: str, now: float) -> HttpResponse:
        start, used = self.windows.get(user, (0.0, 0))
        if now >= start + LENGTH:
            start, used = now, 0
        self.windows[user] = (start, used + 1)
        self.refused += used >= LIMIT
        reset = datetime.fromtimestamp(start + LENGTH, UTC).isoformat()
        left = max(0, LIMIT - used - 1)
        headers = {
            "x-ratelimit-limit": str(LIMIT),
            "x-ratelimit-remaining": str(left),
            "date": formatdate(now),
        }
        return HttpResponse(429 if used >= LIMIT else 200, headers | {"x-ratelimit-reset": reset}, b"{}")


class _World(World):
    """A process whose store answers one question after another."""

    def __init__(self, passing: _Passing, store_seconds: float) -> None:
        super().__init__()
        self._passing, self._seconds = passing, store_seconds
        self._rows: dict[Key, Row] = {}
        self._turn = asyncio.Lock()
        self._jitter = 0
        self.asked: Counter[str] = Counter()
        self.store = self  # type: ignore[assignment]

    async def _served(self, what: str) -> None:
        self.asked[what] += 1
        async with self._turn:
            await asyncio.sleep(self._seconds)

    async def aget(self, key: Key) -> Row | None:
        await self._served("reads")
        return self._rows.get(key)

    async def aput(self, key: Key, value: bytes, *, version: int, expected: int, **_: Any) -> bool:
        await self._served("writes")
        row = self._rows.get(key)
        if (row.version if row else 0) != expected:
            self.asked["lost"] += 1
            return False
        self._rows[key] = Row(value, version)
        return True

    async def sleep(self, seconds: float) -> None:
        self.asked["sleeps"] += 1
        await asyncio.sleep(seconds)

    async def slept_by_a_call(self, seconds: float) -> float:
        """Sleep, and return for how long."""
        await self.sleep(seconds)
        return seconds

    async def told(self, *_: Any, **__: Any) -> None:
        """Nobody listens."""

    def monotonic(self) -> float:
        return self._passing.now

    def now(self) -> float:
        return EPOCH + self._passing.now

    def jitter(self) -> float:
        self._jitter += 1
        return self._jitter * 0.618 % 1.0


def _simulate(
    store_seconds: float, late: float = 0.0, windows: int = WINDOWS, processes: int = 1
) -> tuple[list[list[float]], _Server, _World]:
    passing = _Passing()
    loop = asyncio.SelectorEventLoop(passing)
    loop.time = lambda: passing.now  # type: ignore[method-assign]
    server = _Server()
    waits: list[list[float]] = [[] for _ in range(USERS)]

    async def caller(world: _World, quota: Quota, number: int) -> None:
        owner = Owner(Identity("vimeo", f"user_{number}"), "1")
        until = 1_000.0 + windows * LENGTH
        while (start := passing.now) < until:
            call: Any = SimpleNamespace(
                io=world,
                owner=owner,
                waited=0.0,
                deadline=start + 30.0,
                ctx=SimpleNamespace(policy=SimpleNamespace(max_wait=20.0)),
                tool=catalog()["vimeo_me_get"],
                spec=SimpleNamespace(allowed=None, background=False),
                account=SimpleNamespace(granted_scopes=()),
                rate_limit=UNKNOWN,
                emit=world.told,
                sleep=world.slept_by_a_call,
            )
            try:
                turn = await quota.permit(call)
            except RateLimited:
                continue
            sent = passing.now
            await asyncio.sleep(late if late and world.jitter() > 0.93 else 0.005)
            answer = server.answer(f"user_{number}", world.now())
            await asyncio.sleep(0.005)
            await quota.hear(world, owner, answer, sent)
            quota.budgets.land(owner, turn)
            waits[number].append(passing.now - start)

    async def run() -> _World:
        world = _World(passing, store_seconds)
        quotas = [Quota(world.cipher, kept=True) for _ in range(processes)]
        await asyncio.gather(
            *(
                caller(world, quotas[number % processes], user)
                for user in range(USERS)
                for number in range(CALLERS)
            )
        )
        return world

    try:
        world = loop.run_until_complete(run())
    finally:
        loop.close()
    return waits, server, world


def test_equal_demand_is_served_equally_however_slow_the_store() -> None:
    """With 2 ms for each question and one at a time, the store is busy most of the time."""
    waits, server, world = _simulate(0.002)
    worst = sorted(sorted(times)[int(len(times) * 0.99)] for times in waits)
    assert worst[-1] <= 1.5 * statistics.median(worst)
    assert worst[-1] < 1.5 * LENGTH, "a window was lost"
    assert server.refused == 0
    assert min(map(len, waits)) >= WINDOWS * LIMIT * 0.9
    assert world.asked["lost"] == 0, "one process lost a race for a row against itself"


@pytest.mark.parametrize(
    ("processes", "late", "used"),
    [
        pytest.param(1, 0.95, 0.85, marks=pytest.mark.slow),
        pytest.param(1, 1.5, 0.7, marks=pytest.mark.slow),
        (2, 0.4, 0.55),
        pytest.param(2, 0.95, 0.5, marks=pytest.mark.slow),
        pytest.param(4, 0.4, 0.2, marks=pytest.mark.slow),
    ],
)
def test_a_request_that_arrives_in_the_next_window_is_counted_there(
    processes: int, late: float, used: float
) -> None:
    """Some of the requests take part of a window's length to arrive, and the process may learn that a window has
    begun only from an answer."""
    waits, server, _ = _simulate(0.002, late=late * LENGTH, windows=8, processes=processes)
    assert server.refused == 0
    assert min(map(len, waits)) >= 8 * LIMIT * used, "what is held back comes into use"


def test_waiting_callers_share_one_visit_to_the_store() -> None:
    full = Window(limit=40, remaining=40, ends=160.0, opened=100.0)
    assert reserve(full, 101.0, 8)[1] == 8
    assert reserve(replace(full, remaining=8), 101.0, 8)[1] == 4, "half is left to other processes"
    assert reserve(replace(full, remaining=1), 101.0, 8)[1] == 1
