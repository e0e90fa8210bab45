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

from typing import Any

from llama_index.core.workflow import HumanResponseEvent, InputRequiredEvent
from llama_index.tools.vimeo.pausing import Pause
from pydantic import Field, StrictBool

from vimeo_toolkit import ApprovalRequest

__all__ = ["ApprovalRequestEvent", "ApprovalResponseEvent", "ask_approval"]


class ApprovalRequestEvent(InputRequiredEvent):
    """An agent wants to make a call that a person has to approve."""

    approval_id: str
    tool_name: str
    text: str
    """What the call would do, in words for the person."""
    prefix: str = ""
    """The same under LlamaIndex's own name, for programs that show any event of this kind."""
    kind: str = ""
    """What it changes, such as `video`."""
    title: str = ""
    """The title of that as it stands now: somebody's text."""
    changes: list[dict[str, Any]] = Field(default_factory=list)
    """What it sets, for a table of your own, see `PlannedCall.changes`."""


class ApprovalResponseEvent(HumanResponseEvent):
    """The person's answer. Send it from the code that talks with the person, never from a tool."""

    approval_id: str
    approved: StrictBool
    reason: str = ""
    """Why not: the model is told."""


async def ask_approval(pause: Pause, asked: ApprovalRequest) -> bool | str | None:
    """Ask by an event and return the answer; None when none came in time.

    Equal calls of one turn have the same approval id, and each needs an approval of its own: one asks after the
    other.
    """

    async def request() -> ApprovalRequestEvent:
        return ApprovalRequestEvent(
            approval_id=asked.approval_id,
            tool_name=asked.tool_name,
            text=asked.description,
            prefix=asked.description,
            kind=asked.kind,
            title=asked.title,
            changes=[dict(each) for each in asked.changes],
        )

    approval_id = asked.approval_id
    answer = await pause.ask(f"approval:{approval_id}", request, "approval", approval_id=approval_id)
    if not isinstance(answer, ApprovalResponseEvent):
        return None
    return True if answer.approved is True else answer.reason or False
