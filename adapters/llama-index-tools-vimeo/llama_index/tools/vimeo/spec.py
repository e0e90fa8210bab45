"""The tools by LlamaIndex's convention for packages of tools."""

from __future__ import annotations

from typing import Any

from llama_index.core.tools import FunctionTool
from llama_index.core.tools.tool_spec.base import BaseToolSpec
from llama_index.tools.vimeo.tools import get_tools

from vimeo_toolkit import Identify

__all__ = ["VimeoToolSpec"]


class VimeoToolSpec(BaseToolSpec):
    """The same tools by LlamaIndex's convention: `VimeoToolSpec(identifier="user_456").to_tool_list()`.

    Takes what `get_tools` takes.
    """

    def __init__(
        self, connection_name: str = "vimeo", identifier: str | Identify = "", **choice: Any
    ) -> None:
        self._tools = get_tools(connection_name, identifier, **choice)
        self.spec_functions = [tool.metadata.get_name() for tool in self._tools]

    def to_tool_list(
        self, spec_functions: Any = None, func_to_metadata_mapping: Any = None
    ) -> list[FunctionTool]:
        """Return the tools, or those named in `spec_functions`."""
        wanted = None if spec_functions is None else set(spec_functions)
        return [tool for tool in self._tools if wanted is None or tool.metadata.get_name() in wanted]
