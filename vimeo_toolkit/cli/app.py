"""The commands."""

from __future__ import annotations

import json
import os
import shlex
import time
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from dotenv import dotenv_values
from rich.table import Table

from vimeo_toolkit.catalog.selection import find_tool
from vimeo_toolkit.cli.accounts import accounts
from vimeo_toolkit.cli.common import complaints, emit_json, out, toolkit
from vimeo_toolkit.cli.connect import connect
from vimeo_toolkit.cli.init import init
from vimeo_toolkit.configuration import ENVIRONMENT
from vimeo_toolkit.errors import ConfigurationError, InvalidInput

__all__ = ["app"]

app = typer.Typer(
    name="vimeo-toolkit",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.add_typer(accounts, name="accounts", help="Look after users' accounts.")
app.command()(init)
app.command()(connect)


@app.callback()
def settings() -> None:
    """Vimeo tools for LLM agents. Settings: the VIMEO_… variables of the environment, else of .env here."""
    for name, value in dotenv_values(".env", interpolate=False).items():
        if name in ENVIRONMENT and value:
            os.environ.setdefault(name, value)


@app.command()
def demo(
    model: Annotated[
        str | None,
        typer.Option(
            help='A chat model that drives it, such as "openai:gpt-5"; needs the key of its provider.'
        ),
    ] = None,
) -> None:
    """Watch an agent organise a user's library, in a sandbox, offline."""
    from vimeo_toolkit.cli.demo import run_demo

    with complaints():
        raise typer.Exit(0 if run_demo(model) else 1)


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(help="Where to listen on loopback; 0 takes a free port.")] = 8484,
) -> None:
    """Serve a sandbox Vimeo until Ctrl+C, and print what to set to use it."""
    with complaints():
        try:
            from vimeo_toolkit.sandbox import Sandbox
        except ImportError:
            raise ConfigurationError(
                "The sandbox needs its extra.", hint='Install it: pip install "vimeo-toolkit[sandbox]"'
            ) from None
        vimeo = Sandbox(port=port)
        try:
            vimeo.start()
        except OSError:
            raise ConfigurationError(
                f"Port {port} cannot be used.", hint="Name another with --port; 0 takes a free one."
            ) from None
    with vimeo:
        settings = {
            "VIMEO_API_URL": vimeo.url,
            "VIMEO_CLIENT_ID": vimeo.app.client_id,
            "VIMEO_CLIENT_SECRET": vimeo.app.client_secret,
            "VIMEO_REDIRECT_URI": vimeo.app.redirect_uri,
            "VIMEO_SCOPES": "public private create edit delete interact upload",
            # Accounts of the sandbox and of Vimeo in one store would send each other's tokens.
            "VIMEO_TOOLKIT_STORE": "sqlite:///sandbox_accounts.db",
        }
        typer.echo(f"# A sandbox Vimeo at {vimeo.url}, with {len(vimeo.users)} users; stop it with Ctrl+C.")
        for name, value in settings.items():
            typer.echo(f"export {name}={shlex.quote(value)}")
        typer.echo("# Personal access tokens with every scope, for: vimeo-toolkit connect IDENTIFIER --token")
        for user in vimeo.users:
            token = vimeo.issue_token(user).access_token
            typer.echo(f"# {token}  {user.name} {user.uri} ({user.plan})")
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            typer.echo("# Stopped.")


@app.command()
def tools(
    name: Annotated[str | None, typer.Argument(help="One tool, with its inputs.")] = None,
    toolset: Annotated[list[str] | None, typer.Option(help="Only this group; may be repeated.")] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Only tools that change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON with the input schemas.")] = False,
) -> None:
    """List the tools, or show one."""
    from vimeo_toolkit.catalog.selection import ALL_TOOLSETS, choose_tools

    with complaints():
        chosen = choose_tools([name] if name else None, (), toolset or ALL_TOOLSETS, read_only)
        if as_json or name:
            emit_json(
                [
                    {
                        "name": tool.name,
                        "description": tool.description,
                        "toolset": tool.toolset,
                        "scopes": sorted(tool.scopes),
                        "read_only": tool.read_only,
                        "destructive": tool.destructive,
                        "effect": tool.effect,
                        "input_schema": tool.input_schema,
                    }
                    for tool in chosen
                ]
            )
            return
        table = Table(title=f"{len(chosen)} tools")
        table.add_column("Tool", no_wrap=True)
        for heading in ("What it does", "Scopes", "Kind"):
            table.add_column(heading)
        for tool in chosen:
            kind = "[red]destructive[/]" if tool.destructive else tool.effect
            table.add_row(tool.name, tool.description, ", ".join(sorted(tool.scopes)) or "-", kind)
        out.print(table)


@app.command()
def call(
    tool: Annotated[str, typer.Argument(help="The tool's name.")],
    arguments: Annotated[list[str] | None, typer.Argument(help="Inputs as key=value.")] = None,
    identifier: Annotated[str, typer.Option("--as", help="The user who calls.")] = "me",
    connection: Annotated[str, typer.Option(help="The connection's name.")] = "vimeo",
    whole_input: Annotated[str | None, typer.Option("--input", help="All inputs as one JSON object.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole answer, nulls and all.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be sent, and send nothing.")
    ] = False,
) -> None:
    """Call a tool with a user's token and print the result as JSON."""
    with complaints():
        properties = find_tool(tool).input_schema["properties"]
        values = _object(whole_input) if whole_input else {}
        values.update(_pair(argument, properties) for argument in arguments or [])
        result = toolkit().execute_tool(
            connection_name=connection,
            identifier=identifier,
            tool_name=tool,
            tool_input=values,
            dry_run=dry_run,
        )
        emit_json(result.data if as_json else result.for_model(tables=False))


@app.command()
def upload(
    file: Annotated[Path, typer.Argument(help="The video file.")],
    name: Annotated[str | None, typer.Option(help="The title; by default the file's name.")] = None,
    description: Annotated[str | None, typer.Option(help="The description.")] = None,
    privacy: Annotated[str | None, typer.Option(help="Who can watch: anybody, nobody, unlisted …")] = None,
    folder: Annotated[str | None, typer.Option(help="Id or URI of the folder to put it in.")] = None,
    identifier: Annotated[str, typer.Option("--as", help="The user who uploads.")] = "me",
    connection: Annotated[str, typer.Option(help="The connection's name.")] = "vimeo",
) -> None:
    """Upload a video file. Run it again after a break: it goes on where it stopped."""
    from vimeo_toolkit.cli.common import err
    from vimeo_toolkit.uploads.bar import ProgressBar

    with complaints(), ProgressBar(file.name, err) as bar:
        result = toolkit().upload_video(
            file,
            connection_name=connection,
            identifier=identifier,
            name=name,
            description=description,
            privacy_view=privacy,
            folder_uri=folder,
            on_progress=bar,
        )
    emit_json(result.for_model(tables=False))


@app.command()
def mcp(
    identifier: Annotated[str, typer.Option(help="The user who calls.")] = "me",
    connection: Annotated[str, typer.Option(help="The connection's name.")] = "vimeo",
    toolset: Annotated[
        list[str] | None, typer.Option(help='A group of tools, or "all"; may be repeated.')
    ] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Only tools that change nothing.")] = False,
    approval: Annotated[
        Literal["destructive", "outward", "writes", "none"],
        typer.Option(help="Calls that wait for the user's approval, which the client asks for."),
    ] = "destructive",
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
    allowed_host: Annotated[
        list[str] | None, typer.Option(help="With --http: a name under which clients reach it.")
    ] = None,
) -> None:
    """Serve the tools to a client of the Model Context Protocol, over stdio or HTTP."""
    from vimeo_toolkit.cli.mcp import serve_http, serve_stdio

    with complaints():
        rules = {"approval": None if approval == "none" else approval, "read_only": read_only}
        chosen: dict[str, Any] = {"connection_name": connection, "read_only": read_only}
        if toolset:
            chosen["toolsets"] = "all" if "all" in toolset else toolset
        if http is None:
            if identify or allowed_host:
                raise InvalidInput(
                    "--identify and --allowed-host are for --http.", hint="Add --http HOST:PORT."
                )
            serve_stdio(rules, identifier, **chosen)
        else:
            serve_http(rules, http, identifier, identify, allowed_host, **chosen)


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise InvalidInput("--input is no JSON object.", hint="""Write --input '{"query": "harbour"}'.""")
    return value


def _pair(text: str, properties: dict[str, Any]) -> tuple[str, Any]:
    """`key=value`: the value is read as JSON where the tool wants something other than a text."""
    name, found, value = text.partition("=")
    if not found:
        raise InvalidInput(f"{text[:40]!r} is no key=value.", hint="Write query=harbour or per_page=5.")
    if properties.get(name, {}).get("type") in ("integer", "boolean", "array", "object"):
        try:
            return name, json.loads(value)
        except ValueError:
            return name, value.split(",") if properties[name]["type"] == "array" else value
    return name, value
