"""Send events to the operator's hooks, so that no hook can break a call or delay it for long."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import logging
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import Future, wait
from functools import partial
from typing import Any, Final

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.observe.callables import discard, is_async, name_of, require_sync
from vimeo_toolkit.observe.events import Event
from vimeo_toolkit.observe.worker import Worker

__all__ = ["EventHook", "Hooks"]

EventHook = Callable[[Event], Awaitable[Any] | Any]
"""Receives an event; its result is ignored. An `async def` is awaited, in asynchronous calls only."""

PATIENCE: Final = 1.0
"""Seconds that a call waits for a hook. After that the hook continues beside the call."""

MOST_BESIDE: Final = 1_000
"""The most events that an asynchronous hook may be handling at once."""

CLOSING: Final = 5
"""Closing waits so many times longer for hooks that have not finished."""

_log = logging.getLogger(__name__)

_inside: contextvars.ContextVar[frozenset[_Hook]] = contextvars.ContextVar("inside", default=frozenset())
"""The hooks in which this code runs."""

Started = Future[Any] | asyncio.Future[Any]


class _Hook:
    """One hook: how it is run, and whether it is still busy with an earlier event."""

    def __init__(self, function: EventHook, place: int) -> None:
        self.function = function
        self.name = name_of(function)
        self.is_async = is_async(function)
        # A hook says so if it must run in the call's thread (a span is current there); such a hook never blocks.
        self.inline = bool(getattr(function, "inline", False))
        self._worker = Worker(f"vimeo-toolkit-hook-{place}")
        self._beside: set[Started] = set()
        self._complained: set[str] = set()

    @property
    def is_behind(self) -> bool:
        # A closed loop finishes nothing any more, and its unfinished tasks would keep it from being collected.
        for left in tuple(self._beside):
            if isinstance(left, asyncio.Future) and left.get_loop().is_closed():
                self._beside.discard(left)
        return bool(self._beside)

    def _told(self, event: Event) -> Any:
        token = _inside.set(_inside.get() | {self})
        try:
            return self.function(event)
        finally:
            _inside.reset(token)

    def start(self, event: Event, loop: asyncio.AbstractEventLoop | None) -> Started | None:
        """Give the hook an event. Returns what must still be waited for, or None. Never raises."""
        if self in _inside.get():  # otherwise a hook that calls a tool for each call would never end
            return None
        if self.inline:
            return self._inline(event)
        if loop is None or not self.is_async:
            told = partial(contextvars.copy_context().run, self._told, event)
            begun: Started | None = self._worker.submit(told)
        elif len(self._beside) < MOST_BESIDE:
            begun = loop.create_task(self.awaited(partial(self.function, event)), name="vimeo-toolkit-hook")
        else:
            begun = None
        if begun is None:
            self.complain("has fallen behind, and events are dropped")
        return begun

    def _inline(self, event: Event) -> Started | None:
        try:
            given = self._told(event)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # not even a SystemExit may end the call
            self.complain(f"raised {type(error).__name__}")
            return None
        return given if isinstance(given, Future) else None

    async def awaited(self, make: Callable[[], Any]) -> Any:
        """Await the hook's coroutine in a task: a SystemExit in the task would end the loop. The task has a
        context of its own, and nothing is reset in it, because the collector may end it in another context after
        the loop was closed."""
        _inside.set(_inside.get() | {self})
        try:
            return await make()
        except GeneratorExit:  # its loop was closed, which is not the hook's fault
            raise
        except BaseException as error:
            self.complain(f"raised {type(error).__name__}")
            if isinstance(error, asyncio.CancelledError):  # the loop is being closed, or the hook raised it
                raise
            return None

    def unheard(self) -> list[Future[Any]]:
        """Return the unfinished work of the hook's thread, not that of event loops."""
        left = self._worker.last()
        return [] if left is None or left.done() or self in _inside.get() else [left]

    def beside(self, loop: asyncio.AbstractEventLoop) -> list[asyncio.Future[Any]]:
        """Return the unfinished work of this loop, without that which waits for this very call."""
        mine = () if self in _inside.get() else tuple(self._beside)
        return [each for each in mine if isinstance(each, asyncio.Future) and each.get_loop() is loop]

    def goes_on(self, begun: Started) -> None:
        """Note that the hook takes longer than a call waits."""
        self._beside.add(begun)
        begun.add_done_callback(self._beside.discard)
        self.complain("takes long, and calls do not wait for it")

    def outcome(self, begun: Started) -> Any:
        """Return the result of a finished hook; an exception of the hook is logged for the operator."""
        if begun.cancelled():
            return None
        error = begun.exception()
        if error is not None:
            self.complain(f"raised {type(error).__name__}")
            return None
        return begun.result()

    def complain(self, what: str) -> None:
        # Log neither the event nor the exception's text, which may quote it; and log only once.
        if what not in self._complained:
            self._complained.add(what)
            _log.warning("The event hook %s %s; this is said once.", self.name, what)


class Hooks:
    """The hooks of one toolkit, called in the order given.

    A plain function runs in a thread of its own, so that one that blocks or hangs holds up neither a call nor an
    event loop; an `async def` runs in the call's loop. A call waits for each `PATIENCE` seconds at most, and
    not at all for one that is behind.

    Raises:
        ConfigurationError: one of them cannot be called.
    """

    def __init__(self, on_event: EventHook | Iterable[EventHook] | None = None) -> None:
        given: tuple[EventHook, ...] = ()
        if callable(on_event):
            given = (on_event,)
        elif on_event is not None:
            given = tuple(on_event)
        for hook in given:
            if not callable(hook):
                raise ConfigurationError(
                    f"on_event takes callables, and {type(hook).__qualname__} cannot be called.",
                    hint="Pass a function of one argument, the event, or several of them.",
                )
        self._hooks = [_Hook(hook, place) for place, hook in enumerate(given)]
        self._async = next((hook.function for hook in self._hooks if hook.is_async), None)

    def __bool__(self) -> bool:
        return bool(self._hooks)

    def require_sync(self) -> None:
        """Refuse a blocking call before it does anything that an asynchronous hook would miss.

        Raises:
            ConfigurationError: one of the hooks is an `async def`.
        """
        require_sync(self._async, "The event hook")

    def finish(self) -> None:
        """Wait some seconds for hooks that have not finished; events that remain then may be lost."""
        wait([left for hook in self._hooks for left in hook.unheard()], CLOSING * PATIENCE)

    async def afinish(self) -> None:
        """Finish like `finish`, without holding up the event loop."""
        loop = asyncio.get_running_loop()
        left = [asyncio.wrap_future(each, loop=loop) for hook in self._hooks for each in hook.unheard()]
        left += [each for hook in self._hooks for each in hook.beside(loop)]
        if left:
            await asyncio.wait(left, timeout=CLOSING * PATIENCE)

    def emit(self, event: Event) -> None:
        """Send an event to the hooks from blocking code. Never raises what a hook raised."""
        for hook in self._hooks:
            behind = hook.is_behind
            begun = hook.start(event, None)
            if not isinstance(begun, Future):
                continue
            try:
                begun.exception(0 if behind else PATIENCE)
            except TimeoutError:
                hook.goes_on(begun)
                continue
            given = hook.outcome(begun)
            if inspect.isawaitable(given):  # from a plain function: `require_sync` refuses other ones
                discard(given)
                hook.complain("gave back a coroutine in a blocking call, which was not run")

    async def aemit(self, event: Event) -> None:
        """Send an event to the hooks from asynchronous code. Never raises what a hook raised, but can be
        cancelled.

        Every hook hears of the event also when the call is cancelled while it waits for an earlier one: what
        began with `call.started` has to end with `call.finished`.
        """
        loop = asyncio.get_running_loop()
        waiting = iter(self._hooks)
        try:
            for hook in waiting:
                await self._wait(hook, hook.start(event, loop), loop)
        except BaseException:
            for hook in waiting:
                hook.start(event, loop)
            raise

    async def _wait(self, hook: _Hook, begun: Started | None, loop: asyncio.AbstractEventLoop) -> None:
        behind = hook.is_behind
        if begun is None:
            return
        waited = asyncio.wrap_future(begun, loop=loop) if isinstance(begun, Future) else begun
        # `wait` does not cancel the tasks that it waits for when the caller is cancelled.
        done, _ = await asyncio.wait({waited}, timeout=0 if behind else PATIENCE)
        if not done:
            hook.goes_on(begun)
            waited.add_done_callback(hook.outcome)
            return
        given = hook.outcome(waited)
        if inspect.isawaitable(given):  # a plain function around an asynchronous one
            await self._wait(hook, loop.create_task(hook.awaited(lambda: given)), loop)
