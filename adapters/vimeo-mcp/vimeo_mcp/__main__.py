"""`vimeo-mcp`, or `python -m vimeo_mcp`: `vimeo-toolkit mcp`, for clients that start a package by name."""

from __future__ import annotations

import sys

from vimeo_toolkit.cli import main as command_line

__all__ = ["main"]


def main() -> None:
    """Run `vimeo-toolkit mcp` with the arguments of this process."""
    sys.argv[1:1] = ["mcp"]
    command_line()


if __name__ == "__main__":
    main()
