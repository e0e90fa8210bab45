"""Vimeo tools for Strands (`pip install strands-agents`), which needs an mcp before 2.2.

A call that needs approval interrupts the agent, with what it would do as the interrupt's `reason`; the response
"yes" lets it through. Consent is for what was told: if that has changed by then, the agent is interrupted anew.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from functools import partial
from typing import Any, Unpack

from strands.interrupt import InterruptException
from strands.types._events import ToolInterruptEvent, ToolResultEvent
from strands.types.tools import AgentTool, ToolContext, ToolSpec, ToolUse

from vimeo_agents.binding import bound_tools
from vimeo_toolkit import ApprovalRequest, BoundTool, Identify, ToolOptions, VimeoToolkit

__all__ = ["VimeoTool", "get_tools"]


def get_tools(
    connection_name: str = "vimeo",
    identifier: str | Identify = "",
    *,
    toolkit: VimeoToolkit | None = None,
    **options: Unpack[ToolOptions],
) -> list[AgentTool]:
    """Return tools of Strands for one user of one connection, or each time for the user of the run.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user, or a function that names the user of each call. It takes
            the `invocation_state` of the agent's call.
        toolkit: one built by hand; by default the process's own, from the environment.
        options: which tools, the `detail` of their results, and `strict` schemas; see `ToolOptions`.

    Raises:
        InvalidInput: the identifier is empty, or a name or a toolset is unknown.
    """
    return [VimeoTool(each) for each in bound_tools(connection_name, identifier, toolkit, options)]


class VimeoTool(AgentTool):
    """A tool of the core as Strands' class."""

    def __init__(self, bound: BoundTool) -> None:
        super().__init__()
        self._bound = bound

    @property
    def tool_name(self) -> str:
        """The tool's name."""
        return self._bound.name

    @property
    def tool_type(self) -> str:
        """What Strands calls a tool that is not one of its own."""
        return "python"

    @property
    def tool_spec(self) -> ToolSpec:
        """What a model is shown."""
        bound = self._bound
        return {
            "name": bound.name,
            "description": bound.description,
            "inputSchema": {"json": bound.schema},
        }

    async def stream(
        self, tool_use: ToolUse, invocation_state: dict[str, Any], **more: Any
    ) -> AsyncGenerator[Any, None]:
        """Make the call, and yield its result or an interrupt."""
        bound = await self._bound.afor_run(invocation_state)
        try:
            reply = await bound.acall(tool_use["input"], ask=partial(_decision, tool_use, invocation_state))
        except InterruptException as interrupted:
            yield ToolInterruptEvent(tool_use, [interrupted.interrupt])
            return
        yield ToolResultEvent(
            {
                "toolUseId": tool_use["toolUseId"],
                "status": "error" if reply.is_error else "success",
                "content": [{"text": reply.text}],
            }
        )


async def _decision(call: ToolUse, run: dict[str, Any], asked: ApprovalRequest) -> bool | str | None:
    """Return the person's response about this very change, True or their words; interrupt where there is none."""
    if "agent" not in run:  # the tool is called by itself
        return None
    context = ToolContext(tool_use=call, agent=run["agent"], invocation_state=run)
    answer = str(context.interrupt(f"vimeo_approval:{asked.approval_id}", reason=asked.description))
    return answer.strip().lower() in ("y", "yes", "true") or answer
