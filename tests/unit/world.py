"""A scripted world: a flow runs against outcomes that a test lists, with no socket, clock or mock library."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Generic, TypeVar

from vimeo_toolkit import Connection
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus
from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.calls.engine import Engine
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.result import ToolResult
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.tool import Tool
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.ahead import Ahead
from vimeo_toolkit.runtime.blocking import BlockingStore, run_sync
from vimeo_toolkit.runtime.ports import (
    IO,
    Begun,
    Event,
    HttpRequest,
    HttpResponse,
    Readable,
    Signal,
    SureStorePort,
)
from vimeo_toolkit.runtime.sure import SureStore
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.cipher import Cipher, generate_key
from vimeo_toolkit.stores.sqlite import SqliteStore
from vimeo_toolkit.wire.sending import Policy

__all__ = ["USER", "Outcome", "World", "answer", "execute", "run", "said"]

T = TypeVar("T")

Outcome = HttpResponse | Exception | Callable[[HttpRequest], HttpResponse]


def answer(status: int = 200, body: bytes = b"{}", **headers: str) -> HttpResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(status, named, body)


def said(body: Any, status: int = 200, **headers: str) -> HttpResponse:
    """An answer in JSON."""
    return answer(status, json.dumps(body).encode(), **headers)


class _Later(Generic[T]):
    """A flow that runs when its result is asked for."""

    def __init__(self, flow: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self._flow = flow

    async def result(self) -> T:
        return await self._flow()

    def drop(self) -> None:
        pass

    async def over(self) -> None:
        pass


class _Given:
    """A signal in a world where nothing else goes on meanwhile: whoever waits for it waits in vain."""

    def __init__(self, world: World) -> None:
        self._world = world

    def give(self) -> None:
        pass

    async def wait(self, seconds: float) -> None:
        self._world.time += max(0.0, seconds)


class World:
    """An `IO` whose answers are listed. Time passes only when a flow sleeps."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[HttpRequest] = []
        self.slept: list[float] = []
        self.events: list[Event] = []
        self.has_listeners = True
        self.may_await = False
        self.leases: set[str] = set()
        self.time = 1_800_000_000.0
        self.store: SureStorePort = SureStore(BlockingStore(SqliteStore(":memory:")))
        self.cipher = Cipher([generate_key()])
        self.reads_under_way: dict[Any, Any] = {}
        self._tokens = 0

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        assert timeout > 0
        self.sent.append(request)
        assert self.outcomes, f"one request more than listed: {request!r}"
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome if isinstance(outcome, HttpResponse) else outcome(request)

    async def read(self, source: Readable, offset: int, count: int) -> bytes:
        return source.read(offset, count)

    async def call(self, function: Callable[[], T]) -> T:
        return function()

    async def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.slept.append(seconds)
        self.time += seconds

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time - 1_000_000_000.0

    def random_token(self) -> str:
        self._tokens += 1
        return f"token-{self._tokens:037d}"

    def new_id(self) -> str:
        return "id"

    def jitter(self) -> float:
        return 0.5

    @asynccontextmanager
    async def lease(self, name: str) -> AsyncIterator[bool]:
        if name in self.leases:
            yield False
            return
        self.leases.add(name)
        try:
            yield True
        finally:
            self.leases.discard(name)

    async def shielded(self, flow: Callable[[IO], Coroutine[Any, Any, T]]) -> T:
        return await flow(self)

    def begin(self, flow: Callable[[], Coroutine[Any, Any, T]]) -> Begun[T]:
        return _Later(flow)

    def signal(self) -> Signal:
        return _Given(self)

    async def emit(self, event: Event) -> None:
        self.events.append(event)

    def context(self, **policy: Any) -> Context:
        connection = Connection(
            client_id="id", client_secret="secret", redirect_uri="http://127.0.0.1/cb", scopes=["private"]
        )
        return Context({"vimeo": connection}, Vault(self.cipher), Policy(**policy))

    def account(self, ctx: Context, **more: Any) -> AccountRecord:
        """Save an ACTIVE account `u` with every scope."""
        values: dict[str, Any] = {
            "status": AccountStatus.ACTIVE,
            "access_token": Secret("access-1"),
            "granted_scopes": (
                "create",
                "delete",
                "edit",
                "interact",
                "private",
                "public",
                "stats",
                "video_files",
                "upload",
            ),
            "vimeo_uri": "/users/7",
            "app_uri": "/apps/9",
            **more,
        }
        record = AccountRecord(connection_name="vimeo", identifier="u", **values)
        saved = run_sync(ctx.vault.save(self, record))
        assert saved is not None
        return saved


def one_by_one(flow: Callable[[Any], Coroutine[Any, Any, Any]]) -> Ahead[Any, Any]:
    """`Api.beside` of an api that a test makes: nothing is sent before its turn."""
    io: Any = None  # which is never asked
    return Ahead(io, flow, lambda: 1)


USER = Identity("vimeo", "u")
"""Whose account `World.account` saves."""

_OF_THE_ENGINE = ("consent", "modifiers")


def execute(
    ctx: Context,
    io: World,
    tool: str | Tool,
    tool_input: Any = None,
    *,
    quota: Quota | None = None,
    **more: Any,
) -> Coroutine[Any, Any, ToolResult]:
    """A call for `USER`, ready to be driven. `more`: of the engine and of the `CallSpec`."""
    common = {name: more.pop(name) for name in _OF_THE_ENGINE if name in more}
    engine = Engine(ctx, quota or Quota(io.cipher, kept=False), **common)
    engine.results = more.pop("results", engine.results)
    tool = catalog(library=True)[tool] if isinstance(tool, str) else tool
    return engine.run(io, CallSpec(USER, tool, tool_input, **more))


def run(world: World, tool: str, given: Any = None, **more: Any) -> ToolResult:
    """Run one call of an ACTIVE account with every scope."""
    ctx = world.context()
    world.account(ctx)
    return run_sync(execute(ctx, world, tool, given, **more))
