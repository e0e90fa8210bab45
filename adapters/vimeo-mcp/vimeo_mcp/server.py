"""One MCP tool for each tool of the core."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Unpack

from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    CallToolRequestParams,
    CallToolResult,
    InputRequiredResult,
    ListToolsResult,
    PaginatedRequestParams,
)

from vimeo_mcp.approval import Turns, ask_approval
from vimeo_mcp.connecting import ConnectUrl, Pages, authorization_link
from vimeo_mcp.elicitation import Person, Request
from vimeo_mcp.messages import ICONS, INSTRUCTIONS, definition, result
from vimeo_mcp.progress import progress_to
from vimeo_mcp.resources import resource_handlers
from vimeo_toolkit import (
    BoundTool,
    Identity,
    InvalidInput,
    Reply,
    ToolOptions,
    UnknownTool,
    VimeoToolkit,
    VimeoToolkitError,
    __version__,
    default_toolkit,
)

__all__ = ["create_server", "server_for"]

_log = logging.getLogger(__name__)


def create_server(
    identifier: str,
    *,
    toolkit: VimeoToolkit | None = None,
    connection_name: str = "vimeo",
    connect_url: ConnectUrl | None = authorization_link,
    **options: Unpack[ToolOptions],
) -> Server[Any]:
    """Return an MCP server that acts as one user, for stdio or any other transport of the SDK.

    Takes and raises what `VimeoToolkit.bind_tools` does.

    Args:
        identifier: your product's id of the user.
        toolkit: one built by hand; by default the process's own, from the environment.
        connection_name: the registered Vimeo app.
        connect_url: makes the page that a client opens for a user who has to connect, or to grant more; by default
            Vimeo's own. None, and clients that cannot open pages: the call's error has the link.
        options: which tools, and how much of their results, see `ToolOptions`.

    Raises:
        InvalidInput: the identifier is a function: `http_app` serves many users.
    """
    if callable(identifier):
        raise InvalidInput(
            "create_server serves one user, and its identifier is a function.",
            hint="Give the function to http_app as identify; it gets each HTTP request.",
        )
    used = toolkit if toolkit is not None else default_toolkit()
    return server_for(used.bind_tools(connection_name, identifier, **options), connect_url)


def server_for(
    tools: Iterable[BoundTool],
    connect_url: ConnectUrl | None,
    whose: Callable[[Request], Identity] | None = None,
) -> Server[Any]:
    """Return a server with these tools. `whose` names a request's user; by default it is the tools' own."""
    chosen = {bound.name: bound for bound in tools}
    pages = None if connect_url is None else Pages(connect_url)
    turns = Turns()

    async def on_list_tools(request: Request, params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[definition(bound) for bound in chosen.values()])

    async def on_call_tool(
        request: Request, params: CallToolRequestParams
    ) -> CallToolResult | InputRequiredResult:
        try:
            bound = bound_for(request, params.name)
            person = Person(request, params)
            connect = pages and person.can("url") and partial(pages.ask, person, bound, params.arguments)
            async with turns.of(person, bound, params.arguments):
                reply = await bound.acall(
                    params.arguments,
                    ask=partial(ask_approval, person),
                    connect=connect or None,
                    on_progress=progress_to(request),
                )
            return person.question or result(reply)
        except VimeoToolkitError as error:
            return result(Reply.of(error))
        except MCPError:
            raise
        except Exception:
            # A bug is for the operator's log: its text may quote anything, and the SDK might pass it on.
            _log.exception("%s failed", params.name)
        raise MCPError(INTERNAL_ERROR, "The tool failed on the server's side.")

    def bound_for(request: Request, name: str) -> BoundTool:
        if name not in chosen:
            raise UnknownTool(
                f"There is no tool named {name[:64]!r} here.", hint="List the tools for their names."
            )
        tool = chosen[name]
        return tool if whose is None else tool.for_identity(whose(request))

    server: Server[Any] = Server(
        "vimeo",
        version=__version__,
        title="Vimeo",
        instructions=INSTRUCTIONS,
        icons=ICONS,
        on_list_tools=on_list_tools,
        on_call_tool=on_call_tool,
        **resource_handlers(chosen, bound_for),
    )
    # Not as a keyword, which releases before 2.3 do not take: there the SDK lists the tools instead.
    server.get_tool_input_schema = lambda name: chosen[name].schema if name in chosen else None
    return server
