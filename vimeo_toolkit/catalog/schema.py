"""JSON schemas for models: without what costs tokens and tells them nothing.

Names, types, enumerations and what is required stay, and the limits that a model would otherwise go beyond. The
others (lengths, patterns, least values) are checked when the tool is called, where an error says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

__all__ = ["compact_schema"]


_CHECKED_ONLY: Final = frozenset({"maxLength", "minItems", "minLength", "minimum", "pattern"})
_BEYOND_REACH: Final = 1_000
"""Greater maximums than this are left out: no sensible call comes near them."""


class _Compact(GenerateJsonSchema):
    """No titles, no nulls, no null defaults. The input still accepts a null that a model sends."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default", ...) is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def compact_schema(generate: Callable[..., dict[str, Any]], docs: Mapping[str, str]) -> dict[str, Any]:
    """Return the schema that pydantic's `model_json_schema`, given as `generate`, makes with these rules.

    `docs`: input name → its description.
    """
    schema = generate(schema_generator=_Compact)
    for name in ("title", "description", "additionalProperties"):
        schema.pop(name, None)
    schema.setdefault("properties", {})
    for name, described in schema["properties"].items():
        told = _told(described)
        if name in docs:
            told["description"] = docs[name]
        schema["properties"][name] = told
    return schema


def _told(described: dict[str, Any]) -> dict[str, Any]:
    """Return the description of one input without limits that need not be mentioned."""
    told = {}
    for name, value in described.items():
        if name in _CHECKED_ONLY or (name in ("maximum", "maxItems") and value > _BEYOND_REACH):
            continue
        told[name] = _told(value) if name == "items" else value
    return told
