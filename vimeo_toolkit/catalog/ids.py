"""Ids as users and models write them: a number, a Vimeo URI or a Vimeo URL, always one safe place in a path.

`links` takes off what is written around an id, `id_kinds` has how each kind may be written. What does not match as
a whole is refused, so no value can leave its place in a path: not with a slash, encoded or not, nor with dots, a
query or a fragment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, cast

from pydantic import BeforeValidator, WithJsonSchema

from vimeo_toolkit.catalog.id_kinds import HASH, KINDS, NUMBER, OTHERS, RESERVED, WORD
from vimeo_toolkit.catalog.links import MAX_LENGTH, Link, parsed_link, unwrapped
from vimeo_toolkit.catalog.marks import Help

__all__ = [
    "KINDS",
    "NO_FOLDER",
    "YEAR",
    "CategoryId",
    "ChannelId",
    "ChapterId",
    "CommentId",
    "FolderId",
    "FolderOrNone",
    "FolderUri",
    "GroupId",
    "IdValidator",
    "LiveEventId",
    "NewPlace",
    "OwnVideoUri",
    "PictureId",
    "PresetId",
    "ShowcaseId",
    "TextTrackId",
    "UserId",
    "UserOrMe",
    "VideoId",
    "VideoNumber",
    "VideoUri",
    "WebhookId",
    "collection_path",
    "is_id",
    "is_no_folder",
    "named",
    "normalized",
    "owner_prefix",
    "with_owner",
]

_COLLECTIONS: Final = {"folder": "projects", "showcase": "albums"}
"""Kinds whose ids keep their owner, and the names that their URIs have for them."""
_OWNED: Final = re.compile(rf"(/users/{WORD})/(?:projects|albums)/({NUMBER})", re.ASCII)
NO_FOLDER: Final = "none"
"""What an input that takes a folder or none has for none."""
_NOWHERE: Final = re.compile(
    rf"(?:(?:/me|/users/{WORD})?/(?:folders|projects)/)?(?:root|none|no[ _-]?folder)|/",
    re.ASCII | re.IGNORECASE,
)
"""How people and models write it; Vimeo itself calls the place outside of all folders `folders/root` (API
document)."""
_BY_NAME: Final = "name:"
"""How an input keeps a name until it is looked up, see `names`. No id begins so."""
_LIKE_A_LINK: Final = re.compile(r"/|\S*://|\S+/\S*$|(?:www\.|vimeo\.com)", re.IGNORECASE)
"""How a path or a link begins, which is never looked up as a name."""
_PATH: Final = re.compile(r"[^/:.]*\w[^/:.]*(?:/[^/:.]*\w[^/:.]*)+")
"""A folder named by where it is: `Clients/Northwind`."""
YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}", re.ASCII)
"""What folders and showcases are called rather than what their ids look like, which have more digits."""
LONGEST_NAME: Final = 128
_DECIMAL: Final = re.compile(rf"({NUMBER})\.0+", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Found:
    id: str
    hash: str | None = None
    """Empty: there is one that cannot be a privacy hash."""
    owner: str | None = None


def normalized(kind: str, value: Any) -> str:
    """Return the id in its shortest form, such as `123` or `123:abcdef0123`.

    Raises:
        ValueError: it is not one of this kind; the text says what it is instead, and how one looks.
    """
    found = _found(kind, value)
    return found.id if found.hash is None else f"{found.id}:{found.hash}"


def is_id(kind: str, value: Any) -> bool:
    """Return whether a value is an id of this kind, as `normalized` takes it."""
    try:
        normalized(kind, value)
    except ValueError:
        return False
    return True


def with_owner(kind: str, value: Any) -> str:
    """Return a folder's or showcase's number, or its URI `/users/9/projects/123` where the owner is named.

    Team libraries and other users' showcases are there alone, not under `/me` (API document).

    Raises:
        ValueError: it is not one of this kind.
    """
    found = _found(kind, value)
    if found.owner is None or found.owner.lower() == "me":
        return found.id
    return f"/users/{found.owner}/{_COLLECTIONS[kind]}/{found.id}"


def owner_prefix(value: str, own: str | None = None) -> tuple[str, str]:
    """Split what `with_owner` gave: `/users/9`, or `/me` without an owner or for `own`, and the number."""
    if found := _OWNED.fullmatch(value):
        return "/me" if found[1] == own else found[1], found[2]
    return "/me", value


def named(value: Any) -> str | None:
    """Return the name that an input has in place of an id; None where it has an id, or nothing."""
    return value.removeprefix(_BY_NAME) if isinstance(value, str) and value.startswith(_BY_NAME) else None


def _or_name(kind: str, value: Any, convert: Callable[[Any], str]) -> str:
    """Return what `convert` makes of an id, or else the name that a value can only be, marked as one.

    Raises:
        ValueError: it is neither.
    """
    name = value.removeprefix(_BY_NAME).strip() if isinstance(value, str) else _text(value) or ""
    if kind in _COLLECTIONS and YEAR.fullmatch(name):
        return f"{_BY_NAME}{name}"
    try:
        return convert(value)
    except ValueError:
        # What is written like an id is not a name, such as "me", which is one of Vimeo's own words.
        like_an_id = _compiled(KINDS[kind].plain).fullmatch(name)
        if like_an_id or not _may_be_a_name(kind, name):
            raise
        return f"{_BY_NAME}{name}"


def _may_be_a_name(kind: str, text: str) -> bool:
    """Return whether a thing or a person may be called so: a line with something to read in it that is neither a
    path nor a link."""
    return (
        0 < len(text) <= LONGEST_NAME
        and text.isprintable()
        and (_LIKE_A_LINK.match(text) is None or (kind == "folder" and _is_path(text)))
        and any(sign.isalpha() or not sign.isascii() for sign in text)
    )


def _is_path(text: str) -> bool:
    return _PATH.fullmatch(text) is not None and text.partition("/")[0].strip().lower() not in RESERVED


def is_no_folder(value: Any) -> bool:
    """Return whether a value given as a folder means that there is none, such as "root" or "none"."""
    text = _text(value)
    return text is not None and _NOWHERE.fullmatch(text) is not None


def collection_path(kind: str, value: str, own: str | None = None) -> str:
    """Return the path of the folder or showcase that `with_owner` gave, under its owner.

    Args:
        own: the connected user's URI; what is theirs is under `/me`.
    """
    prefix, number = owner_prefix(value, own)
    return f"{prefix}/{_COLLECTIONS[kind]}/{number}"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return the pattern, compiled when an id of this kind first comes: all of them are a sixth of the
    catalogue's loading time."""
    return re.compile(pattern, re.ASCII | re.IGNORECASE)


def _found(kind: str, value: Any) -> _Found:
    given = KINDS[kind]
    text = _text(value)
    problem = f"not a Vimeo {given.label} id"
    if text is not None:
        if plain := _compiled(given.plain).fullmatch(text):
            found = {_read(plain)}
        elif (link := parsed_link(text)) is not None:
            found, problem = set(_named(kind, link)), _what(kind, link)
        else:
            found = set()
        if any(each.hash == "" for each in found):
            problem = "the h in this link is not a privacy hash, which has hex digits only"
        elif len(found) > 1:
            problem = f"this link names more than one {given.label}, or more than one privacy hash"
        elif found and not (kind == "user" and next(iter(found)).id.lower() in RESERVED):
            return found.pop()
    raise ValueError(f"{problem}: write it as {given.example}")


def _text(value: Any) -> str | None:
    """Return the text of an id without what is around it; None for a value that cannot be an id."""
    if isinstance(value, float) and 0 <= value < 2**53 and value.is_integer():
        value = int(value)  # spreadsheets and some models write ids as floats; beyond 2**53 digits are lost
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if 0 <= value < 10**20 else None
    if not isinstance(value, str) or len(value) > MAX_LENGTH:
        return None
    text = unwrapped(value)
    return found[1] if (found := _DECIMAL.fullmatch(text)) else text


def _read(match: re.Match[str]) -> _Found:
    groups = match.groupdict()
    secret = groups.get("hash")
    return _Found(groups["id"], secret and secret.lower(), groups.get("owner"))


def _named(kind: str, link: Link) -> Iterator[_Found]:
    """Yield all ids of a kind that a link names: more than one where it contradicts itself."""
    for match in _matches(kind, link):
        found = _read(match)
        hashes = [value for value in link.query.get("h", []) if value] if kind == "video" else []
        yield from [found] if not hashes or found.hash else []
        for secret in hashes:
            # Refuse a hash that cannot be one, instead of leaving it out: without its hash an unlisted video is
            # not found.
            known = _compiled(HASH).fullmatch(secret)
            yield _Found(found.id, secret.lower() if known else "", found.owner)


def _matches(kind: str, link: Link) -> Iterator[re.Match[str]]:
    given = KINDS[kind]
    for pattern in getattr(given, link.place):
        if found := _compiled(pattern).fullmatch(link.path):
            yield found
    if link.place == "web":
        for path, name in given.queries:
            for value in link.query.get(name, []) if _compiled(path).fullmatch(link.path) else []:
                if found := _compiled(given.plain).fullmatch(value):
                    yield found
        for path, pattern in given.fragments:
            if _compiled(path).fullmatch(link.path) and (
                found := _compiled(pattern).fullmatch(link.fragment)
            ):
                yield found


def _what(kind: str, link: Link) -> str:
    """Return what a link leads to that has no id of this kind."""
    page = "" if link.place == "api" else link.path
    name = next((name for pattern, name in OTHERS if _compiled(pattern).fullmatch(page)), None)
    if name is None:
        others = [given.label for other, given in KINDS.items() if other != kind and _names(other, link)]
        name = f"a {others[0]}" if others else "a page of Vimeo" if page else None
    label = KINDS[kind].label
    return f"not the URI of a {label}" if name is None else f"this is the link of {name}, not of a {label}"


def _names(kind: str, link: Link) -> bool:
    found = next(_matches(kind, link), None)
    return found is not None and not (kind == "user" and found["id"].lower() in RESERVED)


@dataclass(frozen=True, slots=True)
class IdValidator(BeforeValidator):
    """Validates an id, and tells of what it is one."""

    kind: str = ""
    or_none: bool = False
    """The word "none" means something here, even where the input may be left out."""
    by_name: bool = False
    """It may be given by its name, see `names`."""

    def written(self, value: str) -> str:
        """Return an id as the input has it.

        Raises:
            ValueError: it is not one.
        """
        return str(cast("Callable[[str], Any]", self.func)(value))


def _id(kind: str, convert: Callable[[str], str] = str) -> IdValidator:
    return IdValidator(lambda value: convert(normalized(kind, value)), kind=kind)


def _owned(kind: str) -> IdValidator:
    return IdValidator(lambda value: _collection(kind, value), kind=kind, by_name=True)


def _id_or_name(kind: str, convert: Callable[[str], str] = str) -> IdValidator:
    return IdValidator(
        lambda value: _or_name(kind, value, lambda each: convert(normalized(kind, each))),
        kind=kind,
        by_name=True,
    )


def _one_folder(value: Any) -> str:
    if is_no_folder(value):
        raise ValueError(
            "this means no folder, and one is needed here: vimeo_folders_list lists them, and vimeo_my_videos_find "
            "with in_folder=false the videos in none"
        )
    return _collection("folder", value)


def _folder_or_none(value: Any) -> str:
    return NO_FOLDER if is_no_folder(value) else _collection("folder", value)


def _collection(kind: str, value: Any) -> str:
    return _or_name(kind, value, lambda each: with_owner(kind, each))


def _user_or_me(value: Any) -> str:
    return "me" if (_text(value) or "").lower() in ("me", "/me") else normalized("user", value)


def _by(kind: str, about: str) -> Help:
    return Help(f"{about}: {KINDS[kind].example}.")


_PLAIN = WithJsonSchema({"type": "string"})
_VIDEO = _by("video", "The video, by its id, URI or link")
_FOLDER = _by("folder", "The folder, by its name, id, URI or link")
_USER = Help('The user, by id, name, URI or link: "Jo Doe", "123", "/users/123" or "https://vimeo.com/name".')

VideoId = Annotated[str, _id("video"), _PLAIN, _VIDEO]
"""Keeps the privacy hash of an unlisted video (`/videos/123:hash` is how its viewers reach it)."""
VideoNumber = Annotated[str, _id("video", lambda text: text.partition(":")[0]), _PLAIN, _VIDEO]
"""For paths where the API takes the number alone."""
VideoUri = Annotated[str, _id("video", "/videos/{}".format), _PLAIN, _VIDEO]
OwnVideoUri = Annotated[
    str,
    _id_or_name("video", "/videos/{}".format),
    _PLAIN,
    _by("video", "The video, by its id, URI or link, or one of the user's own by its title"),
]
"""The same, or the whole title of one of the user's own videos."""
ShowcaseId = Annotated[
    str, _owned("showcase"), _PLAIN, _by("showcase", "The showcase, by its name, id, URI or link")
]
"""A number, or a URI where the owner was named: see `collection_path`."""
FolderId = Annotated[str, IdValidator(_one_folder, kind="folder", by_name=True), _PLAIN, _FOLDER]
"""A number, or a URI where the owner was named: see `collection_path`."""
FolderOrNone = Annotated[
    str,
    IdValidator(_folder_or_none, kind="folder", or_none=True, by_name=True),
    _PLAIN,
    Help('The folder, by its name, id, URI or link; "none" or "root" means no folder.'),
]
"""The same, or `NO_FOLDER`."""
FolderUri = FolderId
"""For bodies, where the API wants a whole URI: a bare number is one of the connected user's."""
NewPlace = Annotated[FolderUri | None, BeforeValidator(lambda value: None if is_no_folder(value) else value)]
"""Where to put something new, which is outside of all folders for "root" and "none"."""
ChannelId = Annotated[
    str, _id("channel"), _PLAIN, _by("channel", "The channel, by its name, id, URI or link")
]
UserId = Annotated[str, _id_or_name("user"), _PLAIN, _USER]
UserOrMe = Annotated[
    str,
    IdValidator(_user_or_me, kind="user"),
    _PLAIN,
    Help("Whose profile it is: me, or the connected user's id, name, URI or link."),
]
CategoryId = Annotated[
    str, _id("category"), _PLAIN, _by("category", "The category, by its short name or URI")
]
CommentId = Annotated[
    str, _id("comment"), _PLAIN, _by("comment", "The comment, by its id or URI from a list of comments")
]
GroupId = Annotated[str, _id("group"), _PLAIN, _by("group", "The group, by its id, name, URI or link")]
LiveEventId = Annotated[
    str, _id("live_event"), _PLAIN, _by("live_event", "The live event, by its id, URI or link")
]
ChapterId = Annotated[
    str, _id("chapter"), _PLAIN, _by("chapter", "The chapter, by its id or URI from the list of chapters")
]
TextTrackId = Annotated[
    str,
    _id("texttrack"),
    _PLAIN,
    _by("texttrack", "The text track, by its id or URI from the list of text tracks"),
]
PictureId = Annotated[
    str, _id("picture"), _PLAIN, _by("picture", "The thumbnail, by its id or URI from the list of thumbnails")
]
PresetId = Annotated[
    str, _id("preset"), _PLAIN, _by("preset", "The embed preset, by its id or URI from the list of presets")
]
WebhookId = Annotated[
    str, _id("webhook"), _PLAIN, _by("webhook", "The webhook, by its id or URI from the list of webhooks")
]
