"""A list shows what it was sorted or filtered by, where its words were found, and what was not searched.

Without that, a list that is sorted by likes has no likes in it, and an empty one is taken for an answer to a
question that Vimeo was not asked. What is searched in the user's own videos is in the API's document
(`query_fields`). Of other lists it says nothing: their notes say what a query cannot be relied on for.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from vimeo_toolkit.catalog.projections import (
    CATEGORY,
    CHANNEL,
    FOLDER,
    FOLDER_ITEM,
    GROUP,
    LIVE_EVENT,
    OTHERS_VIDEOS,
    OWN_VIDEOS,
    SHOWCASE,
    USER,
)
from vimeo_toolkit.catalog.video_columns import MATCHED, matched
from vimeo_toolkit.catalog.video_parts import COMMENTS, LIKES, PLAYS
from vimeo_toolkit.wire.paging import items_in

__all__ = ["FILTERED", "SORTED", "fields_shown", "search_note", "with_matches"]

_ACTED: Final = "last_user_action_event_date"
_MEMBERS: Final = {
    "date": "created_time",
    "followers": "metadata.connections.users.total",
    "videos": "metadata.connections.videos.total",
}
_VIDEOS: Final = {
    "comments": COMMENTS,
    "created_time": "created_time",
    "date": "created_time",
    "duration": "duration",
    _ACTED: _ACTED,
    "likes": LIKES,
    "modified_time": "modified_time",
    "plays": PLAYS,
}

SORTED: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        CATEGORY: {"last_video_featured_time": "last_video_featured_time"},
        CHANNEL: _MEMBERS,
        FOLDER: {"date": "created_time", "modified_time": "modified_time", "pinned_on": "pinned_on"},
        FOLDER_ITEM: {
            "date": "video.created_time",
            "duration": "video.duration",
            _ACTED: f"video.{_ACTED},folder.{_ACTED}",
        },
        GROUP: _MEMBERS,
        LIVE_EVENT: {"date": "created_time"},
        OTHERS_VIDEOS: _VIDEOS,
        OWN_VIDEOS: _VIDEOS,
        SHOWCASE: {
            "date": "created_time",
            "duration": "duration",
            "videos": "metadata.connections.videos.total",
        },
        USER: {
            "followers": "metadata.connections.followers.total",
            "videos": "metadata.connections.videos.total",
        },
    }
)
"""What is shown of a list's things → a word of `sort` → the fields that show it."""

_FILTERED_VIDEOS: Final = {
    **{
        f"CC{kind}": "license"
        for kind in ("", "-BY", "-BY-NC", "-BY-NC-ND", "-BY-NC-SA", "-BY-ND", "-BY-SA", "0")
    },
    "categories": "categories.name",
    "duration": "duration",
    "embeddable": "privacy.embed",
    "in-progress": "status",
    "minimum_likes": LIKES,
    "no_placeholder": "status",
    "playable": "is_playable",
    "upload_date": "created_time",
}
FILTERED: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {OTHERS_VIDEOS: _FILTERED_VIDEOS, OWN_VIDEOS: _FILTERED_VIDEOS, FOLDER_ITEM: {}}
)
"""The same for a word of `filter`."""

_DATES: Final = {
    "/me/watchlater": {"date": "metadata.interactions.watchlater.added_time"},
    "/users": {"date": "created_time"},
}
"""Path of a list → what its dates are, where they are not those of all lists of such things."""

_SEARCHED: Final = {
    OWN_VIDEOS: (
        "Vimeo looks for the query in titles, descriptions, tags and chapters, not in comments and not in what "
        "is said: that is searched by vimeo_video_transcript_get, one video at a time."
    ),
    OTHERS_VIDEOS: (
        "The query is for videos, not for their authors: for one author, list without query and compare user, or "
        "use vimeo_user_videos_list."
    ),
    USER: "The query is for people's names, not for their videos.",
    **dict.fromkeys(
        (CHANNEL, GROUP, SHOWCASE), "The query is for names and descriptions, not for the videos in them."
    ),
    FOLDER: "The query is for folders' names, not for the videos in them.",
}
_OF_ONE: Final = "/users/"
"""Lists of one author, whom a search need not name."""
_OF_SEVERAL: Final = ("/channels/", "/groups/", "/categories/")
"""Lists of several authors' videos."""


def fields_shown(path: str, fields: str | None, query: Mapping[str, str]) -> str | None:
    """Return the fields to ask for, with those by which a list is sorted, filtered and searched.

    Args:
        path: of the list.
        fields: the tool's projection.
        query: of the request.
    """
    if fields is None or not query:
        return fields
    sorted_by = {**SORTED.get(fields, {}), **_DATES.get(path, {})}
    more = [
        sorted_by.get(query.get("sort", ""), ""),
        FILTERED.get(fields, {}).get(query.get("filter", ""), ""),
        MATCHED if fields == OWN_VIDEOS and query.get("query") else "",
    ]
    if not any(more):
        return fields
    return ",".join(name for name in dict.fromkeys(",".join([fields, *more]).split(",")) if name)


def with_matches(answer: Any, fields: str | None, query: str | None) -> Any:
    """Return a list of the user's own videos with where the words were found, `matched`, in each."""
    items = items_in(answer)
    if not query or fields != OWN_VIDEOS or not items or not isinstance(answer, Mapping):
        return answer
    dropped = {name.partition(".")[0] for name in MATCHED.split(",")} - {
        name.partition(".")[0] for name in fields.split(",")
    }
    shown = [
        {
            **{name: part for name, part in video.items() if name not in dropped},
            "matched": matched(video, query),
        }
        if isinstance(video, Mapping)
        else video
        for video in items
    ]
    return {**answer, "data": shown}


def search_note(path: str, fields: str | None, query: str | None, answer: Any) -> str:
    """Return what a search did not look at, where its result may be taken for more than it is; "" elsewhere."""
    told = _SEARCHED.get(fields or "", "")
    others = fields == OTHERS_VIDEOS
    if not query or not told or path == "/videos" or (others and path.startswith(_OF_ONE)):
        return ""
    several = others and path.startswith(_OF_SEVERAL)
    return told if several or not items_in(answer) else ""
