"""A call of an agent's run, and the person who watches that run."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from llama_index.core.workflow import Context, Event
from llama_index.tools.vimeo.approval import ApprovalResponseEvent, ask_approval
from llama_index.tools.vimeo.connecting import ConnectionResponseEvent, ask_connection
from llama_index.tools.vimeo.pausing import Pause

from vimeo_toolkit import AccountError, BoundTool, Reply

__all__ = ["call_with_person"]

ANSWERS: Final[dict[str, type[Event]]] = {
    "approval": ApprovalResponseEvent,
    "connection": ConnectionResponseEvent,
}


async def call_with_person(bound: BoundTool, context: Any, arguments: Any, *, connect: bool = False) -> Reply:
    """Make a call of an agent's run, and ask the person who watches it where that is needed.

    Args:
        context: the run's; without one nobody can be asked.
        connect: they are asked to connect their account where that is wanting.
    """
    if not isinstance(context, Context):
        return await bound.acall(arguments)
    async with Pause(context, ANSWERS) as pause:
        reply = await bound.acall(
            arguments,
            ask=partial(ask_approval, pause),
            connect=partial(ask_connection, pause, bound, arguments) if connect else None,
        )
        if isinstance(reply.error, AccountError):
            pause.over()
        return reply
