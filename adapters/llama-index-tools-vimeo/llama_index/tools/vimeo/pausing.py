"""A call of an agent's run that waits for a person.

LlamaIndex ends the step of a call that waits, and runs it from its beginning when an event fits. It does not look
whether that has been done before: an event that comes twice, or fits a wait of the past, would make the call again.
And an event that comes before a call waits wakes nothing. So each call notes its waits and takes their answers
first, and where several calls want the same, one of them asks, and wakes the others when it is done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Final, Self

from llama_index.core.workflow import Context, Event
from llama_index.tools.vimeo.notes import claim, noted, release, remembered, waits_of
from workflows.runtime.types.results import (
    StepWorkerContext,
    StepWorkerStateContextVar,
    WaitingForEvent,
)

__all__ = ["Pause"]

PATIENCE: Final = 3600.0
"""Seconds; the core does not take an approval that comes later."""

OURS: Final = "vimeo/"
"""How the ids of our waits begin."""

Request = Callable[[], Awaitable[Event | None]]

TURNS: Final = 100
"""Turns of the event loop that a call gets to begin its announced wait: it needs a handful."""


class Done(Event):
    """The call that asked is done: the calls that waited for it look again."""

    topic: str
    asker: str
    over: bool = False
    """What was asked will not be done, so they do not ask again."""


class _Never(Event):
    """No such event is ever sent."""


class Pause:
    """The waits of one call, as an asynchronous context manager around it.

    Args:
        context: the run's.
        answers: the kinds of events that answer, by a name that is kept in a serialised context.
    """

    def __init__(self, context: Context, answers: Mapping[str, type[Event]]) -> None:
        step = StepWorkerStateContextVar.get(None)
        self._context = context
        self._answers: dict[str, type[Event]] = {**answers, "done": Done}
        # The id by which LlamaIndex knows the call each time that it runs its step, and that of this run of it.
        self._me = (step.state.work_item_id if step is not None else None) or ""
        self._run = step.state.invocation_id if step is not None and not _runs_again(step) else None
        self._heard: dict[str, Event | None] = {}
        self._asked: dict[str, bool] = {}

    def share(self, topic: str, call: Any) -> None:
        """Tell the other calls of the run what this one wants to ask about. It stays in this process."""
        remembered(self._context, "calls")[self._me] = topic, call

    def shared(self, topic: str) -> list[Any]:
        """Return what the calls have shared that want to ask about this."""
        return [call for about, call in remembered(self._context, "calls").values() if about == topic]

    async def ask(
        self, topic: str, request: Request, kind: str, about: str = "", **must: str
    ) -> Event | None:
        """Return the answer to this call; `Done` where none is needed, or another call was told that it will not be
        done; None when none came in time.

        Args:
            topic: what is asked about, by one call at a time.
            request: makes the event that asks, when it is this call that asks; None where nothing is left to ask.
            kind: the name of the answer's kind.
            about: tells apart what one call asks about a topic in turn.
            must: values that the answer must have.
        """
        for heard in self._heard.values():
            if isinstance(heard, Done) and heard.over and heard.topic == topic:
                return heard
        asker = await claim(self._context, topic, self._me)
        wait: dict[str, Any]
        if asker != self._me:
            wait = {"name": f"{topic}/{asker}", "kind": "done", "must": {"topic": topic, "asker": asker}}
        else:
            self._asked[topic] = False
            wait = {"name": f"{topic}/{about}", "kind": kind, "must": must, "topic": topic}
        name: str = wait["name"]
        if name not in self._heard:
            if len(self._asked) > 1:
                await self._release(but=topic)
            asked = await request() if asker == self._me else None
            if asker == self._me and asked is None:
                return Done(topic=topic, asker=asker)
            async with noted(self._context) as notes:
                if self._me:
                    notes["waits"].setdefault(self._me, []).append(wait)
            self._heard[name] = await self._wait(wait, asked)
        return self._heard[name]

    def over(self) -> None:
        """Note that what this call asked for was not done, and that no other call is to ask for it again."""
        self._asked = dict.fromkeys(self._asked, True)

    async def __aenter__(self) -> Self:
        woken = remembered(self._context, "woken")
        if self._run is not None and woken.get(self._me, self._run) != self._run:
            # This run of the step is one too many, and ends here.
            await self._context.wait_for_event(_Never, waiter_id=f"{OURS}{self._me}", timeout=None)
        remembered(self._context, "alive")[self._me] = True
        waits = await waits_of(self._context, self._me)
        if waits:
            woken[self._me] = self._run
        try:
            for wait in waits:
                self._heard[wait["name"]] = await self._wait(wait)
                if "topic" in wait:
                    self._asked[wait["topic"]] = False
        except WaitingForEvent:
            woken.pop(self._me, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, frames: TracebackType | None
    ) -> None:
        if isinstance(error, WaitingForEvent):
            remembered(self._context, "woken").pop(self._me, None)
            return
        for what in "alive", "calls":
            remembered(self._context, what).pop(self._me, None)
        if error is not None and not isinstance(error, Exception):
            return  # ended from outside: a context that is restored goes on from here
        if self._heard or self._asked:
            async with noted(self._context) as notes:
                notes["waits"].pop(self._me, None)
            await self._release()

    async def _release(self, but: str = "") -> None:
        """Wake the calls that wait for what this one has asked about."""
        for topic in await release(self._context, [each for each in self._asked if each != but], self._me):
            for _ in range(TURNS):
                await asyncio.sleep(0)
            self._context.send_event(Done(topic=topic, asker=self._me, over=self._asked[topic]))

    async def _wait(self, wait: dict[str, Any], asked: Event | None = None) -> Event | None:
        """Return the event that answers, or end this run of the step; None when it did not come in time."""
        try:
            return await self._context.wait_for_event(
                self._answers[wait["kind"]],
                waiter_event=asked,
                # An id of its own for each call: with an equal one the second call would replace the first, which
                # would wait for ever.
                waiter_id=f"{OURS}{self._me}/{wait['name']}" if self._me else None,
                requirements=wait["must"],
                timeout=PATIENCE,
            )
        except TimeoutError:
            return None


def _runs_again(step: StepWorkerContext) -> bool:
    """Return whether the product's own step is run again for a reason of its own: a retry, or a wait of its own."""
    state = step.state
    waits = [each for each in state.collected_waiters if each.work_item_id == state.work_item_id]
    return step.retry.retry_number > 0 or any(not each.waiter_id.startswith(OURS) for each in waits)
