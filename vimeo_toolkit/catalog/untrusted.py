"""Which parts of a tool's result may hold text that other people than the user have written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from vimeo_toolkit.wire.format import one_line

__all__ = [
    "ANY_FREE_TEXT",
    "FREE_TEXT",
    "LONGEST_TITLE",
    "free_text_found",
    "free_text_in",
    "hangs_on_a_video",
    "is_users_own",
    "others_texts",
    "own_title",
    "with_text",
    "without_own_texts",
]

FREE_TEXT: Final = frozenset({"bio", "description", "location", "name", "short_bio", "text", "title"})
"""Names of the parts of Vimeo's answers in which people can write any text."""

ANY_FREE_TEXT: Final = "*"
"""Stands for every part of an answer that holds free text, where its parts are not known beforehand."""
_OBJECT: Final = (dict, Mapping)
"""What JSON has first: whether something is any other mapping takes ten times as long to find out."""
_DEEPEST: Final = 8
_MOST_FOUND: Final = 40
LONGEST_TITLE: Final = 80
"""Characters of a title that are kept."""

_VIMEOS: Final = ("/contentratings", "/languages", "/categories", "/categories/{category}")
"""Paths under which Vimeo wrote everything."""
_VIMEOS_PARTS: Final = frozenset({"categories.name", "subcategories.name"})
_ON_A_VIDEO: Final = tuple(f"/videos/{{video_id}}/{part}" for part in ("tags", "texttracks", "chapters"))
_LABEL: Final = 3, 40
"""Words and characters up to which such a text is a label, which can hold no order."""


def free_text_in(fields: str | None) -> tuple[str, ...]:
    """Return the parts of a projection that hold free text."""
    return tuple(
        name
        for name in (fields or "").split(",")
        if name.rpartition(".")[2] in FREE_TEXT and name not in _VIMEOS_PARTS
    )


def free_text_found(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the parts of an answer, dots for nesting, that hold free text: of a list those of its items."""
    listed = body.get("data")
    items = listed if isinstance(listed, list) else []
    top = {name: value for name, value in body.items() if value is not items}
    found = dict.fromkeys(name for thing in (top, *items) for name in _named_texts(thing, "", _DEEPEST))
    return tuple(found)[:_MOST_FOUND]


def _named_texts(thing: Any, place: str, deep: int) -> Iterator[str]:
    if isinstance(thing, list) and deep:
        for each in thing:
            yield from _named_texts(each, place, deep - 1)
    elif isinstance(thing, Mapping) and deep:
        for name, value in thing.items():
            if str(name).removesuffix("_html") in FREE_TEXT and isinstance(value, str):
                yield f"{place}{name}"
            elif isinstance(value, Mapping | list):
                yield from _named_texts(value, f"{place}{name}.", deep - 1)


def is_users_own(path: str, fields: str | None) -> bool:
    """Return whether what is under this path was written by the user, or by Vimeo: the user's own things, with no
    author beside them."""
    if path in _VIMEOS:
        return True
    return path.startswith(("/me", "/apps")) and "user.name" not in (fields or "").split(",")


def hangs_on_a_video(path: str) -> bool:
    """Return whether what is under this path is of the video's owner, whom its answers do not name: tags, names of
    captions, titles of chapters. Short ones are labels there."""
    return path.startswith(_ON_A_VIDEO)


def others_texts(
    body: Mapping[str, Any], names: Iterable[str], own: str | None, *, labels: bool = False
) -> tuple[str, ...]:
    """Return those of the parts that hold text of others in this answer.

    Args:
        body: the answer; a list has its items under `data`.
        names: parts that may hold it, dots for nesting.
        own: the user's URI. What they are the `user` of, they wrote.
        labels: leave out texts that are so short that they are labels.
    """
    others = [thing for thing in _things(body) if not _is_by(thing, own)]
    return tuple(name for name in dict.fromkeys(names) if _holds_text(others, name, labels=labels))


def with_text(body: Mapping[str, Any], names: Iterable[str]) -> tuple[str, ...]:
    """Return those of the parts that hold any text here."""
    return others_texts(body, names, None)


def own_title(body: Any, theirs: Collection[str]) -> str:
    """Return the title or name of the thing that an answer is about, on one short line; "" where it tells none, or
    others wrote it.

    Args:
        body: the answer.
        theirs: its parts that hold text of others.
    """
    for name in ("name", "title") if isinstance(body, _OBJECT) else ():
        if name not in theirs and (title := one_line(body.get(name), LONGEST_TITLE)):
            return title
    return ""


def without_own_texts(
    body: Mapping[str, Any], names: Iterable[str], own: str | None, *, labels: bool
) -> tuple[str, ...]:
    """Return the parts without those that hold text here, none of it of others. See `others_texts`."""
    things = _things(body)
    others = [thing for thing in things if not _is_by(thing, own)]
    if len(others) == len(things) and not labels:
        return tuple(names)
    return tuple(
        name for name in names if _holds_text(others, name, labels=labels) or not _holds_text(things, name)
    )


def _things(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = body.get("data")
    return (
        [body, *(item for item in listed if isinstance(item, _OBJECT))]
        if isinstance(listed, list)
        else [body]
    )


def _holds_text(things: Iterable[Mapping[str, Any]], name: str, *, labels: bool = False) -> bool:
    steps = name.split(".")
    return any(not (labels and _is_label(text)) for thing in things for text in _texts(thing, steps))


def _is_by(thing: Mapping[str, Any], own: str | None) -> bool:
    if own is None:
        return False
    author = thing.get("user")
    return thing.get("uri") == own or (isinstance(author, _OBJECT) and author.get("uri") == own)


def _is_label(text: str) -> bool:
    words, characters = _LABEL
    return len(text.split()) <= words and len(text) <= characters


def _texts(value: Any, steps: list[str]) -> Iterator[str]:
    for number, step in enumerate(steps):
        if isinstance(value, list):
            for each in value:
                yield from _texts(each, steps[number:])
            return
        if value is None or not isinstance(value, _OBJECT):
            return
        value = value.get(step)
    if isinstance(value, list):
        for each in value:
            yield from _texts(each, [])
    elif isinstance(value, str) and value.strip():
        yield value
