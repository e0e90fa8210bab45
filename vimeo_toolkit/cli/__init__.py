"""The command line, `vimeo-toolkit`. It mirrors the Python interface."""

from __future__ import annotations

import sys

__all__ = ["main", "mcp"]


def main() -> None:
    """Run the command line; without the extra it says what to install."""
    try:
        from vimeo_toolkit.cli.app import app
    except ImportError as missing:
        if (missing.name or "").partition(".")[0] not in ("rich", "typer"):
            raise
        sys.stderr.write('The command line needs its extra: pip install "vimeo-toolkit[cli]"\n')
        raise SystemExit(1) from None
    app()


def mcp() -> None:
    """Run `vimeo-toolkit mcp` with the arguments given: the command of the distribution `vimeo-mcp`."""
    sys.argv[1:1] = ["mcp"]
    main()
