"""Call the product's function that names the user who sent a request. It may neither hang nor end the server."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import anyio.to_thread

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.observe.callables import is_async

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["Asker"]

PATIENCE: Final = 30.0
"""Seconds that the function may take."""

_THREADS: Final = 40


class Asker:
    """Calls `identify` for one application. Plain functions run in threads that serve nothing else.

    Args:
        identify: takes the request and returns the product's id of the user who sent it, or None; a plain
            function or an `async def`.
    """

    def __init__(self, identify: Callable[[Request], Any]) -> None:
        self._identify = identify
        self._limiter = anyio.CapacityLimiter(_THREADS)

    async def ask(self, request: Request) -> str:
        """Return the user's name.

        Raises:
            HTTPException: 401 it named nobody, 503 it takes too long, or what it raised itself.
            ConfigurationError: it gave something else, or raised what would end the server.
        """
        asked = asyncio.ensure_future(self._asked(request))
        try:
            # Not `wait_for`, which would wait on for a thread that cannot be stopped.
            done, _ = await asyncio.wait({asked}, timeout=PATIENCE)
        finally:
            asked.cancel()
        if not done:
            raise _refusal(503, {"Retry-After": "5"})
        if asked.cancelled():  # the function itself raised CancelledError
            raise _ends(asyncio.CancelledError())
        named = asked.result()
        if named is not None and not isinstance(named, str):
            raise ConfigurationError("identify gave something that is neither a text nor None.")
        if named is None or not named.strip():
            raise _refusal(401)
        return named

    async def _asked(self, request: Request) -> Any:
        try:
            if is_async(self._identify):
                return await self._identify(request)
            named = await anyio.to_thread.run_sync(self._called, request, limiter=self._limiter)
            if inspect.isawaitable(named):  # a plain function around an `async def`
                named = await named
        except SystemExit as error:
            raise _ends(error) from None
        return named

    def _called(self, request: Request) -> Any:
        try:
            return self._identify(request)
        except (Exception, SystemExit) as error:
            if isinstance(error, StopIteration):  # a future cannot hold a StopIteration
                raise _ends(error) from None
            raise
        except BaseException as error:  # from the function's thread, so not meant for the loop
            raise _ends(error) from None


def _refusal(status: int, headers: dict[str, str] | None = None) -> Exception:
    # Imported when a server runs: the name `Asker` is there without Starlette, too.
    from starlette.exceptions import HTTPException

    return HTTPException(status, headers=headers)


def _ends(error: BaseException) -> ConfigurationError:
    return ConfigurationError(f"identify raised {type(error).__name__}.")
