"""One LlamaIndex tool for each tool of the core."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, Self

from llama_index.core.tools import FunctionTool, ToolMetadata, ToolOutput
from llama_index.core.tools.tool_spec.base import BaseToolSpec
from llama_index.core.workflow import Context
from llama_index.tools.vimeo.approval import approved_by_person

from vimeo_toolkit import (
    ApprovalRequired,
    InvalidInput,
    Tool,
    VimeoToolkit,
    VimeoToolkitError,
    default_toolkit,
)

__all__ = ["VimeoFunctionTool", "VimeoToolSpec", "get_tools"]

MOST_QUESTIONS = 3
"""So often a person is asked about one call whose subject changes while they decide."""

CONTEXT = "ctx"
"""The parameter by which LlamaIndex's agents pass their workflow's context."""


def _like(ctx: Any = None, **arguments: Any) -> None:
    """What the tools' functions look like."""


_SIGNATURE = inspect.signature(_like)


def get_tools(
    connection_name: str = "vimeo",
    identifier: str = "",
    *,
    toolkit: VimeoToolkit | None = None,
    include: Iterable[str] | None = None,
    exclude: Iterable[str] = (),
    toolsets: str | Iterable[str] | None = None,
    read_only: bool = False,
    missing_scopes: Literal["explain", "hide"] = "explain",
    detail: Literal["compact", "full"] = "compact",
) -> list[FunctionTool]:
    """LlamaIndex tools that act as one user of one connection.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user. No tool argument can change it.
        toolkit: one built by hand; by default the process's own, from the environment.
        include: only these tools. exclude: not these. toolsets: these groups, or "all"; with neither, the
            default tools.
        read_only: only tools that change nothing.
        missing_scopes: "hide" leaves out tools that the user has not granted the scopes for.
        detail: "full" gives results unprojected and without tables: many more tokens.

    Raises:
        InvalidInput: the identifier is empty, or a name or a toolset is unknown.
    """
    used = toolkit if toolkit is not None else default_toolkit()
    chosen = used.tools(
        include=include,
        exclude=exclude,
        toolsets=toolsets,
        read_only=read_only,
        identifier=identifier,
        connection_name=connection_name,
        missing_scopes=missing_scopes,
    )
    names = frozenset(tool.name for tool in chosen)
    return [VimeoFunctionTool.of(tool, used, connection_name, identifier, names, detail) for tool in chosen]


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

    _tool: Tool
    on_output: Callable[[ToolOutput], None] | None = None
    """Told of each output that is not an error."""

    @classmethod
    def of(
        cls,
        tool: Tool,
        toolkit: VimeoToolkit,
        connection_name: str,
        identifier: str,
        allowed: frozenset[str] | None = None,
        detail: Literal["compact", "full"] = "compact",
    ) -> Self:
        """The LlamaIndex tool of a core tool. `allowed`: the tools that it may tell of, all by default."""

        # The identity lives in these closures: LlamaIndex lets a model override partial parameters.
        whose: dict[str, Any] = {"connection_name": connection_name, "identifier": identifier}
        bound: dict[str, Any] = {**whose, "tool_name": tool.name, "allowed": allowed, "detail": detail}

        def fn(ctx: Any = None, **arguments: Any) -> str:
            return toolkit.execute_tool(**bound, tool_input=arguments).to_text()

        async def async_fn(ctx: Any = None, **arguments: Any) -> str:
            call: dict[str, Any] = {**bound, "tool_input": arguments}
            for _ in range(MOST_QUESTIONS):
                try:
                    return (await toolkit.aexecute_tool(**call)).to_text()
                except ApprovalRequired as error:
                    if ctx is None:
                        raise
                    asked = error.with_traceback(None)
                denied = await approved_by_person(ctx, asked)
                if denied is not None:
                    raise denied
                # What it would change may have changed while they decided, or an equal call of the same turn may
                # have used the answer up: then it is asked about anew.
                with suppress(InvalidInput):
                    await toolkit.aapprove(asked.approval_id, **whose)
            return (await toolkit.aexecute_tool(**call)).to_text()

        # FunctionTool looks at it at each construction; reading it out of the code takes longer than all else.
        fn.__signature__ = _SIGNATURE  # type: ignore[attr-defined]
        metadata = _Metadata(
            description=tool.description, name=tool.name, fn_schema=tool.input_model, tool=tool
        )
        made = cls(fn=fn, async_fn=async_fn, metadata=metadata)
        made._tool = tool
        if toolkit.needs_approval(tool.name):
            # Agents then pass their workflow's context, by which a person can be asked.
            made.requires_context, made.ctx_param_name = True, CONTEXT
        return made

    def call(self, /, *args: Any, **kwargs: Any) -> ToolOutput:
        context = self._context(kwargs)
        kwargs = self._named(args, kwargs)
        try:
            self._check(kwargs)
            return self._shown(super().call(**context, **kwargs))
        except VimeoToolkitError as error:
            return self._failed(error, kwargs)

    async def acall(self, /, *args: Any, **kwargs: Any) -> ToolOutput:
        context = self._context(kwargs)
        kwargs = self._named(args, kwargs)
        try:
            self._check(kwargs)
            return self._shown(await super().acall(**context, **kwargs))
        except VimeoToolkitError as error:
            return self._failed(error, kwargs)

    def _named(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """All arguments by name: LlamaIndex's `call_tool` gives the only one of a tool without it."""
        given = args[0] if len(args) == 1 else list(args)
        return {**self._tool.arguments(given), **kwargs} if args else kwargs

    def _context(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The workflow's context, taken out of the arguments. What a model puts there is no context."""
        if not self.requires_context:
            return {}
        given = arguments.get(CONTEXT)
        return {CONTEXT: arguments.pop(CONTEXT) if isinstance(given, Context) else None}

    def _shown(self, output: ToolOutput) -> ToolOutput:
        """The output as it may be traced: a password that the model passed is not repeated in it."""
        if self.on_output is not None:
            self.on_output(output)
        given = output.raw_input.get("kwargs")
        if self._tool.secret_inputs and isinstance(given, dict):
            output.raw_input = {**output.raw_input, "kwargs": self._tool.without_secrets(given)}
        return output

    def _check(self, arguments: dict[str, Any]) -> None:
        # Before LlamaIndex's own call, which fails on an argument that a model names `self`.
        self._tool.validate(arguments)

    def _failed(self, error: VimeoToolkitError, arguments: dict[str, Any]) -> ToolOutput:
        return ToolOutput(
            tool_name=self.metadata.get_name(),
            content=json.dumps(error.to_dict(), ensure_ascii=False),
            raw_input={"args": (), "kwargs": self._tool.without_secrets(arguments)},
            raw_output=error.to_dict(),
            is_error=True,
            # Without its frames, which hold the arguments as the model passed them.
            exception=error.with_traceback(None),
        )


class VimeoToolSpec(BaseToolSpec):
    """The same tools by LlamaIndex's convention: `VimeoToolSpec(identifier="user_456").to_tool_list()`.

    Takes what `get_tools` takes.
    """

    def __init__(self, connection_name: str = "vimeo", identifier: str = "", **choice: Any) -> None:
        self._tools = get_tools(connection_name, identifier, **choice)
        self.spec_functions = [tool.metadata.get_name() for tool in self._tools]

    def to_tool_list(
        self, spec_functions: Any = None, func_to_metadata_mapping: Any = None
    ) -> list[FunctionTool]:
        """The tools, or those named in `spec_functions`."""
        wanted = None if spec_functions is None else set(spec_functions)
        return [tool for tool in self._tools if wanted is None or tool.metadata.get_name() in wanted]
