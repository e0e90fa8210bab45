"""The commands put together, and how errors end."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from vimeo_toolkit import __version__
from vimeo_toolkit.cli.accounts import accounts
from vimeo_toolkit.cli.call import call
from vimeo_toolkit.cli.demo import demo
from vimeo_toolkit.cli.output import report
from vimeo_toolkit.cli.serve import sandbox
from vimeo_toolkit.cli.tools import tools
from vimeo_toolkit.errors import InvalidInput, VimeoToolkitError

__all__ = ["app"]


class _Commands(TyperGroup):
    """Ends a command that fails on purpose with a sentence and an exit code instead of a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except VimeoToolkitError as error:
            report(error)
            raise typer.Exit(2 if isinstance(error, InvalidInput) else 1) from None


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    # A traceback with local variables would print tokens.
    pretty_exceptions_enable=False,
    help="Vimeo tools for LLM agents, for products with many users. "
    "Accounts and calls use the environment: VIMEO_CLIENT_ID, VIMEO_CLIENT_SECRET, VIMEO_REDIRECT_URI, "
    "VIMEO_SCOPES, VIMEO_API_URL, VIMEO_TOOLKIT_STORE, VIMEO_TOOLKIT_KEY.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version and stop."
    ),
) -> None:
    pass


app.command()(demo)
app.command()(sandbox)
app.command()(tools)
app.add_typer(accounts, name="accounts")
app.command()(call)
