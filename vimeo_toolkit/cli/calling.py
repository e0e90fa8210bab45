"""`vimeo-toolkit tools` and `vimeo-toolkit call`."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from vimeo_toolkit import Tool
from vimeo_toolkit.catalog.selection import ALL_TOOLSETS, choose_tools, find_tool
from vimeo_toolkit.cli.consenting import Yes, consent
from vimeo_toolkit.cli.output import NARROW, emit_json, notice, out, say
from vimeo_toolkit.cli.session import As, ConnectionName, session
from vimeo_toolkit.cli.tool_lines import WIDE, tool_lines
from vimeo_toolkit.errors import InvalidInput

__all__ = ["call", "tools"]


def _names(incomplete: str) -> list[str]:
    """Complete the name of a tool."""
    chosen = choose_tools(None, (), ALL_TOOLSETS, False)
    return [tool.name for tool in chosen if tool.name.startswith(incomplete)]


def tools(
    name: Annotated[
        str | None, typer.Argument(help="One tool, with its inputs.", autocompletion=_names)
    ] = None,
    toolset: Annotated[list[str] | None, typer.Option(help="Only this group; may be repeated.")] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Only tools that change nothing.")] = False,
) -> None:
    """List the tools, or show one."""
    chosen = choose_tools([name] if name else None, (), toolset or ALL_TOOLSETS, read_only)
    if session().as_json:
        emit_json([_described(tool) for tool in chosen])
        return
    if name:
        for line in tool_lines(chosen[0], min(out.width, WIDE), session().command):
            say(line)
        if not out.is_terminal:
            notice("This is for people now. For JSON, add --json.")
        return
    if out.width < NARROW:
        for tool in chosen:
            say(f"{tool.name} ({_kind(tool)})\n  {tool.description}")
        return
    table = Table(title=f"{len(chosen)} tools")
    table.add_column("Tool", no_wrap=True)
    for heading in ("What it does", "Scopes", "Kind"):
        table.add_column(heading)
    for tool in chosen:
        kind = f"[red]{_kind(tool)}[/]" if tool.destructive else _kind(tool)
        scopes = ", ".join(sorted(tool.scopes)) or "-"
        table.add_row(tool.name, escape(tool.description), scopes, kind)
    out.print(table)


def _kind(tool: Tool) -> str:
    return "destructive" if tool.destructive else tool.effect


def _described(tool: Tool) -> dict[str, Any]:
    return {
        "name": tool.name,
        "description": tool.description,
        "toolset": tool.toolset,
        "scopes": sorted(tool.scopes),
        "read_only": tool.read_only,
        "destructive": tool.destructive,
        "effect": tool.effect,
        "input_schema": tool.input_schema,
        "input_help": dict(tool.input_help),
    }


def call(
    tool: Annotated[str, typer.Argument(help="The tool's name.", autocompletion=_names)],
    arguments: Annotated[list[str] | None, typer.Argument(help="Inputs as key=value.")] = None,
    identifier: As = "me",
    connection: ConnectionName = "vimeo",
    whole_input: Annotated[str | None, typer.Option("--input", help="All inputs as one JSON object.")] = None,
    whole: Annotated[bool, typer.Option("--whole", help="The whole answer, nulls and all.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be sent, and send nothing.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Call a tool with a user's token and print the result as JSON. It asks before what deletes."""
    found = find_tool(tool)
    values = _object(whole_input) if whole_input else {}
    values.update(_pair(argument) for argument in arguments or [])
    used = session().toolkit(**({} if dry_run else consent(found, yes)))
    # so that no account is made for a mistyped identifier
    used.get_connected_account(connection, identifier=identifier)
    try:
        result = used.execute_tool(
            connection_name=connection,
            identifier=identifier,
            tool_name=tool,
            tool_input=values,
            dry_run=dry_run,
        )
    except InvalidInput as error:
        if error.problems:
            error.hint = f"See what it takes: {session().quoted('tools', found.name)}"
        raise
    if session().as_json and not whole:
        notice("--json prints the compact answer now. For the whole one, nulls and all, use --whole.")
    emit_json(result.data if whole else result.for_model(tables=False))


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise InvalidInput("--input is not a JSON object.", hint="""Write --input '{"query": "harbour"}'.""")
    return value


def _pair(text: str) -> tuple[str, str]:
    """Return `key=value` as a pair; the tool reads the value as its input asks for."""
    name, found, value = text.partition("=")
    if not found:
        raise InvalidInput(f"{text[:40]!r} is not key=value.", hint="Write query=harbour or per_page=5.")
    return name, value
