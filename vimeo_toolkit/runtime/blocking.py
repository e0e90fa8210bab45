"""The blocking driver: connections of the process, the store's blocking methods, `time.sleep`."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar
from weakref import ref

import httpcore

from vimeo_toolkit.runtime import driver_parts, messages
from vimeo_toolkit.runtime.apart import Apart, Work
from vimeo_toolkit.runtime.beside import Beside, ThreadSignal, whose_turn
from vimeo_toolkit.runtime.deadline import limited, until
from vimeo_toolkit.runtime.internals import missing
from vimeo_toolkit.runtime.plain import send, watched
from vimeo_toolkit.runtime.ports import IO, Begun, Event, HttpRequest, HttpResponse, Readable, Signal
from vimeo_toolkit.runtime.process_connections import ProcessConnections, whole
from vimeo_toolkit.runtime.sure import SureStore
from vimeo_toolkit.runtime.thread_turns import Turn
from vimeo_toolkit.stores.protocol import Checked, KeepsEnds, Key, Row, Store

__all__ = ["BlockingIO", "run_sync"]

T = TypeVar("T")


def run_sync(flow: Coroutine[Any, Any, T]) -> T:
    """Run a flow whose `IO` never suspends. Works inside a running event loop too, since it uses none."""
    try:
        flow.send(None)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]
    flow.close()
    raise RuntimeError("A flow suspended in the blocking driver: it awaited something that is not its IO.")


def _awaited(method: Callable[..., T]) -> Callable[..., Coroutine[Any, Any, T]]:
    async def run(*args: Any, **kwargs: Any) -> T:
        return method(*args, **kwargs)

    return run


class BlockingStore:
    """A store's blocking methods under the names that flows await."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # Optional parts of a store.
        if isinstance(store, KeepsEnds):
            self.areplace = _awaited(store.replace)
        if isinstance(store, Checked):
            self.acheck = _awaited(store.check)

    async def aget(self, key: Key) -> Row | None:
        return self._store.get(key)

    async def aput(
        self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None
    ) -> bool:
        return self._store.put(key, value, version=version, expected=expected, ttl=ttl)

    async def adelete(self, key: Key, *, expected: int) -> bool:
        return self._store.delete(key, expected=expected)

    async def ascan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]:
        return self._store.scan(kind, connection, after=after, limit=limit)


class _Holder:
    """Lives as long as the frame that holds a lease."""


class BlockingIO:
    """Runs flows with blocking calls. Safe to use from many threads."""

    def __init__(self, store: Store, emit: Callable[[Event], Any] | None = None) -> None:
        self.store = SureStore(BlockingStore(store))
        self._leases = store
        self._emit = emit
        self._connections: ProcessConnections
        self._pid = 0
        self._guard = threading.RLock()  # reentrant: a signal handler may run while it is held
        self._apart: set[Work[Any]] = set()

    def _connected(self) -> ProcessConnections:
        # A child process must not use its parent's sockets after a fork: it would mix up answers.
        if self._pid != os.getpid():
            # Made before the lock is taken: a fork by another thread meanwhile would leave it locked in the child.
            made = ProcessConnections()
            with self._guard:
                if self._pid != os.getpid():
                    self._connections = made
                    self._pid = os.getpid()
        return self._connections

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        if limited():
            # A signal handler may have interrupted this thread's own request: do not wait for the locks of that
            # one.
            return self._send_apart(request, timeout)
        if missing():
            return watched(partial(self._send_apart, request, timeout), timeout)
        connections, deadline = self._connected(), time.monotonic() + timeout
        user = driver_parts.share_of(request)
        place = connections.place(user, timeout)
        try:
            with connections.turns.of(whose_turn(user)) as turn:
                return self._send(connections, request, driver_parts.time_left(deadline), turn)
        finally:
            connections.shares.leave(place)

    def _send_apart(self, request: HttpRequest, timeout: float) -> HttpResponse:
        """Send over a connection of its own."""
        connections = ProcessConnections()
        try:
            return self._send(connections, request, timeout)
        finally:
            connections.close()

    def _send(
        self,
        connections: ProcessConnections,
        request: HttpRequest,
        timeout: float,
        turn: Turn | None = None,
    ) -> HttpResponse:
        failure: BaseException
        try:
            repeatable = driver_parts.repeated_soon(request)
            with until(time.monotonic() + timeout, turn, repeatable=repeatable):
                if missing():
                    with connections.shards.client() as client:
                        return whole(send(client, request, timeout))
                return connections.send(messages.wire_of(request), timeout)
        except Exception as error:  # translated by its class below; frames below hold the token
            failure = driver_parts.outcome(error)
        except BaseException as error:
            failure = driver_parts.bare(error)
        raise failure

    async def connect(self, url: str, *, timeout: float) -> None:  # noqa: ASYNC109
        """Connect to the server of a URL ahead of the first request to it, and send nothing.

        `timeout`: seconds. Where the operator's proxy is between, nothing is done.

        Raises:
            NotSent: no connection could be made.
        """
        if missing():
            return
        try:
            with until(time.monotonic() + timeout):
                self._connected().warm(messages.server_of(url))
                return
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            failure = driver_parts.outcome(error)
        raise failure

    async def read(self, source: Readable, offset: int, count: int) -> bytes:
        return source.read(offset, count)

    async def call(self, function: Callable[[], T]) -> T:
        return function()

    async def sleep(self, seconds: float) -> None:
        time.sleep(seconds)  # noqa: ASYNC251 - this is the blocking driver

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    random_token = staticmethod(driver_parts.random_token)
    new_id = staticmethod(driver_parts.new_id)
    jitter = staticmethod(driver_parts.jitter)

    @asynccontextmanager
    async def lease(self, name: str) -> AsyncIterator[bool]:
        owner, released, holder = driver_parts.random_token(), threading.Event(), _Holder()
        held = ref(holder)

        def keep() -> None:
            # An interrupt may come at any step of this generator, even before it yields.
            while not released.wait(driver_parts.LEASE_SECONDS / 3) and held() is not None:
                driver_parts.ignoring_store_errors(
                    self._leases.acquire, name, owner, driver_parts.LEASE_SECONDS
                )

        keeper = threading.Thread(target=keep, name="vimeo-toolkit-lease", daemon=True)
        mine: bool | None = None
        try:
            mine = bool(self._leases.acquire(name, owner, driver_parts.LEASE_SECONDS))
            if mine:
                keeper.start()
            yield mine
        finally:
            released.set()
            if keeper.is_alive():
                keeper.join()
            if mine is not False:
                # Release it after a lost answer, too, so that nobody waits for the end of an unknown lease.
                driver_parts.ignoring_store_errors(self._leases.release, name, owner)

    async def shielded(self, flow: Callable[[IO], Coroutine[Any, Any, T]]) -> T:
        apart = Apart(self, has_listeners=self.has_listeners)
        work = self.prepare(flow, apart, lambda _: None)
        interrupt: BaseException | None = None
        try:
            work.start()
        except BaseException as error:  # Ctrl-C, or what another signal's handler raises
            if not work.started:
                raise
            interrupt = error
        while True:
            try:
                work.over.wait()
                break
            except BaseException as error:
                if interrupt is not None:  # a second interrupt: the work goes on in its thread
                    raise
                interrupt = error
        for event in apart.events:
            await self.emit(event)
        if interrupt is not None:
            raise interrupt
        return work.result()

    def prepare(
        self, flow: Callable[[IO], Coroutine[Any, Any, T]], apart: Apart, finished: Callable[[Work[T]], None]
    ) -> Work[T]:
        """Return the work of running a flow in a thread of its own, not yet started. It calls `finished` at its
        end."""

        def begun(work: Work[T]) -> None:
            self._apart.add(work)

        def ended(work: Work[T]) -> None:
            self._apart.discard(work)
            finished(work)

        return Work(lambda: run_sync(flow(apart)), begun, ended)

    def begin(self, flow: Callable[[], Coroutine[Any, Any, T]]) -> Begun[T]:
        # Within a signal handler the thread may hold what another one waits for.
        return Beside(lambda: run_sync(flow()), start=not limited())

    @property
    def reads_under_way(self) -> dict[Any, Any]:
        return self._connected().reads_under_way

    def signal(self) -> Signal:
        return ThreadSignal()

    @property
    def busy(self) -> bool:
        """Whether flows run apart right now."""
        return bool(self._apart)

    def settle(self) -> None:
        """Wait for the flows that run apart, because they still need the connections and the store."""
        for work in list(self._apart):
            if work.started:
                work.over.wait()

    @property
    def may_await(self) -> bool:
        return False

    @property
    def has_listeners(self) -> bool:
        return self._emit is not None

    async def emit(self, event: Event) -> None:
        if self._emit is not None:
            self._emit(event)

    def close(self) -> None:
        self.settle()
        if self._pid == os.getpid():
            self._connections.close()
