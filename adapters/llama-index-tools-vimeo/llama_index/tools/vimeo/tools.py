"""One LlamaIndex tool for each tool of the core."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self, Unpack

from llama_index.core.tools import FunctionTool, ToolMetadata, ToolOutput
from llama_index.core.workflow import Context
from llama_index.tools.vimeo.approval import call_with_person

from vimeo_toolkit import BoundTool, Reply, Tool, ToolOptions, VimeoToolkit, default_toolkit

__all__ = ["VimeoFunctionTool", "get_tools"]

CONTEXT = "ctx"
"""The parameter by which LlamaIndex's agents pass their workflow's context."""


def _like(ctx: Any = None, **arguments: Any) -> None:
    """The signature of the tools' functions."""


_SIGNATURE = inspect.signature(_like)


def get_tools(
    connection_name: str = "vimeo",
    identifier: str = "",
    *,
    toolkit: VimeoToolkit | None = None,
    **options: Unpack[ToolOptions],
) -> list[FunctionTool]:
    """Return LlamaIndex tools that act as one user of one connection.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user. No tool argument can change it.
        toolkit: one built by hand; by default the process's own, from the environment.
        options: which tools (`include`, `exclude`, `toolsets`, `read_only`, `missing_scopes`), and the `detail`
            of their results; see `ToolOptions`.

    Raises:
        InvalidInput: the identifier is empty, or a name or a toolset is unknown.
    """
    used = toolkit if toolkit is not None else default_toolkit()
    return [VimeoFunctionTool.of(bound) for bound in used.bind_tools(connection_name, identifier, **options)]


@dataclass
class _Metadata(ToolMetadata):
    """LlamaIndex makes the schema anew at every call to a model; the core has it ready."""

    tool: Tool | None = None

    def get_parameters_dict(self) -> dict[str, Any]:
        return super().get_parameters_dict() if self.tool is None else self.tool.input_schema


class VimeoFunctionTool(FunctionTool):
    """A tool of the core, bound to one user.

    `fn` and `async_fn` give compact JSON and raise typed errors; `call` and `acall`, which agents use, give
    an error as an output with `is_error`.
    """

    bound: BoundTool
    """The core's tool, bound to its user."""
    on_output: Callable[[ToolOutput], None] | None = None
    """Called with each output that is not an error."""

    @classmethod
    def of(cls, bound: BoundTool) -> Self:
        """Return the LlamaIndex tool of a bound tool."""

        # The identity lives in the bound tool: LlamaIndex lets a model override partial parameters.
        def fn(ctx: Any = None, **arguments: Any) -> str:
            return _text_of(bound.call(arguments))

        async def async_fn(ctx: Any = None, **arguments: Any) -> str:
            return _text_of(await call_with_person(bound, ctx, arguments))

        # FunctionTool reads it at each construction, and finding it in the code would take longer than everything
        # else.
        fn.__signature__ = _SIGNATURE  # type: ignore[attr-defined]
        tool = bound.tool
        metadata = _Metadata(tool.description, tool.name, fn_schema=tool.input_model, tool=tool)
        made = cls(fn=fn, async_fn=async_fn, metadata=metadata)
        made.bound = bound
        if bound.needs_approval:
            # With it, agents pass their workflow's context, by which a person can be asked.
            made.requires_context, made.ctx_param_name = True, CONTEXT
        return made

    def call(self, /, *args: Any, **kwargs: Any) -> ToolOutput:
        """Make the call and return its output; an error that a model can act on is one, with `is_error`."""
        _, arguments = self._given(args, kwargs)
        return self._output(self.bound.call(arguments), arguments)

    async def acall(self, /, *args: Any, **kwargs: Any) -> ToolOutput:
        """Make the call as `call` does; given the workflow's context, a person is asked where approval is
        needed."""
        context, arguments = self._given(args, kwargs)
        return self._output(await call_with_person(self.bound, context, arguments), arguments)

    def _given(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Context | None, dict[str, Any]]:
        """Return the workflow's context and the arguments, all by name. LlamaIndex's `call_tool` passes the only
        argument of a tool without its name. A value that a model puts in place of the context is an argument."""
        given = args[0] if len(args) == 1 else list(args)
        arguments = {**self.partial_params, **(self.bound.arguments(given) if args else {}), **kwargs}
        if self.requires_context and isinstance(arguments.get(CONTEXT), Context):
            return arguments.pop(CONTEXT), arguments
        return None, arguments

    def _output(self, reply: Reply, arguments: dict[str, Any]) -> ToolOutput:
        output = ToolOutput(
            tool_name=self.bound.name,
            content=reply.text,
            raw_input={"args": (), "kwargs": self.bound.shown(arguments)},
            raw_output=reply.artifact if reply.is_error else reply.text,
            is_error=reply.is_error,
            exception=reply.error,
        )
        if self.on_output is not None and not reply.is_error:
            self.on_output(output)
        return output


def _text_of(reply: Reply) -> str:
    if reply.error is not None:
        raise reply.error
    return reply.text
