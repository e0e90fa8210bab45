"""The asynchronous world: each loop's `httpx.AsyncClient`s, the store's async methods, `asyncio.sleep`."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

import httpx

from vimeo_toolkit.errors import StoreError
from vimeo_toolkit.runtime import common
from vimeo_toolkit.runtime.apart import Apart, Work
from vimeo_toolkit.runtime.blocking import BlockingIO, drive
from vimeo_toolkit.runtime.lanes import Lanes
from vimeo_toolkit.runtime.ports import IO, AnswerLost, Event, HttpRequest, HttpResponse, Readable
from vimeo_toolkit.runtime.sure import SureStore
from vimeo_toolkit.stores.protocol import Store

__all__ = ["AsyncIO"]

T = TypeVar("T")


class AsyncIO:
    """Performs a flow's wishes without ever blocking the event loop. Safe to use from several loops.

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
        self._telling: set[asyncio.Task[None]] = set()
        # A client's connections belong to the loop that opened them: its own for each loop, gone with it.
        self._lanes: WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[int, Lanes[httpx.AsyncClient]]] = (
            WeakKeyDictionary()
        )

    def _connected(self) -> Lanes[httpx.AsyncClient]:
        loop = asyncio.get_running_loop()
        known = self._lanes.get(loop)
        # After a fork the parent's sockets are shared: a child that wrote to them would mix up answers.
        if known is not None and known[0] == os.getpid():
            return known[1]
        lanes = Lanes(lambda: httpx.AsyncClient(**common.client_options()))
        self._lanes[loop] = (os.getpid(), lanes)
        return lanes

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        with self._connected().client() as client:
            return await self._send(client, request, timeout)

    async def _send(self, client: httpx.AsyncClient, request: HttpRequest, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        failure: BaseException
        try:
            async with asyncio.timeout(timeout):
                wire = common.to_httpx(request, timeout)
                response = await common.transport(client, wire).handle_async_request(wire)
                stream = cast(httpx.AsyncByteStream, response.stream)
                try:
                    body = common.Body(response)
                    async for chunk in stream:
                        body.add(chunk)
                finally:
                    await stream.aclose()
                return HttpResponse(response.status_code, common.headers(response), body.whole())
        except TimeoutError:
            failure = AnswerLost("timeout")
        except Exception as error:  # sorted by its class below; httpx's frames hold the token
            failure = common.outcome(error)
        except BaseException as error:  # a cancellation
            failure = common.bare(error)
        raise failure

    async def read(self, source: Readable, offset: int, count: int) -> bytes:
        return await asyncio.to_thread(source.read, offset, count)

    async def call(self, function: Callable[[], T]) -> T:
        return await asyncio.to_thread(function)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    random_token = staticmethod(common.random_token)
    new_id = staticmethod(common.new_id)
    jitter = staticmethod(common.jitter)

    @asynccontextmanager
    async def lease(self, name: str) -> AsyncIterator[bool]:
        owner = common.random_token()
        try:
            mine = await self._leases.aacquire(name, owner, common.LEASE_SECONDS) is not None
        except (StoreError, asyncio.CancelledError):
            # It may have been carried out: nobody is to wait for the end of a lease that nobody knows of.
            with contextlib.suppress(StoreError):
                await self._leases.arelease(name, owner)
            raise
        if not mine:
            yield False
            return

        async def keep() -> None:
            while True:
                await asyncio.sleep(common.LEASE_SECONDS / 3)
                with contextlib.suppress(StoreError):
                    await self._leases.aacquire(name, owner, common.LEASE_SECONDS)

        keeper = asyncio.create_task(keep(), name="vimeo-toolkit-lease")
        try:
            yield True
        finally:
            keeper.cancel()
            with contextlib.suppress(StoreError):
                await self._leases.arelease(name, owner)

    async def shielded(self, flow: Callable[[IO], Coroutine[Any, Any, T]]) -> T:
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[T] = loop.create_future()
        apart = Apart(self._blocking, listening=self.listening)
        context = contextvars.copy_context()  # a tracing hook looks for the caller's span

        def settle(work: Work[T]) -> None:
            if outcome.done():  # the caller was cancelled
                return
            if work.error is not None:
                outcome.set_exception(work.error)
                outcome.exception()  # a caller who is cancelled in this very moment leaves nothing to complain of
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
            # A task of its own: what was done is told even if the caller has gone.
            task = loop.create_task(tell(work), name="vimeo-toolkit-events", context=context)
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

        def finished(work: Work[T]) -> None:
            try:
                loop.call_soon_threadsafe(deliver, work)
            except RuntimeError:  # the loop is closed: its hooks, if they are plain functions, hear it here
                for event in apart.events:
                    drive(self._blocking.emit(event))

        self._blocking.begin(flow, apart, finished)
        return await outcome

    @property
    def may_await(self) -> bool:
        return True

    @property
    def listening(self) -> bool:
        return self._emit is not None

    async def emit(self, event: Event) -> None:
        if self._emit is not None:
            await self._emit(event)

    async def aclose(self) -> None:
        """Close the clients of the running loop; those of loops that have ended went with them."""
        if self._blocking.busy:
            await asyncio.to_thread(self._blocking.settle)
        known = self._lanes.pop(asyncio.get_running_loop(), None)
        for client in known[1].clear() if known is not None else ():
            await client.aclose()
