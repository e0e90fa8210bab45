"""What each input of a tool is for, as people read it: on the command line, in the documentation, in forms."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import TYPE_CHECKING, Any, Final, Union, get_args, get_origin

from vimeo_toolkit.catalog.marks import Help, IgnoredParam

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

__all__ = ["input_help", "type_words"]

UNCHANGED: Final = "It stays as it is when left out."


def input_help(inputs: Mapping[str, FieldInfo], docs: Mapping[str, str], *, changes: bool) -> dict[str, str]:
    """Return input name → what it is for, which values it takes, and what happens without it.

    Args:
        inputs: the fields of the tool's model.
        docs: field name → its docstring.
        changes: the tool changes what is there, so what is left out stays.
    """
    return {name: _told(info, docs.get(name, ""), changes) for name, info in inputs.items()}


def _told(info: FieldInfo, doc: str, changes: bool) -> str:
    found = _found(info) or Help(doc)
    without = "" if info.is_required() else UNCHANGED if changes else found.left_out
    return f"{found.about} {without}".strip()


def _found(info: FieldInfo) -> Help | None:
    """Return what is said of this very input, else of its type; what stands outermost wins."""
    if marks := _helps(info.metadata):
        return marks[-1]
    for mark in info.metadata:
        if isinstance(mark, IgnoredParam):
            return Help(f"It has no effect. {mark.note}")
    # `Page | None` keeps what is said of `Page` with its member. A list's items say nothing of the list.
    union = get_origin(info.annotation) in (Union, UnionType)
    for part in get_args(info.annotation) if union else ():
        if marks := _helps(getattr(part, "__metadata__", ())):
            return marks[-1]
    return None


def _helps(marks: Any) -> list[Help]:
    return [mark for mark in marks if isinstance(mark, Help)]


def type_words(described: Mapping[str, Any], quote: str = "") -> str:
    """Return which values an input takes, by its JSON schema: `integer`, `list of string`, `one of asc, desc`.

    Args:
        quote: stands around each value of an enumeration.
    """
    values = described.get("enum") or ([described["const"]] if "const" in described else [])
    if values:
        return ("one of " if len(values) > 1 else "only ") + ", ".join(
            f"{quote}{value}{quote}" for value in values
        )
    if described.get("type") == "array":
        return f"list of {type_words(described.get('items', {}), quote)}"
    if "anyOf" in described:
        return " or ".join(type_words(each, quote) for each in described["anyOf"])
    return str(described.get("type", "any value"))
