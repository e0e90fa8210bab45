"""A world in which several calls go on at the same time, and a test says which of them goes on next."""

from __future__ import annotations

import contextvars
from collections import Counter
from collections.abc import Coroutine, Generator
from typing import Any, Final

from tests.unit.world import World, said
from vimeo_toolkit import ToolResult
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus
from vimeo_toolkit.calls.engine import Engine
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.catalog.own_tools import own_tools
from vimeo_toolkit.catalog.selection import called
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import HttpRequest, HttpResponse
from vimeo_toolkit.secret import Secret

USERS: Final = ("ana", "ben")
SCOPES: Final = ("delete", "edit", "interact", "private", "public", "video_files")
LIMITS: Final[dict[str, Any]] = {
    "x_ratelimit_limit": "5000",
    "x_ratelimit_remaining": "4900",
    "x_ratelimit_reset": "60",
}


class _Pause:
    """Lets the test step another call."""

    def __await__(self) -> Generator[_Pause, None, None]:
        yield self


class _Signal:
    def __init__(self, world: Stepped) -> None:
        self._world = world
        self._given = False

    def give(self) -> None:
        self._given = True

    async def wait(self, seconds: float) -> None:
        until = self._world.time + seconds
        while not self._given and self._world.time < until:
            self._world.waits += 1
            await _Pause()
            self._world.waits -= 1


class Stepped(World):
    """Vimeo and the calls of two users. A user's writes are counted, and each read shows how many there were."""

    def __init__(self, *own: Any, **policy: Any) -> None:
        super().__init__()
        self.written: Counter[str] = Counter()
        self.refusals = 0
        """How many of the next answers are 404."""
        self.body: dict[str, Any] = {}
        """What every answer has besides."""
        self.waits = 0
        self.stepped: Flow | None = None
        ctx = self.context(**policy)
        self.engine = Engine(ctx, Quota(self.cipher, kept=False), own=own_tools(own))
        for number, user in enumerate(USERS):
            record = AccountRecord(
                connection_name="vimeo",
                identifier=user,
                status=AccountStatus.ACTIVE,
                access_token=Secret(user),
                granted_scopes=SCOPES,
                vimeo_uri=f"/users/{number}",
                app_uri="/apps/9",
            )
            assert run_sync(ctx.vault.save(self, record)) is not None
            Flow(self, user, "vimeo_user_get", {"user_id": "9"}).finish()  # which tells the limit
        self.sent.clear()

    def signal(self) -> _Signal:
        return _Signal(self)

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        await _Pause()
        user = dict(request.headers)["Authorization"].removeprefix("Bearer ")
        self.sent.append(request)
        if self.refusals:
            self.refusals -= 1
            answer = said({"error": "Not found."}, 404, **LIMITS)
        else:
            if request.method != "GET":
                self.written[user] += 1
                assert self.stepped is not None
                self.stepped.wrote = self.written[user]
            answer = said({"uri": "/users/1", "name": user, "bio": self.written[user], **self.body}, **LIMITS)
        await _Pause()
        return answer


class Flow:
    """One call that is under way."""

    def __init__(
        self,
        world: Stepped,
        user: str,
        tool: str,
        given: Any = None,
        engine: Engine | None = None,
        **more: Any,
    ) -> None:
        self.user = user
        self.tool = tool
        self.wrote = 0
        """How many writes of the user there were with its own."""
        self.result: ToolResult | None = None
        self.error: BaseException | None = None
        self.over = False
        self._world = world
        engine = engine or world.engine
        of_call = called(tool, given, own=engine.own)
        spec = CallSpec(Identity("vimeo", user), *of_call, **{"reuses_reads": True, **more})
        self._flow: Coroutine[Any, Any, ToolResult] = engine.run(world, spec)
        self._context = contextvars.copy_context()  # as a task has

    def step(self) -> None:
        """Let it go on to where it waits for Vimeo or another call."""
        if not self.over:
            self._world.stepped = self
            try:
                self._context.run(self._flow.send, None)
            except StopIteration as stop:
                self.result, self.over = stop.value, True
            except Exception as error:
                self.error, self.over = error, True

    def cancel(self, error: type[BaseException]) -> None:
        """End it where it is."""
        if not self.over:
            self.over = True
            try:
                self._context.run(self._flow.throw, error())
            except BaseException as raised:
                self.error = raised

    def at_once(self) -> ToolResult | None:
        """Let it go on to its end, which needs no other call and no time."""
        for _ in range(9):
            self.step()
        assert self.over, "it waits for another call"
        return self.result

    def finish(self) -> ToolResult | None:
        """Let it go on to its end, while nothing else does; time passes while it waits for another call."""
        while not self.over:
            self.step()
            self._world.time += 0.5 * bool(self._world.waits)
        return self.result
