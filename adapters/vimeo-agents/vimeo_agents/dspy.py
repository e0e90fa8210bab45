"""Vimeo tools for DSPy (`pip install dspy`).

Its modules cannot ask a person: a call that needs approval is an error, which tells the model to ask the user, and
your product approves it by `VimeoToolkit.approve`.
"""

from __future__ import annotations

from typing import Any, Unpack

import dspy
from dspy.utils.callback import with_callbacks
from pydantic import PrivateAttr

from vimeo_agents.binding import bound_tools
from vimeo_toolkit import BoundTool, Identify, ToolOptions, VimeoToolkit

__all__ = ["VimeoTool", "get_tools"]


def get_tools(
    connection_name: str = "vimeo",
    identifier: str | Identify = "",
    *,
    toolkit: VimeoToolkit | None = None,
    **options: Unpack[ToolOptions],
) -> list[dspy.Tool]:
    """Return tools of DSPy for one user of one connection, or each time for the user of the run.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user, or a function that names the user of each call. It takes
            `dspy.settings`, where `dspy.context(…)` puts
            what you like.
        toolkit: one built by hand; by default the process's own, from the environment.
        options: which tools, the `detail` of their results, and `strict` schemas; see `ToolOptions`.

    Raises:
        InvalidInput: the identifier is empty, or a name or a toolset is unknown.
    """
    return [VimeoTool(each) for each in bound_tools(connection_name, identifier, toolkit, options)]


class VimeoTool(dspy.Tool):
    """A tool of the core as DSPy's class."""

    _bound: BoundTool = PrivateAttr()

    def __init__(self, bound: BoundTool) -> None:
        super().__init__(_unused, bound.name, bound.description, bound.schema["properties"])
        self._bound = bound

    @with_callbacks
    def __call__(self, /, **arguments: Any) -> str:
        """Make the call and return what a model reads, also of an error."""
        return self._bound.for_run(dspy.settings).call(arguments).text

    @with_callbacks
    async def acall(self, /, **arguments: Any) -> str:
        """Make the call as `__call__` does, without holding up the event loop."""
        return (await (await self._bound.afor_run(dspy.settings)).acall(arguments)).text

    def format_as_litellm_function_call(self) -> dict[str, Any]:
        """Return the tool as it is sent to a model. DSPy's own way would make every input a required one."""
        bound = self._bound
        function = {"name": bound.name, "description": bound.description, "parameters": bound.schema}
        return {"type": "function", "function": function}


def _unused(**arguments: Any) -> None:
    """Stand where DSPy wants a function."""
