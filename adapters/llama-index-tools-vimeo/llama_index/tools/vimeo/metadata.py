"""What LlamaIndex shows a model of a tool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from llama_index.core.tools import ToolMetadata

from vimeo_toolkit import Tool

__all__ = ["metadata_of"]


@dataclass
class _Metadata(ToolMetadata):
    """LlamaIndex makes the schema anew at every call to a model; the core has it ready."""

    tool: Tool | None = None

    def get_parameters_dict(self) -> dict[str, Any]:
        return super().get_parameters_dict() if self.tool is None else self.tool.input_schema


def metadata_of(tool: Tool) -> ToolMetadata:
    """Return the name, description and schema of a tool."""
    return _Metadata(tool.description, tool.name, fn_schema=tool.input_model, tool=tool)
