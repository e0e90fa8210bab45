"""Vimeo tools for Agno (`pip install agno`).

A call that needs approval pauses the run for confirmation, as Agno has it. Ask with what a dry run of the call
tells, and when the person agrees, `VimeoToolkit.approve` its `approval_id` beside `requirement.confirm()`.
"""

from __future__ import annotations

from typing import Any, Unpack

from agno.exceptions import StopAgentRun
from agno.run import RunContext
from agno.tools import Function

from vimeo_agents.binding import bound_tools
from vimeo_toolkit import BoundTool, ConfigurationError, Identify, ToolOptions, VimeoToolkit

__all__ = ["get_tools"]


def get_tools(
    connection_name: str = "vimeo",
    identifier: str | Identify = "",
    *,
    toolkit: VimeoToolkit | None = None,
    **options: Unpack[ToolOptions],
) -> list[Function]:
    """Return functions of Agno for one user of one connection, or each time for the user of the run.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user, or a function that names the user of each call. It takes
            Agno's `RunContext`, which has `user_id`.
        toolkit: one built by hand; by default the process's own, from the environment.
        options: which tools, the `detail` of their results, and `strict` schemas; see `ToolOptions`.

    Raises:
        InvalidInput: the identifier is empty, or a name or a toolset is unknown.
    """
    return [_tool(each) for each in bound_tools(connection_name, identifier, toolkit, options)]


def _tool(bound: BoundTool) -> Function:
    # Agno gives the run by this name, and calls a blocking function in a thread where its own run is asynchronous.
    def call(_agno_run_context: RunContext | None = None, **arguments: Any) -> str:
        try:
            whose = bound.for_run(_agno_run_context)
        except ConfigurationError as error:  # any other error is told to the model
            raise StopAgentRun(str(error)) from error
        return whose.call(arguments).text

    return Function(
        name=bound.name,
        description=bound.description,
        parameters=bound.schema,
        strict=bound.strict or None,
        entrypoint=call,
        skip_entrypoint_processing=True,
        requires_confirmation=bound.needs_approval or None,
    )
