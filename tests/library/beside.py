"""One user's calls side by side in simulated time, at a Vimeo that counts requests as the sandbox does."""

from __future__ import annotations

import heapq
from collections.abc import Coroutine, Generator, Sequence
from email.utils import formatdate
from typing import Any

from tests.unit.world import USER, World
from vimeo_toolkit.calls.engine import Engine
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.runtime.ports import HttpRequest, HttpResponse
from vimeo_toolkit.sandbox.limits import Window, take

__all__ = ["Beside", "p99"]

LATENCY = 0.15
ONE_REQUEST = "vimeo_me_get"
BEGIN = 1_800_000_000.0


class _Until:
    def __init__(self, moment: float) -> None:
        self.moment = moment

    def __await__(self) -> Generator[float, None, None]:
        yield self.moment


class Beside(World):
    """Time goes on when everybody sleeps.

    Args:
        plan: of the user.
        kept: the budget is in the store, as where several processes share it.
    """

    def __init__(self, plan: str = "free", *, kept: bool = False) -> None:
        self._now = BEGIN
        super().__init__()
        self.has_listeners = False
        self.plan = plan
        self.window = Window()
        self.refused = 0
        self._asleep: list[tuple[float, int, Coroutine[Any, Any, Any]]] = []
        self._count = 0
        ctx = self.context(max_wait=600.0)
        self.account(ctx)
        self.engine = Engine(ctx, Quota(self.cipher, kept=kept))
        self.in_background = 0

    @property
    def time(self) -> float:
        return self._now

    @time.setter
    def time(self, moment: float) -> None:
        self._now = BEGIN

    async def sleep(self, seconds: float) -> None:
        await _Until(self._now + seconds)

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        await self.sleep(LATENCY / 2)
        allowed, headers = take(self.window, self.plan, projected=True, now=self._now, seconds=60.0)
        self.refused += not allowed
        await self.sleep(LATENCY / 2)
        named = {name.lower(): value for name, value in headers.items()}
        named["date"] = formatdate(self._now, usegmt=True)
        return HttpResponse(200 if allowed else 429, named, b"{}")

    def start(self, flow: Coroutine[Any, Any, Any], at: float = 0.0) -> None:
        """Let a flow begin so many seconds from the beginning on."""
        self._count += 1
        heapq.heappush(self._asleep, (BEGIN + at, self._count, flow))

    def run(self, seconds: float) -> None:
        """Let so many seconds pass."""
        end = BEGIN + seconds
        while self._asleep and self._asleep[0][0] <= end:
            moment, _, flow = heapq.heappop(self._asleep)
            self._now = max(self._now, moment)
            try:
                wakes = flow.send(None)
            except StopIteration:
                continue
            self._count += 1
            heapq.heappush(self._asleep, (wakes, self._count, flow))
        for _, _, flow in self._asleep:
            flow.close()
        self._asleep.clear()

    async def waiting(self, waited: list[float]) -> None:
        """Make a call of one request, and note how long it waited."""
        begun = self._now
        await self.engine.run(self, CallSpec(USER, catalog()[ONE_REQUEST]))
        waited.append(self._now - begun - LATENCY)

    async def background(self) -> None:
        """Make calls in the background without end."""
        while True:
            await self.engine.run(self, CallSpec(USER, catalog()[ONE_REQUEST], background=True))
            self.in_background += 1


def p99(waits: Sequence[float]) -> float:
    """Return what 99 of 100 waits do not exceed."""
    return sorted(waits)[int(len(waits) * 0.99)]
