"""Hold one answer against another: statuses, codes, headers, names, types and nulls, whatever the depth.

A place is where something stands in a representation, such as `video.privacy.view`: it begins anew at each thing
that has an address of its own, so that a user is one user, wherever it stands.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Places", "header_differences", "places_of"]

_THINGS = (
    (r"/videos/[^/]+", "video"),
    (r"/users/[^/]+", "user"),
    (r"(/users/[^/]+)?/albums/\d+", "showcase"),
    (r"(/users/[^/]+|/me)/(projects|folders)/\d+", "folder"),
    (r"/channels/[^/]+", "channel"),
    (r"/groups/[^/]+", "group"),
    (r"/categories/[^/]+(/subcategories/[^/]+)?", "category"),
    (r"(/users/[^/]+)?/presets/\d+", "preset"),
    (r"(/videos/[^/]+)?/tags/[^/]+", "tag"),
    (r"(/videos/[^/]+)?/comments/\d+", "comment"),
    (r"/videos/[^/]+/texttracks/\d+", "text track"),
    (r"/videos/[^/]+/versions/\d+", "version"),
    (r"/(videos|users)/[^/]+/pictures/\d+", "picture"),
    (r"/apps/\d+", "app"),
)
_WHOLE = {"clip": "video", "user": "user", "folder": "folder", "parent_folder": "folder", "app": "app"}
"""Names under which a thing stands even where its address is null or false."""

_REFERENCES = ("connections", "interactions")
"""Below these stand addresses and no things."""


def _thing(name: str, value: Any, place: str) -> str | None:
    """The kind of thing that an object is, if it is one."""
    if not isinstance(value, dict) or any(f".{each}" in place for each in _REFERENCES):
        return None
    if name in ("parent", "subcategories", "uploader", "ancestor_path", "embed_presets", "websites"):
        return None
    uri = value.get("uri")
    if isinstance(uri, str) and len(value) > 2:
        for pattern, kind in _THINGS:
            if re.fullmatch(pattern, uri):
                return kind
    return _WHOLE.get(name) if len(value) > 2 or name == "app" else None


def _type(value: Any) -> str:
    if value is None:
        return "null"
    for kind, name in ((bool, "boolean"), (int | float, "number"), (str, "text"), (list, "list")):
        if isinstance(value, kind):
            return name
    return "object"


@dataclass
class Places:
    """What stands where: names of objects, types of values."""

    names: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    types: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, other: Places) -> None:
        for place, names in other.names.items():
            self.names[place] |= names
        for place, types in other.types.items():
            self.types[place] |= types


def places_of(body: Any, name: str = "answer") -> Places:
    """Return the places of a body; a list's items share theirs."""
    found = Places()
    for place, value, names in _walk(name, name, body):
        found.types[place].add(_type(value))
        if names:
            found.names[place].update(names)
    return found


def _walk(place: str, name: str, value: Any) -> Iterator[tuple[str, Any, Iterable[str]]]:
    """Each value with its place, and an object's names once: where it is a thing, at the thing's place."""
    thing = "list.paging" if name == "paging" else _thing(name, value, place)
    names = value.keys() if isinstance(value, dict) else ()
    if thing is not None and thing != place:
        yield place, value, ()
        place = thing
    yield place, value, names
    if isinstance(value, dict):
        for each, inner in value.items():
            yield from _walk(f"{place}.{each}", each, inner)
    if isinstance(value, list):
        for inner in value:
            yield from _walk(f"{place}[]", name, inner)


_OF_THE_SERVER = frozenset(
    (
        "connection",
        "content-length",
        "date",
        "expires",
        "fastly-restarts",
        "pragma",
        "server",
        "set-cookie",
        "x-content-type-options",
        "x-frame-options",
        "x-ua-compatible",
        "x-vimeo-error",
        "x-xss-protection",
    )
)
"""Headers that come from the machinery before the API."""


def header_differences(recorded: dict[str, str], here: dict[str, str]) -> list[str]:
    """What differs in names, and in the values that clients read."""
    was = {name.lower(): value for name, value in recorded.items()}
    now = {name.lower(): value for name, value in here.items()}
    found = [f"header {name} is missing" for name in was.keys() - now.keys() - _OF_THE_SERVER]
    if len(was) > 3:  # all of them were recorded
        found += [f"header {name} is extra" for name in now.keys() - was.keys() - _OF_THE_SERVER]
    for name in ("content-type", "www-authenticate"):
        if name in was and name in now and was[name].partition(";")[0] != now[name].partition(";")[0]:
            found.append(
                f"header {name} is {now[name].partition(';')[0]}, recorded {was[name].partition(';')[0]}"
            )
    return sorted(found)
