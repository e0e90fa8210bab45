"""The LangChain tools of a user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

from langchain_core.tools import BaseTool

from langchain_vimeo.vimeo_tool import VimeoTool
from vimeo_toolkit import Identify, ToolOptions, VimeoToolkit, default_toolkit

__all__ = ["VimeoTool", "get_tools"]


def get_tools(
    connection_name: str = "vimeo",
    identifier: str | Identify = "",
    *,
    toolkit: VimeoToolkit | None = None,
    extras: Mapping[str, Any] | None = None,
    **options: Unpack[ToolOptions],
) -> list[BaseTool]:
    """Return LangChain tools that act as one user of one connection, or each time as the user of the run.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user, or a function that takes the run's config and returns it: a graph
            that is compiled once then serves all users. It is asked at every call, and no tool argument can change
            what it says. An `async def` will do for `ainvoke`.
        toolkit: one built by hand; by default the process's own, from the environment.
        extras: for the model's provider, see `BaseTool.extras`; `{"defer_loading": True}` leaves the tools out of
            the model's context until the provider's own tool search finds them.
        options: which tools (`include`, `exclude`, `toolsets`, `read_only`, `missing_scopes`), the `detail` of
            their results, and `strict` schemas; see `ToolOptions`.

    Raises:
        InvalidInput: the identifier is empty, or a name or a toolset is unknown; or it is a function, and
            missing_scopes="hide" would need a user now.
    """
    used = toolkit if toolkit is not None else default_toolkit()
    chosen = used.bind_tools(connection_name, identifier, **options)
    return [VimeoTool.of(bound, extras=extras) for bound in chosen]
