"""What agents that write text give in place of named arguments, read as such.

One value, an object as JSON or as Python writes it, in a fence of Markdown, with what the model wrote after it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from vimeo_toolkit.catalog.coercion import NOTHING_OPTIONAL
from vimeo_toolkit.catalog.lists import LONGEST, python_literal
from vimeo_toolkit.wire.format import json_object

__all__ = ["named_arguments"]

_FENCE: Final = re.compile(r"`{1,4}(?:json|python|py)?\s+(.*?)\s*`{1,4}", re.DOTALL | re.IGNORECASE)
WRAPPERS: Final = frozenset(
    {
        "__arg1",
        "action_input",
        "args",
        "arguments",
        "input",
        "kwargs",
        "parameters",
        "params",
        "properties",
        "tool_input",
    }
)
"""Names under which models and frameworks put the arguments of a tool."""
LABELS: Final = frozenset({"action", "function", "name", "tool", "tool_name"})
MOST_WRAPPERS: Final = 3

_AFTER: Final = re.compile(r"\n\s*(?:observation|thought|action|final answer)\b.*", re.DOTALL | re.IGNORECASE)
"""How a model continues after the input of an action."""


def named_arguments(given: Any, tool: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return named arguments for what a caller gave in their place.

    What cannot be read so is under the name of the only input, or under one that the tool does not have;
    validation then says which it has to be.

    Args:
        tool: its name.
        schema: of its input.
    """
    named = _named(given, schema)
    for _ in range(MOST_WRAPPERS):
        wrapper = None if WRAPPERS.isdisjoint(named) else _wrapper(named, tool, schema)
        if wrapper is None:
            break
        named = _named(named[wrapper], schema)
    return named


def _wrapper(given: Mapping[str, Any], tool: str, schema: Mapping[str, Any]) -> str | None:
    """Return the one name under which all arguments were put, as in `{"input": {…}}`; None where there is none.

    It is not the name of an input, and nothing else is beside it but the tool's name, as in a whole tool call, or
    the empty list of arguments without names that frameworks write.
    """
    found = None
    for name, value in given.items():
        if (name in LABELS and value == tool) or (name == "args" and _is_empty(value)):
            continue
        if found is not None or name not in WRAPPERS or name in schema.get("properties", {}):
            return None
        found = name
    return found


def _named(given: Any, schema: Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(given, list) and len(given) == 1 and isinstance(given[0], Mapping):
        (given,) = given
    if given is None or isinstance(given, Mapping) or _is_empty(given):
        return dict(given or {})
    if isinstance(given, str):
        text = _AFTER.sub("", given.strip()) if len(given) < LONGEST else given.strip()
        if found := _FENCE.fullmatch(text):
            text = found[1]
        given = given if text == given.strip() else text
        text = text.strip().strip("`").strip()
        if not text or text in NOTHING_OPTIONAL:
            return {}
        if text.startswith('"'):
            text = _unquoted(text)
        if text.startswith("{"):
            read = _object(text)
            return {"input": given} if read is None else read
    names = schema.get("required") or list(schema.get("properties", {}))
    return {names[0] if len(names) == 1 else "input": given}


def _is_empty(given: Any) -> bool:
    return isinstance(given, list | tuple) and not given


def _unquoted(text: str) -> str:
    """Return the object within JSON that was put into a JSON text once more, or several times."""
    inner = text
    for _ in range(MOST_WRAPPERS):
        try:
            inner = json.loads(inner)
        except ValueError:
            break
        if not isinstance(inner, str):
            break
        if inner.lstrip().startswith("{"):
            return inner.strip()
    return text


def _object(text: str) -> dict[str, Any] | None:
    found = json_object(text.encode(errors="replace"))
    if found is not None or len(text) > LONGEST:
        return found
    value = python_literal(text)
    return value if isinstance(value, dict) and all(isinstance(name, str) for name in value) else None
