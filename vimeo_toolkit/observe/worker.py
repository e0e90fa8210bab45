"""A thread for code that is not ours: it may hang or exit, and neither holds anybody up."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

__all__ = ["Worker"]

MOST: Final = 1_000
"""Pieces of work that may wait."""

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
        self._guard = threading.RLock()  # a signal handler may come back here

    def submit(self, work: Callable[[], Any]) -> Future[Any] | None:
        """Return the outcome to come, which may be any exception; None when too much waits already."""
        with self._guard:
            if self._pid != os.getpid():
                self._work = queue.SimpleQueue()
                self._pid = os.getpid()
                threading.Thread(target=_run, args=(self._work,), name=self._name, daemon=True).start()
        if self._work.qsize() >= MOST:
            return None
        future: Future[Any] = Future()
        self._work.put((work, future))
        return future


def _run(todo: queue.SimpleQueue[Work]) -> None:
    while True:
        work, future = todo.get()
        future.set_running_or_notify_cancel()
        try:
            given = work()
        except BaseException as error:  # a SystemExit is the hook's, too, and must not end this thread
            future.set_exception(error)
        else:
            future.set_result(given)
        del work, future
