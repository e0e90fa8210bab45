"""Vimeo tools for the OpenAI Agents SDK (`pip install openai-agents`).

A call that needs approval interrupts the run, as the SDK has it: show `result.interruptions` to the person, and
`state.approve(item)` lets the call through.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Unpack

from agents import FunctionTool, RunContextWrapper
from agents.tool_context import ToolContext

from vimeo_agents.binding import bound_tools
from vimeo_toolkit import ApprovalRequest, BoundTool, Identify, ToolOptions, VimeoToolkit

__all__ = ["get_tools"]


def get_tools(
    connection_name: str = "vimeo",
    identifier: str | Identify = "",
    *,
    toolkit: VimeoToolkit | None = None,
    **options: Unpack[ToolOptions],
) -> list[FunctionTool]:
    """Return tools of OpenAI's SDK for one user of one connection, or each time for the user of the run.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user, or a function that names the user of each call. It takes
            the run's `RunContextWrapper`.
        toolkit: one built by hand; by default the process's own, from the environment.
        options: which tools, the `detail` of their results, and `strict` schemas; see `ToolOptions`.

    Raises:
        InvalidInput: the identifier is empty, or a name or a toolset is unknown.
    """
    return [_tool(each) for each in bound_tools(connection_name, identifier, toolkit, options)]


def _tool(bound: BoundTool) -> FunctionTool:
    async def needs_approval(run: RunContextWrapper[Any], arguments: dict[str, Any], call_id: str) -> bool:
        return "approval_id" in await (await bound.afor_run(run)).aasked_about(arguments)

    async def invoke(run: ToolContext[Any], written: str) -> str:
        reply = await (await bound.afor_run(run)).acall(written, ask=partial(_decision, run))
        return reply.text

    return FunctionTool(
        name=bound.name,
        description=bound.description,
        params_json_schema=bound.schema,
        on_invoke_tool=invoke,
        strict_json_schema=False,
        needs_approval=needs_approval if bound.needs_approval else False,
    )


async def _decision(run: ToolContext[Any], asked: ApprovalRequest) -> bool | None:
    """Return what the person decided about the interrupted call; None where nobody was asked."""
    return run.is_tool_approved(run.tool_name, run.tool_call_id)
