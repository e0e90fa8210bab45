"""Asking the product's own function who has sent a request, so that it can neither hang nor end the server."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any, Final

import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request

__all__ = ["Asker"]

PATIENCE: Final = 30.0
"""Seconds that the function may take."""

_THREADS: Final = 40


class Asker:
    """Calls `identify` for one application, a plain function in threads that are nobody else's."""

    def __init__(self, identify: Callable[[Request], Any]) -> None:
        self._identify = identify
        self._limiter = anyio.CapacityLimiter(_THREADS)

    async def ask(self, request: Request) -> object:
        """Return what it gives.

        Raises:
            HTTPException: 503 it takes too long, 500 it raised what would end the server, or what it raised itself.
            Exception: whatever else it raised.
        """
        asked = asyncio.ensure_future(self._asked(request))
        try:
            # Not `wait_for`, which would wait on for a thread that cannot be stopped.
            done, _ = await asyncio.wait({asked}, timeout=PATIENCE)
        finally:
            asked.cancel()
        if not done:
            raise HTTPException(503, headers={"Retry-After": "5"})
        if asked.cancelled():  # it raised that itself
            raise HTTPException(500)
        return asked.result()

    async def _asked(self, request: Request) -> object:
        try:
            if inspect.iscoroutinefunction(self._identify):
                return await self._identify(request)
            found = await anyio.to_thread.run_sync(self._called, request, limiter=self._limiter)
            # A plain function may stand around an `async def`.
            return await found if inspect.isawaitable(found) else found
        except SystemExit:
            raise HTTPException(500) from None

    def _called(self, request: Request) -> object:
        try:
            return self._identify(request)
        except StopIteration:  # no future takes it
            raise HTTPException(500) from None
        except (Exception, SystemExit):
            raise
        except BaseException:  # of a thread: neither Ctrl-C nor a cancellation is meant for the loop
            raise HTTPException(500) from None
