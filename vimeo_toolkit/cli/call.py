"""`vimeo-toolkit call`: one tool, for one user."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from vimeo_toolkit.catalog.tool import Tool
from vimeo_toolkit.cli.output import as_json, note, open_toolkit, show_json
from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.toolkit import find_tool

__all__ = ["arguments_of", "call"]


def call(
    tool: Annotated[str, typer.Argument(help="The tool's name; see `vimeo-toolkit tools`.")],
    pairs: Annotated[
        list[str] | None,
        typer.Argument(metavar="[KEY=VALUE]...", help="Inputs: JSON where they are JSON, else text."),
    ] = None,
    identifier: Annotated[
        str, typer.Option("--as", help="Whose account: your product's own id of the user.")
    ] = ...,  # type: ignore[assignment]  # typer's mark of a required option
    input_: Annotated[
        str | None, typer.Option("--input", help="All inputs as one JSON object, or - to read it from stdin.")
    ] = None,
    connection: Annotated[str, typer.Option(help="Which connection.")] = "vimeo",
    json_: Annotated[bool, typer.Option("--json", help="Write plain JSON and nothing beside it.")] = False,
) -> None:
    """Call a tool with a user's token and print the result.

    Example: vimeo-toolkit call vimeo_my_videos_list sort=date direction=desc per_page=5 --as me
    """
    arguments = arguments_of(find_tool(tool), pairs or (), input_)
    with open_toolkit() as toolkit:
        result = toolkit.execute_tool(
            identifier=identifier, tool_name=tool, tool_input=arguments, connection_name=connection
        )
    if json_:
        as_json(result.data)
        return
    show_json(result.data)
    for sentence in result.notes:
        note(sentence)
    left = result.rate_limit.remaining
    budget = "" if left is None else f", {left} of {result.rate_limit.limit} left in this window"
    note(f"{result.requests} request{'' if result.requests == 1 else 's'}{budget}")


def arguments_of(tool: Tool, pairs: list[str] | tuple[str, ...], whole: str | None) -> dict[str, Any]:
    """The inputs: `whole` as a JSON object ("-" reads stdin), then each KEY=VALUE over it.

    Raises:
        InvalidInput: something is neither.
    """
    arguments: dict[str, Any] = {}
    if whole is not None:
        try:
            given = json.loads(sys.stdin.read() if whole == "-" else whole)
        except ValueError:
            given = None
        if not isinstance(given, dict):
            raise InvalidInput(
                "--input is not a JSON object.", hint="Write it like this: --input '{\"per_page\": 5}'"
            )
        arguments.update(given)
    for pair in pairs:
        key, separator, text = pair.partition("=")
        if not separator or not key:
            # The pair is not repeated: it may be a value that somebody forgot to name, such as a password.
            raise InvalidInput("An input has no name.", hint="Write inputs as key=value, such as per_page=5.")
        arguments[key] = _value(tool, key, text)
    return arguments


def _value(tool: Tool, key: str, text: str) -> Any:
    """The JSON that `text` is, else the text. What the tool takes as text stays text (`name=2024`), unless
    it is quoted JSON."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    declared = tool.input_schema.get("properties", {}).get(key, {})
    return text if declared.get("type") == "string" and not isinstance(value, str) else value
