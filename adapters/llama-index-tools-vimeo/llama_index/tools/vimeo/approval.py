"""A person's approval by LlamaIndex's workflow events, tied to the approvals of the core.

    toolkit = VimeoToolkit(…, approval="destructive")
    handler = FunctionAgent(tools=get_tools(identifier=user, toolkit=toolkit), llm=llm).run("…")
    async for event in handler.stream_events():
        if isinstance(event, ApprovalRequestEvent):
            yes = …  # show event.text to that user
            answer = ApprovalResponseEvent(approval_id=event.approval_id, approved=yes)
            handler.ctx.send_event(answer)

Outside of an agent's workflow nobody can be asked, and the call is refused.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from llama_index.core.workflow import Context, Event, HumanResponseEvent, InputRequiredEvent
from pydantic import StrictBool
from workflows.context.state_store import DictState
from workflows.runtime.types.results import StepWorkerStateContextVar

from vimeo_toolkit import ApprovalRequest, BoundTool, Reply

__all__ = ["ApprovalRequestEvent", "ApprovalResponseEvent", "call_with_person"]

ASKED = "vimeo_approvals"
"""The key in the run's store: approval id → which call asks, and whether equal ones wait for it."""

PATIENCE = 3600.0
"""Seconds; the core does not take an approval that comes later."""

TURNS = 100
"""Turns of the event loop that a call gets to begin its announced wait: it needs a handful."""


class ApprovalRequestEvent(InputRequiredEvent):
    """An agent wants to make a call that a person has to approve."""

    approval_id: str
    tool_name: str
    text: str
    """What the call would do, for the person."""


class ApprovalResponseEvent(HumanResponseEvent):
    """The person's answer. Send it from the code that talks with the person, never from a tool."""

    approval_id: str
    approved: StrictBool
    reason: str = ""
    """Why not: the model is told."""


class _Next(Event):
    """The call that asked is done: the equal calls that waited for it check again."""

    approval_id: str
    asker: str


async def call_with_person(bound: BoundTool, context: Any, arguments: Any) -> Reply:
    """Make a call of an agent's run, and ask the person who watches it where that is needed.

    Args:
        context: the run's; without one nobody can be asked.
    """
    if not isinstance(context, Context):
        return await bound.acall(arguments)
    async with _Person(context) as person:
        return await bound.acall(arguments, ask=person.ask)


class _Person:
    """The person who watches a run, as one call asks them.

    LlamaIndex runs a call's step from its beginning when the answer is there. Equal calls of one turn have the same
    approval id, so an answer would wake them all, and one that begins to wait too late would wait for ever: so the
    first of them asks, and the others are woken when it is done. The core has a new question for them then.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._me = _work_item()
        self._answered: list[str] = []

    async def ask(self, asked: ApprovalRequest) -> bool | str | None:
        """Ask by an event and wait for the answer; None when none came in time."""
        asker = await self._asker(asked.approval_id)
        if asker != self._me:
            await self._wait_for(asker, asked.approval_id)
            return None
        try:
            answer: ApprovalResponseEvent | None = await self._context.wait_for_event(
                ApprovalResponseEvent,
                # None lets LlamaIndex make an id for each call: with an equal one the second call would replace the
                # first, which would wait for ever.
                waiter_id=None,
                waiter_event=ApprovalRequestEvent(
                    approval_id=asked.approval_id, tool_name=asked.tool_name, text=asked.description
                ),
                requirements={"approval_id": asked.approval_id},
                timeout=PATIENCE,
            )
        except TimeoutError:
            answer = None
        self._answered.append(asked.approval_id)
        if answer is None:
            return None
        return True if answer.approved is True else answer.reason or False

    async def _wait_for(self, asker: str, approval_id: str) -> None:
        """End this run of the step; it begins anew when the call that asks is done."""
        with suppress(TimeoutError):
            await self._context.wait_for_event(
                _Next,
                waiter_id=None,
                requirements={"approval_id": approval_id, "asker": asker},
                timeout=PATIENCE,
            )

    async def _asker(self, approval_id: str) -> str:
        """Return the call of this run that asks under this id: the first that comes."""
        async with self._context.store.edit_state() as state:
            # The product's own workflow may have a state in which nothing can be noted.
            if not self._me or not isinstance(state, DictState):
                return self._me
            asked = dict(state.get(ASKED, {}))
            entry = asked.setdefault(approval_id, {"asker": self._me, "others": False})
            asker: str = entry["asker"]
            asked[approval_id] = {"asker": asker, "others": entry["others"] or asker != self._me}
            state[ASKED] = asked
            return asker

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, frames: TracebackType | None
    ) -> None:
        for approval_id in self._answered:
            await self._done(approval_id)

    async def _done(self, approval_id: str) -> None:
        """Wake the equal calls that wait, so that they check again."""
        async with self._context.store.edit_state() as state:
            if not isinstance(state, DictState):
                return
            asked = dict(state.get(ASKED, {}))
            entry = asked.pop(approval_id, {"others": False})
            state[ASKED] = asked
        if entry["others"]:
            for _ in range(TURNS):
                await asyncio.sleep(0)
            self._context.send_event(_Next(approval_id=approval_id, asker=self._me))


def _work_item() -> str:
    """Return the id by which LlamaIndex knows this call each time that it runs its step; "" where there is
    none."""
    worker = StepWorkerStateContextVar.get(None)
    return (worker.state.work_item_id if worker is not None else None) or ""
