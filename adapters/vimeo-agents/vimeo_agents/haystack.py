"""Vimeo tools for Haystack (`pip install haystack-ai`).

A call that needs approval is an error, unless a person was asked before it, such as by a confirmation strategy of
Haystack: ask with what a dry run of the call tells, and when they agree, `VimeoToolkit.approve` its `approval_id`.
"""

from __future__ import annotations

from typing import Any, Unpack

from haystack.components.agents import State
from haystack.tools import Tool

from vimeo_agents.binding import bound_tools
from vimeo_toolkit import BoundTool, Identify, ToolOptions, VimeoToolkit

__all__ = ["get_tools"]


def get_tools(
    connection_name: str = "vimeo",
    identifier: str | Identify = "",
    *,
    toolkit: VimeoToolkit | None = None,
    **options: Unpack[ToolOptions],
) -> list[Tool]:
    """Return tools of Haystack for one user of one connection, or each time for the user of the run.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user, or a function that names the user of each call. It takes
            the agent's `State`.
        toolkit: one built by hand; by default the process's own, from the environment.
        options: which tools, the `detail` of their results, and `strict` schemas; see `ToolOptions`.

    Raises:
        InvalidInput: the identifier is empty, or a name or a toolset is unknown.
    """
    return [_tool(each) for each in bound_tools(connection_name, identifier, toolkit, options)]


def _tool(bound: BoundTool) -> Tool:
    def call(vimeo_run: State | None = None, **arguments: Any) -> str:
        return bound.for_run(vimeo_run).call(arguments).text

    async def acall(vimeo_run: State | None = None, **arguments: Any) -> str:
        return (await (await bound.afor_run(vimeo_run)).acall(arguments)).text

    return Tool(bound.name, bound.description, bound.schema, call, async_function=acall)
