"""JSON schemas for models: without what costs tokens and tells nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

__all__ = ["compact_schema"]


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


def compact_schema(generate: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """The schema that pydantic's `model_json_schema`, given as `generate`, makes with these rules."""
    schema = generate(schema_generator=_Compact)
    for name in ("title", "description", "additionalProperties"):
        schema.pop(name, None)
    schema.setdefault("properties", {})
    return schema
