"""Vimeo tools for Pydantic AI (`pip install pydantic-ai`).

A call that needs approval ends the run with `DeferredToolRequests`, which has to be among the agent's output types.
Its `metadata` says what each call would do; give it back with the results, because consent is for what was shown.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Unpack

from pydantic_ai import ApprovalRequired, RunContext, Tool
from pydantic_ai.exceptions import ToolFailed
from pydantic_ai.messages import ToolReturn

from vimeo_agents.binding import bound_tools
from vimeo_toolkit import ApprovalRequest, BoundTool, Identify, ToolOptions, VimeoToolkit

__all__ = ["get_tools"]


def get_tools(
    connection_name: str = "vimeo",
    identifier: str | Identify = "",
    *,
    toolkit: VimeoToolkit | None = None,
    **options: Unpack[ToolOptions],
) -> list[Tool[Any]]:
    """Return tools of Pydantic AI for one user of one connection, or each time for the user of the run.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user, or a function that names the user of each call. It takes
            the run's `RunContext`, which has `deps`.
        toolkit: one built by hand; by default the process's own, from the environment.
        options: which tools, the `detail` of their results, and `strict` schemas; see `ToolOptions`.

    Raises:
        InvalidInput: the identifier is empty, or a name or a toolset is unknown.
    """
    return [_tool(each) for each in bound_tools(connection_name, identifier, toolkit, options)]


def _tool(bound: BoundTool) -> Tool[Any]:
    async def call(run: RunContext[Any], /, **arguments: Any) -> ToolReturn[str]:
        reply = await (await bound.afor_run(run)).acall(arguments, ask=partial(_decision, run))
        if reply.is_error:
            raise ToolFailed(reply.text)
        return ToolReturn(reply.text, metadata=reply.artifact)

    made: Tool[Any] = Tool.from_schema(call, bound.name, bound.description, bound.schema, takes_ctx=True)
    made.strict = bound.strict or None
    return made


async def _decision(run: RunContext[Any], asked: ApprovalRequest) -> bool:
    """Return True where the person who was shown this very change has agreed; otherwise they are asked."""
    shown = (run.tool_call_metadata or {}).get("approval_id", asked.approval_id)
    if run.tool_call_approved and shown == asked.approval_id:
        return True
    raise ApprovalRequired({"approval_id": asked.approval_id, "description": asked.description})
