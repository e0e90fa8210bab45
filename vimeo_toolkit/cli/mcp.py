"""`vimeo-toolkit mcp`: the tools for clients of the Model Context Protocol."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from vimeo_toolkit.cli.mcp_config import client_config
from vimeo_toolkit.cli.output import emit_json, notice
from vimeo_toolkit.cli.session import ConnectionName, session
from vimeo_toolkit.errors import InvalidInput

__all__ = ["mcp"]


def mcp(
    identifier: Annotated[str, typer.Option("--identifier", "--as", help="The user who calls.")] = "me",
    connection: ConnectionName = "vimeo",
    toolset: Annotated[
        list[str] | None,
        typer.Option(help='A group of tools, "hosted31", "hosted59" or "all"; may be repeated.'),
    ] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Only tools that change nothing.")] = False,
    approval: Annotated[
        Literal["destructive", "outward", "writes", "none"],
        typer.Option(help="Calls that wait for the user's approval, which the client asks for."),
    ] = "destructive",
    print_config: Annotated[
        bool, typer.Option("--print-config", help="Print what to paste into an MCP client, and end.")
    ] = False,
    http: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Serve streamable HTTP instead of stdio.")
    ] = None,
    identify: Annotated[
        str | None,
        typer.Option(
            metavar="MODULE:FUNCTION",
            help="With --http: gives the identifier of the user who sent a request.",
        ),
    ] = None,
    public_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="With --http: where clients reach it, such as https://mcp.example.com. Without --identify people "
            "sign in with Vimeo there.",
        ),
    ] = None,
    authorization_server: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="With --identify and --public-url: the server of yours that gives tokens."
        ),
    ] = None,
    allowed_host: Annotated[
        list[str] | None, typer.Option(help="With --http: a name under which clients reach it.")
    ] = None,
) -> None:
    """Serve the tools to a client of the Model Context Protocol, over stdio or HTTP."""
    if http is None and (identify or allowed_host or public_url or authorization_server):
        raise InvalidInput(
            "--identify, --public-url, --authorization-server and --allowed-host are for --http.",
            hint="Add --http HOST:PORT.",
        )
    if authorization_server and not (identify and public_url):
        raise InvalidInput(
            "--authorization-server is for servers whose --identify knows the tokens that it gives.",
            hint="Add --identify and --public-url, or leave it out: people sign in with Vimeo then.",
        )
    if print_config:
        if http is not None:
            raise InvalidInput(
                "--print-config is for a client that starts the server itself.", hint="Leave out --http."
            )
        options = [option for name in toolset or () for option in ("--toolset", name)]
        options += ["--read-only"] * read_only
        options += ["--connection", connection] * (connection != "vimeo")
        options += ["--approval", approval] * (approval != "destructive")
        notice("Paste this into the configuration of your MCP client (Claude Desktop: Settings, Developer):")
        emit_json(client_config(session(), identifier, *options))
        return

    from vimeo_toolkit.cli.serving import serve_stdio
    from vimeo_toolkit.cli.serving_http import Users, serve_http

    rules = {"approval": None if approval == "none" else approval, "read_only": read_only}
    chosen: dict[str, Any] = {"connection_name": connection, "read_only": read_only}
    if toolset:
        chosen["toolsets"] = "all" if "all" in toolset else toolset
    if http is None:
        serve_stdio(session(), rules, identifier, **chosen)
    else:
        if allowed_host:
            chosen["allowed_hosts"] = allowed_host
        users = Users(identifier, identify, public_url, authorization_server)
        serve_http(session(), rules, http, users, **chosen)
