"""Ids as users and models write them: a number, a Vimeo URI or a Vimeo URL, always one safe path segment.

Each kind is one row of `KINDS`. What does not match as a whole is refused, so no value can leave its place in
a path: not with a slash, encoded or not, nor with dots, a query or a fragment.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final
from urllib.parse import parse_qs, urlsplit

from pydantic import BeforeValidator, WithJsonSchema

__all__ = [
    "CategoryId",
    "ChannelId",
    "ChapterId",
    "CommentId",
    "FolderId",
    "FolderUri",
    "GroupId",
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
]

HOSTS: Final = frozenset({"vimeo.com", "www.vimeo.com", "player.vimeo.com", "api.vimeo.com"})

_NUMBER = r"[0-9]{1,20}"
_HASH = r"[0-9A-Za-z]{6,40}"
_WORD = r"[0-9A-Za-z_][0-9A-Za-z_\-]{0,63}"
_OWNER = rf"(?:/me|/users/{_WORD})?"
_MAX_LENGTH = 2048


@dataclass(frozen=True, slots=True)
class IdKind:
    """How one kind of id may be written. Each pattern has the id as its only group."""

    label: str
    plain: str
    uris: tuple[str, ...]
    """API paths."""
    urls: tuple[str, ...]
    """Paths on vimeo.com; a second group is the privacy hash of an unlisted video."""
    example: str


KINDS: Final[dict[str, IdKind]] = {
    "video": IdKind(
        "video",
        rf"({_NUMBER}(?::{_HASH})?)",
        (rf"{_OWNER}/videos/({_NUMBER}(?::{_HASH})?)",),
        (
            rf"/({_NUMBER})(?:/({_HASH}))?",
            rf"/video/({_NUMBER})",
            rf"/videos/({_NUMBER})",
            rf"/manage/videos/({_NUMBER})(?:/({_HASH}))?(?:/[a-z]+)?",
            rf"/(?:channels|groups|album|showcase|ondemand)/{_WORD}/(?:videos?/)?({_NUMBER})",
            rf"/{_WORD}/review/({_NUMBER})/({_HASH})",
        ),
        '"123", "123:hash", "/videos/123" or "https://vimeo.com/123"',
    ),
    "showcase": IdKind(
        "showcase",
        rf"({_NUMBER})",
        (rf"{_OWNER}/(?:albums|showcases)/({_NUMBER})",),
        (rf"/(?:album|showcase|manage/showcases)/({_NUMBER})(?:/[a-z]+)?",),
        '"123", "/users/9/albums/123" or "https://vimeo.com/showcase/123"',
    ),
    "folder": IdKind(
        "folder",
        rf"({_NUMBER})",
        (rf"{_OWNER}/(?:projects|folders)/({_NUMBER})",),
        (rf"/(?:manage/folders|user/{_NUMBER}/folder|folder)/({_NUMBER})",),
        '"123", "/users/9/projects/123" or "https://vimeo.com/manage/folders/123"',
    ),
    "channel": IdKind(
        "channel",
        rf"({_WORD})",
        (rf"/channels/({_WORD})",),
        (rf"/channels/({_WORD})",),
        '"staffpicks", "123", "/channels/staffpicks" or "https://vimeo.com/channels/staffpicks"',
    ),
    "user": IdKind(
        "user",
        rf"(?!me$)({_WORD})",
        (rf"/users/({_WORD})",),
        (rf"/(?!channels$|groups$|categories$|manage$|watch$|search$|me$)({_WORD})", rf"/users/({_WORD})"),
        '"123", a user name, "/users/123" or "https://vimeo.com/name" (for the connected user use vimeo_me_get)',
    ),
    "category": IdKind(
        "category",
        rf"({_WORD})",
        (rf"/categories/({_WORD})",),
        (rf"/categories/({_WORD})",),
        '"animation" or "/categories/animation"',
    ),
    "comment": IdKind(
        "comment",
        rf"({_NUMBER})",
        (rf"/videos/{_NUMBER}(?::{_HASH})?/comments/({_NUMBER})",),
        (),
        '"123" or "/videos/9/comments/123"',
    ),
    "group": IdKind(
        "group",
        rf"({_WORD})",
        (rf"/groups/({_WORD})",),
        (rf"/groups/({_WORD})",),
        '"123", "a-name", "/groups/123" or "https://vimeo.com/groups/123"',
    ),
    "chapter": IdKind(
        "chapter",
        rf"({_NUMBER})",
        (rf"/videos/{_NUMBER}(?::{_HASH})?/chapters/({_NUMBER})",),
        (),
        '"123" or "/videos/9/chapters/123"',
    ),
    "texttrack": IdKind(
        "text track",
        rf"({_NUMBER})",
        (rf"/videos/{_NUMBER}(?::{_HASH})?/texttracks/({_NUMBER})", rf"/texttracks/({_NUMBER})"),
        (),
        '"123" or "/videos/9/texttracks/123"',
    ),
    "picture": IdKind(
        "thumbnail",
        rf"({_NUMBER})",
        (rf"/videos/{_NUMBER}(?::{_HASH})?/pictures/({_NUMBER})",),
        (),
        '"123" or "/videos/9/pictures/123"',
    ),
    "preset": IdKind(
        "embed preset",
        rf"({_NUMBER})",
        (rf"{_OWNER}/presets/({_NUMBER})", rf"/presets/({_NUMBER})"),
        (),
        '"123" or "/users/9/presets/123"',
    ),
    "webhook": IdKind(
        "webhook",
        rf"({_WORD})",
        (rf"/apps/{_NUMBER}/webhooks/({_WORD})",),
        (),
        '"123" or "/apps/9/webhooks/123"',
    ),
}


@cache
def _compiled(kind: str) -> tuple[re.Pattern[str], list[re.Pattern[str]], list[re.Pattern[str]]]:
    """When an id of this kind first comes: all of them are a sixth of the catalogue's loading."""
    given = KINDS[kind]
    uris = [re.compile(pattern, re.ASCII) for pattern in given.uris]
    return re.compile(given.plain, re.ASCII), uris, [re.compile(pattern, re.ASCII) for pattern in given.urls]


def normalized(kind: str, value: Any) -> str:
    """The id in its shortest form, such as `123` or `123:abcdef12`.

    Raises:
        ValueError: it is none of this kind; the text says how one looks.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str) and len(value) <= _MAX_LENGTH:
        text = value.strip()
        plain, uris, urls = _compiled(kind)
        if found := plain.fullmatch(text):
            return found[1]
        if text.startswith("/"):
            for pattern in uris:
                if found := pattern.fullmatch(text):
                    return found[1]
        elif (from_url := _from_url(text, uris, urls)) is not None:
            return from_url
    raise ValueError(f"not a Vimeo {KINDS[kind].label} id: write it as {KINDS[kind].example}")


def _from_url(text: str, uris: list[re.Pattern[str]], urls: list[re.Pattern[str]]) -> str | None:
    if not text.isascii() or not text.isprintable() or "\\" in text:
        return None
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if (
        parts.scheme not in ("http", "https")
        or host not in HOSTS
        or parts.username
        or port not in (None, 443)
    ):
        return None
    path = parts.path.rstrip("/")
    for pattern in uris if host == "api.vimeo.com" else urls:
        if found := pattern.fullmatch(path):
            secret = found[2] if pattern.groups > 1 else None
            if secret is None and re.fullmatch(_NUMBER, found[1]):
                secret = next(iter(parse_qs(parts.query).get("h", [])), None)
            if secret is not None and re.fullmatch(_HASH, secret, re.ASCII):
                return f"{found[1]}:{secret}"
            return found[1]
    return None


def _id(kind: str, convert: Callable[[str], str] = str) -> Any:
    return BeforeValidator(lambda value: convert(normalized(kind, value)))


def _user_or_me(value: Any) -> str:
    return "me" if value in ("me", "/me") else normalized("user", value)


def _folder_uri(value: Any) -> str:
    """A folder's URI; a bare id stays one, and becomes a URI of the connected user when it is sent."""
    number = normalized("folder", value)
    text = str(value).strip()
    if re.fullmatch(rf"/users/{_WORD}/projects/{_NUMBER}", text, re.ASCII):
        return text
    return number


_PLAIN = WithJsonSchema({"type": "string"})

VideoId = Annotated[str, _id("video"), _PLAIN]
"""Keeps the privacy hash of an unlisted video (`/videos/123:hash` is how its viewers reach it)."""
VideoNumber = Annotated[str, _id("video", lambda text: text.partition(":")[0]), _PLAIN]
"""For paths where the API takes the number alone."""
VideoUri = Annotated[str, _id("video", "/videos/{}".format), _PLAIN]
ShowcaseId = Annotated[str, _id("showcase"), _PLAIN]
FolderId = Annotated[str, _id("folder"), _PLAIN]
FolderUri = Annotated[str, BeforeValidator(_folder_uri), _PLAIN]
ChannelId = Annotated[str, _id("channel"), _PLAIN]
UserId = Annotated[str, _id("user"), _PLAIN]
UserOrMe = Annotated[str, BeforeValidator(_user_or_me), _PLAIN]
CategoryId = Annotated[str, _id("category"), _PLAIN]
CommentId = Annotated[str, _id("comment"), _PLAIN]
GroupId = Annotated[str, _id("group"), _PLAIN]
ChapterId = Annotated[str, _id("chapter"), _PLAIN]
TextTrackId = Annotated[str, _id("texttrack"), _PLAIN]
PictureId = Annotated[str, _id("picture"), _PLAIN]
PresetId = Annotated[str, _id("preset"), _PLAIN]
WebhookId = Annotated[str, _id("webhook"), _PLAIN]
