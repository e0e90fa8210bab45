"""Call a tool that an agent was not given itself, by its name.

It is a way to call tools and none of Vimeo's: it is in no toolset, and what it calls is called, asked about, noted
and refused as that tool.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

from pydantic import Field, model_validator
from pydantic_core import core_schema

from vimeo_toolkit.catalog.arguments import WRAPPERS
from vimeo_toolkit.catalog.declaring import Toolset
from vimeo_toolkit.catalog.inputs import secret_text
from vimeo_toolkit.catalog.marks import Help
from vimeo_toolkit.catalog.objects import ids_of_inputs
from vimeo_toolkit.catalog.selection import TOOL_CALL
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.secret import Secret

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.api import Api
    from vimeo_toolkit.catalog.tool import Tool

__all__ = ["CALL", "inputs_told", "named_call"]

_ANY: Final = Toolset("any", "Call any tool.")


@_ANY.local(
    name=TOOL_CALL,
    read_only=False,
    idempotent=False,
    destructive=True,
    visible_to_others=True,
    asks="Call the tool {name}?",
)
class ToolCall(ToolInput):
    """Use another tool that a search has found, by its name."""

    name: Annotated[str, Field(min_length=1, max_length=64), Help("The name of the tool.")]
    inputs: Annotated[
        Secret | None,
        secret_text(
            core_schema.str_schema(),
            read=lambda value: json.dumps(value, default=str) if isinstance(value, Mapping) else value,
        ),
        Help("The tool's own inputs, as a JSON object.", "It is called without any when they are left out."),
    ] = None
    """Its inputs, a JSON object."""

    @model_validator(mode="before")
    @classmethod
    def _gathered(cls, given: Any) -> Any:
        """Take inputs that stand beside the name, or under the names that calls have for them elsewhere."""
        if not isinstance(given, Mapping) or given.get("inputs"):
            return given
        beside = {name: value for name, value in given.items() if name not in cls.model_fields}
        if not beside:
            return given
        wrapped = len(beside) == 1 and not WRAPPERS.isdisjoint(beside)
        return {"name": given.get("name"), "inputs": next(iter(beside.values())) if wrapped else beside}

    async def run(self, api: Api) -> Any:
        """Refuse the call: whoever makes one takes `named_call` first."""
        raise InvalidInput(f"{TOOL_CALL} calls another tool.", hint="Call that tool itself.")


CALL: Final[Tool] = ToolCall.tool


def named_call(given: Any) -> tuple[str, Any]:
    """Return the name of the tool that a call of this one names, and its inputs as the model wrote them.

    Args:
        given: what a model wrote.

    Raises:
        InvalidInput: no tool is named, or the inputs are neither text nor an object.
    """
    try:
        values = cast("ToolCall", CALL.validate(CALL.arguments(given)))
    finally:
        del given  # it may hold a password, and a traceback's locals are often logged
    return values.name, "" if values.inputs is None else values.inputs.reveal()


def inputs_told(tool: Tool) -> str:
    """Return the inputs of a tool in words, for a model that is to call it by its name: of each its type, its
    values, and what is said of it. One text: in a result the names of numbers have units, those of inputs not."""
    schema = tool.input_schema
    required, ids = schema.get("required", ()), ids_of_inputs(tool.input_model)
    told = []
    for name, about in schema["properties"].items():
        parts = [_type_told(about), "required" if name in required else ""]
        takes_name = name in ids and ids[name].by_name and "description" not in about
        parts.append("or its name" if takes_name else "")
        said = f" ({about['description']})" if "description" in about else ""
        told.append(f"{name}: {', '.join(filter(None, parts))}{said}")
    return "; ".join(told)


def _type_told(about: Mapping[str, Any]) -> str:
    items = about.get("items")
    one = items or about
    kind = " | ".join(map(str, one["enum"])) if "enum" in one else str(one.get("type", ""))
    return f"list of {kind}" if items else kind
