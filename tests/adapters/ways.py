"""The ways to call a tool of a user: in the core, and in every framework that has an adapter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from langchain_vimeo import get_tools as langchain_tools
from llama_index.tools.vimeo import get_tools as llama_tools
from mcp import Client
from mcp.shared.exceptions import MCPError
from vimeo_mcp import create_server

from vimeo_toolkit import BoundTool, VimeoToolkit

Way = Callable[..., tuple[str, bool]]
"""Calls a tool of a toolkit for a user with what a model wrote. It is chosen alone, or by the `choice` that is
given (`{}`: it is one of the default tools). Returns what a model reads, and whether it is an error."""


def bound_tool(toolkit: VimeoToolkit, who: str, name: str, choice: dict[str, Any] | None = None) -> BoundTool:
    return {each.name: each for each in toolkit.bind_tools(identifier=who, **_chosen(name, choice))}[name]


def _chosen(name: str, choice: dict[str, Any] | None) -> dict[str, Any]:
    return {"include": [name]} if choice is None else choice


def plain(
    toolkit: VimeoToolkit, who: str, name: str, given: Any, choice: dict[str, Any] | None = None
) -> tuple[str, bool]:
    reply = bound_tool(toolkit, who, name, choice).call(given)
    return reply.text, reply.is_error


def _awaited(
    toolkit: VimeoToolkit, who: str, name: str, given: Any, choice: dict[str, Any] | None = None
) -> tuple[str, bool]:
    reply = asyncio.run(bound_tool(toolkit, who, name, choice).acall(given))
    return reply.text, reply.is_error


def _langchain_tool(toolkit: VimeoToolkit, who: str, name: str, choice: dict[str, Any] | None) -> Any:
    tools = langchain_tools(identifier=who, toolkit=toolkit, **_chosen(name, choice))
    return {tool.name: tool for tool in tools}[name]


def langchain(
    toolkit: VimeoToolkit, who: str, name: str, given: Any, choice: dict[str, Any] | None = None
) -> tuple[str, bool]:
    tool = _langchain_tool(toolkit, who, name, choice)
    message = tool.invoke({"name": name, "args": given, "id": "1", "type": "tool_call"})
    return message.content, message.status == "error"


def _langchain_awaited(
    toolkit: VimeoToolkit, who: str, name: str, given: Any, choice: dict[str, Any] | None = None
) -> tuple[str, bool]:
    tool = _langchain_tool(toolkit, who, name, choice)
    message = asyncio.run(tool.ainvoke({"name": name, "args": given, "id": "1", "type": "tool_call"}))
    return message.content, message.status == "error"


def _llama_tool(toolkit: VimeoToolkit, who: str, name: str, choice: dict[str, Any] | None) -> Any:
    tools = llama_tools(identifier=who, toolkit=toolkit, **_chosen(name, choice))
    return {tool.metadata.name: tool for tool in tools}[name]


def _llama(
    toolkit: VimeoToolkit, who: str, name: str, given: Any, choice: dict[str, Any] | None = None
) -> tuple[str, bool]:
    output = _llama_tool(toolkit, who, name, choice).call(**given)
    return output.content, output.is_error


def _llama_awaited(
    toolkit: VimeoToolkit, who: str, name: str, given: Any, choice: dict[str, Any] | None = None
) -> tuple[str, bool]:
    output = asyncio.run(_llama_tool(toolkit, who, name, choice).acall(**given))
    return output.content, output.is_error


def _mcp(
    toolkit: VimeoToolkit, who: str, name: str, given: Any, choice: dict[str, Any] | None = None
) -> tuple[str, bool]:
    async def called() -> Any:
        async with Client(create_server(who, toolkit=toolkit, **_chosen(name, choice))) as client:
            try:
                return await client.call_tool(name, given)
            except MCPError as error:  # the client would put it into a group
                return error

    result = asyncio.run(called())
    if isinstance(result, MCPError):
        raise result
    return result.content[0].text, bool(result.is_error)


WAYS: list[Way] = [plain, _awaited, langchain, _langchain_awaited, _llama, _llama_awaited, _mcp]
