"""What every framework's tools begin with."""

from __future__ import annotations

from vimeo_toolkit import BoundTool, Identify, ToolOptions, VimeoToolkit, default_toolkit

__all__ = ["bound_tools"]


def bound_tools(
    connection_name: str, identifier: str | Identify, toolkit: VimeoToolkit | None, options: ToolOptions
) -> list[BoundTool]:
    """Return the bound tools of a user, or of the user of each run.

    Raises:
        InvalidInput: the identifier is empty, or a name or a toolset is unknown.
    """
    used = toolkit if toolkit is not None else default_toolkit()
    return used.bind_tools(connection_name, identifier, **options)
