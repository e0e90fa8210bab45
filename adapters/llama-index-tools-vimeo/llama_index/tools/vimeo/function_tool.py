"""A tool of the core as LlamaIndex's class."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Self

from llama_index.core.tools import FunctionTool, ToolOutput
from llama_index.core.workflow import Context
from llama_index.tools.vimeo.metadata import metadata_of
from llama_index.tools.vimeo.person import call_with_person
from llama_index.tools.vimeo.run import bound_for, bound_outside, ends_run

from vimeo_toolkit import BoundTool, ConfigurationError, Reply, Tool, WrongUser

__all__ = ["VimeoFunctionTool"]

CONTEXT = "ctx"
"""The parameter by which LlamaIndex's agents pass their workflow's context."""


def _like(ctx: Any = None, **arguments: Any) -> None:
    """The signature of the tools' functions."""


_SIGNATURE = inspect.signature(_like)


class VimeoFunctionTool(FunctionTool):
    """A tool of the core, bound to one user or to the user of each run.

    `fn` and `async_fn` give compact JSON and raise typed errors; `call` and `acall`, which agents use, give
    an error as an output with `is_error`.
    """

    bound: BoundTool
    """The core's tool, bound to its user; `bound_for` gives that of a run."""
    connect: bool = False
    """A call pauses the agent's run where its user has to connect, see `get_tools`."""
    on_output: Callable[[ToolOutput], None] | None = None
    """Called with each output that is not an error."""

    @classmethod
    def of(cls, tool: BoundTool | Tool, *former: Any, connect: bool = False, **named: Any) -> Self:
        """Return the LlamaIndex tool of a bound tool, see `get_tools` for `connect`; what else it takes is for one
        version, see `BoundTool.of`."""
        bound = BoundTool.of(tool, *former, **named)

        # The identity lives in the bound tool: LlamaIndex lets a model override partial parameters.
        def fn(ctx: Any = None, **arguments: Any) -> str:
            return _text_of(bound_outside(made).call(arguments))

        async def async_fn(ctx: Any = None, **arguments: Any) -> str:
            return _text_of(await made._call_with_person(ctx, arguments))

        # FunctionTool reads it at each construction, and finding it in the code would take longer than everything
        # else.
        fn.__signature__ = _SIGNATURE  # type: ignore[attr-defined]
        made = cls(fn=fn, async_fn=async_fn, metadata=metadata_of(bound))
        made.bound = bound
        made.connect = connect
        if connect or bound.needs_approval or bound.run_identity is not None:
            # With it, agents pass their workflow's context, by which a person can be asked and the user is known.
            made.requires_context, made.ctx_param_name = True, CONTEXT
        return made

    def call(self, /, *args: Any, **kwargs: Any) -> ToolOutput:
        """Make the call and return its output; an error that a model can act on is one, with `is_error`.

        Raises:
            ConfigurationError: the tool acts as the user of a run, which only `acall` knows.
        """
        _, arguments = self._given(args, kwargs)
        return self._output(bound_outside(self).call(arguments), arguments)

    async def acall(self, /, *args: Any, **kwargs: Any) -> ToolOutput:
        """Make the call as `call` does; given the workflow's context, a person is asked where approval is
        needed, and a function names the user.

        Raises:
            ConfigurationError: it named nobody, or there is no context.
            WrongUser: the context is of another user's run. Both end the agent's run, too.
        """
        context, arguments = self._given(args, kwargs)
        try:
            return self._output(await self._call_with_person(context, arguments), arguments)
        except (ConfigurationError, WrongUser) as error:
            raise ends_run(error) from error.__cause__

    async def _call_with_person(self, context: Any, arguments: dict[str, Any]) -> Reply:
        bound = await bound_for(self, context)
        return await call_with_person(bound, context, arguments, connect=self.connect)

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
