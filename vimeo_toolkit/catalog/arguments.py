"""What agents that write text give in place of named arguments, read as such.

One value, an object as JSON or as Python writes it, in a fence of Markdown, with what the model wrote after it.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BeforeValidator

from vimeo_toolkit.wire.format import json_object

__all__ = ["Several", "SeveralIds", "named_arguments", "separated_ids"]

_FENCE: Final = re.compile(r"`{1,4}(?:json|python|py)?\s+(.*?)\s*`{1,4}", re.DOTALL | re.IGNORECASE)
_AFTER: Final = re.compile(r"\n\s*(?:observation|thought|action|final answer)\b.*", re.DOTALL | re.IGNORECASE)
"""How a model continues after the input of an action."""
_LONGEST: Final = 100_000


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
        text = _AFTER.sub("", given.strip()) if len(given) < _LONGEST else given.strip()
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


def _several(value: Any, between: re.Pattern[str]) -> Any:
    """Return the list that was written as a text: as JSON, as Python does, or with signs between its items."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return [value] if isinstance(value, int) and not isinstance(value, bool) else value
    text = value.strip()
    if text.startswith("["):
        try:
            found = ast.literal_eval(text)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            found = None
        if isinstance(found, list):
            return found
        text = text.strip("[]")
    lines = [_BULLET.sub("", line) for line in text.splitlines()]
    return [part for line in lines for part in between.split(line.strip()) if part]


_BULLET: Final = re.compile(r"^\s*(?:[-*\u2022]|[0-9]{1,3}[.)])\s+")
_COMMAS: Final = re.compile(r"\s*[,;]\s*")
_GAPS: Final = re.compile(r"[\s,;]+")


def separated_ids(text: str) -> list[Any]:
    """Return the ids of a text that may have several, with anything between them."""
    found = _several(text, _GAPS)
    return found if isinstance(found, list) else [found]


Several = BeforeValidator(lambda value: _several(value, _COMMAS))
"""A list of words, which may come as one text with commas."""
SeveralIds = BeforeValidator(lambda value: _several(value, _GAPS))
"""A list of ids, which may come as one text with anything between them; what is not an id is refused."""


def _unquoted(text: str) -> str:
    """Return the text within JSON that was put into a JSON text once more."""
    try:
        inner = json.loads(text)
    except ValueError:
        return text
    return inner if isinstance(inner, str) else text


def _object(text: str) -> dict[str, Any] | None:
    found = json_object(text.encode(errors="replace"))
    if found is not None or len(text) > _LONGEST:
        return found
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
    return value if isinstance(value, dict) and all(isinstance(name, str) for name in value) else None
