"""One LangChain tool for each tool of the core."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from typing import Any, Literal, NamedTuple, cast

from langchain_core.tools import ArgsSchema, BaseTool, ToolException
from pydantic import PrivateAttr, ValidationError

from vimeo_toolkit import (
    Tool,
    ToolInput,
    ToolResult,
    VimeoToolkit,
    VimeoToolkitError,
    default_toolkit,
    invalid_input,
)

__all__ = ["VimeoTool", "get_tools"]

APPROVAL_ID = "Approval id: "


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
) -> list[BaseTool]:
    """LangChain tools that act as one user of one connection.

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
    return [VimeoTool.of(tool, used, connection_name, identifier, names, detail) for tool in chosen]


class _Bound(NamedTuple):
    """Which tool a `VimeoTool` is, and for whom it acts."""

    tool: Tool
    toolkit: VimeoToolkit
    connection_name: str
    identifier: str
    allowed: frozenset[str] | None
    detail: Literal["compact", "full"]


class VimeoTool(BaseTool):
    """A tool of the core, bound to one user. Content is compact JSON; the artifact is the whole answer.

    An error that a model can act on becomes a tool message of status "error"; a bug propagates.
    """

    response_format: Literal["content", "content_and_artifact"] = "content_and_artifact"

    # Private, so that neither a model's arguments nor a trace ever holds it.
    _bound: _Bound = PrivateAttr()

    @classmethod
    def of(
        cls,
        tool: Tool,
        toolkit: VimeoToolkit,
        connection_name: str,
        identifier: str,
        allowed: frozenset[str] | None = None,
        detail: Literal["compact", "full"] = "compact",
    ) -> VimeoTool:
        """The LangChain tool of a core tool. `allowed`: the tools that it may tell of, all by default."""
        unbound = _unbound(tool)
        # A copy: validating the same texts anew for each user takes three times as long.
        made = unbound.model_copy(update={"metadata": dict(unbound.metadata or {})})
        made._bound = _Bound(tool, toolkit, connection_name, identifier, allowed, detail)
        return made

    @property
    def tool_call_schema(self) -> ArgsSchema:
        # LangChain would derive a model per instance, which costs a thousand times more and loses the
        # compact schema.
        tool = cast(type[ToolInput], self.args_schema).tool  # quicker to reach than a private attribute
        return {"title": self.name, "description": self.description, **tool.input_schema}

    def run(self, tool_input: Any, *args: Any, **kwargs: Any) -> Any:
        """See LangChain. Agents that write text give one value, or an object as JSON."""
        return super().run(self._bound.tool.arguments(tool_input), *args, **kwargs)

    async def arun(self, tool_input: Any, *args: Any, **kwargs: Any) -> Any:
        """See `run`."""
        return await super().arun(self._bound.tool.arguments(tool_input), *args, **kwargs)

    def invoke(self, input: Any, config: Any = None, **kwargs: Any) -> Any:  # noqa: A002 - LangChain's name
        return super().invoke(self._call_given(input), config, **kwargs)

    async def ainvoke(self, input: Any, config: Any = None, **kwargs: Any) -> Any:  # noqa: A002
        return await super().ainvoke(self._call_given(input), config, **kwargs)

    def _call_given(self, given: Any) -> Any:
        # LangChain copies a call's arguments before anything else, which only a dict can do.
        if isinstance(given, dict) and given.get("type") == "tool_call":
            return {**given, "args": self._bound.tool.arguments(given.get("args"))}
        return given

    def _to_args_and_kwargs(self, tool_input: Any, *rest: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        # LangChain drops the arguments of a tool that has none without a word; a wrong one is an error here.
        if not self._bound.tool.input_model.model_fields and isinstance(tool_input, dict):
            self._bound.tool.input_model.model_validate(tool_input)
        return super()._to_args_and_kwargs(tool_input, *rest)

    def _filter_injected_args(self, tool_input: dict[str, Any]) -> dict[str, Any]:
        # What LangChain hands to callbacks and traces; the call itself gets the arguments as they are.
        return self._bound.tool.without_secrets(super()._filter_injected_args(tool_input))

    @property
    def needs_approval(self) -> bool:
        """Whether the toolkit holds this tool back until a person approves the call."""
        return self._bound.toolkit.needs_approval(self.name)

    @property
    def question(self) -> str:
        """What a person should know before they approve a call; the arguments stand beside it."""
        undo = f"To undo it: {self._bound.tool.undo}" if self._bound.tool.undo else "No tool undoes it."
        seen = "Other people see it or are told of it. " if self._bound.tool.outward else ""
        return f"{self.description} {seen}{undo}"

    def question_about(self, tool_call: Any, state: Any = None, runtime: Any = None) -> str:
        """Return what this very call would do, with the names of things as they stand now, and in the last line
        the id by which it is approved. For `InterruptOnConfig`'s `description`.

        It looks at Vimeo with a few GETs, blocking, because LangChain's middleware asks so in `ainvoke`, too.
        """
        try:
            planned = self._bound.toolkit.execute_tool(**self._call(tool_call["args"]), dry_run=True)
        except VimeoToolkitError as error:
            return f"{self.question} What it would change could not be looked at: {error.message}"
        if "approval_id" not in planned:
            return self.question
        return f"{planned['description']}\n{APPROVAL_ID}{planned['approval_id']}"

    def approve(self, arguments: dict[str, Any], *, asked: str = "", times: int = 1) -> None:
        """Let exactly this call through. For the code that has a person's decision, never for a model.

        Args:
            asked: the text that the person was shown; consent is then for what it told, and void if that has
                changed since.
            times: how many equal calls they agreed to.
        """
        approval_id = _id_in(asked)
        with suppress(VimeoToolkitError):  # the call itself will say the same to the model
            if approval_id is None:
                planned = self._bound.toolkit.execute_tool(**self._call(arguments), dry_run=True)
                approval_id = planned.get("approval_id")
            if approval_id is not None:
                self._bound.toolkit.approve(approval_id, **self._whose, times=times)

    async def aapprove(self, arguments: dict[str, Any], *, asked: str = "", times: int = 1) -> None:
        """See `approve`."""
        approval_id = _id_in(asked)
        with suppress(VimeoToolkitError):
            if approval_id is None:
                planned = await self._bound.toolkit.aexecute_tool(**self._call(arguments), dry_run=True)
                approval_id = planned.get("approval_id")
            if approval_id is not None:
                await self._bound.toolkit.aapprove(approval_id, **self._whose, times=times)

    @property
    def _whose(self) -> dict[str, str]:
        return {"connection_name": self._bound.connection_name, "identifier": self._bound.identifier}

    def _call(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {
            **self._whose,
            "tool_name": self.name,
            "tool_input": arguments,
            "allowed": self._bound.allowed,
            "detail": self._bound.detail,
        }

    def _run(self, **arguments: Any) -> tuple[str, dict[str, Any]]:
        try:
            return _shown(self._bound.toolkit.execute_tool(**self._call(arguments)))
        except VimeoToolkitError as error:
            failure = _tool_exception(error)
        raise failure

    async def _arun(self, **arguments: Any) -> tuple[str, dict[str, Any]]:
        try:
            return _shown(await self._bound.toolkit.aexecute_tool(**self._call(arguments)))
        except VimeoToolkitError as error:
            failure = _tool_exception(error)
        raise failure


def _id_in(asked: str) -> str | None:
    """The id in the last line of a question; no text from outside can begin a line of it."""
    last = asked.rpartition("\n")[2]
    return last.removeprefix(APPROVAL_ID) if last.startswith(APPROVAL_ID) else None


@cache
def _unbound(tool: Tool) -> VimeoTool:
    """What the tool is for every user; bound to none."""
    return VimeoTool(
        name=tool.name,
        description=tool.description,
        args_schema=tool.input_model,
        metadata={
            "scopes": sorted(tool.scopes),
            "toolset": tool.toolset,
            "read_only": tool.read_only,
            "destructive": tool.destructive,
            "idempotent": tool.idempotent,
        },
        handle_tool_error=True,
        handle_validation_error=lambda error: _wrong_input(tool.name, error),
    )


def _shown(result: ToolResult) -> tuple[str, dict[str, Any]]:
    return result.to_text(), result.data


def _tool_exception(error: VimeoToolkitError) -> ToolException:
    return ToolException(json.dumps(error.to_dict(), ensure_ascii=False))


def _wrong_input(name: str, error: Any) -> str:
    """Which inputs were wrong and why, without their values."""
    if isinstance(error, ValidationError):
        return json.dumps(invalid_input(name, error).to_dict(), ensure_ascii=False)
    return f"{name} was not called: its input is wrong."
