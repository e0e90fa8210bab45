"""Which things of Vimeo a call is about, for the audit log: kinds and numbers, and no secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Final, get_args

from vimeo_toolkit.catalog.ids import KINDS, IdValidator, normalized
from vimeo_toolkit.catalog.links import parsed_link
from vimeo_toolkit.catalog.lists import GAPS, list_of

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool, ToolInput

__all__ = ["ids_of_inputs", "kinds_of_inputs", "objects_made", "objects_named"]

MOST: Final = 100
"""The most things of a call that are named."""


def objects_named(tool: Tool, given: Mapping[str, Any] | ToolInput) -> tuple[str, ...]:
    """Return the things that a call's input names, such as `video 123`, each once, as far as they can be read.

    A privacy hash, which opens an unlisted video to whoever has it, is left out.

    Args:
        given: the input as a caller wrote it, or validated.
    """
    found: dict[str, None] = {}
    if path_input := tool.input_model.path_input:
        path = given.get(path_input) if isinstance(given, Mapping) else getattr(given, path_input)
        found |= dict.fromkeys(objects_made({"uri": path}))
    for name, mark in ids_of_inputs(tool.input_model).items():
        value = given.get(name) if isinstance(given, Mapping) else getattr(given, name)
        items = list(_items(value))
        things = [thing for each in items if (thing := _thing(mark.kind, each)) is not None]
        # A text that is not of ids alone may be a name, such as "Best of 2024".
        if len(things) == len(items) or not mark.by_name or not isinstance(value, str):
            found |= dict.fromkeys(things)
    return tuple(found)[:MOST]


def objects_made(body: Any) -> tuple[str, ...]:
    """Return the thing that an answer of Vimeo is about, as its `uri` names it; nothing where there is none."""
    uri = body.get("uri") if isinstance(body, Mapping) else None
    if not isinstance(uri, str) or parsed_link(uri) is None:
        return ()
    for kind in KINDS:
        with suppress(ValueError):
            return (_named(kind, uri),)
    return ()


def _thing(kind: str, value: Any) -> str | None:
    try:
        return _named(kind, value)
    except ValueError:
        return None


def _named(kind: str, value: Any) -> str:
    if kind == "user" and value in ("me", "/me"):
        return "user me"
    return f"{kind} {normalized(kind, value).partition(':')[0]}"


def _items(value: Any) -> Iterator[Any]:
    if value is None:
        return
    if isinstance(value, str) and len(value) > 1:
        found = list_of(value, GAPS)
        yield from found if isinstance(found, list) else [found]
    elif isinstance(value, list | tuple):
        yield from value[:MOST]
    else:
        yield value


def kinds_of_inputs(model: type[ToolInput]) -> dict[str, str]:
    """Return the inputs that are ids, and of what."""
    return {name: mark.kind for name, mark in ids_of_inputs(model).items()}


@cache
def ids_of_inputs(model: type[ToolInput]) -> dict[str, IdValidator]:
    """Return the inputs that are ids, and what validates each."""
    found = {}
    for name, field in model.model_fields.items():
        mark = next(_ids_in((field.annotation, *field.metadata)), None)
        if mark is not None:
            found[name] = mark
    return found


def _ids_in(parts: tuple[Any, ...]) -> Iterator[IdValidator]:
    for part in parts:
        if isinstance(part, IdValidator):
            yield part
        else:
            yield from _ids_in((*get_args(part), *getattr(part, "__metadata__", ())))
