"""Run work that must not be interrupted in a thread of its own.

A refresh or a code exchange cannot be repeated: whoever loses its answer, or the write after it, has lost the
account. A cancellation, Ctrl-C, a time limit that a signal enforces, a loop that stands still or is closed all
reach the thread or the loop of the caller; none reaches this one, and the interpreter waits for it at its end.
"""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from vimeo_toolkit.errors import VimeoUnavailable
from vimeo_toolkit.runtime.ports import IO, Event

if TYPE_CHECKING:
    from vimeo_toolkit.runtime.blocking import BlockingIO

__all__ = ["Apart", "Work"]

T = TypeVar("T")


class Apart:
    """The `IO` of a flow that runs apart. It blocks, and its events wait until the caller's driver emits them."""

    def __init__(self, io: BlockingIO, *, has_listeners: bool) -> None:
        self.events: list[Event] = []
        self.has_listeners = has_listeners
        self.may_await = False
        self.store = io.store
        self.send = io.send
        self.read = io.read
        self.call = io.call
        self.sleep = io.sleep
        self.now = io.now
        self.monotonic = io.monotonic
        self.random_token = io.random_token
        self.new_id = io.new_id
        self.jitter = io.jitter
        self.lease = io.lease
        self.begin = io.begin
        self.reads_under_way = io.reads_under_way
        self.signal = io.signal

    async def shielded(self, flow: Callable[[IO], Coroutine[Any, Any, T]]) -> T:
        """Run the flow here, where nothing cuts it short already, and return what it returns."""
        return await flow(self)

    async def emit(self, event: Event) -> None:
        if self.has_listeners:
            self.events.append(event)


class Work(Generic[T]):
    """One flow in its thread.

    `begun` is told before it starts; `finished` is told in that thread, when `result` can be asked for.
    """

    def __init__(
        self,
        run: Callable[[], T],
        begun: Callable[[Work[T]], None],
        finished: Callable[[Work[T]], None],
    ) -> None:
        self._context = contextvars.copy_context()
        self._run = run
        self._begun = begun
        self._finished = finished
        self._value: list[T] = []
        self.error: BaseException | None = None
        # Waited for instead of `Thread.join`: if an interrupt comes within that, CPython 3.11 takes a running
        # thread for one that has ended.
        self.over = threading.Event()
        # Not a daemon: the interpreter waits for it at its end.
        self._thread = threading.Thread(target=self._work, name="vimeo-toolkit-apart", daemon=False)

    @property
    def started(self) -> bool:
        """Whether its thread runs, or has run."""
        return self._thread.ident is not None

    def start(self) -> None:
        """Begin.

        Raises:
            VimeoUnavailable: no thread could be started; nothing was done.
        """
        self._begun(self)
        try:
            self._thread.start()
        except RuntimeError:
            self.error = VimeoUnavailable(
                "This process can start no more threads, so nothing was sent.", hint="Try again in a moment."
            )
        if self.error is not None and not self.started:
            self._finished(self)
            raise self.error

    def _work(self) -> None:
        try:
            self._value.append(self._context.run(self._run))
        except BaseException as error:
            self.error = error
        finally:
            try:
                self._finished(self)
            finally:
                self.over.set()

    def result(self) -> T:
        """Return what the flow gave back, or raise what it raised."""
        if self.error is not None:
            raise self.error
        return self._value[0]
