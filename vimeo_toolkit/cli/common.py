"""What the commands share: the toolkit, and how results and errors are shown."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console

from vimeo_toolkit import InvalidInput, VimeoToolkit, VimeoToolkitError, default_toolkit
from vimeo_toolkit.secret import Secret

__all__ = ["complaints", "emit_json", "err", "out", "read_line", "toolkit"]

out = Console()
err = Console(stderr=True)


def toolkit(**rules: Any) -> VimeoToolkit:
    """The toolkit that the environment describes, with these rules, if any (see `VimeoToolkit.from_env`)."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        made = VimeoToolkit.from_env(**rules) if rules else default_toolkit()
    for warning in caught:
        if issubclass(warning.category, UserWarning):
            # The sentence alone: a user of the command line has no use for the line of code.
            err.print(str(warning.message), style="dim", markup=False, highlight=False)
    return made


def read_line(question: str, *, hidden: bool = False) -> Secret:
    """One line, which may hold a token or a code: asked for on a terminal, else read from stdin.

    A hidden prompt reads the controlling terminal even when something was piped in, so it is not used then.

    Raises:
        InvalidInput: it is empty.
    """
    asked = sys.stdin.isatty()
    line = Secret(
        str(typer.prompt(question, hide_input=hidden, err=True) if asked else sys.stdin.readline()).strip()
    )
    if not line:
        raise InvalidInput("Nothing was read from stdin.", hint="Pipe it in as one line.")
    return line


def emit_json(value: Any) -> None:
    """JSON on standard output, whole lines, no colours: for other programs."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def complaints() -> Iterator[None]:
    """Show a typed error as its two sentences, and end with 2 for wrong input, else 1."""
    try:
        yield
    except VimeoToolkitError as error:
        err.print(f"[bold red]{type(error).__name__}[/]: ", end="")
        err.print(error.message, markup=False, highlight=False)
        if error.hint:
            err.print(error.hint, style="yellow", markup=False, highlight=False)
        link = getattr(error, "authorization_link", None)
        if link:
            err.print(link, markup=False, highlight=False, soft_wrap=True)
        code = 2 if isinstance(error, InvalidInput) else 1
    else:
        return
    raise typer.Exit(code)
