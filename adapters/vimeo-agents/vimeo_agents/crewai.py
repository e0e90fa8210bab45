"""Vimeo tools for CrewAI (`pip install crewai`), which needs an mcp before 2.

Its agents cannot ask a person about a call: one that needs approval is an error, which tells the model to ask the
user, and your product approves it by `VimeoToolkit.approve`.
"""

from __future__ import annotations

from typing import Any, Unpack

from crewai.tools import BaseTool
from pydantic import BaseModel, PrivateAttr

from vimeo_agents.binding import bound_tools
from vimeo_toolkit import BoundTool, Identify, ToolOptions, VimeoToolkit

__all__ = ["VimeoTool", "get_tools"]


def get_tools(
    connection_name: str = "vimeo",
    identifier: str | Identify = "",
    *,
    toolkit: VimeoToolkit | None = None,
    **options: Unpack[ToolOptions],
) -> list[BaseTool]:
    """Return tools of CrewAI for one user of one connection, or each time for the user of the run.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user, or a function that names the user of each call. It takes
            None, because crews have no context: it can read
            a context variable of yours.
        toolkit: one built by hand; by default the process's own, from the environment.
        options: which tools, the `detail` of their results, and `strict` schemas; see `ToolOptions`.

    Raises:
        InvalidInput: the identifier is empty, or a name or a toolset is unknown.
    """
    return [VimeoTool(each) for each in bound_tools(connection_name, identifier, toolkit, options)]


class VimeoTool(BaseTool):
    """A tool of the core as CrewAI's class."""

    _bound: BoundTool = PrivateAttr()

    def __init__(self, bound: BoundTool) -> None:
        super().__init__(
            name=bound.name,
            description=bound.description,
            args_schema=_arguments(bound),
            cache_function=never_cached,
        )
        self._bound = bound

    def _run(self, /, **arguments: Any) -> str:
        return self._bound.for_run(None).call(arguments).text

    async def _arun(self, /, **arguments: Any) -> str:
        return (await (await self._bound.afor_run(None)).acall(arguments)).text


def never_cached(arguments: Any = None, result: Any = None) -> bool:
    """Keep CrewAI from answering a call with an earlier one's result: what is at Vimeo changes."""
    return False


def _arguments(bound: BoundTool) -> type[BaseModel]:
    """Return a model that has the tool's schema and leaves the checking to the core. It is the strict schema,
    because CrewAI makes every input a required one."""

    class Arguments(BaseModel, extra="allow"):
        @classmethod
        def model_json_schema(cls, *args: Any, **more: Any) -> dict[str, Any]:
            return bound.tool.schema(strict=True)

    return Arguments
