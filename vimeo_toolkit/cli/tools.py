"""`vimeo-toolkit tools`: what can be called."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from vimeo_toolkit.catalog.tool import Tool
from vimeo_toolkit.cli.output import as_json, console, show_json
from vimeo_toolkit.connection import Connection
from vimeo_toolkit.toolkit import VimeoToolkit

__all__ = ["tools"]


def tools(
    name: Annotated[str | None, typer.Argument(help="Show this one with its input schema.")] = None,
    toolset: Annotated[
        list[str] | None, typer.Option(help="Only this group; may be repeated.", show_default=False)
    ] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Only tools that change nothing.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """List the tools, or show one with the JSON schema of its input."""
    # The catalogue is the same for everybody: no environment, and no file is made for it.
    with VimeoToolkit([Connection()], store="sqlite:///:memory:") as toolkit:
        chosen = toolkit.tools(
            include=None if name is None else [name], toolsets=toolset or None, read_only=read_only
        )
    if json_:
        described = [_described(tool) for tool in chosen]
        as_json(described[0] if name is not None and described else described)
    elif name is not None and chosen:
        _show(chosen[0])
    else:
        _list(chosen)


def _described(tool: Tool) -> dict[str, Any]:
    return {
        "name": tool.name,
        "description": tool.description,
        "toolset": tool.toolset,
        "scopes": sorted(tool.scopes),
        "read_only": tool.read_only,
        "destructive": tool.destructive,
        "idempotent": tool.idempotent,
        "input_schema": tool.input_schema,
    }


def _kind(tool: Tool) -> Text:
    if tool.destructive:
        return Text("destructive", style="red")
    return Text("read-only", style="green") if tool.read_only else Text("writes", style="yellow")


def _list(chosen: list[Tool]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Tool", no_wrap=True, style="cyan")
    table.add_column("What it does", ratio=1)
    table.add_column("Scopes")
    table.add_column("Kind", no_wrap=True)
    for tool in chosen:
        first = tool.description.split(". ")[0].split(": ")[0].rstrip(".")
        table.add_row(tool.name, Text(first), " ".join(sorted(tool.scopes)) or "-", _kind(tool))
    out = console()
    out.print(table)
    out.print(Text(f"{len(chosen)} tools. One with its inputs: vimeo-toolkit tools NAME", style="dim"))


def _show(tool: Tool) -> None:
    out = console()
    out.print(Text(tool.name, style="bold cyan").append("  ").append_text(_kind(tool)))
    out.print(Text(tool.description))
    out.print(Text(f"Toolset: {tool.toolset}. Scopes: {', '.join(sorted(tool.scopes)) or 'none'}."))
    show_json(tool.input_schema)
