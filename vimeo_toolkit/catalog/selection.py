"""Which tools a caller gets: by name, by group, by what they may do and by what a user has granted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, Final, cast

from vimeo_toolkit.accounts.model import AccountStatus, ConnectedAccount
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.own_tools import NO_TOOLS, Own
from vimeo_toolkit.errors import ConfigurationError, InvalidInput, UnknownTool

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool
    from vimeo_toolkit.tool_options import ToolChoice

__all__ = [
    "ALL_TOOLSETS",
    "RAW_REQUEST",
    "TOOL_CALL",
    "TOOL_SEARCH",
    "called",
    "choose_tools",
    "find_tool",
    "granted_tools",
    "no_library",
    "reached_by_name",
    "repeatable",
    "wanted_call",
]

ALL_TOOLSETS: Final = "all"
TOOL_CALL: Final = "vimeo_tool_call"
"""Calls another tool by its name. It is in no group; the default tools come with it, so that an agent that was
given a few can call the others once it has found them."""
TOOL_SEARCH: Final = "vimeo_tools_search"
"""Finds the tool for a task."""
RAW_REQUEST: Final = "vimeo_request"
"""Sends any request. It is in no group, is not found, and is not called by `TOOL_CALL`: only `include` gives it."""


def find_tool(name: str, own: Own = NO_TOOLS) -> Tool:
    """Return the tool of this name.

    Args:
        own: the product's tools.

    Raises:
        UnknownTool: there is none; the hint names the closest.
    """
    tool = (own.get(name) or catalog(library=True).get(name)) if isinstance(name, str) else None
    if tool is None and name == TOOL_CALL:
        from vimeo_toolkit.catalog.tool_call import CALL

        return CALL
    if tool is None and name == RAW_REQUEST:
        from vimeo_toolkit.catalog.raw_request import RawRequest

        return RawRequest.tool
    if tool is None:
        shown = str(name)[:64]
        import difflib  # imported only for a wrong name

        close = difflib.get_close_matches(shown, [*catalog(), *own], n=3)
        raise UnknownTool(
            f"There is no tool named {shown!r}.",
            hint=f"Did you mean {' or '.join(close)}?" if close else "See toolkit.tools() for all names.",
        )
    return tool


def called(name: str, given: Any, at_hand: Collection[str] = (), own: Own = NO_TOOLS) -> tuple[Tool, Any]:
    """Return the tool that a call is made of, and its inputs: of a call by `TOOL_CALL`, those of the tool that it
    names; of a `RAW_REQUEST` the tool for its method.

    Args:
        at_hand: names of the tools that the agent was given, which it calls itself: rules of its framework may go
            by them.
        own: the product's tools.

    Raises:
        UnknownTool: there is no such tool.
        InvalidInput: it is a call by `TOOL_CALL` that names none.
    """
    try:
        if name == RAW_REQUEST:
            from vimeo_toolkit.catalog.raw_request import raw_request

            return raw_request(given), given
        if name != TOOL_CALL:
            return find_tool(name, own), given
        from vimeo_toolkit.catalog.tool_call import named_call

        name, given = named_call(given)
        if name not in catalog(library=True) and name not in own:
            raise UnknownTool(
                f"There is no tool named {name[:64]!r}.",
                hint="vimeo_tools_search finds the tool for a task, with its name.",
            )
        if TOOL_CALL in at_hand and name in at_hand:
            raise InvalidInput(
                f"{name} was not called: it is one of your own tools.",
                hint=f"Call {name} itself, not by name.",
            )
        tool = find_tool(name, own)
        return tool, tool.arguments(given)
    finally:
        del given  # it may hold a password, and a traceback's locals are often logged


def wanted_call(name: str, given: Any, own: Own = NO_TOOLS) -> tuple[Tool, Any]:
    """Return the tool and the inputs of a call that is to be made, as `called` does; where it names no tool to
    call, `TOOL_CALL` itself without inputs: the call will say what is wrong.

    Raises:
        UnknownTool: there is no tool of this name.
    """
    try:
        return called(name, given, own=own)
    except InvalidInput:
        if name != TOOL_CALL:
            raise
        return find_tool(name), {}
    finally:
        del given


def repeatable(choice: ToolChoice) -> ToolChoice:
    """Return the same choice in a form that can be read more than once: names may come from an iterator."""
    kept: dict[str, Any] = {**choice}
    for name in ("include", "exclude", "toolsets"):
        if not isinstance(value := kept.get(name), str | None):
            kept[name] = tuple(value)
    return cast("ToolChoice", kept)


def reached_by_name(choice: ToolChoice, chosen: Iterable[Tool]) -> ToolChoice | None:
    """Return the choice of all tools that may be called by name: with the default tools all that are not excluded.
    None where none may be but those that were chosen.

    Args:
        choice: which can be read more than once.
        chosen: what was chosen by it.
    """
    if choice.get("include") is None and any(tool.name == TOOL_CALL for tool in chosen):
        return {**choice, "toolsets": ALL_TOOLSETS}
    return None


def choose_tools(
    include: Iterable[str] | None,
    exclude: Iterable[str],
    toolsets: str | Iterable[str] | None,
    read_only: bool,
    own: Own = NO_TOOLS,
    *,
    library: bool = False,
) -> list[Tool]:
    """Return the tools of these names and groups; with neither, the default ones, among which a product's own are.

    Args:
        include: names, in the order that is wanted; None for all of the groups.
        exclude: names to leave out.
        toolsets: names of groups or of choices ("default", "hosted31", "hosted59"), or "all".
        read_only: leave out every tool that changes something.
        own: the product's tools.
        library: users' libraries are indexed, so that the tools over them are there, too.

    Raises:
        UnknownTool: a name is not a tool's.
        InvalidInput: a group does not exist.
        ConfigurationError: a tool is named that needs an index of libraries, and there is none.
    """
    # pydantic's models load slowly, so at the first use
    from vimeo_toolkit.catalog.toolsets import CHOICES, CHOICES_WITH_LIBRARY, TOOLSETS

    unwanted = set(exclude)
    for name in unwanted:
        find_tool(name, own)
    groups = None if toolsets is None or toolsets == ALL_TOOLSETS else _group_names(toolsets)
    known = [*TOOLSETS, *dict.fromkeys(tool.toolset for tool in own.values()), *CHOICES]
    if groups is not None and (unknown := sorted(groups.difference(known))):
        raise InvalidInput(
            f"There are no toolsets named {', '.join(map(repr, unknown))}.",
            hint=f"The toolsets are {', '.join(known)}; {ALL_TOOLSETS!r} means all tools.",
        )
    if include is None and toolsets is None:
        groups = {"default"}
    choices = CHOICES_WITH_LIBRARY if library else CHOICES
    chosen = {name for group in groups or () for name in choices.get(group, ())}
    chosen |= own.keys() if groups and "default" in groups else set()
    by_name = chosen & {TOOL_CALL}
    names: Iterable[str] = (
        [*catalog(library=library), *own, *by_name] if include is None else dict.fromkeys(include)
    )
    tools = [find_tool(name, own) for name in names]
    if not library:
        for tool in tools:
            if tool.input_model.needs_library:
                raise no_library(tool.name)
    return [
        tool
        for tool in tools
        if tool.name not in unwanted
        and (groups is None or tool.toolset in groups or tool.name in chosen)
        and (tool.read_only or not read_only)
    ]


def no_library(tool: str) -> ConfigurationError:
    """Return the error of a tool over users' libraries where none are indexed."""
    return ConfigurationError(
        f"{tool} searches an index of the user's library, and this toolkit makes none.",
        hint='Pass library="sqlite:///folder" to VimeoToolkit, or set VIMEO_TOOLKIT_LIBRARY to it.',
    )


def granted_tools(tools: list[Tool], account: ConnectedAccount) -> list[Tool]:
    """Return those of `tools` whose scopes the user has granted; all of them while no account is active."""
    if account.status is not AccountStatus.ACTIVE:
        return tools
    return [tool for tool in tools if tool.scopes <= account.granted_scopes]


def _group_names(toolsets: str | Iterable[str]) -> set[str]:
    return {toolsets} if isinstance(toolsets, str) else set(toolsets)
