"""Asks an agent in a thread of its own, so that one that hangs, raises or exits ends its task and no other."""

from __future__ import annotations

import asyncio
import inspect
import traceback
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.evaluation.frameworks import Framework, Given, given_to
from vimeo_toolkit.evaluation.stage import IDENTIFIER, Stage

__all__ = ["Agent", "Said", "ask", "require_agent"]

Agent = Callable[[str, Given, str], str | Awaitable[str]]
"""Takes a request, what its framework's adapter gives, and the user's identifier; returns the last text that the
agent wrote. A plain function, or an `async def`."""

_GRACE = 5.0
"""Seconds for which an `async def` that does not let its loop run is waited for beyond its time."""


@dataclass(frozen=True, slots=True)
class Said:
    """How an agent ended."""

    answer: str = ""
    error: str = ""
    """What stopped it, and where; never a text of its own, which may quote a key."""


def require_agent(agent: Agent) -> None:
    """Require that an agent can be called with a request, the tools and an identifier.

    Raises:
        ConfigurationError: it takes something else.
    """
    try:
        inspect.signature(agent).bind("request", [], IDENTIFIER)
    except ValueError:
        return  # some callables tell nothing of what they take
    except TypeError:
        raise ConfigurationError(
            f"The agent {getattr(agent, '__name__', 'given')!r} does not take three arguments.",
            hint="Write it as a function of the request, the tools and the user's identifier.",
        ) from None


def ask(agent: Agent, stage: Stage, framework: Framework, tools: str, seconds: float) -> Said:
    """Let an agent work on a stage's request and return how it ended; after so many seconds it is given up.

    Raises:
        ConfigurationError: the framework is not installed, or has no such tools.
        InvalidInput: there is no such toolset.
    """

    async def answered() -> Said:
        async with given_to(framework, stage.toolkit, tools) as given:
            limit = asyncio.timeout(seconds)
            try:
                async with limit:
                    return Said(await _answer(agent, stage.request, given))
            except BaseException as error:  # noqa: BLE001, RUF100 - one that exits or cancels itself, too
                return Said(error=_late(seconds) if limit.expired() else _named(error))

    ended: Future[Said] = Future()

    def run() -> None:
        try:
            ended.set_result(asyncio.run(answered()))
        except BaseException as error:  # noqa: BLE001, RUF100 - the caller's thread raises it
            ended.set_exception(error)

    # The interpreter does not wait for a daemon when it ends, as it does for the threads of an executor.
    Thread(target=run, daemon=True).start()
    try:
        return ended.result(seconds + _GRACE)
    except TimeoutError:
        if ended.done():
            raise
        return Said(error=_late(seconds))


async def _answer(agent: Agent, request: str, given: Given) -> str:
    if inspect.iscoroutinefunction(agent):
        answer = await agent(request, given, IDENTIFIER)
    else:
        answer = await _in_thread(lambda: agent(request, given, IDENTIFIER))
        if inspect.isawaitable(answer):
            answer = await answer
    return "" if answer is None else str(answer)


async def _in_thread(work: Callable[[], Any]) -> Any:
    """Run a plain function where it may run a loop of its own."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[tuple[Any, BaseException | None]] = loop.create_future()

    def tell(came: tuple[Any, BaseException | None]) -> None:
        if not ended.done():
            ended.set_result(came)

    def run() -> None:
        try:
            came: tuple[Any, BaseException | None] = work(), None
        except BaseException as error:  # noqa: BLE001, RUF100 - raised below
            came = None, error
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(tell, came)

    Thread(target=run, daemon=True).start()
    answer, error = await ended
    if error is not None:
        raise error
    return answer


def _late(seconds: float) -> str:
    return f"no answer within {seconds:g} seconds"


def _named(error: BaseException) -> str:
    """Return what was raised and where, of the agent's own code if it was there."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "site-packages" not in frame.filename and __file__ != frame.filename]
    place = own[-1] if own else frames[-1]
    return f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
