"""The asynchronous driver: `httpx.AsyncClient`s for each loop, the store's async methods, `asyncio.sleep`."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Hashable
from contextlib import asynccontextmanager
from typing import Any, Generic, TypeVar
from weakref import WeakSet

import httpx

from vimeo_toolkit.errors import StoreError
from vimeo_toolkit.runtime import driver_parts, messages
from vimeo_toolkit.runtime.apart import Apart, Work
from vimeo_toolkit.runtime.beside import BESIDE, whose_turn
from vimeo_toolkit.runtime.blocking import BlockingIO, run_sync
from vimeo_toolkit.runtime.connecting import aenforce
from vimeo_toolkit.runtime.idleness import Doubts
from vimeo_toolkit.runtime.internals import missing, pool
from vimeo_toolkit.runtime.loops import PerLoop, running_loop
from vimeo_toolkit.runtime.plain import asend
from vimeo_toolkit.runtime.pool_shards import CAPACITY, PoolShards
from vimeo_toolkit.runtime.ports import (
    IO,
    AnswerLost,
    Begun,
    Event,
    HttpRequest,
    HttpResponse,
    NotSent,
    Readable,
)
from vimeo_toolkit.runtime.shares import Place, Shares
from vimeo_toolkit.runtime.sure import SureStore
from vimeo_toolkit.runtime.threads import FILES
from vimeo_toolkit.runtime.turns import CURRENT, Reading, Turns
from vimeo_toolkit.stores.protocol import Store

__all__ = ["AsyncIO"]

T = TypeVar("T")


class _Connections:
    """The connections of one event loop to Vimeo, and the rule who may use one."""

    def __init__(self) -> None:
        sockets: WeakSet[socket.socket] = WeakSet()
        self._sockets = sockets
        doubts = Doubts()
        client = driver_parts.clients(httpx.AsyncClient, httpx.AsyncHTTPTransport)
        self.shards: PoolShards[httpx.AsyncClient] = PoolShards(lambda: aenforce(client(), sockets, doubts))
        self.shares = Shares(CAPACITY)
        self.turns = Turns()

    async def place(self, user: Hashable, timeout: float) -> Place:  # noqa: ASYNC109
        """Wait for the user's turn.

        Raises:
            NotSent: it did not come in time.
        """
        turn = asyncio.Event()
        place = self.shares.ask(user, turn.set)
        if place.granted:
            return place
        try:
            async with asyncio.timeout(timeout):
                await turn.wait()
        except TimeoutError:
            self.shares.leave(place)
            raise NotSent("PoolTimeout") from None
        except BaseException:
            self.shares.leave(place)
            raise
        return place

    async def aclose(self) -> None:
        for client in self.shards.clear():
            await client.aclose()
        await asyncio.sleep(0)  # transports close their sockets in the loop's next round

    def abandon(self) -> None:
        self.shards.clear()
        for each in list(self._sockets):
            each.close()


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
        self._connections = PerLoop(_Connections, _Connections.aclose, _Connections.abandon)

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
            with connections.turns.calling(user), connections.shards.client() as client:
                await connections.turns.take(user)
                return await self._send(client, request, until - time.monotonic(), reading)
        finally:
            CURRENT.set(None)  # not `reset`: a flow may be thrown away from within another context
            connections.shares.leave(place)

    async def _send(
        self,
        client: httpx.AsyncClient,
        request: HttpRequest,
        timeout: float,  # noqa: ASYNC109
        reading: Reading,
    ) -> HttpResponse:
        failure: BaseException
        try:
            async with asyncio.timeout(timeout):
                if missing():
                    response = await asend(client, request, timeout)
                else:
                    server, wire = messages.to_httpcore(request, timeout)
                    response = await pool(client, server.url).handle_async_request(wire)
                try:
                    headers = messages.headers(response)
                    body = messages.Body(headers)
                    async for chunk in response.aiter_stream():
                        body.add(chunk)
                finally:
                    await response.aclose()
                return HttpResponse(response.status, headers, body.whole())
        except TimeoutError:
            failure = AnswerLost("timeout") if reading.written else NotSent("ConnectTimeout")
        except Exception as error:  # translated by its class below; httpcore's frames hold the token
            failure = GeneratorExit() if driver_parts.thrown_away(error) else driver_parts.outcome(error)
        except BaseException as error:  # a cancellation
            failure = driver_parts.bare(error)
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
