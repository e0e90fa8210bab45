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

from llama_index.core.workflow import Context, HumanResponseEvent, InputRequiredEvent
from pydantic import StrictBool
from workflows.context.state_store import DictState

from vimeo_toolkit import ApprovalDenied, ApprovalRequired

__all__ = ["ApprovalRequestEvent", "ApprovalResponseEvent", "approved_by_person"]

ASKED = "vimeo_approvals_asked"
"""In the run's store: ids of the questions that wait for their answer."""

PATIENCE = 3600.0
"""Seconds; the core does not take an approval that comes later."""


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


async def approved_by_person(context: Context, asked: ApprovalRequired) -> ApprovalDenied | None:
    """Ask by an event and wait for the answer; None for a yes.

    Raises:
        ApprovalRequired: the one given, when nobody answered in time.
    """
    # Of equal calls in one turn the first asks, and its answer wakes them all: the core lets one of them through,
    # and the next has a question of its own. Two answers to one question would make LlamaIndex run a call twice.
    first = await _first_to_ask(context, asked.approval_id)
    try:
        answer = await context.wait_for_event(
            ApprovalResponseEvent,
            # LlamaIndex runs the step anew when the answer is there, and knows its own waiter again. An id of ours
            # would be that of an equal call in the same turn, too, which then waits for ever.
            waiter_id=None,
            waiter_event=ApprovalRequestEvent(
                approval_id=asked.approval_id,
                tool_name=asked.planned.tool_name,
                text=asked.planned.describe(),
            )
            if first
            else None,
            requirements={"approval_id": asked.approval_id},
            timeout=PATIENCE,
        )
    except TimeoutError:
        await _asked_no_more(context, asked.approval_id)
        raise asked from None
    await _asked_no_more(context, asked.approval_id)
    if answer.approved is True:
        return None
    reason = f" The reason: {answer.reason}" if answer.reason else ""
    return ApprovalDenied(
        f"{asked.tool} was not called: the user did not approve it. Nothing was sent.{reason}",
        hint="Do not call it again unless the user asks for it anew.",
        tool=asked.tool,
    )


async def _first_to_ask(context: Context, approval_id: str) -> bool:
    """Whether no other call of this run asks under this id. The same call, when its step runs anew, is not shown
    a second time by LlamaIndex itself."""
    async with context.store.edit_state() as state:
        if not isinstance(state, DictState):  # a workflow of the product's own, with a state of its own
            return True
        waiting = list(state.get(ASKED, []))
        if approval_id in waiting:
            return False
        state[ASKED] = [*waiting, approval_id]
        return True


async def _asked_no_more(context: Context, approval_id: str) -> None:
    async with context.store.edit_state() as state:
        if isinstance(state, DictState):
            state[ASKED] = [each for each in state.get(ASKED, []) if each != approval_id]
