"""JSON schemas for models: without what costs tokens and tells them nothing.

Names, types, enumerations and what is required stay, and the limits that a model would otherwise go beyond. The
others (lengths, patterns, least values) are checked when the tool is called, where an error says what is wrong.

A strict schema is for providers that hold a model to it word by word, which demand that every input is required:
so the optional ones take null, which the tools read as left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

__all__ = ["compact_schema", "strict_schema"]


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


def compact_schema(
    generate: Callable[..., dict[str, Any]], docs: Mapping[str, str], known: Collection[str] = ()
) -> dict[str, Any]:
    """Return the schema that pydantic's `model_json_schema`, given as `generate`, makes with these rules.

    Args:
        docs: input name → its description.
        known: names of inputs that another tool's schema describes, of which a model is told the type alone.
    """
    schema = generate(schema_generator=_Compact)
    for name in ("title", "description", "additionalProperties"):
        schema.pop(name, None)
    schema.setdefault("properties", {})
    for name, described in schema["properties"].items():
        if name in docs:
            described["description"] = docs[name]
        schema["properties"][name] = _type_alone(described) if name in known else _told(described)
    return schema


def _type_alone(described: Mapping[str, Any]) -> dict[str, Any]:
    items = {"items": _type_alone(described["items"])} if "items" in described else {}
    return {"type": described["type"], **items}


def _told(described: dict[str, Any]) -> dict[str, Any]:
    """Return the description of one input without limits that need not be mentioned."""
    told: dict[str, Any] = {}
    for name, value in described.items():
        if name in _CHECKED_ONLY or (name in ("maximum", "maxItems") and value > _BEYOND_REACH):
            continue
        if name == "format" and value in _FORMATS:  # Gemini refuses a request with any but "date-time"
            continue
        if name == "const":  # which Gemini refuses or drops, while everybody knows an enumeration of one
            told["enum"] = [value]
        else:
            told[name] = _told(value) if name == "items" else value
    if described.get("format") in _FORMATS:
        told["description"] = " ".join([*_description(described), _FORMATS[described["format"]]])
    return told


_FORMATS: Final[Mapping[str, str]] = {"date": "YYYY-MM-DD."}
"""Format → what the description says in its place."""


def _description(described: Mapping[str, Any]) -> list[str]:
    return [described["description"]] if "description" in described else []


_IN_WORDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "maximum": lambda most: f"At most {most}.",
    "maxItems": lambda most: f"At most {most} items.",
}
"""Limits that not every provider's strict mode knows, and what the description says in their place. Azure's and
Anthropic's refuse them, and OpenAI's those of fine-tuned models (their pages on structured outputs, 2026)."""


def strict_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a compact schema as strict modes demand it: every input is required, and the optional ones take null.

    It stays within what all of them know: types, enumerations, `items` and `anyOf`.
    """
    required = schema.get("required", ())
    properties = {}
    for name, described in schema["properties"].items():
        kind, description = _kind_and_words(described)
        # As pydantic writes it, which all converters know. Of `type: ["integer", "null"]` Gemini's makes a text.
        inner = kind if name in required else {"anyOf": [kind, {"type": "null"}]}
        properties[name] = {**inner, "description": description} if description else inner
    return {
        "properties": properties,
        "required": list(properties),
        "type": "object",
        "additionalProperties": False,
    }


def _kind_and_words(described: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Return the type of an input, and its description with the limits in words."""
    kind = {name: value for name, value in described.items() if name not in (*_IN_WORDS, "description")}
    words = _description(described)
    words += [say(described[name]) for name, say in _IN_WORDS.items() if name in described]
    if "items" in kind:
        kind["items"], of_items = _kind_and_words(kind["items"])
        words += [of_items] if of_items else []
    return kind, " ".join(words)
