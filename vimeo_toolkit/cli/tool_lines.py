"""One tool as `vimeo-toolkit tools NAME` shows it: what it does, and what each input is for."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from typing import Final

from vimeo_toolkit import Tool
from vimeo_toolkit.catalog.input_help import type_words

__all__ = ["WIDE", "tool_lines"]

WIDE: Final = 100
"""Longer lines are hard to read."""


def tool_lines(tool: Tool, width: int, command: Callable[..., str]) -> Iterator[str]:
    """Yield the lines, none longer than `width` unless a word is.

    Args:
        command: returns a command line of these arguments.
    """
    schema = tool.whole_schema
    required = schema.get("required", [])
    scopes = ", ".join(sorted(tool.scopes)) or "any token"
    yield from _wrapped(f"{tool.name} ({tool.toolset}, {tool.effect})", width)
    yield from _wrapped(tool.description, width, "  ")
    yield from _wrapped(f"Scope: {scopes}.", width, "  ")
    if tool.undo:
        yield from _wrapped(f"To undo it: {tool.undo}", width, "  ")
    yield ""
    yield "Inputs:" if schema["properties"] else "It has no inputs."
    for name, described in schema["properties"].items():
        kind = type_words(described) + (", required" if name in required else "")
        yield from _wrapped(f"{name}: {kind}", width, "  ", "      ")
        yield from _wrapped(tool.input_help[name], width, "    ")
    yield ""
    yield "To call it:"
    yield f"  {command('call', tool.name, *(f'{name}={name.upper()}' for name in required))}"


def _wrapped(text: str, width: int, first: str = "", others: str | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=first if others is None else others,
        break_long_words=False,
        break_on_hyphens=False,
    )
