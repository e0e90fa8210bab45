"""Everything that a plan can change of a video, one row each: where it is read, how it is written, what it needs.

Sources: the API's OpenAPI document (2024) for routes, bodies and scopes; recordings of the live API for the fields
of a video (`tags`, `parent_folder`, `metadata.interactions`, where `like` is missing for one's own videos). No
recording shows the routes for many videos at once (`Route.many`), so whoever uses one looks afterwards what came of
it, and sends the single requests where it did nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.catalog.effects import Same, last_part, same_value
from vimeo_toolkit.catalog.ids import collection_path
from vimeo_toolkit.catalog.video_parts import same_tag
from vimeo_toolkit.changes.model import Edit, EditKind
from vimeo_toolkit.wire.api_request import ApiRequest

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.looks import Effect

__all__ = [
    "AT_ONCE",
    "KINDS",
    "UNKNOWN",
    "Kind",
    "Route",
    "looks_of",
    "many_at_once",
    "patch_of",
    "same_place",
    "scopes_of",
    "single",
    "tag_in",
    "tags_added",
    "value_in",
]

AT_ONCE: Final = 100
"""Videos that one request names, which keeps its address short enough for any server."""

UNKNOWN: Final[Any] = type("Unknown", (), {"__repr__": lambda self: "UNKNOWN", "__slots__": ()})()
"""What stands where Vimeo's answer does not show a value, which is not the same as an empty one."""


@dataclass(frozen=True, slots=True)
class Route:
    """A request that sets or ends something. `{video}` is the video's number, `{of}` the tag, `{place}` the path of
    the showcase or folder."""

    method: str
    path: str
    many: str = ""
    """The path where one request takes many videos, as `uris` of its query; "" where there is none."""
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing of a video that can change."""

    label: str
    """What people call it."""
    field: str
    """Where the video has it; for embed_domain and showcase, what is read beside their own lists."""
    effect: Effect
    same: Same = same_value
    """Whether two values are the same, as people see them."""
    body: Callable[[Any, str], Mapping[str, Any]] | None = None
    """What it puts into the body of PATCH /videos/{video}: of one video, all of these are one request."""
    on: Route | None = None
    """Sets it, where it is not a part of that body."""
    off: Route | None = None
    """Ends it."""
    scopes: frozenset[str] = frozenset()
    """What `body` needs; a route has its own."""
    listed: bool = False
    """Vimeo lists those that have it in the order in which they got it, so they get it one after the other."""


def same_place(asked: Any, shown: Any) -> bool:
    """Return whether two URIs are of the same folder or showcase, whoever's name leads to it, or both None."""
    return (last_part(asked) if asked else None) == (last_part(shown) if shown else None)


def looks_of(video: Mapping[str, Any]) -> str:
    """Return a digest of what people can change of a video, by which one that was changed is told."""
    shown = [_at(video, path) for path in _LOOKS.split(",")[1:-1]]
    tags = video.get("tags")
    words = sorted(str(each.get("name")) for each in tags or () if isinstance(each, Mapping))
    known = [None if each is UNKNOWN else each for each in shown]
    return hashlib.sha256(json.dumps([*known, words], sort_keys=True).encode()).hexdigest()[:16]


_LOOKS: Final = "uri,name,description,privacy.view,license,parent_folder.uri,tags.name"
_EDIT: Final = frozenset({"edit"})
_INTERACT: Final = frozenset({"interact"})
_DELETE: Final = frozenset({"delete"})


KINDS: Final[Mapping[EditKind, Kind]] = MappingProxyType(
    {
        "name": Kind("title", "name", "destructive", body=lambda to, of: {"name": to}, scopes=_EDIT),
        "description": Kind(
            "description",
            "description",
            "destructive",
            body=lambda to, of: {"description": to or ""},
            scopes=_EDIT,
        ),
        "privacy": Kind(
            "privacy",
            "privacy.view",
            "destructive",
            body=lambda to, of: {"privacy": {"view": to}},
            scopes=_EDIT,
        ),
        "license": Kind(
            "license", "license", "destructive", body=lambda to, of: {"license": to}, scopes=_EDIT
        ),
        "tag": Kind(
            "tag",
            "tags.name,tags.canonical",
            "visible",
            # Several are one request, see `tags_added`.
            on=Route("PUT", "/videos/{video}/tags", scopes=_EDIT),
            off=Route("DELETE", "/videos/{video}/tags/{of}", scopes=_EDIT),
        ),
        "folder": Kind(
            "folder",
            "parent_folder.uri,parent_folder.name",
            "visible",
            same=same_place,
            on=Route("PUT", "{place}/videos/{video}", "{place}/videos", _INTERACT),
            # One at a time: the same for many takes `should_delete_clips`, and what it does without is not said.
            off=Route("DELETE", "{place}/videos/{video}", scopes=_DELETE),
        ),
        "showcase": Kind(
            "showcase",
            "privacy.view",
            "visible",
            # For many, `catalog.showcase_filling` sends and verifies the whole list.
            on=Route("PUT", "{place}/videos/{video}", scopes=_EDIT),
            off=Route("DELETE", "{place}/videos/{video}", scopes=_EDIT),
        ),
        "embed_privacy": Kind(
            "embedding",
            "privacy.embed",
            "visible",
            body=lambda to, of: {"privacy": {"embed": to}},
            scopes=_EDIT,
        ),
        "embed_domain": Kind(
            "embed domain",
            "privacy.embed",
            "visible",
            body=lambda to, of: {"embed_domains_add" if to else "embed_domains_delete": [of]},
            scopes=_EDIT,
            # The single requests, for where the body did nothing.
            on=Route("PUT", "/videos/{video}/privacy/domains/{of}", scopes=_EDIT),
            off=Route("DELETE", "/videos/{video}/privacy/domains/{of}", scopes=_EDIT),
        ),
        "like": Kind(
            "like",
            "metadata.interactions.like.added",
            "visible",
            on=Route("PUT", "/me/likes/{video}", scopes=_INTERACT),
            off=Route("DELETE", "/me/likes/{video}", scopes=_INTERACT),
            listed=True,
        ),
        "watch_later": Kind(
            "Watch Later",
            "metadata.interactions.watchlater.added",
            "private",
            on=Route("PUT", "/me/watchlater/{video}", scopes=_INTERACT),
            off=Route("DELETE", "/me/watchlater/{video}", scopes=_INTERACT),
            listed=True,
        ),
        "video": Kind(
            "video",
            _LOOKS,
            "destructive",
            off=Route("DELETE", "/videos/{video}", "/me/videos", _DELETE),
        ),
    }
)


def scopes_of(edit: Edit) -> frozenset[str]:
    """Return the scopes that making an edit needs."""
    kind = KINDS[edit.kind]
    if kind.body is not None:
        return kind.scopes
    route = _route(edit)
    return route.scopes if route is not None else frozenset()


def value_in(video: Mapping[str, Any], kind: EditKind, of: str = "") -> Any:
    """Return what a video has of a kind, as `Edit.before` has it; `UNKNOWN` where its JSON does not show it.

    Args:
        video: as Vimeo shows it, with the kind's `field`.
        of: the tag. Showcases and embed domains are not in a video's JSON: see `current`.
    """
    if kind == "video":
        return True
    if kind == "tag":
        tags = _at(video, "tags")
        return UNKNOWN if tags is UNKNOWN else tag_in(tags, of) is not None
    if kind in ("showcase", "embed_domain"):
        return UNKNOWN
    return _at(video, KINDS[kind].field.partition(",")[0])


def tag_in(tags: Any, word: str) -> str | None:
    """Return the word of a tag as the video's list has it; None where it is not among them."""
    for each in tags if isinstance(tags, list) else ():
        words = [text for text in each.values() if isinstance(text, str)] if isinstance(each, dict) else []
        if any(same_tag(word, text) for text in words):
            name = each.get("name")
            return name if isinstance(name, str) else word
    return None


def _at(thing: Any, path: str) -> Any:
    """Return what is at a dotted path: None where a null stands on the way, `UNKNOWN` where a name is missing."""
    for name in path.split("."):
        if thing is None:
            return None
        if not isinstance(thing, Mapping) or name not in thing:
            return UNKNOWN
        thing = thing[name]
    return thing


# ---- requests ----


def patch_of(video: str, edits: Iterable[Edit]) -> ApiRequest | None:
    """Return the one request for all edits of a video that its body can have; None where there is none."""
    body: dict[str, Any] = {}
    for edit in edits:
        make = KINDS[edit.kind].body
        for name, value in make(edit.after, edit.of).items() if make is not None else ():
            there = body.get(name)
            if isinstance(there, list):
                value = [*there, *value]
            elif isinstance(there, dict):
                value = {**there, **value}
            body[name] = value
    if not body:
        return None
    return ApiRequest("PATCH", f"/videos/{last_part(video)}", body=body, fields="uri")


def tags_added(video: str, words: Iterable[str]) -> ApiRequest:
    """Return the one request that adds several tags and keeps those that are there (Vimeo's guide to tags)."""
    body = [{"name": word} for word in words]
    return ApiRequest("PUT", f"/videos/{last_part(video)}/tags", body=body, fields="uri,name,canonical")


def single(video: str, edit: Edit, own: str) -> ApiRequest | None:
    """Return the request that makes one edit of one video; None where the kind has no route of its own.

    Args:
        video: its URI.
        edit: what changes.
        own: the connected user's URI.
    """
    route = _route(edit)
    if route is None:
        return None
    if edit.kind == "tag" and edit.after:
        return tags_added(video, [edit.of])
    path = _filled(route.path, edit, own, video)
    return ApiRequest(route.method, path, fields=None if route.method == "DELETE" else "uri")


def many_at_once(videos: Iterable[str], edit: Edit, own: str) -> ApiRequest | None:
    """Return the request that makes the same edit of up to `AT_ONCE` videos; None where there is no such route.

    Args:
        videos: their URIs.
        edit: what changes of each.
        own: the connected user's URI.
    """
    route = _route(edit)
    if route is None or not route.many:
        return None
    query = {"uris": ",".join(videos)}
    path = _filled(route.many, edit, own)
    return ApiRequest(route.method, path, query, fields=None if route.method == "DELETE" else "uri")


def _route(edit: Edit) -> Route | None:
    kind = KINDS[edit.kind]
    return kind.on if edit.after else kind.off


def _filled(path: str, edit: Edit, own: str, video: str = "") -> str:
    place = ""
    if "{place}" in path:
        where = edit.of if edit.kind == "showcase" else edit.after or edit.before
        place = collection_path("showcase" if edit.kind == "showcase" else "folder", str(where), own)
    return path.replace("{place}", place).replace("{video}", last_part(video)).replace("{of}", edit.of)
