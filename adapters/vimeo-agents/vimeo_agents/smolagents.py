"""Vimeo tools for smolagents (`pip install smolagents`).

Its agents cannot ask a person: a call that needs approval is an error, which tells the model to ask the user, and
your product approves it by `VimeoToolkit.approve`.
"""

from __future__ import annotations

from typing import Any, Unpack

from smolagents import Tool

from vimeo_agents.binding import bound_tools
from vimeo_toolkit import BoundTool, Identify, ToolOptions, VimeoToolkit

__all__ = ["VimeoTool", "get_tools"]


def get_tools(
    connection_name: str = "vimeo",
    identifier: str | Identify = "",
    *,
    toolkit: VimeoToolkit | None = None,
    **options: Unpack[ToolOptions],
) -> list[Tool]:
    """Return tools of smolagents for one user of one connection, or each time for the user of the run.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user, or a function that names the user of each call. It takes
            None, because agents have no context: it can read
            a context variable of yours.
        toolkit: one built by hand; by default the process's own, from the environment.
        options: which tools, the `detail` of their results, and `strict` schemas; see `ToolOptions`.

    Raises:
        InvalidInput: the identifier is empty, or a name or a toolset is unknown.
    """
    return [VimeoTool(each) for each in bound_tools(connection_name, identifier, toolkit, options)]


class VimeoTool(Tool):
    """A tool of the core as smolagents' class."""

    skip_forward_signature_validation = True
    output_type = "string"

    def __init__(self, bound: BoundTool) -> None:
        self.name, self.description, self.inputs = bound.name, bound.description, _inputs(bound)
        self.bound = bound
        super().__init__()

    def forward(self, /, **arguments: Any) -> str:
        """Make the call and return what a model reads, also of an error."""
        return self.bound.for_run(None).call(arguments).text


def _inputs(bound: BoundTool) -> dict[str, dict[str, Any]]:
    """Return the inputs as smolagents has them: what is not required may be null. Each has a description, with the
    values it takes, because a `CodeAgent` is shown nothing else."""
    schema = bound.tool.schema(strict=False)  # smolagents knows no strict mode, and no choice of types
    required = schema.get("required", ())
    inputs = {}
    for name, described in schema["properties"].items():
        values = f" One of: {', '.join(described['enum'])}." if "enum" in described else ""
        text = described.get("description", bound.input_help[name])
        inputs[name] = {**described, "description": text + values}
        if name not in required:
            inputs[name]["nullable"] = True
    return inputs
