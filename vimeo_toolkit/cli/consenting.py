"""Deletions need a yes: at the prompt, by `--yes`, or by `vimeo-toolkit approve`."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from vimeo_toolkit import PlannedCall, Tool
from vimeo_toolkit.cli.output import emit_json, err, say
from vimeo_toolkit.cli.session import ConnectionName, session
from vimeo_toolkit.errors import InvalidInput

__all__ = ["Yes", "approve", "consent", "require_yes"]

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask: delete what is named.")]


def consent(tool: Tool, yes: bool) -> dict[str, Any]:
    """Return the toolkit's rules for a call from the command line: deletions need a yes, and what is always asked
    about, too."""
    if yes and tool.always_asked:
        return {"confirm": lambda planned: True}
    if yes or not (tool.always_asked or (tool.method == "DELETE" and tool.destructive)):
        return {}
    return {"approval": "destructive", "confirm": _asked if sys.stdin.isatty() else None}


def _asked(planned: PlannedCall) -> bool:
    err.print(planned.describe(), markup=False, highlight=False, soft_wrap=True)
    return typer.confirm("Do it?", err=True)


def require_yes(question: str, yes: bool) -> None:
    """Ask before a command deletes something.

    Raises:
        InvalidInput: nobody is there to be asked, and `--yes` was not given.
        Abort: the person did not agree.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise InvalidInput(f"{question} Nobody is there to be asked, so nothing was done.", hint="Add --yes.")
    typer.confirm(question, abort=True, err=True)


def approve(
    approval_id: Annotated[str, typer.Argument(help="The approval id of the call that waits.")],
    identifier: Annotated[str, typer.Option("--as", help="Whose call it is.")] = "me",
    connection: ConnectionName = "vimeo",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask: let it through.")] = False,
) -> None:
    """Show one call that waits for consent, and let it through: exactly this one, once, within ten minutes."""
    toolkit = session().toolkit()
    question = toolkit.approval_question(approval_id, identifier=identifier, connection_name=connection)
    err.print(question, markup=False, highlight=False, soft_wrap=True)
    if not yes and sys.stdin.isatty():
        typer.confirm("Do it?", abort=True, err=True)
    toolkit.approve(approval_id, identifier=identifier, connection_name=connection)
    if session().as_json:
        emit_json({"approved": approval_id, "identifier": identifier, "question": question})
    else:
        say("Approved: the same call goes through once within ten minutes. Make it again.")
