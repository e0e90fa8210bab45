"""Vimeo tools as one of LangChain's toolkits."""

from __future__ import annotations

from typing import Any, Unpack

from langchain_core.tools import BaseTool, BaseToolkit
from pydantic import PrivateAttr

from langchain_vimeo.tools import get_tools
from vimeo_toolkit import Identify, ToolOptions, VimeoToolkit, default_toolkit

__all__ = ["VimeoTools"]


class VimeoTools(BaseToolkit):
    """The Vimeo tools of a user as a LangChain toolkit: `VimeoTools(identifier="user_456").get_tools()`.

    It takes what `get_tools` takes, and raises what that raises. `vimeo_toolkit.VimeoToolkit`,
    which keeps the accounts, is another thing.
    """

    # Private, so that no `repr` or trace contains the user.
    _given: dict[str, Any] = PrivateAttr()

    def __init__(
        self,
        connection_name: str = "vimeo",
        identifier: str | Identify = "",
        *,
        toolkit: VimeoToolkit | None = None,
        **options: Unpack[ToolOptions],
    ) -> None:
        super().__init__()
        used = toolkit if toolkit is not None else default_toolkit()
        used.bind_tools(connection_name, identifier, include=[])  # tools of nobody are refused here already
        self._given = {
            "connection_name": connection_name,
            "identifier": identifier,
            "toolkit": toolkit,
            **options,
        }

    def get_tools(self) -> list[BaseTool]:
        """Return the tools, see the function `get_tools`.

        Raises:
            InvalidInput: the identifier is empty, or a name or a toolset is unknown.
        """
        return get_tools(**self._given)
