"""The asynchronous driver: connections of each loop, the store's async methods, `asyncio.sleep`."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Generic, TypeVar

import httpcore

from vimeo_toolkit.errors import StoreError
from vimeo_toolkit.runtime import driver_parts, messages
from vimeo_toolkit.runtime.apart import Apart, Work
from vimeo_toolkit.runtime.beside import BESIDE, whose_turn
from vimeo_toolkit.runtime.blocking import BlockingIO, run_sync
from vimeo_toolkit.runtime.internals import missing
from vimeo_toolkit.runtime.loop_connections import LoopConnections, whole
from vimeo_toolkit.runtime.loops import PerLoop, running_loop
from vimeo_toolkit.runtime.multiplexed import Servers
from vimeo_toolkit.runtime.plain import asend
from vimeo_toolkit.runtime.ports import (
    IO,
    AnswerLost,
    Begun,
    Event,
    HttpRequest,
    HttpResponse,
    NotSent,
    Readable,
    Signal,
)
from vimeo_toolkit.runtime.reasons import reason_of
from vimeo_toolkit.runtime.sure import SureStore
from vimeo_toolkit.runtime.threads import FILES
from vimeo_toolkit.runtime.turns import CURRENT, Reading
from vimeo_toolkit.stores.protocol import Store

__all__ = ["AsyncIO"]

T = TypeVar("T")


class _Task(Generic[T]):
    """A flow that runs as a task."""

    def __init__(self, task: asyncio.Task[T]) -> None:
        self._task = task
        task.add_done_callback(_look)

    async def result(self) -> T:
        return await self._task

    def drop(self) -> None:
        self._task.cancel()

    async def over(self) -> None:
        await asyncio.wait([self._task])


class _Signal:
    """A signal between the tasks of one loop."""

    def __init__(self) -> None:
        self._given = asyncio.Event()

    def give(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed, and with it who waits
            self._given.set()

    async def wait(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._given.wait()


def _look(task: asyncio.Task[Any]) -> None:
    """Look at how a task ended: asyncio logs an error that nobody has looked at."""
    if not task.cancelled():
        task.exception()


class AsyncIO:
    """Runs flows without ever blocking the event loop. Safe to use from several loops.

    `blocking`: what runs the flows that must not be cut short, see `runtime.apart`.
    """

    def __init__(
        self,
        store: Store,
        emit: Callable[[Event], Awaitable[Any]] | None = None,
        blocking: BlockingIO | None = None,
    ) -> None:
        self.store = SureStore(store)
        self._leases = store
        self._emit = emit
        self._blocking = blocking or BlockingIO(store)
        self._emitting: set[asyncio.Task[None]] = set()
        servers = Servers()
        self._connections = PerLoop(
            lambda: LoopConnections(servers), LoopConnections.aclose, LoopConnections.abandon
        )

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        connections = self._connections.get()
        until = time.monotonic() + timeout
        user = driver_parts.share_of(request)
        place = await connections.place(user, timeout)
        user = whose_turn(user)
        reading = Reading(
            connections.turns,
            user,
            written=bool(missing()),
            repeatable=driver_parts.repeated_soon(request),
        )
        CURRENT.set(reading)
        try:
            with connections.turns.calling(user):
                await connections.turns.take(user)
                left = driver_parts.time_left(until)
                return await self._send(connections, request, left, reading)
        finally:
            CURRENT.set(None)  # not `reset`: a flow may be thrown away from within another context
            connections.shares.leave(place)

    async def _send(
        self,
        connections: LoopConnections,
        request: HttpRequest,
        timeout: float,  # noqa: ASYNC109
        reading: Reading,
    ) -> HttpResponse:
        failure: BaseException
        try:
            async with asyncio.timeout(timeout):
                if missing():
                    with connections.shards.client() as client:
                        return await whole(await asend(client, request, timeout))
                return await connections.send(messages.wire_of(request), timeout, reading)
        except TimeoutError as error:
            unsent = NotSent("ConnectTimeout", reason_of(error))
            failure = AnswerLost("timeout") if reading.written else unsent
        except Exception as error:  # translated by its class below; frames below hold the token
            failure = GeneratorExit() if driver_parts.thrown_away(error) else driver_parts.outcome(error)
        except BaseException as error:  # a cancellation
            failure = driver_parts.bare(error)
        raise failure

    async def connect(self, url: str, *, timeout: float) -> None:  # noqa: ASYNC109
        """Connect to the server of a URL ahead of the first request to it, and send nothing.

        `timeout`: seconds. Where the operator's proxy is between, nothing is done.

        Raises:
            NotSent: no connection could be made.
        """
        failure: Exception
        try:
            async with asyncio.timeout(timeout):
                await self._connections.get().warm(messages.server_of(url))
                return
        except TimeoutError:
            failure = NotSent("ConnectTimeout", reason_of(TimeoutError()))
        except (NotSent, httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            failure = driver_parts.outcome(error)
        raise failure

    async def read(self, source: Readable, offset: int, count: int) -> bytes:
        return await FILES.run(source.read, offset, count)

    async def call(self, function: Callable[[], T]) -> T:
        return await FILES.run(function)

    async def sleep(self, seconds: float) -> None:
        running_loop()
        await asyncio.sleep(seconds)

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    random_token = staticmethod(driver_parts.random_token)
    new_id = staticmethod(driver_parts.new_id)
    jitter = staticmethod(driver_parts.jitter)

    @asynccontextmanager
    async def lease(self, name: str) -> AsyncIterator[bool]:
        owner = driver_parts.random_token()
        try:
            mine = bool(await self._leases.aacquire(name, owner, driver_parts.LEASE_SECONDS))
        except (StoreError, asyncio.CancelledError):
            # The lease may be taken although the answer was lost: release it, so that nobody waits for its end.
            with contextlib.suppress(StoreError):
                await self._leases.arelease(name, owner)
            raise
        if not mine:
            yield False
            return

        async def keep() -> None:
            while True:
                await asyncio.sleep(driver_parts.LEASE_SECONDS / 3)
                with contextlib.suppress(StoreError):
                    await self._leases.aacquire(name, owner, driver_parts.LEASE_SECONDS)

        keeper = asyncio.create_task(keep(), name="vimeo-toolkit-lease")
        try:
            yield True
        except GeneratorExit:  # the flow is being closed with its loop; the lease ends by itself
            raise
        except BaseException:
            await self._release(keeper, name, owner)
            raise
        await self._release(keeper, name, owner)

    async def _release(self, keeper: asyncio.Task[None], name: str, owner: str) -> None:
        keeper.cancel()
        with contextlib.suppress(StoreError):
            await self._leases.arelease(name, owner)

    async def shielded(self, flow: Callable[[IO], Coroutine[Any, Any, T]]) -> T:
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[T] = loop.create_future()
        apart = Apart(self._blocking, has_listeners=self.has_listeners)
        context = contextvars.copy_context()  # a tracing hook looks for the caller's span

        def settle(work: Work[T]) -> None:
            if outcome.done():  # the caller was cancelled
                return
            if work.error is not None:
                outcome.set_exception(work.error)
                # read it, so that asyncio does not log it when the caller is cancelled right now
                outcome.exception()
            else:
                outcome.set_result(work.result())

        async def tell(work: Work[T]) -> None:
            for event in apart.events:
                await self.emit(event)
            settle(work)

        def deliver(work: Work[T]) -> None:
            if not apart.events:
                settle(work)
                return
            # A task of its own, so that events are emitted even if the caller has gone.
            task = loop.create_task(tell(work), name="vimeo-toolkit-events", context=context)
            self._emitting.add(task)
            task.add_done_callback(self._emitting.discard)

        def finished(work: Work[T]) -> None:
            try:
                loop.call_soon_threadsafe(deliver, work)
            except RuntimeError:  # the loop is closed: plain hooks are called here
                for event in apart.events:
                    run_sync(self._blocking.emit(event))

        self._blocking.prepare(flow, apart, finished).start()
        return await outcome

    def begin(self, flow: Callable[[], Coroutine[Any, Any, T]]) -> Begun[T]:
        context = contextvars.copy_context()
        context.run(BESIDE.set, True)
        return _Task(asyncio.create_task(flow(), name="vimeo-toolkit-beside", context=context))

    @property
    def reads_under_way(self) -> dict[Any, Any]:
        return self._connections.get().reads_under_way

    def signal(self) -> Signal:
        return _Signal()

    @property
    def may_await(self) -> bool:
        return True

    @property
    def has_listeners(self) -> bool:
        return self._emit is not None

    async def emit(self, event: Event) -> None:
        if self._emit is not None:
            await self._emit(event)

    async def aclose(self) -> None:
        """Close the connections of the running loop, and those that closed loops left behind."""
        if self._blocking.busy:
            await FILES.run(self._blocking.settle)
        await self._connections.aclose()
