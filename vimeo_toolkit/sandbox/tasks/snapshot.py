"""What stands in a sandbox, as plain values that can be compared: every attribute of everything, by its key."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, cast

from vimeo_toolkit.sandbox.state import (
    Channel,
    Chapter,
    Comment,
    Folder,
    Group,
    LiveEvent,
    Showcase,
    TextTrack,
    User,
    Video,
    Webhook,
)

if TYPE_CHECKING:
    from vimeo_toolkit.sandbox.world import SandboxWorld

__all__ = ["ANY", "Holds", "Snapshot", "agrees", "snapshot_of"]

Snapshot = dict[str, dict[str, Any]]
"""Key of a thing, such as `video 100012` or `new folder 'Raku'` → its attributes."""


class _Any:
    def __repr__(self) -> str:
        return "anything"


ANY: Final[Any] = _Any()
"""Stands in a right end state where a task leaves open what is chosen, such as the layout of a new showcase."""


@dataclass(frozen=True)
class Holds:
    """Stands in a right end state for a text that an agent words itself: it has to have these parts."""

    parts: tuple[str, ...]

    def __init__(self, *parts: str) -> None:
        object.__setattr__(self, "parts", parts)

    def fits(self, text: Any) -> bool:
        """Tell whether a text has all parts, in upper or lower case."""
        return isinstance(text, str) and all(part.casefold() in text.casefold() for part in self.parts)


def agrees(wanted: Any, found: Any) -> bool:
    """Tell whether a value is what a right end state has in its place."""
    if wanted is ANY or wanted == found:
        return True
    return isinstance(wanted, Holds) and wanted.fits(found)


_SIMPLE: Final = frozenset({str, int, float, bool, Holds, _Any})
_PASSING: Final = frozenset({"changed", "clock", "created", "disabled_on", "enabled_on", "modified", "ready",
                             "redirect_url", "secret", "upload_link", "watchlater_changed", "window"})  # fmt: skip
"""Attributes that say when or how something was done, and not what."""

_ELSEWHERE: Final[Mapping[Hashable, frozenset[str]]] = {
    User: frozenset({"videos", "showcases", "folders", "followers"}),
    Video: frozenset({"texttracks", "comments", "chapters", "liked_by"}),
    Comment: frozenset({"replies"}),
}
"""Attributes that something else's say, too."""

_NAMES: Final[Mapping[type, str]] = {
    User: "user", Video: "video", Showcase: "showcase", Folder: "folder", Comment: "comment",
    TextTrack: "captions", Chapter: "chapter", Webhook: "webhook",
    Channel: "channel", Group: "group", LiveEvent: "live event",
}  # fmt: skip


def snapshot_of(world: SandboxWorld, last_id: int) -> Snapshot:
    """Return everything that stands in a sandbox.

    Args:
        last_id: ids above it are of things made since; they are named by what they are, because the ids depend on
            the order in which they were made.
    """
    keys: dict[int, str] = {}
    taken: set[str] = set()
    belongs: list[tuple[Any, dict[str, Any]]] = []
    for thing, more in _things(world):
        key = _key(thing, more, keys, last_id)
        while key in taken:
            key += " again"
        taken.add(key)
        keys[id(thing)] = key
        belongs.append((thing, more))
    return {keys[id(thing)]: _values(thing, keys) | _rendered(more, keys) for thing, more in belongs}


def _things(world: SandboxWorld) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield what there is, what holds others before what it holds, with what it hangs on."""
    for user in world.users:
        yield user, {}
    for user in world.users:
        for folder in sorted(user.folders, key=lambda folder: folder.depth):
            yield folder, {}
    for video in world.videos.values():
        yield video, {}
    for user in world.users:
        for showcase in user.showcases:
            yield showcase, {}
    for video in world.videos.values():
        for hanging in (video.texttracks, video.chapters):
            for thing in hanging:
                yield thing, {"of": video}
        for comment in video.comments:
            yield comment, {}
            for reply in comment.replies:
                yield reply, {"to": comment}
    for place in (*world.channels, *world.groups, *world.webhooks, *world.live_events):
        yield place, {}


def _key(thing: Any, more: dict[str, Any], keys: dict[int, str], last_id: int) -> str:
    kind = _NAMES[type(thing)]
    if thing.id <= last_id:
        return f"{kind} {thing.id}"
    match thing:
        case Comment():
            parent = keys[id(more.get("to") or thing.video)]
            return f"new comment of {keys[id(thing.user)]} to {parent}"
        case TextTrack():
            return f"new captions {thing.language} of {keys[id(more['of'])]}"
        case Chapter():
            return f"new chapter {thing.title!r} of {keys[id(more['of'])]}"
        case Webhook():
            return f"new webhook {thing.type} to {thing.url}"
        case _:
            return f"new {kind} {thing.name!r}"


@cache
def _names_of(kind: Hashable) -> tuple[str, ...]:
    left_out = _PASSING | _ELSEWHERE.get(kind, frozenset()) | {"id"}
    return tuple(each.name for each in fields(cast("Any", kind)) if each.name not in left_out)


def _values(thing: Any, keys: dict[int, str]) -> dict[str, Any]:
    found = {}
    kind: Any = type(thing)
    for name in _names_of(kind):
        value = getattr(thing, name)
        found[name] = value if value is None or type(value) in _SIMPLE else _plain(value, keys)
    return found


def _rendered(more: dict[str, Any], keys: dict[int, str]) -> dict[str, Any]:
    return {name: _plain(value, keys) for name, value in more.items()}


def _plain(value: Any, keys: dict[int, str]) -> Any:
    """Return a value without references: things by their keys, lists sorted, files as their text or digest."""
    if value is None or type(value) in _SIMPLE:
        return value
    if id(value) in keys:
        return keys[id(value)]
    if isinstance(value, list | tuple | set | frozenset):
        return sorted((_plain(each, keys) for each in value), key=repr)
    if isinstance(value, Mapping):
        return {str(name): _plain(each, keys) for name, each in value.items()}
    if isinstance(value, bytes):
        return _text_of(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if hasattr(value, "sha256"):
        return value.sha256  # a file that was received
    if is_dataclass(value):
        return type(value).__name__ + repr(getattr(value, "uri", getattr(value, "name", value)))
    return repr(value)


def _text_of(file: bytes) -> str:
    """Return captions as the text that they are, for `Holds`, and the digest of any other file."""
    try:
        return " ".join(file.decode().split())
    except UnicodeDecodeError:
        return sha256(file).hexdigest()
