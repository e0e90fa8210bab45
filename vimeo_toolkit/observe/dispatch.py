"""Tell events to the operator's hooks, so that no hook can break a call."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.observe.callables import is_async, name_of
from vimeo_toolkit.observe.events import Event

__all__ = ["EventHook", "Hooks"]

EventHook = Callable[[Event], Awaitable[Any] | Any]
"""Takes an event; what it gives back is ignored. An `async def` is awaited, in asynchronous calls only."""

_log = logging.getLogger(__name__)


class Hooks:
    """The hooks of one toolkit, told in the order given.

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
                    f"on_event takes callables, and {type(hook).__qualname__} is none.",
                    hint="Pass a function of one argument, the event, or several of them.",
                )
        self._hooks = given
        self._async = next((name_of(hook) for hook in given if is_async(hook)), None)
        self._complained: set[int] = set()

    def __bool__(self) -> bool:
        return bool(self._hooks)

    def require_plain(self) -> None:
        """Refuse a blocking call before it does anything that an asynchronous hook would not hear of.

        Raises:
            ConfigurationError: one of the hooks is an `async def`.
        """
        if self._async is not None:
            raise ConfigurationError(
                f"The event hook {self._async} is asynchronous, and this is a blocking call.",
                hint="Use the method whose name begins with `a`, or make the hook a plain function.",
            )

    def tell(self, event: Event) -> None:
        """For the blocking world. Never raises what a hook raised."""
        for place, hook in enumerate(self._hooks):
            try:
                given = hook(event)
                if inspect.iscoroutine(given):  # of a plain function, or `require_plain` had refused it
                    given.close()
                    self._complain(place, hook, "gave back a coroutine in a blocking call, which was not run")
            except Exception as error:
                self._complain(place, hook, f"raised {type(error).__name__}")

    async def atell(self, event: Event) -> None:
        """For the asynchronous world. Never raises what a hook raised, but can be cancelled."""
        for place, hook in enumerate(self._hooks):
            try:
                given = hook(event)
                if inspect.isawaitable(given):
                    await given
            except Exception as error:
                self._complain(place, hook, f"raised {type(error).__name__}")

    def _complain(self, place: int, hook: EventHook, what: str) -> None:
        # Neither the event nor the exception's text, which may quote it; once, or a log floods.
        if place not in self._complained:
            self._complained.add(place)
            _log.warning("The event hook %s %s; this is said once.", name_of(hook), what)
