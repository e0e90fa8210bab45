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
from typing import Final, Self

from llama_index.core.workflow import Context, Event
from llama_index.tools.vimeo.notes import noted, remembered
from workflows.runtime.types.results import StepWorkerStateContextVar, WaitingForEvent

__all__ = ["Pause"]

PATIENCE: Final = 3600.0
"""Seconds; the core does not take an approval that comes later."""

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
        self._run = step.state.invocation_id if step is not None and not step.retry.retry_number else None
        self._heard: dict[str, Event | None] = {}
        self._asked: dict[str, bool] = {}

    async def ask(
        self, topic: str, kind: str, request: Callable[[], Awaitable[Event]], about: str = "", **must: str
    ) -> Event | None:
        """Return a person's answer to this call, or `Done` where another call was told that it will not be done;
        None when nobody answered in time.

        Args:
            topic: what is asked. One call asks about it at a time.
            kind: the name of the answer's kind.
            request: makes the event that asks, when it is this call that asks.
            about: tells apart what one call asks about a topic in turn.
            must: values that the answer must have.
        """
        for heard in self._heard.values():
            if isinstance(heard, Done) and heard.over and heard.topic == topic:
                return heard
        asker = await self._asker(topic)
        if asker != self._me:
            await self._answer(f"{topic}/{asker}", "done", None, topic=topic, asker=asker)
            return None
        answer = await self._answer(f"{topic}/{about}", kind, request, **must)
        self._asked[topic] = False
        return answer

    def over(self, topic: str) -> None:
        """Note that what this call asked will not be done for the other calls either."""
        self._asked[topic] = True

    async def __aenter__(self) -> Self:
        woken = remembered(self._context, "woken")
        if self._run is not None and woken.get(self._me, self._run) != self._run:
            await self._context.wait_for_event(
                _Never, timeout=None
            )  # ends this run of the step, which is one too many
        async with noted(self._context) as notes:
            waits = notes["waits"].get(self._me, [])
        if waits:
            woken[self._me] = self._run
        try:
            for wait in waits:
                self._heard[wait["name"]] = await self._wait(**wait)
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
        if error is not None and not isinstance(error, Exception):
            return  # ended from outside: a context that is restored goes on from here
        async with noted(self._context) as notes:
            notes["waits"].pop(self._me, None)
            entries = {topic: notes["askers"].pop(topic, {}) for topic in self._asked}
        for topic, over in self._asked.items():
            if entries[topic].get("others"):
                for _ in range(TURNS):
                    await asyncio.sleep(0)
                self._context.send_event(Done(topic=topic, asker=self._me, over=over))

    async def _answer(
        self, name: str, kind: str, request: Callable[[], Awaitable[Event]] | None, **must: str
    ) -> Event | None:
        if name not in self._heard:
            asked = None if request is None else await request()
            async with noted(self._context) as notes:
                notes["waits"].setdefault(self._me, []).append({"name": name, "kind": kind, "must": must})
            self._heard[name] = await self._wait(name, kind, must, asked)
        return self._heard[name]

    async def _wait(
        self, name: str, kind: str, must: dict[str, str], asked: Event | None = None
    ) -> Event | None:
        """Return the event that answers, or end this run of the step; None when it did not come in time."""
        try:
            # An id of its own for each call: with an equal one the second call would replace the first, which would
            # wait for ever.
            waiter = f"vimeo/{self._me}/{name}" if self._me else None
            return await self._context.wait_for_event(
                self._answers[kind], waiter_event=asked, waiter_id=waiter, requirements=must, timeout=PATIENCE
            )
        except TimeoutError:
            return None

    async def _asker(self, topic: str) -> str:
        """Return the call of this run that asks about a topic: the first that comes."""
        if not self._me:
            return self._me
        async with noted(self._context) as notes:
            entry = notes["askers"].setdefault(topic, {"asker": self._me, "others": False})
            entry["others"] = entry["others"] or entry["asker"] != self._me
            asker: str = entry["asker"]
            return asker
