"""Small questions about the operator's own callables."""

from __future__ import annotations

import inspect
from typing import Any

__all__ = ["is_async", "name_of"]


def is_async(function: Any) -> bool:
    """Whether calling it gives a coroutine; also for objects with an `async def __call__`."""
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(
        getattr(type(function), "__call__", None)  # noqa: B004 - the method itself is looked at
    )


def name_of(function: Any) -> str:
    """A name for messages. Never its `repr`: a partial's shows its arguments."""
    function = getattr(function, "func", function)
    named = function if hasattr(function, "__qualname__") else type(function)
    return f"{getattr(named, '__module__', '?')}.{named.__qualname__}"
