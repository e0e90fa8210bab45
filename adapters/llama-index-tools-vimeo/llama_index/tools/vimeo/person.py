"""A call of an agent's run, and the person who watches that run."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from llama_index.core.workflow import Context
from llama_index.tools.vimeo.approval import ApprovalResponseEvent, ask_approval
from llama_index.tools.vimeo.pausing import Pause

from vimeo_toolkit import BoundTool, Reply

__all__ = ["call_with_person"]

ANSWERS: Final = {"approval": ApprovalResponseEvent}


async def call_with_person(bound: BoundTool, context: Any, arguments: Any) -> Reply:
    """Make a call of an agent's run, and ask the person who watches it where that is needed.

    Args:
        context: the run's; without one nobody can be asked.
    """
    if not isinstance(context, Context):
        return await bound.acall(arguments)
    async with Pause(context, ANSWERS) as pause:
        return await bound.acall(arguments, ask=partial(ask_approval, pause))
