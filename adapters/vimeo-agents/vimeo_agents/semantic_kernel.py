"""Vimeo functions for Semantic Kernel (`pip install semantic-kernel`), which needs an mcp before 2.

    kernel.add_functions("vimeo", get_tools(identifier="user_456"))

A call that needs approval is an error, which tells the model to ask the user, and your product approves it by
`VimeoToolkit.approve`; a filter of the kernel can ask before it.
"""

from __future__ import annotations

from typing import Any, Unpack

from semantic_kernel.filters import FunctionInvocationContext
from semantic_kernel.functions import KernelFunctionFromMethod, KernelParameterMetadata, kernel_function

from vimeo_agents.binding import bound_tools
from vimeo_toolkit import BoundTool, Identify, ToolOptions, VimeoToolkit

__all__ = ["VimeoFunction", "get_tools"]


def get_tools(
    connection_name: str = "vimeo",
    identifier: str | Identify = "",
    *,
    toolkit: VimeoToolkit | None = None,
    **options: Unpack[ToolOptions],
) -> list[VimeoFunction]:
    """Return functions of Semantic Kernel for one user of one connection, or each time for the user of the run.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user, or a function that names the user of each call. It takes
            the entries of the call's `KernelArguments` that
            are not inputs.
        toolkit: one built by hand; by default the process's own, from the environment.
        options: which tools, the `detail` of their results, and `strict` schemas; see `ToolOptions`.

    Raises:
        InvalidInput: the identifier is empty, or a name or a toolset is unknown.
    """
    return [VimeoFunction(each) for each in bound_tools(connection_name, identifier, toolkit, options)]


class VimeoFunction(KernelFunctionFromMethod):
    """A tool of the core as a kernel function."""

    def __init__(self, bound: BoundTool) -> None:
        async def call(given: dict[str, Any], run: dict[str, Any]) -> str:
            return (await (await bound.afor_run(run)).acall(given)).text

        declared = kernel_function(call, bound.name, bound.description)
        super().__init__(method=declared, plugin_name="vimeo", parameters=_parameters(bound.schema))

    def gather_function_parameters(self, context: FunctionInvocationContext) -> dict[str, Any]:
        """Return the inputs as the model wrote them, and what else is among the arguments of the call."""
        inputs = {each.name for each in self.parameters}
        given = {name: value for name, value in context.arguments.items() if name in inputs}
        run = {name: value for name, value in context.arguments.items() if name not in inputs}
        return {"given": given, "run": run}


def _parameters(schema: dict[str, Any]) -> list[KernelParameterMetadata]:
    required = schema.get("required", ())
    return [
        KernelParameterMetadata(
            name=name,
            description=described.get("description"),
            schema_data=described,
            is_required=name in required,
        )
        for name, described in schema["properties"].items()
    ]
