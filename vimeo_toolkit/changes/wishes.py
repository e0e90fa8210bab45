"""What a call asks of every video alike, and what that means for one: a pattern becomes a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.catalog.ids import NO_FOLDER
from vimeo_toolkit.catalog.video_parts import canonical, same_tag
from vimeo_toolkit.changes.kinds import KINDS
from vimeo_toolkit.changes.model import EditKind, NewPlace

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.video_changes import VideosChange

__all__ = [
    "NAME_WORDS",
    "Wish",
    "contradictions",
    "filled",
    "grows",
    "new_places",
    "unknown_words",
    "wishes_of",
]

NAME_WORDS: Final = {
    "name": "the title of now",
    "date": "the day of the upload, such as 2026-11-30",
    "year": "its year, 2026",
    "month": "its month, 11",
    "n": "1, 2, 3 and so on",
}
"""Words in braces that a new title may have, and what each stands for."""
TEXT_WORDS: Final = (*NAME_WORDS, "description")
"""Words in braces that a new description may have: it can be put before or behind the one that is there."""

_WORD: Final = re.compile(r"{(\w+)(?::([^{}]+?)->([^{}]*))?}")
"""`{name}`, and `{name:old->new}`, which has one text in place of another."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that is asked of every video."""

    kind: EditKind
    after: Any
    """As `Edit.after`; of a name and a description the pattern."""
    of: str = ""


def wishes_of(values: VideosChange, place: Callable[[str], str]) -> Iterator[Wish]:
    """Yield what a call asks for.

    Args:
        values: its input.
        place: returns the URI of a folder or showcase that the input names.
    """
    if values.delete:
        yield Wish("video", False)
    if values.set_name is not None:
        yield Wish("name", values.set_name)
    if values.set_description is not None:
        yield Wish("description", values.set_description)
    if values.set_privacy is not None:
        yield Wish("privacy", values.set_privacy)
    if values.set_license is not None:
        yield Wish("license", values.set_license)
    for word in one_of_each(values.remove_tags or ()):
        yield Wish("tag", False, word)
    for word in one_of_each(values.add_tags or ()):
        yield Wish("tag", True, word)
    if values.move_to_folder is not None:
        none = values.move_to_folder == NO_FOLDER
        yield Wish("folder", None if none else place(values.move_to_folder))
    for made in new_places(values):
        yield Wish(made.kind, *((made.stand_in,) if made.kind == "folder" else (True, made.stand_in)))
    for showcase in values.add_to_showcases or ():
        yield Wish("showcase", True, place(showcase))
    for showcase in values.remove_from_showcases or ():
        yield Wish("showcase", False, place(showcase))
    for domain in values.add_embed_domains or ():
        yield Wish("embed_domain", True, domain)
    for domain in values.remove_embed_domains or ():
        yield Wish("embed_domain", False, domain)
    if values.like is not None:
        yield Wish("like", values.like)
    if values.watch_later is not None:
        yield Wish("watch_later", values.watch_later)


def new_places(values: VideosChange) -> list[NewPlace]:
    """Return the folder and the showcase that a call asks to be made."""
    found: list[NewPlace] = []
    if values.new_folder is not None:
        found.append(NewPlace("folder", values.new_folder.strip()))
    if values.new_showcase is not None:
        found.append(NewPlace("showcase", values.new_showcase.strip()))
    return found


def one_of_each(words: Iterable[str]) -> list[str]:
    """Return the tags without those that are another one in other letters, such as `Rust` beside `rust`."""
    kept: list[str] = []
    for word in words:
        if not any(same_tag(word, other) for other in kept):
            kept.append(word)
    return kept


def contradictions(wishes: Iterable[Wish]) -> list[str]:
    """Return what is asked to be put in and taken out at once."""
    asked: dict[tuple[EditKind, str], set[Any]] = {}
    for wish in wishes:
        of = canonical(wish.of) if wish.kind == "tag" else wish.of
        asked.setdefault((wish.kind, of), set()).add(wish.after)
    return [f"{KINDS[kind].label} {of}" for (kind, of), values in asked.items() if len(values) > 1]


def unknown_words(pattern: str) -> list[str]:
    """Return the words in braces of a name's pattern that stand for nothing."""
    return sorted({word for word, _, _ in _WORD.findall(pattern) if word not in NAME_WORDS})


def grows(pattern: str | None, word: str) -> bool:
    """Return whether a text that a pattern has made becomes another one when the pattern is used on it again."""
    return any(
        found[1] == word and (found[2] is None or found[2] in found[3])
        for found in _WORD.finditer(pattern or "")
        if found[0] != pattern or found[2] is not None
    )


def filled(wish: Wish, video: Mapping[str, Any], number: int) -> Any:
    """Return what a wish means for one video.

    Args:
        wish: what is asked.
        video: as Vimeo shows it.
        number: its place among the chosen ones, from 1.
    """
    if wish.kind not in ("name", "description"):
        return wish.after
    uploaded = str(video.get("created_time") or "")[:10]
    known = {
        "name": str(video.get("name") or ""),
        "date": uploaded,
        "year": uploaded[:4],
        "month": uploaded[5:7],
        "n": str(number),
        "description": str(video.get("description") or ""),
    }
    words = tuple(NAME_WORDS) if wish.kind == "name" else TEXT_WORDS
    text = _WORD.sub(lambda found: _put(found, known) if found[1] in words else found[0], wish.after)
    return text.strip() or None  # as Vimeo does


def _put(found: re.Match[str], known: Mapping[str, str]) -> str:
    """Return what stands for a word in braces."""
    old, new = found[2], found[3]
    if old is None:
        return known[found[1]]
    if old.endswith(" ") and new.startswith(" "):  # the arrow's own
        old, new = old[:-1], new[1:]
    return known[found[1]].replace(old, new)
