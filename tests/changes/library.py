"""A library of a few videos, plans for it, and a process that ends in the middle of applying one."""

from __future__ import annotations

import copy
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from vimeo_toolkit import ToolResult, VimeoToolkit
from vimeo_toolkit.calls.api import CallApi
from vimeo_toolkit.calls.result_cache import ResultCache
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.calls.state import CallState
from vimeo_toolkit.calls.transport import Transport
from vimeo_toolkit.catalog.selection import find_tool
from vimeo_toolkit.changes.applying import apply
from vimeo_toolkit.changes.model import Edit, Plan, PlannedVideo
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import IO, AnswerLost, HttpRequest, HttpResponse
from vimeo_toolkit.sandbox import Sandbox, Video
from vimeo_toolkit.uploads.files import UploadOptions

USER = Identity("vimeo", "user_1")


class Died(BaseException):
    """The process ends here."""


class Dying:
    """An `IO` that ends the process at one of its effects: a request, or a write to the store. What other threads
    have under way then is still done, and nothing after it."""

    def __init__(self, io: Any, fatal: int, *, after: bool) -> None:
        self._io = io
        self.fatal, self.after = fatal, after
        self.effects = 0
        self._guard = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._io, name)

    @contextmanager
    def _effect(self) -> Iterator[None]:
        with self._guard:
            self.effects += 1
            hit, dead = self.effects == self.fatal, self.effects > self.fatal
        if dead or (hit and not self.after):
            raise Died
        yield
        if hit:
            raise Died

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        with self._effect():
            return await self._io.send(request, timeout=timeout)  # type: ignore[no-any-return]
        raise AssertionError

    @property
    def store(self) -> Any:
        outer, inner = self, self._io.store

        class Store:
            def __getattr__(self, name: str) -> Any:
                return getattr(inner, name)

            async def aput(self, *args: Any, **more: Any) -> bool:
                with outer._effect():
                    return await inner.aput(*args, **more)  # type: ignore[no-any-return]
                raise AssertionError

        return Store()


@dataclass
class Library:
    """A connected user's videos in a sandbox."""

    vimeo: Sandbox
    toolkit: VimeoToolkit
    videos: list[Video] = field(default_factory=list)

    def fill(self, count: int, **more: Any) -> list[Video]:
        user = self.vimeo.user
        self.videos = [
            self.vimeo.add_video(user, f"Film {number}", **copy.deepcopy(more)) for number in range(count)
        ]
        return self.videos

    def call(self, tool: str, **given: Any) -> ToolResult:
        """Call a tool as the user does."""
        return self.toolkit.execute_tool(identifier=USER.identifier, tool_name=tool, tool_input=given)

    def api(self, io: IO | None = None, **spec: Any) -> CallApi:
        """What a tool's `run` is given, for a call that begins now."""
        toolkit, io = self.toolkit, io or self.toolkit._blocking
        engine = toolkit._engine
        call = CallSpec(USER, find_tool("vimeo_video_edit"), **spec)
        state = CallState(io, engine.ctx, call, engine.quota.clock("vimeo"), UploadOptions())
        account = run_sync(engine.ctx.vault.load(io, USER))
        assert account is not None
        state.begin(account)
        return CallApi(state, Transport(state, engine.quota), ResultCache())

    def plan(self, edits: Callable[[Video], tuple[Edit, ...]], **more: Any) -> str:
        """Save a plan for all videos; return its id."""
        plans = self.api().plans
        videos = tuple(PlannedVideo(f"/videos/{each.id}", each.name, edits(each)) for each in self.videos)
        plan = Plan(plans.new_id(), "asked", "Change the films?", 1.0, videos, **more)
        run_sync(plans.save(plan))
        return plan.id

    def apply(self, plan_id: str, io: IO | None = None, **spec: Any) -> dict[str, Any]:
        return run_sync(apply(self.api(io, **spec), plan_id))

    def load(self, plan_id: str) -> Plan:
        return run_sync(self.api().plans.load(plan_id))

    def sent(self, *, reads: bool = False) -> Counter[str]:
        """What was sent that succeeded, and how often; writes alone unless `reads`."""
        return Counter(
            f"{each.method} {each.path}"
            for each in self.vimeo.requests
            if each.status < 400 and (reads or each.method != "GET")
        )


class Losing:
    """An `IO` that loses the answer to some requests: they were carried out."""

    def __init__(self, io: Any, lost: Callable[[HttpRequest], bool]) -> None:
        self._io, self._lost = io, lost

    def __getattr__(self, name: str) -> Any:
        return getattr(self._io, name)

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        answer: HttpResponse = await self._io.send(request, timeout=timeout)
        if self._lost(request):
            raise AnswerLost("ReadError")
        return answer


def run_dying(io: IO, flow: Callable[[IO], Coroutine[Any, Any, Any]]) -> bool:
    """Run a flow to its end or to its death; return whether it died."""
    try:
        run_sync(flow(io))
    except Died:
        return True
    return False
