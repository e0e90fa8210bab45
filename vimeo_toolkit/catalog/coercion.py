"""Inputs as models send them, made into what the type of each input asks for.

One table of a tool's inputs stands between what a caller gave and pydantic: it is derived from the types alone, so
a new tool needs nothing. It only rewrites what has one meaning. Everything else stays as it is, and the validation
refuses it by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeAlias, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from vimeo_toolkit.catalog.ids import IdValidator, is_id
from vimeo_toolkit.catalog.links import without_markdown
from vimeo_toolkit.catalog.lists import COMMAS, GAPS, LINES, LONGEST, list_of
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.shape import EMPTY

__all__ = ["EMPTY", "Coerce", "coerced", "coercions_of", "without_blanks"]

NOTHING: Final = frozenset({"null", "None", "undefined"})
"""What JSON, Python and JavaScript write for nothing; as a text of its own it is never what was meant."""
NOTHING_OPTIONAL: Final = NOTHING | {"NULL", "none"}
"""The same where an input may be left out. There a word that may be a text, as the name `none` may, is one only
where something has to be given."""
BLANK: Final = frozenset({"", '""', "''"})

TRUTH: Final = {
    **dict.fromkeys(("true", "yes", "y", "on", "1"), True),
    **dict.fromkeys(("false", "no", "n", "off", "0"), False),
}

SYNONYMS: Final = {
    "private": "nobody",
    "public": "anybody",
    "ascending": "asc",
    "descending": "desc",
}
"""Other word → the value that it means, in enumerations that have the value and not the word."""

Coerce: TypeAlias = Callable[[Any], Any]
"""Takes what was given for one input; returns what is validated, or `_LEFT_OUT`."""

_LEFT_OUT: Final = object()
_LONGEST: Final = 40
"""No text that stands for something else is longer."""
_MARKS: Final = " \t\r\n\"'`"
_WHOLE: Final = re.compile(r"([+-]?[0-9]{1,18})(?:\.0*)?", re.ASCII)
_SEPARATORS: Final = re.compile(r"[\s_-]+")


def coerced(arguments: Mapping[str, Any], coercions: Mapping[str, Coerce]) -> dict[str, Any]:
    """Return the arguments as they are to be validated, without those that are left out; never raises for a value.

    Args:
        coercions: of the tool's inputs, see `coercions_of`. What is not among them stays as it is.
    """
    made = {}
    for name, value in arguments.items():
        if value is None and name in coercions:
            continue
        coerce = coercions.get(name)
        if coerce is not None and (value := coerce(value)) is _LEFT_OUT:
            continue
        made[name] = value
    return made


def without_blanks(arguments: Mapping[str, Any], optional: Collection[str]) -> dict[str, Any]:
    """Return what a model gave without the optional inputs that it filled with nothing.

    Many models fill every input of a schema. So "" from one must not clear a text: `EMPTY`, "(empty)", does.
    """
    return {name: value for name, value in arguments.items() if name not in optional or not _is_blank(value)}


def coercions_of(fields: Mapping[str, FieldInfo]) -> dict[str, Coerce]:
    """Return how each input is made into what its type asks for."""
    return {name: _coercion(field) for name, field in fields.items()}


def _is_blank(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) < _LONGEST and value.strip() in BLANK
    return value is None or (isinstance(value, list) and not value)


def _coercion(field: FieldInfo) -> Coerce:
    kind, marks = _without_marks(field.annotation, field.metadata)
    or_none = any(isinstance(mark, IdValidator) and mark.or_none for mark in marks)
    nothing = NOTHING if field.is_required() or or_none else NOTHING_OPTIONAL
    if get_origin(kind) is Literal:
        return _enumeration(get_args(kind))
    if get_origin(kind) is list:
        return _several(get_args(kind)[0], nothing)
    kinds = {_without_marks(part, ())[0] for part in get_args(kind)} or {kind}
    if kinds & {bool, int, float}:  # or a number or a text, such as a time of a clock
        return _scalar(nothing, numeric=bool not in kinds)
    text = _text(nothing, numbers=kind is str and not _is_id(marks))
    if kind is Secret:  # as one the operator's code before a call sees a password
        return lambda value: text(value.reveal() if isinstance(value, Secret) else value)
    return text


def _without_marks(annotation: Any, marks: list[Any] | tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
    """Return a type without None and without what is annotated to it, and that."""
    found = tuple(marks)
    while True:
        origin, parts = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            annotation, found = parts[0], (*found, *parts[1:])
        elif (
            origin in (Union, UnionType)
            and len(rest := [part for part in parts if part is not NoneType]) == 1
        ):
            annotation = rest[0]
        else:
            return annotation, found


def _is_id(marks: tuple[Any, ...]) -> bool:
    return any(isinstance(mark, IdValidator) for mark in marks)


def _bare(text: str) -> str:
    """Return a short text without blanks and quotation marks around it."""
    return text.strip(_MARKS)


def _text(nothing: frozenset[str], *, numbers: bool) -> Coerce:
    """Texts, and what is written as one, such as ids and dates. `numbers`: a number is the text of its digits."""

    def coerce(value: Any) -> Any:
        if isinstance(value, str):
            if len(value) < _LONGEST:
                bare = _bare(value)
                if bare in nothing:
                    return _LEFT_OUT
                if bare.casefold() == EMPTY:
                    return ""
        elif numbers and isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
            return str(value)
        return value

    return coerce


def _scalar(nothing: frozenset[str], *, numeric: bool) -> Coerce:
    """Numbers and truth values, also as texts. They become values here already, so that the operator's code before
    a call can compare them."""

    def coerce(value: Any) -> Any:
        if isinstance(value, str):
            if len(value) >= _LONGEST:
                return value
            bare = _bare(value)
            if bare in nothing:
                return _LEFT_OUT
            if numeric:
                return int(whole[1]) if (whole := _WHOLE.fullmatch(bare)) else bare
            return TRUTH.get(bare.casefold(), bare)
        if numeric and isinstance(value, bool):
            return str(value)  # which pydantic refuses, where it would take True for 1
        return value

    return coerce


def _enumeration(values: tuple[Any, ...]) -> Coerce:
    known = {_key(value): value for value in values}
    for word, meant in SYNONYMS.items():
        if meant in values:
            known.setdefault(word, meant)

    def coerce(value: Any) -> Any:
        if not isinstance(value, str) or value in values or len(value) >= _LONGEST:
            return value
        bare = _bare(value)
        # "none" is not nothing here: for an audience it may mean nobody. Where it is a value, neither is "None".
        if bare in NOTHING:
            return value if _key(bare) in known else _LEFT_OUT
        return known.get(_key(bare), value)

    return coerce


def _key(word: str) -> str:
    return _SEPARATORS.sub("", word).casefold()


def _several(item: Any, nothing: frozenset[str]) -> Coerce:
    kind, marks = _without_marks(item, ())
    ids = _is_id(marks)
    between = GAPS if ids else COMMAS
    one = next((mark for mark in marks if isinstance(mark, IdValidator) and mark.by_name), None)
    each = _enumeration(get_args(kind)) if get_origin(kind) is Literal else _text(NOTHING, numbers=True)

    def coerce(value: Any) -> Any:
        if isinstance(value, str) and len(value) < _LONGEST and _bare(value) in nothing:
            return _LEFT_OUT
        if ids and isinstance(value, str) and len(value) < LONGEST:
            value = without_markdown(value)
        written = isinstance(value, str) and value.strip()
        value = list_of(value, between) if one is None else _named_list(value, one)
        if written and value == [] and nothing is NOTHING_OPTIONAL:  # "[]"; "" from code is refused
            return _LEFT_OUT
        if ids or not isinstance(value, list | tuple):
            return value  # an id's own validation takes off what is around it
        items = [each(part.strip() if isinstance(part, str) else part) for part in value]
        return [None if part is _LEFT_OUT else part for part in items]  # refused by its place

    return coerce


def _named_list(value: Any, one: IdValidator) -> Any:
    """Return the list that was written as a text, of things that may be given by their names. A name has blanks and
    commas in it, so only a text of nothing but ids is cut at them.

    Args:
        one: what each of them is.
    """
    lines, parts = list_of(value, LINES), list_of(value, GAPS)
    if lines == parts or not isinstance(parts, list):
        return lines
    return parts if all(is_id(one.kind, part) for part in parts) else lines
