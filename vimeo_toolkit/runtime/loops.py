"""Things that belong to one event loop, such as its connections, and are released when that loop ends.

Each `asyncio.run` is a loop of its own. What is made for one refers to it (a connection's transport does), so
nothing outside may refer to that strongly, or neither is ever collected: it is kept on the loop itself. There
are three ways for it to go:

- the loop shuts its asynchronous generators down, as `asyncio.run` does: one of ours is waiting for that, and
  closes everything properly on the loop;
- the loop was closed without that: the next loop that comes here finds it, and sockets are closed directly;
- nobody refers to the loop, or to the owner, any more: the garbage collector takes them.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import weakref
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, Final, Generic, TypeVar

from vimeo_toolkit.errors import ConfigurationError

__all__ = ["PerLoop", "running_loop"]

T = TypeVar("T")

_ATTRIBUTE: Final = "_vimeo_toolkit"


def running_loop() -> asyncio.AbstractEventLoop:
    """Return asyncio's running event loop.

    Raises:
        ConfigurationError: there is none, for example because the caller runs under trio.
    """
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise ConfigurationError(
            "The toolkit's asynchronous methods need a running asyncio event loop, and there is none here.",
            hint="Under trio, call the blocking method in a thread: await trio.to_thread.run_sync(lambda: "
            "toolkit.execute_tool(...)). Without an event loop, call the blocking method itself.",
        ) from None


class _Entry(Generic[T]):
    """One owner's value for one loop. It refers to neither."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        value: T,
        aclose: Callable[[T], Awaitable[None]],
        abandon: Callable[[T], None],
    ) -> None:
        self.pid = os.getpid()
        self.value = value
        self.loop = weakref.ref(loop)
        self.open = True
        self._aclose = aclose
        self._abandon = abandon
        self._waiting = self._until_shutdown()
        with contextlib.suppress(StopIteration):  # run it to its `yield`, so that the loop knows of it
            self._waiting.__anext__().send(None)

    async def _until_shutdown(self) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            if self.open:
                self.open = False
                await self._aclose(self.value)

    async def aclose(self) -> None:
        await self._waiting.aclose()

    def abandon(self) -> None:
        """Release what a closed loop left behind."""
        if self.open:
            self.open = False
            self._abandon(self.value)


# Reentrant: a signal handler may run while it is held.
_GUARD = threading.RLock()
_ENTRIES: weakref.WeakSet[_Entry[Any]] = weakref.WeakSet()
# Values from before a fork. Closing them would send a farewell on the parent's connections, so they are kept
# untouched.
_INHERITED: list[_Entry[Any]] = []


def _after_fork_in_child() -> None:
    global _GUARD
    _GUARD = threading.RLock()
    _INHERITED.extend(_ENTRIES)
    _ENTRIES.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)


def reap() -> None:
    """Release what loops left behind that were closed without a shutdown."""
    with _GUARD:
        left = [entry for entry in _ENTRIES if (loop := entry.loop()) is not None and loop.is_closed()]
        for entry in left:
            _ENTRIES.discard(entry)
    for entry in left:
        if entry.pid == os.getpid():
            entry.abandon()


class PerLoop(Generic[T]):
    """A value for each event loop, made when that loop first asks.

    Args:
        make: makes one, on the running loop.
        aclose: closes one, on its own loop.
        abandon: gives one back whose loop is closed: whatever can be done without a loop.

    None of them may refer to the owner of this object: a loop that goes on would keep it.
    """

    def __init__(
        self, make: Callable[[], T], aclose: Callable[[T], Awaitable[None]], abandon: Callable[[T], None]
    ) -> None:
        self._make = make
        self._aclose = aclose
        self._abandon = abandon

    def __len__(self) -> int:
        """Return how many loops have a value now."""
        with _GUARD:
            entries = list(_ENTRIES)
        loops = ((entry.loop(), entry) for entry in entries if entry.open)
        return sum(loop is not None and _of(loop).get(self) is entry for loop, entry in loops)

    def get(self) -> T:
        """Return the running loop's value.

        Raises:
            ConfigurationError: no asyncio loop is running.
        """
        loop = running_loop()
        entry = self._entry(loop)
        if entry is None:
            reap()
            entry = _Entry(loop, self._make(), self._aclose, self._abandon)
            with _GUARD:
                _of(loop)[self] = entry
                _ENTRIES.add(entry)
        return entry.value

    def _entry(self, loop: asyncio.AbstractEventLoop) -> _Entry[T] | None:
        # A fork may happen inside a running loop: the parent's sockets are not the child's to use.
        entry: _Entry[T] | None = _of(loop).get(self)
        return entry if entry is not None and entry.open and entry.pid == os.getpid() else None

    async def aclose(self) -> None:
        """Close the running loop's value, and what closed loops left behind."""
        loop = running_loop()
        entry = self._entry(loop)
        if entry is not None:
            with _GUARD:
                _of(loop).pop(self, None)
                _ENTRIES.discard(entry)
            await entry.aclose()
        reap()


def _of(loop: asyncio.AbstractEventLoop) -> weakref.WeakKeyDictionary[PerLoop[Any], _Entry[Any]]:
    """Return the loop's values, by owner."""
    held: weakref.WeakKeyDictionary[PerLoop[Any], _Entry[Any]] | None = getattr(loop, _ATTRIBUTE, None)
    if held is None:
        held = weakref.WeakKeyDictionary()
        setattr(loop, _ATTRIBUTE, held)
    return held
