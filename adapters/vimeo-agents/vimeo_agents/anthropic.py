"""Vimeo tools for the tool runner of Anthropic's SDK (`pip install anthropic`).

The runner cannot ask a person: a call that needs approval is an error, which tells the model to ask the user, and
your product approves it by `VimeoToolkit.approve`.
"""

from __future__ import annotations

from typing import Any, Unpack

from anthropic.lib.tools import BetaAsyncFunctionTool, BetaFunctionTool, ToolError

from vimeo_agents.binding import bound_tools
from vimeo_toolkit import BoundTool, Identify, Reply, ToolOptions, VimeoToolkit

__all__ = ["get_async_tools", "get_tools"]


def get_tools(
    connection_name: str = "vimeo",
    identifier: str | Identify = "",
    *,
    toolkit: VimeoToolkit | None = None,
    **options: Unpack[ToolOptions],
) -> list[BetaFunctionTool[Any]]:
    """Return tools for an `Anthropic` client for one user of one connection, or each time for the user of the run.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user, or a function that names the user of each call. It takes
            None, because the runner has no context: it can
            read a context variable of yours.
        toolkit: one built by hand; by default the process's own, from the environment.
        options: which tools, the `detail` of their results, and `strict` schemas; see `ToolOptions`.

    Raises:
        InvalidInput: the identifier is empty, or a name or a toolset is unknown.
    """
    return [_tool(each) for each in bound_tools(connection_name, identifier, toolkit, options)]


def get_async_tools(
    connection_name: str = "vimeo",
    identifier: str | Identify = "",
    *,
    toolkit: VimeoToolkit | None = None,
    **options: Unpack[ToolOptions],
) -> list[BetaAsyncFunctionTool[Any]]:
    """Return the tools for an `AsyncAnthropic`, see `get_tools`; the function may be an `async def`."""
    return [_async_tool(each) for each in bound_tools(connection_name, identifier, toolkit, options)]


def _tool(bound: BoundTool) -> BetaFunctionTool[Any]:
    def call(**arguments: Any) -> str:
        return _text(bound.for_run(None).call(arguments))

    return BetaFunctionTool(call, **_declared(bound))


def _async_tool(bound: BoundTool) -> BetaAsyncFunctionTool[Any]:
    async def call(**arguments: Any) -> str:
        return _text(await (await bound.afor_run(None)).acall(arguments))

    return BetaAsyncFunctionTool(call, **_declared(bound))


def _declared(bound: BoundTool) -> dict[str, Any]:
    return {
        "name": bound.name,
        "description": bound.description,
        "input_schema": bound.schema,
        "strict": bound.strict or None,
    }


def _text(reply: Reply) -> str:
    if reply.is_error:
        raise ToolError(reply.text)
    return reply.text
