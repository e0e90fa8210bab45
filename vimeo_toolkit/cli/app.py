"""The commands."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from vimeo_toolkit._version import __version__
from vimeo_toolkit.cli.accounts import accounts
from vimeo_toolkit.cli.calling import call, tools
from vimeo_toolkit.cli.config import config
from vimeo_toolkit.cli.connect import connect
from vimeo_toolkit.cli.consenting import approve
from vimeo_toolkit.cli.demonstrating import demo
from vimeo_toolkit.cli.evaluating import evaluate
from vimeo_toolkit.cli.failures import usage_error
from vimeo_toolkit.cli.init import init
from vimeo_toolkit.cli.library import library
from vimeo_toolkit.cli.mcp import mcp
from vimeo_toolkit.cli.output import emit_json, prepare_streams, say
from vimeo_toolkit.cli.plans import plans
from vimeo_toolkit.cli.sandbox import sandbox
from vimeo_toolkit.cli.session import AsJson, EnvFile, Options, command
from vimeo_toolkit.cli.upload import upload

__all__ = ["app"]


class _Commands(TyperGroup):
    def main(  # type: ignore[override]  # typer's own callers name all but the first
        self, args: Any = None, *, standalone_mode: bool = True, **extra: Any
    ) -> Any:
        """Run a command. With `--json`, a mistake in its arguments is told in JSON, too."""
        prepare_streams()
        given = list(sys.argv[1:] if args is None else args)
        if not standalone_mode or "--json" not in given:
            return super().main(args, standalone_mode=standalone_mode, **extra)
        try:
            code = super().main(args, standalone_mode=False, **extra)
        except typer.Abort:
            emit_json({"error": "aborted", "message": "It was stopped."})
            code = 1
        except Exception as error:
            if not hasattr(error, "format_message"):
                raise
            emit_json(usage_error(error))
            code = getattr(error, "exit_code", 2)
        sys.exit(code if isinstance(code, int) else 0)


app = typer.Typer(
    name="vimeo-toolkit",
    cls=_Commands,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_show_locals=False,
)

for function in (init, connect, config, tools, call, upload, approve, mcp, demo, sandbox):
    command(app)(function)
command(app, "eval")(evaluate)
app.add_typer(accounts, name="accounts", help="Look after users' accounts.")
app.add_typer(library, name="library", help="Index and search what is said in a user's videos.")
app.add_typer(plans, name="plans", help="Look after plans of many videos' changes.")


def _version(wanted: bool) -> None:
    if wanted:
        say(f"vimeo-toolkit {__version__}")
        raise typer.Exit


@app.callback()
def settings(
    ctx: typer.Context,
    env_file: EnvFile = None,
    as_json: AsJson = False,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Vimeo tools for LLM agents. Settings: the VIMEO_… variables of the environment, else those of .env here."""
    ctx.obj = Options(env_file, as_json)
