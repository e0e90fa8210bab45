"""A list that was written as one text: as JSON or Python writes it, or with commas or bullets."""

from __future__ import annotations

import ast
import csv
import json
import re
from io import StringIO
from itertools import pairwise
from tokenize import NL, STRING, TokenError, generate_tokens
from typing import Any, Final

__all__ = ["COMMAS", "GAPS", "LINES", "LONGEST", "list_of", "python_literal"]

LONGEST: Final = 100_000
"""Characters of a text that is read as something else."""

MOST_ENCODED: Final = 3

COMMAS: Final = re.compile(r"\s*[,;]\s*")
"""Between words, which may have blanks in them."""
GAPS: Final = re.compile(r"[\s,;]+")
"""Between ids."""
LINES: Final = re.compile(r"\s*\n\s*")
"""Between names, which may have anything else in them."""

_BULLET: Final = re.compile(r"^\s*(?:[-*\u2022]|[0-9]{1,3}[.)])\s+")
_OPENING: Final = tuple("[('\"")
_FENCED: Final = re.compile(
    r"```(?:json|python|py)?\s(.*)```|`+(?:json|python|py)?([\[(].*[\])])`+", re.DOTALL | re.IGNORECASE
)
"""A list as Markdown shows it."""


def list_of(value: Any, between: re.Pattern[str]) -> Any:
    """Return the list that was written as a text, or that a single number stands for; anything else as it is.

    A text in brackets that cannot be read, such as one that was cut off, stays a text, and so does an object.
    """
    for _ in range(MOST_ENCODED):
        found = _list_of(value, between)
        # A list that was encoded twice, or put into another one as text.
        if found == [value] or not _is_encoded(found):
            return found
        (value,) = found
    return found


def _is_encoded(found: Any) -> bool:
    if not isinstance(found, list) or len(found) != 1 or not isinstance(found[0], str):
        return False
    text = found[0].strip()
    return len(text) < LONGEST and text[:1] == "[" and text[-1:] == "]" and _read(text) is not None


def _list_of(value: Any, between: re.Pattern[str]) -> Any:
    if not isinstance(value, str):
        return [value] if isinstance(value, int | float) and not isinstance(value, bool) else value
    text = value.strip()
    if len(text) > LONGEST:
        return value
    if fenced := _FENCED.fullmatch(text):
        text = (fenced[1] or fenced[2] or "").strip()
    if text[:1] == "{" and text[-1:] == "}":
        return value
    if text[:1] in _OPENING:
        found = _read(text if text[0] in "[(" else f"[{text}]")
        if found is not None:
            return found
        if text[0] == "[" and text.endswith("]") and not {"'", '"'} & set(text):
            text = text[1:-1]
        elif text[0] == "[" and between is COMMAS:
            return value  # ids are checked one by one
    return [part for line in text.splitlines() for part in _parts(_BULLET.sub("", line).strip(), between)]


def python_literal(text: str) -> Any:
    """Return the value that a text of Python's is, None where it is not one. JSON's names for true, false and null
    are as good: models mix the two. Two texts with nothing between them, as in `['1' '2']`, are not one."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
        if _joins_texts(text.strip()):
            return None
        return ast.literal_eval(_WithJsonNames().visit(tree))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError, TokenError):
        return None


def _joins_texts(text: str) -> bool:
    tokens = [token.type for token in generate_tokens(StringIO(text).readline)]
    return any(pair == (STRING, STRING) for pair in pairwise(kind for kind in tokens if kind != NL))


class _WithJsonNames(ast.NodeTransformer):
    """Puts the values that JSON's names stand for in their place."""

    VALUES: Final = {"true": True, "false": False, "null": None}

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(self.VALUES[node.id]) if node.id in self.VALUES else node


def _read(text: str) -> list[Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = python_literal(text)
    return list(found) if isinstance(found, list | tuple) else None


def _parts(line: str, between: re.Pattern[str]) -> list[str]:
    """Return the items of a line. A comma between double quotes is not one between items."""
    if between is COMMAS and '"' in line:
        try:
            (found,) = csv.reader([line], skipinitialspace=True, strict=True)
        except (csv.Error, ValueError):
            pass
        else:
            return [part.strip() for part in found if part.strip()]
    return [part for part in between.split(line) if part]
