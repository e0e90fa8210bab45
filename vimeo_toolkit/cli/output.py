"""What all commands share: where output goes, how JSON is written, and the toolkit from the environment."""

from __future__ import annotations

import json
import warnings
from typing import Any

import typer
from rich.console import Console
from rich.text import Text

from vimeo_toolkit.errors import AccountError, VimeoToolkitError
from vimeo_toolkit.toolkit import VimeoToolkit

__all__ = ["as_json", "console", "note", "open_toolkit", "report", "show_json"]


def console(*, err: bool = False) -> Console:
    """A console on stdout or stderr. Made at each use, because tests replace the streams."""
    return Console(stderr=err, highlight=False)


def as_json(value: Any) -> None:
    """Write `value` as JSON on stdout, for programs: no colour, no wrapping."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def show_json(value: Any) -> None:
    """Write `value` as JSON on stdout, for people: coloured on a terminal."""
    console().print_json(json.dumps(value, ensure_ascii=False), indent=2)


def note(text: str) -> None:
    """A sentence beside the result, on stderr so that stdout stays the result."""
    console(err=True).print(Text(text, style="dim"), soft_wrap=True)


def report(error: VimeoToolkitError) -> None:
    """Say on stderr what happened and what to do next."""
    out = console(err=True)
    # Text, not markup: a message may hold brackets that rich would take for a style.
    out.print(Text("Error: ", style="bold red").append(error.message, style="default"), soft_wrap=True)
    if error.hint:
        out.print(Text(error.hint), soft_wrap=True)
    if isinstance(error, AccountError) and error.authorization_link:
        out.print(Text(error.authorization_link, style="cyan"), soft_wrap=True)


def open_toolkit() -> VimeoToolkit:
    """The toolkit that the environment describes; its warnings become notes.

    Raises:
        ConfigurationError: the environment cannot work.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        toolkit = VimeoToolkit.from_env()
    for warning in caught:
        if issubclass(warning.category, UserWarning):
            note(str(warning.message))
    return toolkit
