"""The command line: `vimeo-toolkit demo | sandbox | tools | accounts | call`. It mirrors the Python API.

    __init__.py        the entry point; says what is missing when the extra is not installed
    app.py             the commands put together, and how errors end
    demo.py            demo: an agent organises a library, from the sandbox's start to the final check
    scripted_model.py  the chat model that drives the demo when no provider's model is named
    tokens.py          how many tokens a text is
    serve.py           sandbox: serve it in the foreground
    tools.py, accounts.py, call.py   the commands of those names
    output.py          consoles, JSON, and the toolkit from the environment
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line with this process's arguments; ends the process with its exit code."""
    try:
        import rich
        import typer
    except ImportError as missing:
        sys.stderr.write(
            f"The command line needs {missing.name or 'typer and rich'}: "
            'pip install "vimeo-toolkit[cli]" installs what it needs.\n'
        )
        raise SystemExit(1) from None
    del rich, typer
    from vimeo_toolkit.cli.app import app

    app(prog_name="vimeo-toolkit")
