"""Threads for blocking work inside an event loop.

The loop's default executor is everybody's: an application that fills it with its own slow work would keep the
toolkit's store waiting, and `asyncio.run` waits for all of its threads at the end.
"""

from __future__ import annotations

import contextvars
import functools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

from vimeo_toolkit.runtime.loops import running_loop

__all__ = ["FILES", "Threads"]

P = ParamSpec("P")
R = TypeVar("R")


class Threads:
    """A few threads for one kind of work, started when they are needed."""

    def __init__(self, name: str, count: int) -> None:
        self._name, self._count = name, count
        self._executor: ThreadPoolExecutor | None = None
        self._pid = 0

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the function in one of the threads and return what it returns.

        Raises:
            ConfigurationError: no asyncio loop is running.
        """
        loop = running_loop()
        if self._executor is None or self._pid != os.getpid():  # threads do not come over a fork
            self._executor = ThreadPoolExecutor(self._count, thread_name_prefix=self._name)
            self._pid = os.getpid()
        call = functools.partial(contextvars.copy_context().run, function, *args, **kwargs)
        return await loop.run_in_executor(self._executor, call)


FILES: Final = Threads("vimeo-toolkit-file", 8)
"""For reading uploaded files. Separate from the store's threads, because a network file system may hang."""
