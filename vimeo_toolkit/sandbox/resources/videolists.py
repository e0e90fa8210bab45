"""The lists of videos that many endpoints give: what may be seen of them, filtered, searched and sorted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from vimeo_toolkit.sandbox.endpoints import Answer, Call
from vimeo_toolkit.sandbox.listing import (
    NEWEST_FIRST,
    Sort,
    Sorts,
    choice,
    choices,
    flag,
    not_modified,
    page_of,
    searched,
    sorted_by,
)
from vimeo_toolkit.sandbox.resources.access import visible
from vimeo_toolkit.sandbox.resources.bodies import number_in
from vimeo_toolkit.sandbox.shapes.parts import slug as canonical
from vimeo_toolkit.sandbox.shapes.video import video_shape
from vimeo_toolkit.sandbox.state import Video

__all__ = ["COLLECTION_SORTS", "VIDEO_FILTERS", "VIDEO_SORTS", "video_list"]

VIDEO_SORTS: Sorts = {
    "alphabetical": (lambda video: video.name.lower(), "asc"),
    "date": (lambda video: video.created, "desc"),
    "default": (lambda video: video.created, "desc"),
    "duration": (lambda video: video.duration, "desc"),
    "last_user_action_event_date": (lambda video: video.modified, "desc"),
    "likes": (lambda video: len(video.liked_by), "desc"),
    "modified_time": (lambda video: video.modified, "desc"),
    "plays": (lambda video: video.plays, "desc"),
}
COLLECTION_SORTS: Sorts = {
    **{name: VIDEO_SORTS[name] for name in ("alphabetical", "date", "duration", "likes", "plays")},
    "comments": (lambda video: len(video.comments), "desc"),
}
VIDEO_FILTERS = (
    "app_only",
    "cold_privacy",
    "cold_storage",
    "embeddable",
    "featured",
    "live",
    "no_placeholder",
    "nolive",
    "playable",
    "screen_recorded",
)

_SEARCHABLE: dict[str, Callable[[Video], str]] = {
    "chapters": lambda video: "",
    "description": lambda video: video.description or "",
    "tags": lambda video: " ".join(video.tags),
    "title": lambda video: video.name,
}

_KEPT_BY: dict[str, Callable[[Video], bool]] = {
    "conditional_featured": lambda video: video.plays > 10_000,
    "embeddable": lambda video: video.embed == "public",
    "featured": lambda video: video.plays > 10_000,
    "no_placeholder": lambda video: video.upload == "complete",
    "playable": lambda video: video.playable,
    # The sandbox's library has none of these.
    "cold_privacy": lambda video: False,
    "cold_storage": lambda video: False,
    "in-progress": lambda video: False,
    "live": lambda video: False,
    "screen_recorded": lambda video: False,
}
"""What a filter keeps; those not named here (`app_only`, `nolive`, …) keep all."""


def video_list(
    call: Call,
    videos: Sequence[Video],
    *,
    sorts: Sorts = VIDEO_SORTS,
    filters: Sequence[str] = VIDEO_FILTERS,
    default: Sort = NEWEST_FIRST,
    directed: bool = True,
    changed: Sequence[datetime] | None = None,
) -> Answer:
    """Return a page of those of the videos that the user may see, filtered, searched and sorted.

    `changed`: when the list last changed; the endpoint then answers 304 to an `If-Modified-Since` after that.
    `filters`: the values of `filter`; where there are none, a `filter` is ignored.
    """
    viewer = call.token.user
    shown = [video for video in videos if visible(video, viewer)]
    kept = _filtered(call, shown, filters)
    query = call.query.get("query")
    searching = choices(call, "query_fields", _SEARCHABLE) or list(_SEARCHABLE)
    if query:
        kept = searched(kept, query, lambda video: " ".join(_SEARCHABLE[name](video) for name in searching))
    kept = sorted_by(call, kept, sorts, default, directed=directed)
    headers: dict[str, str] = {}
    if changed is not None:
        unchanged, headers = not_modified(call.since, [*changed, *(video.modified for video in shown)])
        if unchanged:
            return Answer(304, headers=headers)
    number = None if query else number_in(call.query.get("containing_uri"), "videos")
    place = next((place for place, video in enumerate(kept) if video.id == number), None)
    answer = page_of(call, kept, lambda video: video_shape(video, viewer), "video", containing=place)
    answer.headers = headers
    return answer


def _filtered(call: Call, videos: list[Video], filters: Sequence[str]) -> list[Video]:
    wanted = choice(call, "filter", filters) if filters else None
    if wanted in _KEPT_BY:
        videos = [video for video in videos if _KEPT_BY[wanted](video)]
    for name in ("embeddable", "playable", "screen_recorded"):
        flagged = flag(call, f"filter_{name}")
        if flagged is not None:
            videos = [video for video in videos if _KEPT_BY[name](video) is flagged]
    some, every, none = (
        {tag for tag in map(canonical, call.query.get(name, "").split(",")) if tag}
        for name in ("filter_tag", "filter_tag_all_of", "filter_tag_exclude")
    )
    if not (some or every or none):
        return videos

    def tagged(video: Video) -> bool:
        tags = set(map(canonical, video.tags))
        return (not some or bool(some & tags)) and every <= tags and not none & tags

    return [video for video in videos if tagged(video)]
