"""The LlamaIndex tools of a user."""

from __future__ import annotations

from typing import Unpack

from llama_index.core.tools import FunctionTool
from llama_index.tools.vimeo.function_tool import VimeoFunctionTool

from vimeo_toolkit import Identify, ToolOptions, VimeoToolkit, default_toolkit

__all__ = ["VimeoFunctionTool", "get_tools"]


def get_tools(
    connection_name: str = "vimeo",
    identifier: str | Identify = "",
    *,
    toolkit: VimeoToolkit | None = None,
    connect: bool = False,
    **options: Unpack[ToolOptions],
) -> list[FunctionTool]:
    """Return LlamaIndex tools that act as one user of one connection, or each time as the user of the run.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user, or a function that takes the run's `Context` and returns it,
            plain or `async def`: one agent then serves all users. It is asked at every call, and no tool argument
            can change what it says. Such tools are called by an agent, or by `acall` with `ctx`.
        toolkit: one built by hand; by default the process's own, from the environment.
        connect: a call that lacks a connected account, or a scope, pauses the agent's run with a
            `ConnectionRequestEvent`, until a `ConnectionResponseEvent` comes, for an hour at the most. Only for a
            product that handles it; otherwise such a call is an error for the model, with a link for the user.
        options: which tools (`include`, `exclude`, `toolsets`, `read_only`, `missing_scopes`), the `detail` of
            their results, and `strict` schemas; see `ToolOptions`.

    Raises:
        InvalidInput: the identifier is empty, or a name or a toolset is unknown; or it is a function, and
            missing_scopes="hide" would need a user now.
    """
    used = toolkit if toolkit is not None else default_toolkit()
    bound = used.bind_tools(connection_name, identifier, **options)
    return [VimeoFunctionTool.of(each, connect=connect) for each in bound]
