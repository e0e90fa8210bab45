"""Vimeo tools for AG2 (`pip install ag2`).

A call that needs approval asks by the agent's human-in-the-loop hook, with what it would do; "yes" lets it through.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Unpack

from ag2 import Context
from ag2.events import ToolApprovalRequest, ToolCallEvent, ToolResultEvent
from ag2.exceptions import HumanInputNotProvidedError
from ag2.middleware import ToolExecution
from ag2.tools import tool
from ag2.tools.final.function_tool import FunctionTool

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
    """Return tools of AG2 for one user of one connection, or each time for the user of the run.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user, or a function that names the user of each call. It takes
            AG2's `Context`, which has `variables` and
            `dependencies`.
        toolkit: one built by hand; by default the process's own, from the environment.
        options: which tools, the `detail` of their results, and `strict` schemas; see `ToolOptions`.

    Raises:
        InvalidInput: the identifier is empty, or a name or a toolset is unknown.
    """
    return [_tool(each) for each in bound_tools(connection_name, identifier, toolkit, options)]


def _tool(bound: BoundTool) -> FunctionTool:
    # As middleware, because that is given the context and the arguments as the model wrote them.
    async def made(call_next: ToolExecution, event: ToolCallEvent, run: Context) -> ToolResultEvent:
        whose = await bound.afor_run(run)
        reply = await whose.acall(event.arguments, ask=partial(_decision, run, event.id))
        return ToolResultEvent.from_call(event, result=reply.text)

    return tool(
        _unused, name=bound.name, description=bound.description, schema=bound.schema, middleware=[made]
    )


async def _decision(run: Context, call_id: str, asked: ApprovalRequest) -> bool | str | None:
    """Return the person's answer, True or their words; None where the agent has no hook to ask by."""
    question = f"{asked.description}\nDo you agree? (yes/no)"
    try:
        answer = await run.ask(ToolApprovalRequest(question, tool_call_id=call_id))
    except HumanInputNotProvidedError:
        return None
    return answer.strip().lower() in ("y", "yes") or answer


def _unused(**arguments: Any) -> None:
    """Stand where AG2 wants a function."""
