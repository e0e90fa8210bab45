"""`vimeo-toolkit demo`."""

from __future__ import annotations

from typing import Annotated

import typer

from vimeo_toolkit.cli.output import emit_json, err
from vimeo_toolkit.cli.session import session

__all__ = ["demo"]


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

    if session().as_json:
        done = run_demo(model, err)
        emit_json({"ok": done})
    else:
        done = run_demo(model)
    raise typer.Exit(0 if done else 1)
