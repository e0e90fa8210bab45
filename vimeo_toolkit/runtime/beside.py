"""Flows that go on beside their caller's: who takes turns for them, and the thread of a blocking one."""

from __future__ import annotations

import contextvars
import os
import threading
from collections.abc import Callable, Hashable
from contextvars import ContextVar
from typing import Generic, TypeVar

from vimeo_toolkit.runtime.deadline import limited

__all__ = ["BESIDE", "Beside", "ThreadSignal", "whose_turn"]

T = TypeVar("T")


BESIDE: ContextVar[bool] = ContextVar("vimeo_toolkit_beside", default=False)
"""What runs here was begun beside its caller's, see `IO.begin`."""


def whose_turn(user: Hashable) -> Hashable:
    """Return by whom a call of this user takes turns: what was begun beside others waits for its like, and the
    user's other calls do not wait for it."""
    return ("beside", user) if BESIDE.get() else user


class Beside(Generic[T]):
    """One flow. Where no thread can have it, the caller's runs it when it asks for the result.

    Args:
        run: the flow.
        start: begin it now.
    """

    def __init__(self, run: Callable[[], T], *, start: bool) -> None:
        self._run = run
        self._context = contextvars.copy_context()
        self._context.run(BESIDE.set, True)
        self._over = threading.Event()
        self._value: list[T] = []
        self._error: BaseException | None = None
        self._pid = os.getpid() if start and self._started() else 0

    def _started(self) -> bool:
        # A daemon: what nobody waits for does not hold up the interpreter's end.
        thread = threading.Thread(target=self._work, name="vimeo-toolkit-beside", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # this process can start no more
            return False
        return True

    def _work(self) -> None:
        try:
            self._value.append(self._context.run(self._run))
        except BaseException as error:  # raised where the result is asked for
            self._error = error
        finally:
            self._over.set()

    async def result(self) -> T:
        """See `Begun`."""
        if self._pid != os.getpid():  # it has no thread, or that did not come over a fork
            return self._run()
        self._over.wait()
        if self._error is not None:
            raise self._error
        return self._value[0]

    def drop(self) -> None:
        """See `Begun`: its thread ends by itself."""

    async def over(self) -> None:
        """See `Begun`."""
        if self._pid == os.getpid():
            self._over.wait()


class ThreadSignal:
    """See `Signal`: one that a thread gives to another."""

    def __init__(self) -> None:
        self._given = threading.Event()

    def give(self) -> None:
        """See `Signal`."""
        self._given.set()

    async def wait(self, seconds: float) -> None:
        """See `Signal`."""
        # A signal handler may have interrupted the very request whose end is waited for.
        if not limited():
            self._given.wait(seconds)
