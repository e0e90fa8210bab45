"""Vimeo tools for the OpenAI Agents SDK (`pip install openai-agents`).

A call that needs approval interrupts the run, as the SDK has it: show the person what a dry run of each of
`result.interruptions` tells, and `state.approve(item)` lets the call through. If what it would change has changed
by then, it is refused; a run that another process resumes is not held against what was shown.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final, Unpack

from agents import FunctionTool, RunContextWrapper
from agents.tool_context import ToolContext

from vimeo_agents.binding import bound_tools
from vimeo_toolkit import ApprovalRequest, BoundTool, Identify, ToolOptions, VimeoToolkit

__all__ = ["get_tools"]

MOST: Final = 1_000
"""Calls of a tool that wait for a person and are remembered; those of runs that nobody resumes stay among them."""


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
    asked_for: dict[str, str] = {}
    """Call id → the approval that its person was asked for, which the SDK has no place for."""

    async def needs_approval(run: RunContextWrapper[Any], arguments: dict[str, Any], call_id: str) -> bool:
        asked = await (await bound.afor_run(run)).aasked_about(arguments)
        if "approval_id" in asked and not run.is_tool_approved(bound.name, call_id):
            asked_for[call_id] = asked["approval_id"]
            if len(asked_for) > MOST:
                del asked_for[next(iter(asked_for))]
        return "approval_id" in asked

    async def decision(run: ToolContext[Any], asked: ApprovalRequest) -> bool | None:
        same = asked_for.pop(run.tool_call_id, asked.approval_id) == asked.approval_id
        return run.is_tool_approved(bound.name, run.tool_call_id) if same else None

    async def invoke(run: ToolContext[Any], written: str) -> str:
        return (await (await bound.afor_run(run)).acall(written, ask=partial(decision, run))).text

    return FunctionTool(
        name=bound.name,
        description=bound.description,
        params_json_schema=bound.schema,
        on_invoke_tool=invoke,
        strict_json_schema=bound.strict,
        needs_approval=needs_approval if bound.needs_approval else False,
    )
