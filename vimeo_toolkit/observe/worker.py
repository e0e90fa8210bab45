"""A thread for code that is not ours: if that hangs or exits, nobody else is delayed."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, Final

__all__ = ["Worker", "in_own_thread"]

MOST: Final = 1_000
"""The most pieces of work that may wait."""

Work = tuple[Callable[[], Any], "Future[Any]"]


class Worker:
    """Runs one piece of work after the other, in the order given, in a thread that starts with the first.

    The thread is a daemon: a piece that never ends does not keep the process from ending. A forked child starts a
    thread of its own.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._work: queue.SimpleQueue[Work] = queue.SimpleQueue()
        self._pid = 0
        self._guard = threading.RLock()  # reentrant: a signal handler may run while it is held
        self._last: Future[Any] | None = None

    def submit(self, work: Callable[[], Any]) -> Future[Any] | None:
        """Queue a piece of work and return its future, which may hold any exception; None when too much waits
        already."""
        with self._guard:
            if self._pid != os.getpid():
                self._work = queue.SimpleQueue()
                self._pid = os.getpid()
                threading.Thread(target=_run, args=(self._work,), name=self._name, daemon=True).start()
        if self._work.qsize() >= MOST:
            return None
        future: Future[Any] = Future()
        self._work.put((work, future))
        self._last = future
        return future

    def last(self) -> Future[Any] | None:
        """Return the future of the newest piece, which ends last; None before the first."""
        return self._last if self._pid == os.getpid() else None


def in_own_thread(work: Callable[[], Any], name: str) -> Future[Any]:
    """Run one piece of work in a daemon thread of its own; return the outcome to come, which may be any exception.

    What would mean something to an event loop (a cancellation, Ctrl-C, the end of a generator) arrives as a
    RuntimeError: in a thread of its own it is neither.
    """
    future: Future[Any] = Future()
    threading.Thread(
        target=_do, args=(lambda: _tamed(work), future, os.getpid()), name=name, daemon=True
    ).start()
    return future


def _tamed(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except (Exception, SystemExit) as error:
        if not isinstance(error, StopIteration):
            raise
        raise RuntimeError("it raised StopIteration") from error
    except BaseException as error:
        raise RuntimeError(f"it raised {type(error).__name__}") from error


def _run(todo: queue.SimpleQueue[Work]) -> None:
    home = os.getpid()
    while True:
        work, future = todo.get()
        _do(work, future, home)
        del work, future


def _do(work: Callable[[], Any], future: Future[Any], home: int) -> None:
    future.set_running_or_notify_cancel()
    try:
        given = work()
    except BaseException as error:  # foreign code may raise SystemExit, which must not end this thread
        outcome: Callable[[], None] = partial(future.set_exception, error)
    else:
        outcome = partial(future.set_result, given)
    if os.getpid() != home:  # the work forked and returned in the child, too, where nobody waits for it
        os._exit(0)
    outcome()
