"""What LlamaIndex shows a model of a tool."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from llama_index.core.tools import ToolMetadata

from vimeo_toolkit import BoundTool

__all__ = ["metadata_of"]


@dataclass
class _Metadata(ToolMetadata):
    """LlamaIndex makes the schema anew at every call to a model; the core has it ready."""

    schema: Callable[..., dict[str, Any]] | None = field(default=None, repr=False)

    def get_parameters_dict(self) -> dict[str, Any]:
        if self.schema is None:
            return super().get_parameters_dict()
        return self.schema(converter="_prepare_chat_with_tools")


def metadata_of(bound: BoundTool) -> ToolMetadata:
    """Return the name, description and schema of a tool; it is strict where LlamaIndex's class of a model is."""
    tool = bound.tool
    schema = partial(tool.schema, strict=bound.strict)
    return _Metadata(tool.description, tool.name, fn_schema=tool.input_model, schema=schema)
