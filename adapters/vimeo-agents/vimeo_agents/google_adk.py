"""Vimeo tools for Google's Agent Development Kit (`pip install google-adk`).

A call that needs approval asks for ADK's tool confirmation, with what it would do as the `hint`. Consent is for
what the hint told: if that has changed by then, the call is refused.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Unpack

from google.adk.tools import BaseTool, ToolContext
from google.genai.types import FunctionDeclaration

from vimeo_agents.binding import bound_tools
from vimeo_toolkit import ApprovalRequest, BoundTool, Identify, ToolOptions, VimeoToolkit

__all__ = ["VimeoTool", "get_tools"]


def get_tools(
    connection_name: str = "vimeo",
    identifier: str | Identify = "",
    *,
    toolkit: VimeoToolkit | None = None,
    **options: Unpack[ToolOptions],
) -> list[BaseTool]:
    """Return tools of Google's ADK for one user of one connection, or each time for the user of the run.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user, or a function that names the user of each call. It takes
            ADK's `ToolContext`, which has `user_id`.
        toolkit: one built by hand; by default the process's own, from the environment.
        options: which tools, the `detail` of their results, and `strict` schemas; see `ToolOptions`.

    Raises:
        InvalidInput: the identifier is empty, or a name or a toolset is unknown.
    """
    return [VimeoTool(each) for each in bound_tools(connection_name, identifier, toolkit, options)]


class VimeoTool(BaseTool):
    """A tool of the core as ADK's class."""

    def __init__(self, bound: BoundTool) -> None:
        super().__init__(name=bound.name, description=bound.description)
        self.bound = bound

    def _get_declaration(self) -> FunctionDeclaration:
        return FunctionDeclaration(
            name=self.name, description=self.description, parameters_json_schema=self.bound.schema
        )

    async def run_async(self, *, args: dict[str, Any], tool_context: ToolContext) -> dict[str, str]:
        """Make the call; a model reads `result`, or `error`."""
        bound = await self.bound.afor_run(tool_context)
        reply = await bound.acall(args, ask=partial(_decision, tool_context))
        return {"error" if reply.is_error else "result": reply.text}


async def _decision(run: ToolContext, asked: ApprovalRequest) -> bool | None:
    """Return what the person decided who was asked about this very change. None: they are asked now, or were asked
    about another one, and ADK asks about a call only once."""
    shown = f"vimeo_approval:{run.function_call_id}"
    decided = run.tool_confirmation
    if decided is None:
        run.state[shown] = asked.approval_id
        run.request_confirmation(hint=asked.description)
        return None
    if not decided.confirmed:
        return False
    return True if run.state.get(shown) == asked.approval_id else None
