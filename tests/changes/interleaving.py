"""Several flows of one call that go on in an order that a test chooses, at a Vimeo that is a dict of films."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.changes.library import Died
from tests.unit.calling import LIMITS
from tests.unit.world import USER, World, answer, said
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.calls.api import CallApi
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.result_cache import ResultCache
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.calls.state import CallState
from vimeo_toolkit.calls.transport import Transport
from vimeo_toolkit.catalog.selection import find_tool
from vimeo_toolkit.runtime.asynchronous import _Task
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import AnswerLost, HttpRequest, HttpResponse
from vimeo_toolkit.uploads.files import UploadOptions

__all__ = ["Films", "Steps", "api_of", "run_in_steps"]

PLENTY = {**LIMITS, "x_ratelimit_limit": "1000", "x_ratelimit_remaining": "900"}
USED_UP = {**PLENTY, "x_ratelimit_remaining": "0"}
_ROUNDS = 12
"""Of the event loop, after which every flow waits for its turn."""


class Films:
    """A Vimeo of a few films.

    Args:
        count: how many.
        busy: is told the number of a film before something of it is written.
        refused: the numbers of the writes, in their order, at which the user's limit is used up.
    """

    def __init__(self, count: int, busy: Callable[[str], None], refused: Iterable[int] = ()) -> None:
        self.names = {str(number): f"Film {number}" for number in range(1, count + 1)}
        self.tags: dict[str, list[str]] = {number: [] for number in self.names}
        self.carried_out: list[tuple[str, str]] = []
        self.busy, self.refused = busy, set(refused)
        self.writes = 0

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Carry a request out."""
        address = urlsplit(request.url)
        if request.method == "GET":
            uris = parse_qs(address.query)["uris"][0].split(",")
            return said({"data": [self._shown(uri.rpartition("/")[2]) for uri in uris]}, **PLENTY)
        _, _, number, *rest = address.path.split("/")
        self.busy(number)
        self.writes += 1
        if self.writes - 1 in self.refused:
            return answer(429, **USED_UP)
        self.carried_out.append((number, "tags" if rest else "name"))
        body = json.loads(request.content)
        if rest:
            self.tags[number] += [each["name"] for each in body]
        else:
            self.names[number] = body["name"]
        return said(self._shown(number), **PLENTY)

    def _shown(self, number: str) -> dict[str, Any]:
        tags = [{"name": tag, "canonical": tag} for tag in self.tags[number]]
        return {"uri": f"/videos/{number}", "name": self.names[number], "tags": tags}


class Steps(World):
    """A world whose flows take a step each time that they are let: to send, to hear the answer, to write a row.

    Args:
        films: what it talks to.
        lost: tells whether the answer to a request does not come.
    """

    def __init__(self, films: Films, lost: Callable[[HttpRequest], bool] = lambda request: False) -> None:
        super().__init__()
        self.films, self.lost = films, lost
        self.waiting: list[asyncio.Future[None]] = []
        self.dead = False
        self.under_way: Counter[str] = Counter()
        """Writes that were sent and not answered, by their film."""
        self.most = 0

    async def step(self) -> None:
        """Wait for the turn."""
        if self.dead:
            raise Died
        turn = asyncio.get_running_loop().create_future()
        self.waiting.append(turn)
        await turn
        if self.dead:
            raise Died

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        film = "" if request.method == "GET" else request.url.split("/videos/")[1].split("/")[0].split("?")[0]
        self.under_way[film] += 1
        self.most = max(self.most, sum(self.under_way.values()))
        try:
            assert self.under_way[film] == 1, "of one video, one after the other"
            await self.step()
            response = self.films.answer(request)
            await self.step()
            if self.lost(request):
                raise AnswerLost("ReadError")
            return response
        finally:
            self.under_way[film] -= 1

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        await self.step()

    def begin(self, flow: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        return _Task(asyncio.create_task(flow()))


def api_of(world: World, ctx: Context) -> CallApi:
    """What a tool's `run` is given, for a call that begins now."""
    quota = Quota(world.cipher, kept=False)
    spec = CallSpec(USER, find_tool("vimeo_video_edit"))
    state = CallState(world, ctx, spec, quota.clock("vimeo"), UploadOptions())
    account = run_sync(ctx.vault.load(world, USER))
    assert account is not None
    state.begin(account)
    return CallApi(state, Transport(state, quota), ResultCache())


async def run_in_steps(
    world: Steps,
    flow: Coroutine[Any, Any, Any],
    order: Iterator[int],
    end: int | None = None,
    *,
    cancelled: bool = False,
) -> Any:
    """Run a flow and what it begins to its end, in this order of steps; return its result, None where it was ended.

    Args:
        world: what it acts through.
        flow: what runs.
        order: whose turn is next, of those that wait.
        end: the number of the step at which its process dies.
        cancelled: it is cancelled then, and does not die.
    """
    task = asyncio.create_task(flow)
    step = 0
    while not task.done():
        for _ in range(_ROUNDS):
            await asyncio.sleep(0)
        if step == end:
            world.dead = not cancelled
            if cancelled:
                task.cancel()
        step += 1
        waiting = [turn for turn in world.waiting if not turn.done()]
        for turn in waiting if world.dead else waiting and [waiting[next(order) % len(waiting)]]:
            turn.set_result(None)
    try:
        return await task
    except (Died, asyncio.CancelledError):
        return None
    finally:
        left = [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]
        assert not left, "nothing goes on behind its caller"
        world.leases.clear()
        world.waiting.clear()
