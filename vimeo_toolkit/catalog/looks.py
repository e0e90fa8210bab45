"""What a person is shown before they agree to a call: the thing as it is now.

A tool's declaration names its looks. Each is one cheap GET (a list: one a page), made only where consent is asked;
consent is bound to what it found, so that it is void when that has changed by the time of the call.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Any, Final, Literal

__all__ = [
    "CHAPTER_NOW",
    "COMMENTS_NAMED",
    "COMMENT_NOW",
    "FOLDER_NOW",
    "GROUP_NOW",
    "MEMBERS",
    "PICTURE_NOW",
    "SHOWCASE_NOW",
    "TRACKS_NOW",
    "TRACK_NOW",
    "VIDEOS_NAMED",
    "VIDEO_NOW",
    "WHOLE_VIDEO",
    "Effect",
    "Look",
]

Effect = Literal["reads", "private", "visible", "destructive"]
"""What a tool does, as far as people are concerned: "private" changes only what the user sees, "visible" adds
something that others see or are told of, "destructive" takes away or replaces what others see, or cannot be taken
back."""


@dataclass(frozen=True, slots=True)
class Look:
    """One read that describes what a call would change."""

    name: str
    """The name by which the tool's question has it, as `{name}`."""
    path: str
    """Its path, with inputs as placeholders like a tool's own. If one of them was not given, there is no look."""
    fields: str
    """The fields that consent is bound to."""
    kind: str = ""
    """What it is, before its title; "" where the title says it, as a person's name does."""
    title: str = "name"
    """The field that has its title; "" where it has none."""
    counts: str = ""
    """Fields that are shown, too, and change by themselves, such as plays."""
    scopes: frozenset[str] = frozenset()
    """The scopes that the read needs: without them, Vimeo answers some with an empty list."""
    noun: str = ""
    """For a list: what its items are, in the singular. It is read to its end."""
    query: tuple[tuple[str, str], ...] = ()
    uris: str = ""
    """The input with the URIs of the things themselves, asked for in portions."""
    ordered: bool = False
    """The list's order counts as a part of it."""
    below: str = ""
    """The field with the URI of an item's own list, if it may have one, which is then read, too."""
    leaf: str = ""
    """The field that is False in an item without one."""
    singly: bool = False
    """What `uris` names is read by a request each, because no list takes them."""
    none_is_404: bool = False
    """For a list: an empty one may answer 404, as the list of replies of a reply does."""

    @property
    def suffix(self) -> str:
        """The last part of its path, with the slash."""
        return self.path[self.path.rindex("/") :]

    @property
    def inputs(self) -> list[str]:
        """The inputs that it needs."""
        return [*re.findall(r"{(\w+)}", self.path), *([self.uris] if self.uris else [])]

    def but(self, **changes: Any) -> Look:
        """Return the same look with other attributes."""
        return dataclasses.replace(self, **changes)


_PRIVATE: Final = frozenset({"private"})

_VIDEO: Final = "uri,name,privacy.view,metadata.connections.versions.current_uri"
"""Who sees it and which file it plays are parts of what a person agrees to, whatever is done to it, alone or among
others. (Vimeo shows the version to the owner only.)"""

VIDEO_NOW: Final = Look("video", "/videos/{video_id}", f"{_VIDEO},user.uri,user.name", kind="video")

WHOLE_VIDEO: Final = VIDEO_NOW.but(
    fields=f"{_VIDEO},user.uri,user.name,duration,created_time,modified_time",
    counts="stats.plays,metadata.connections.comments.total,metadata.connections.likes.total",
)
VIDEOS_NAMED: Final = Look("videos", "/videos", _VIDEO, noun="video", uris="videos")
SHOWCASE_NOW: Final = Look(
    "showcase",
    "/me/albums/{album_id}",
    "uri,name,privacy.view,user.uri,user.name",
    kind="showcase",
    scopes=_PRIVATE,
)
MEMBERS: Final = Look(
    "members",
    "/me/albums/{album_id}/videos",
    _VIDEO,
    noun="video",
    scopes=_PRIVATE,
    query=(("sort", "manual"),),
    ordered=True,
)
FOLDER_NOW: Final = Look(
    "folder",
    "/me/projects/{folder_id}",
    "uri,name,privacy.view,user.uri,user.name",
    kind="folder",
    scopes=_PRIVATE,
)
GROUP_NOW: Final = Look(
    "group",
    "/groups/{group_id}",
    "uri,name,description,privacy.view,user.uri,user.name",
    kind="group",
    counts="metadata.connections.users.total",
)
COMMENT_NOW: Final = Look(
    "comment",
    "/videos/{video_id}/comments/{comment_id}",
    "uri,text,user.uri,user.name",
    kind="comment",
    title="text",
)
COMMENTS_NAMED: Final = COMMENT_NOW.but(
    name="comments", path="", kind="", noun="comment", uris="comments", singly=True
)
CHAPTER_NOW: Final = Look(
    "chapter",
    "/videos/{video_id}/chapters/{chapter_id}",
    "uri,title,timecode",
    kind="chapter",
    title="title",
)
TRACK_NOW: Final = Look(
    "track",
    "/videos/{video_id}/texttracks/{texttrack_id}",
    "uri,type,language,name,active",
    kind="text track",
)
TRACKS_NOW: Final = Look(
    "tracks", "/videos/{video_id}/texttracks", "uri,type,language,name,active", noun="text track"
)
PICTURE_NOW: Final = Look(
    "picture",
    "/videos/{video_id}/pictures/{picture_id}",
    "uri,active,base_link",
    kind="thumbnail",
    title="",
)
