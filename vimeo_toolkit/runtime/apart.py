"""Run what must not be cut short in a thread of its own.

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
    """The `IO` of a flow that runs apart: blocking, and its events wait for the world of the caller."""

    def __init__(self, io: BlockingIO, *, listening: bool) -> None:
        self.events: list[Event] = []
        self.listening = listening
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

    async def shielded(self, flow: Callable[[IO], Coroutine[Any, Any, T]]) -> T:
        """It is already: nothing more to do."""
        return await flow(self)

    async def emit(self, event: Event) -> None:
        if self.listening:
            self.events.append(event)


class Work(Generic[T]):
    """One flow in its thread. `finished` is told in that thread, when `result` is there to be asked for."""

    def __init__(self, run: Callable[[], T], finished: Callable[[Work[T]], None]) -> None:
        self._context = contextvars.copy_context()
        self._run = run
        self._finished = finished
        self._value: list[T] = []
        self.error: BaseException | None = None
        # Not a daemon: the interpreter waits for it at its end.
        self.thread = threading.Thread(target=self._work, name="vimeo-toolkit-apart", daemon=False)

    def start(self) -> None:
        """Begin.

        Raises:
            VimeoUnavailable: no thread could be started; nothing was done.
        """
        try:
            self.thread.start()
        except RuntimeError:
            failed = True
        else:
            failed = False
        if failed:
            raise VimeoUnavailable(
                "This process can start no more threads, so nothing was sent.", hint="Try again in a moment."
            )

    def _work(self) -> None:
        try:
            self._value.append(self._context.run(self._run))
        except BaseException as error:
            self.error = error
        finally:
            self._finished(self)

    def result(self) -> T:
        """What the flow gave back, or raises what it raised."""
        if self.error is not None:
            raise self.error
        return self._value[0]
