"""Count the effects of a toolkit (requests, and what it does with its store), and strike at one of them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

from tests.campaign.cases import Case
from vimeo_toolkit import StoreBusy, VimeoToolkit
from vimeo_toolkit.runtime.ports import AnswerLost, HttpRequest, HttpResponse
from vimeo_toolkit.stores import Key, Row, Store

__all__ = ["Strike", "StruckStore", "TimeLimit", "strike_requests"]

T = TypeVar("T")
Tell = Callable[[dict[str, Any]], None]


class TimeLimit(Exception):
    """What a task queue's time limit raises in the main thread, by a signal."""


class Strike:
    """What happens at the effects of one process. `tell` reaches the parent even from a process that is killed."""

    def __init__(self, case: Case, tell: Tell) -> None:
        self._case = case
        self._tell = tell
        self._at: int | None = None
        self._left = 0
        self._guard = threading.RLock()
        self._running: list[threading.Thread] = []
        self.effects: list[str] = []
        self.task: asyncio.Task[Any] | None = None
        self.loop: asyncio.AbstractEventLoop | None = None

    def arm(self, at: int | None) -> None:
        """From now on effects are counted; `at`: the one that is struck, None for none."""
        self.effects, self._at, self._left = [], at, self._case.times

    def disarm(self) -> None:
        """Nothing more happens; what is under way is waited for."""
        self._at = None
        for each in self._running:
            each.join()
        for _ in range(1000):
            pass  # a signal's handler runs between two steps of the main thread
        self._tell({"effects": self.effects})

    def _reached(self, name: str) -> bool:
        with self._guard:
            number = len(self.effects)
            self.effects.append(name)
            if self._at is None or number < self._at or self._left == 0:
                return False
            self._left = self._left - 1 if self._case.kind == "lost" else 0
        self._tell({"struck": name, "number": number})
        return True

    def _later(self, work: Callable[[], Any]) -> None:
        def run() -> None:
            time.sleep(self._case.pause)
            with contextlib.suppress(Exception):
                work()

        thread = threading.Thread(target=run, daemon=True)
        self._running.append(thread)
        thread.start()

    def _hit(self) -> None:
        """The process or the caller is told to end."""
        if self._case.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.loop is not None:
            with contextlib.suppress(RuntimeError):  # it is closed already
                self.loop.call_soon_threadsafe(self._cancel)
        else:
            number = signal.SIGINT if self._case.seed % 2 else signal.SIGUSR1
            signal.pthread_kill(threading.main_thread().ident or 0, number)

    def _cancel(self) -> None:
        if self.task is not None:
            self.task.cancel()

    def _around(self, moment: str) -> bool:
        """Strike, if this is the moment; whether it was."""
        if self._case.when == "during" and moment == "before":
            self._later(self._hit)
        elif self._case.when == moment:
            self._hit()
            return True
        return False

    def blocking(self, name: str, work: Callable[[], T], lost: Exception, writes: bool = False) -> T:
        """Do a blocking effect, unless it is the one."""
        if not self._reached(name):
            return work()
        if self._case.kind == "lost":
            if self._case.when == "late" and writes:
                self._later(work)
            else:
                work()
            raise lost
        self._around("before")
        done = work()
        self._around("after")
        if self._case.when == "during" and self._case.kind == "kill":
            time.sleep(1)
        return done

    async def suspending(
        self,
        name: str,
        work: Callable[[], Awaitable[T]],
        lost: Exception,
        late: Callable[[], Any] | None = None,
    ) -> T:
        """Do an effect of the asynchronous world, unless it is the one."""
        if not self._reached(name):
            return await work()
        if self._case.kind == "lost":
            if self._case.when == "late" and late is not None:
                self._later(late)
            else:
                await work()
            raise lost
        if self._around("before"):
            await asyncio.sleep(0.01)
        done = await work()
        if self._around("after"):
            await asyncio.sleep(0.01)
        if self._case.when == "during" and self._case.kind == "kill":
            await asyncio.sleep(1)
        return done

    def heard(self, response: HttpResponse) -> None:
        """Tell which token came."""
        with contextlib.suppress(ValueError, TypeError, KeyError):
            self._tell({"heard": json.loads(response.content)["access_token"]})

    def kept(self, key: Key, done: bool) -> None:
        """Tell that an account was saved."""
        if done and key.kind == "account":
            self._tell({"kept": key.name})


def _gone() -> StoreBusy:
    return StoreBusy("The store does not answer.")


class StruckStore:
    """A store whose every use is an effect."""

    def __init__(self, store: Store, strike: Strike) -> None:
        self._store = store
        self._strike = strike
        self.shared = store.shared
        self.path = store.path

    def get(self, key: Key) -> Row | None:
        return self._strike.blocking(f"get {key.kind}", lambda: self._store.get(key), _gone())

    def put(self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None) -> bool:
        def work() -> bool:
            done = self._store.put(key, value, version=version, expected=expected, ttl=ttl)
            self._strike.kept(key, done)
            return done

        return self._strike.blocking(f"put {key.kind}", work, _gone(), writes=True)

    def delete(self, key: Key, *, expected: int) -> bool:
        return self._strike.blocking(
            f"delete {key.kind}", lambda: self._store.delete(key, expected=expected), _gone(), writes=True
        )

    def scan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]:
        return self._strike.blocking(
            f"scan {kind}", lambda: self._store.scan(kind, connection, after=after, limit=limit), _gone()
        )

    def acquire(self, lease: str, owner: str, ttl: float) -> bool:
        return self._strike.blocking(
            "acquire", lambda: self._store.acquire(lease, owner, ttl), _gone(), writes=True
        )

    def release(self, lease: str, owner: str) -> None:
        self._strike.blocking("release", lambda: self._store.release(lease, owner), _gone(), writes=True)

    def close(self) -> None:
        self._store.close()

    async def aget(self, key: Key) -> Row | None:
        return await self._strike.suspending(f"get {key.kind}", lambda: self._store.aget(key), _gone())

    async def aput(
        self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None
    ) -> bool:
        async def work() -> bool:
            done = await self._store.aput(key, value, version=version, expected=expected, ttl=ttl)
            self._strike.kept(key, done)
            return done

        def late() -> bool:
            return self._store.put(key, value, version=version, expected=expected, ttl=ttl)

        return await self._strike.suspending(f"put {key.kind}", work, _gone(), late)

    async def adelete(self, key: Key, *, expected: int) -> bool:
        return await self._strike.suspending(
            f"delete {key.kind}",
            lambda: self._store.adelete(key, expected=expected),
            _gone(),
            lambda: self._store.delete(key, expected=expected),
        )

    async def ascan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]:
        return await self._strike.suspending(
            f"scan {kind}", lambda: self._store.ascan(kind, connection, after=after, limit=limit), _gone()
        )

    async def aacquire(self, lease: str, owner: str, ttl: float) -> bool:
        return await self._strike.suspending(
            "acquire",
            lambda: self._store.aacquire(lease, owner, ttl),
            _gone(),
            lambda: self._store.acquire(lease, owner, ttl),
        )

    async def arelease(self, lease: str, owner: str) -> None:
        await self._strike.suspending(
            "release",
            lambda: self._store.arelease(lease, owner),
            _gone(),
            lambda: self._store.release(lease, owner),
        )

    async def aclose(self) -> None:
        await self._store.aclose()


def strike_requests(toolkit: VimeoToolkit, strike: Strike) -> None:
    """Make each of the toolkit's requests an effect."""
    blocking: Any = toolkit._blocking
    suspending: Any = toolkit._async

    def struck(send: Any, asynchronous: bool) -> Any:
        async def wrapped(request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
            name = f"{request.method} {'upload link' if request.private else request.url.split('/', 3)[3]}"
            lost = AnswerLost("reset")
            if asynchronous:
                response = await strike.suspending(name, lambda: send(request, timeout=timeout), lost)
            else:
                response = strike.blocking(name, lambda: _driven(send(request, timeout=timeout)), lost)
            strike.heard(response)
            return cast(HttpResponse, response)

        return wrapped

    blocking.send = struck(blocking.send, False)
    suspending.send = struck(suspending.send, True)


def _driven(flow: Any) -> Any:
    from vimeo_toolkit.runtime.blocking import run_sync

    return run_sync(flow)
