"""What agents that write text give in place of named arguments, read as such.

One value, an object as JSON or as Python writes it, in a fence of Markdown, with what the model wrote after it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from vimeo_toolkit.catalog.lists import LONGEST, python_literal
from vimeo_toolkit.wire.format import json_object

__all__ = ["named_arguments"]

_FENCE: Final = re.compile(r"`{1,4}(?:json|python|py)?\s+(.*?)\s*`{1,4}", re.DOTALL | re.IGNORECASE)
_AFTER: Final = re.compile(r"\n\s*(?:observation|thought|action|final answer)\b.*", re.DOTALL | re.IGNORECASE)
"""How a model continues after the input of an action."""


def named_arguments(given: Any, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return named arguments for what a caller gave in their place.

    What cannot be read so is under the name of the only input, or under one that the tool does not have;
    validation then says which it has to be.

    Args:
        schema: of the tool's input.
    """
    if given is None or isinstance(given, Mapping):
        return dict(given or {})
    if isinstance(given, str):
        text = _AFTER.sub("", given.strip()) if len(given) < LONGEST else given.strip()
        if found := _FENCE.fullmatch(text):
            text = found[1]
        given = given if text == given.strip() else text
        text = text.strip().strip("`").strip()
        if not text:
            return {}
        if text.startswith('"{'):
            text = _unquoted(text)
        if text.startswith("{"):
            read = _object(text)
            return {"input": given} if read is None else read
    names = schema.get("required") or list(schema.get("properties", {}))
    return {names[0] if len(names) == 1 else "input": given}


def _unquoted(text: str) -> str:
    """Return the text within JSON that was put into a JSON text once more."""
    try:
        inner = json.loads(text)
    except ValueError:
        return text
    return inner if isinstance(inner, str) else text


def _object(text: str) -> dict[str, Any] | None:
    found = json_object(text.encode(errors="replace"))
    if found is not None or len(text) > LONGEST:
        return found
    value = python_literal(text)
    return value if isinstance(value, dict) and all(isinstance(name, str) for name in value) else None
