"""How the commands write: JSON and text on standard output, all else on standard error."""

from __future__ import annotations

import json
import sys
from typing import Any, TextIO

import typer
from rich.console import Console

from vimeo_toolkit import InvalidInput
from vimeo_toolkit.secret import Secret

__all__ = ["NARROW", "emit_json", "err", "notice", "out", "prepare_streams", "read_line", "say", "warn"]

NARROW = 72
"""Terminals with fewer columns show lines instead of a table."""

out = Console()
err = Console(stderr=True)


def prepare_streams() -> None:
    """Let no character end a command: what the terminal's encoding (cp1252, ASCII) does not have is escaped."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def emit_json(value: Any) -> None:
    """Write JSON to standard output, whole lines, no colours: for other programs, in any encoding."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    if not _writable(text, sys.stdout):
        text = json.dumps(value, indent=2)
    typer.echo(text)


def _writable(text: str, stream: TextIO) -> bool:
    try:
        text.encode(stream.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def say(text: str = "") -> None:
    """Write a line for people to standard output, as it is: nothing in it is markup, and nothing is wrapped."""
    typer.echo(text)


def notice(text: str) -> None:
    """Write a line for people to standard error."""
    err.print(text, style="dim", markup=False, highlight=False, soft_wrap=True)


def warn(text: str) -> None:
    """Write a line for people to standard error that stands out: what is amiss, and what they can do."""
    err.print(text, style="yellow", markup=False, highlight=False, soft_wrap=True)


def read_line(question: str, *, hidden: bool = False) -> Secret:
    """Return one line, which may hold a token or a code: asked for on a terminal, else read from stdin.

    A hidden prompt reads the controlling terminal even when something was piped in, so it is not used then.

    Raises:
        InvalidInput: it is empty.
    """
    asked = sys.stdin.isatty()
    line = Secret(
        str(typer.prompt(question, hide_input=hidden, err=True) if asked else sys.stdin.readline()).strip()
    )
    if not line:
        raise InvalidInput("Nothing was read from standard input.", hint="Pipe it in as one line.")
    return line
