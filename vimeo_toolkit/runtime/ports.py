"""The ports of a flow: everything that it may ask of the outside.

A flow is a coroutine that does nothing but compute and await the methods of an `IO`. The asynchronous `IO`
really suspends; the blocking one never does, so that `run_sync` can run the same flow to its end in one step.
No flow touches a socket, a file, a clock or a random source in any other way.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar, runtime_checkable
from urllib.parse import urlsplit

from vimeo_toolkit.identity import Identity
from vimeo_toolkit.observe.events import Event
from vimeo_toolkit.stores.protocol import Key, Row

__all__ = [
    "IO",
    "REPEATABLE",
    "AnswerLost",
    "Begun",
    "CheckedPort",
    "EndsPort",
    "Event",
    "HttpRequest",
    "HttpResponse",
    "NotSent",
    "Signal",
    "StorePort",
    "SureStorePort",
    "TooLarge",
]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

REPEATABLE: Final = frozenset({"GET", "PUT", "DELETE"})
"""Methods that may be sent again after their answer was lost. A POST never is: Vimeo confirms no idempotency
key, so a repeat could create a second comment, showcase or webhook. Nor is a PATCH, which is not an idempotent
method (RFC 9110, 9.2.2)."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A complete request. Its `repr` shows neither headers nor body, which hold tokens."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    content: bytes = b""
    private: bool = False
    """Its URL is a secret, such as an upload link: it is never logged."""
    user: Identity | None = None
    """The user whose share of the connections it takes; without one, the token in its headers stands for the
    user."""

    def __repr__(self) -> str:
        if self.private:
            return f"<HttpRequest {self.method} {urlsplit(self.url).hostname}>"
        return f"<HttpRequest {self.method} {self.url.partition('?')[0]}>"


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A complete answer, its body decoded and read to the end."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    content: bytes

    def __repr__(self) -> str:
        return f"<HttpResponse {self.status} {len(self.content)} bytes>"


class NotSent(Exception):
    """No connection could be made: the server has not seen the request.

    Args:
        kind: the class of what was raised.
        reason: why, in one of a few fixed sentences; may be empty.
    """

    def __init__(self, kind: str = "", reason: str = "") -> None:
        super().__init__(kind)
        self.reason = reason


class AnswerLost(Exception):
    """The request was (perhaps partly) sent and no complete answer came: it may have been carried out."""


class TooLarge(Exception):
    """The answer's body is larger than any that Vimeo sends."""


class StorePort(Protocol):
    """The part of a store that flows use; see `stores.protocol.Store` for what each method promises.

    A flow's own store (`IO.store`) has more: see `SureStorePort`.
    """

    async def aget(self, key: Key) -> Row | None: ...
    async def aput(
        self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None
    ) -> bool: ...
    async def adelete(self, key: Key, *, expected: int) -> bool: ...
    async def ascan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]: ...


@runtime_checkable
class EndsPort(Protocol):
    """What a store of flows may have besides; see `stores.protocol.KeepsEnds`."""

    async def areplace(self, key: Key, value: bytes, *, version: int) -> bool: ...


@runtime_checkable
class CheckedPort(Protocol):
    """What a store of flows may have besides; see `stores.protocol.Checked`."""

    async def acheck(self, kind: str) -> int: ...


class SureStorePort(StorePort, Protocol):
    """A flow's own store: it looks for what became of a write whose answer was lost, and does what a store need not
    be able to; see `runtime.sure`."""

    async def areplace(self, key: Key, value: bytes, *, version: int, ttl: float | None) -> bool: ...
    async def acheck(self, kind: str) -> int: ...


class Readable(Protocol):
    """A file, as far as the drivers need one."""

    def read(self, offset: int, count: int) -> bytes: ...


class Begun(Protocol[T_co]):
    """A flow that was begun beside its caller's."""

    async def result(self) -> T_co:
        """Wait for its end, and return what it returned or raise what it raised. Once."""
        ...

    def drop(self) -> None:
        """Tell that nobody will ask for its result: it is cancelled where that can be done."""
        ...

    async def over(self) -> None:
        """Wait for its end, whatever that is."""
        ...


class Signal(Protocol):
    """What one flow waits for and another one gives, both in the same event loop or both blocking."""

    def give(self) -> None:
        """Let the flow that waits for it go on."""
        ...

    async def wait(self, seconds: float) -> None:
        """Wait until it is given, so many seconds at most, and not at all where this thread is itself what a flow
        waits for."""
        ...


class IO(Protocol):
    """The outside, as a flow sees it."""

    @property
    def store(self) -> SureStorePort: ...

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        """Send and read the whole answer; redirects are not followed.

        `timeout`: seconds for everything together.

        Raises:
            NotSent, AnswerLost, TooLarge.
        """
        ...

    async def read(self, source: Readable, offset: int, count: int) -> bytes:
        """Read a part of a file and return it: `count` bytes, fewer at its end.

        Raises:
            VimeoToolkitError: what the source raises.
        """
        ...

    async def call(self, function: Callable[[], T]) -> T:
        """Call a function that touches files and return its result; the asynchronous driver runs it in a thread.

        Raises:
            VimeoToolkitError: what the function raises.
        """
        ...

    async def sleep(self, seconds: float) -> None: ...

    def now(self) -> float:
        """Return seconds since the epoch."""
        ...

    def monotonic(self) -> float:
        """Return seconds on a clock that nobody sets."""
        ...

    def random_token(self) -> str:
        """Return 43 url-safe characters, 256 random bits."""
        ...

    def new_id(self) -> str:
        """Return a unique name for one call; it is not a secret."""
        ...

    def jitter(self) -> float:
        """Return a random number from 0 to 1."""
        ...

    def lease(self, name: str) -> AbstractAsyncContextManager[bool]:
        """Try to become the only holder of `name` over all tasks, threads, processes and machines.

        Enters at once with True or False; while held, it is kept alive however long the body takes, and a
        holder that dies loses it within seconds.
        """
        ...

    async def shielded(self, flow: Callable[[IO], Coroutine[Any, Any, T]]) -> T:
        """Run a flow to its end whatever happens to the caller, and return its result.

        For what cannot be repeated, such as a code's exchange, together with the write after it: neither a
        cancellation, nor an interrupt, nor an event loop that stands still or is closed reaches it. It gets an
        `IO` of its own.
        """
        ...

    def begin(self, flow: Callable[[], Coroutine[Any, Any, T]]) -> Begun[T]:
        """Begin a flow that goes on beside the caller's, and return it.

        For reads, and for writes that do the same when they are done again: whoever begins one asks for its result
        or drops it, and one that is dropped may still reach its end (`Begun.over` waits for that), or be run a
        second time where the first run was lost in a fork.
        """
        ...

    @property
    def reads_under_way(self) -> dict[Any, Any]:
        """Return a table of the reads that others may wait for: of this event loop, or of this process's blocking
        calls."""
        ...

    def signal(self) -> Signal:
        """Return a signal that was not given yet."""
        ...

    @property
    def may_await(self) -> bool:
        """Whether the result of an operator's function may be awaited: not in a blocking call."""
        ...

    @property
    def has_listeners(self) -> bool:
        """Whether there are listeners: a flow with many events asks first."""
        ...

    async def emit(self, event: Event) -> None:
        """Emit an event to the operator's hooks. Never raises."""
        ...
