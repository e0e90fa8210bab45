"""Vimeo tools for Microsoft's Agent Framework (`pip install agent-framework`).

A call that needs approval is a `function_approval_request` of the framework. Ask with what a dry run of the call
tells, and when the person agrees, `VimeoToolkit.approve` its `approval_id` beside the framework's response.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

from agent_framework import FunctionInvocationContext, FunctionTool, MiddlewareFailure

from vimeo_agents.binding import bound_tools
from vimeo_toolkit import BoundTool, ConfigurationError, Identify, ToolOptions, VimeoToolkit

__all__ = ["VimeoTool", "get_tools"]


def get_tools(
    connection_name: str = "vimeo",
    identifier: str | Identify = "",
    *,
    toolkit: VimeoToolkit | None = None,
    **options: Unpack[ToolOptions],
) -> list[FunctionTool]:
    """Return tools of the Agent Framework for one user of one connection, or each time for the user of the run.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user, or a function that names the user of each call. It takes
            the `FunctionInvocationContext`, which has
            `kwargs` and `session`.
        toolkit: one built by hand; by default the process's own, from the environment.
        options: which tools, the `detail` of their results, and `strict` schemas; see `ToolOptions`.

    Raises:
        InvalidInput: the identifier is empty, or a name or a toolset is unknown.
    """
    return [_tool(each) for each in bound_tools(connection_name, identifier, toolkit, options)]


class VimeoTool(FunctionTool):
    """A tool of the core as the framework's class."""

    def _prepare_arguments(self, arguments: Any) -> dict[str, Any]:
        # The core reads what models write more kindly, and its errors say what to do.
        return dict(arguments) if isinstance(arguments, Mapping) else super()._prepare_arguments(arguments)


def _tool(bound: BoundTool) -> FunctionTool:
    async def call(vimeo_run: FunctionInvocationContext, **arguments: Any) -> str:
        try:
            whose = await bound.afor_run(vimeo_run)
        except ConfigurationError as error:  # any other error is told to the model
            raise MiddlewareFailure(str(error)) from error
        return (await whose.acall(arguments)).text

    return VimeoTool(
        name=bound.name,
        description=bound.description,
        func=call,
        input_model=bound.schema,
        approval_mode="always_require" if bound.needs_approval else "never_require",
    )
