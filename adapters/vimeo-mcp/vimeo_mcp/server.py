"""One MCP tool for each tool of the core."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    CallToolRequestParams,
    CallToolResult,
    InputRequiredResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)

from vimeo_mcp.approval import Request, ask
from vimeo_toolkit import (
    ApprovalRequired,
    InvalidInput,
    ToolResult,
    UnknownTool,
    VimeoToolkit,
    VimeoToolkitError,
    __version__,
    default_toolkit,
)
from vimeo_toolkit import Tool as CoreTool

__all__ = ["create_server", "run_stdio", "server_for"]

_log = logging.getLogger(__name__)

MOST_QUESTIONS = 3
"""So often a person is asked about one call whose subject changes while they decide."""


def create_server(
    identifier: str,
    *,
    toolkit: VimeoToolkit | None = None,
    connection_name: str = "vimeo",
    include: Iterable[str] | None = None,
    exclude: Iterable[str] = (),
    toolsets: str | Iterable[str] | None = None,
    read_only: bool = False,
) -> Server[Any]:
    """An MCP server that acts as one user, for stdio or any other transport of the SDK.

    Args:
        identifier: your product's id of the user. No tool argument can change it.
        toolkit: one built by hand; by default the process's own, from the environment.
        connection_name: the registered Vimeo app.
        include: only these tools. exclude: not these. toolsets: these groups, or "all"; with neither, the
            default tools.
        read_only: only tools that change nothing.

    Raises:
        InvalidInput: the identifier is empty, or a name or a toolset is unknown.
    """
    used = toolkit if toolkit is not None else default_toolkit()
    tools = used.tools(
        include=include,
        exclude=exclude,
        toolsets=toolsets,
        read_only=read_only,
        identifier=identifier,
        connection_name=connection_name,
    )
    return server_for(lambda request: identifier, used, connection_name, tools)


async def run_stdio(server: Server[Any]) -> None:
    """Serve the client that started this process, until it closes stdin."""
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


def server_for(
    whose: Callable[[Request], str], toolkit: VimeoToolkit, connection_name: str, tools: Iterable[CoreTool]
) -> Server[Any]:
    """A server whose every request is for the user that `whose` gives."""
    chosen = {tool.name: tool for tool in tools}
    shown = [_definition(tool) for tool in chosen.values()]

    async def on_list_tools(request: Request, params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=shown)

    async def on_call_tool(
        request: Request, params: CallToolRequestParams
    ) -> CallToolResult | InputRequiredResult:
        try:
            if params.name not in chosen:
                raise UnknownTool(
                    f"There is no tool named {params.name[:64]!r} here.",
                    hint="List the tools for their names.",
                )
            return await call(request, params, whose(request))
        except VimeoToolkitError as error:
            return _result(json.dumps(error.to_dict(), ensure_ascii=False), failed=True)
        except MCPError:
            raise
        except Exception:
            # A bug is for the operator's log: its text may quote anything, and the SDK might pass it on.
            _log.exception("%s failed", params.name)
        raise MCPError(INTERNAL_ERROR, "The tool failed on the server's side.")

    async def call(
        request: Request, params: CallToolRequestParams, identifier: str
    ) -> CallToolResult | InputRequiredResult:
        user: dict[str, Any] = {"connection_name": connection_name, "identifier": identifier}

        async def made() -> CallToolResult:
            result: ToolResult = await toolkit.aexecute_tool(
                **user, tool_name=params.name, tool_input=params.arguments, allowed=chosen.keys()
            )
            # No structured content beside it: clients that show both to the model would pay twice.
            return _result(result.to_text())

        for _ in range(MOST_QUESTIONS):
            try:
                return await made()
            except ApprovalRequired as error:
                needed = error.with_traceback(None)
            question = await ask(request, params, needed)
            if question is not None:
                return question
            # What it would change may have changed while they decided: then it is asked about anew.
            with suppress(InvalidInput):
                await toolkit.aapprove(needed.approval_id, **user)
        return await made()

    return Server(
        "vimeo",
        version=__version__,
        title="Vimeo",
        on_list_tools=on_list_tools,
        on_call_tool=on_call_tool,
        get_tool_input_schema=lambda name: chosen[name].input_schema if name in chosen else None,
    )


def _definition(tool: CoreTool) -> Tool:
    return Tool(
        name=tool.name,
        description=tool.description,
        input_schema={"type": "object", **tool.input_schema},
        annotations=ToolAnnotations(
            read_only_hint=tool.read_only,
            destructive_hint=tool.destructive,
            idempotent_hint=tool.idempotent,
            # What comes back was written by other people, too.
            open_world_hint=True,
        ),
    )


def _result(text: str, *, failed: bool = False) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=failed)
