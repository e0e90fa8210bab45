"""The operator's own callables: whether they are asynchronous, and how their results are used."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

from vimeo_toolkit.errors import ConfigurationError

__all__ = ["discard", "is_async", "name_of", "require_sync", "settled"]


def is_async(function: Any) -> bool:
    """Return whether a callable is known to return a coroutine; also for objects with an `async def __call__`.

    A lambda or a wrapped function can give one, too, which shows only when it is called: see `settled`.
    """
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(
        getattr(type(function), "__call__", None)  # noqa: B004 - the method itself is looked at
    )


def name_of(function: Any) -> str:
    """Return a name for messages. Never its `repr`: a partial's shows its arguments."""
    function = getattr(function, "func", function)
    named = function if hasattr(function, "__qualname__") else type(function)
    return f"{getattr(named, '__module__', '?')}.{named.__qualname__}"


def require_sync(function: Any, what: str, *, after: str = "") -> None:
    """Refuse a blocking call that would have to run an asynchronous function of the operator's.

    Args:
        function: the function; None for none.
        what: its part, such as "The modifier".
        after: what has been done already.

    Raises:
        ConfigurationError: it is asynchronous.
    """
    if function is not None and is_async(function):
        raise _asynchronous(function, what, after)


def _asynchronous(function: Any, what: str, after: str) -> ConfigurationError:
    return ConfigurationError(
        f"{what} {name_of(function)} is asynchronous, and this is a blocking call.{after and ' ' + after}",
        hint="Use the method whose name begins with `a`, such as aexecute_tool, or make it a plain function.",
    )


async def settled(
    given: Any, function: Callable[..., Any], *, may_await: bool, what: str, after: str = ""
) -> Any:
    """Return the result of an operator's function, awaited where that is allowed.

    `may_await` is `IO.may_await`. `what` names the function's part, such as "The modifier"; `after` says what has
    been done already.

    Raises:
        ConfigurationError: it gave something to await in a blocking call. Nothing of it was run.
    """
    if not inspect.isawaitable(given):
        return given
    if may_await:
        return await given
    discard(given)
    raise _asynchronous(function, what, after)


def discard(awaitable: Any) -> None:
    """Drop an awaitable that will not be awaited, without a warning about it later."""
    if inspect.iscoroutine(awaitable):
        awaitable.close()
    elif isinstance(awaitable, asyncio.Future):
        awaitable.cancel()
