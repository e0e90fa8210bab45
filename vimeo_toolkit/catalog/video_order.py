"""In which order a user's videos are read, and in which they are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from vimeo_toolkit.catalog.video_conditions import VideoConditions, date_of
from vimeo_toolkit.catalog.video_parts import (
    COMMENTS,
    LIKES,
    PLAYS,
    Value,
    Video,
    folded,
    moment_at,
    number_at,
)

__all__ = ["SORTS", "Order", "Sort", "SortName", "order_of", "sorted_videos"]

SortName = Literal[
    "newest",
    "oldest",
    "last_modified",
    "longest",
    "shortest",
    "most_plays",
    "fewest_plays",
    "most_likes",
    "most_comments",
    "name",
]


@dataclass(frozen=True, slots=True)
class Sort:
    """An order that can be asked for."""

    fields: str
    column: str
    """The column that shows it, see `video_columns`; "" where every video shows it."""
    value: Callable[[Video], Value | None]
    downwards: bool
    vimeo: str = ""
    """What Vimeo calls it, in this direction; "" where it has no such order."""
    in_folders: bool = False
    """Vimeo has it for a folder's videos, too."""


def _uploaded(video: Video) -> Value | None:
    return moment_at(video, "created_time")


def _number(path: str) -> Callable[[Video], Value | None]:
    return lambda video: number_at(video, path)


SORTS: Final[dict[str, Sort]] = {
    "newest": Sort("created_time", "", _uploaded, True, "date", True),
    "oldest": Sort("created_time", "", _uploaded, False, "date", True),
    "last_modified": Sort(
        "modified_time",
        "modified_time",
        lambda video: moment_at(video, "modified_time"),
        True,
        "modified_time",
    ),
    "longest": Sort("duration", "", _number("duration"), True, "duration", True),
    "shortest": Sort("duration", "", _number("duration"), False, "duration", True),
    # Vimeo sorts by plays and likes downwards only.
    "most_plays": Sort(PLAYS, "plays", _number(PLAYS), True, "plays"),
    "fewest_plays": Sort(PLAYS, "plays", _number(PLAYS), False),
    "most_likes": Sort(LIKES, "likes", _number(LIKES), True, "likes"),
    "most_comments": Sort(COMMENTS, "comments", _number(COMMENTS), True),
    "name": Sort("name", "", lambda video: folded(video.get("name")), False, "alphabetical", True),
}


@dataclass(frozen=True, slots=True)
class Order:
    """By what the pages are sorted."""

    sort: str
    value: Callable[[Video], Value | None]
    downwards: bool
    bounded: bool = False
    """It is also a condition, so that the reading may end where that cannot be met any more."""


def order_of(asked: VideoConditions, sort: str | None = None, limit: int | None = None) -> Order:
    """Return the order that lets the reading end soonest: that of a condition, towards its bound, or the one in
    which the first few are wanted.

    Args:
        asked: the conditions.
        sort: a name of `SORTS`, how the videos are to be shown.
        limit: how many are wanted.
    """
    whole = asked.folder_id is None
    begins = bool(asked.period or asked.from_date)
    if sort is not None and limit is not None and asked.query is None:
        wanted = SORTS[sort]
        if wanted.vimeo and (whole or wanted.in_folders):
            return Order(wanted.vimeo, wanted.value, wanted.downwards)
    # A folder's videos cannot be sorted by their change.
    if (begins or asked.until_date) and (asked.by != "modified" or whole):
        name = "modified_time" if asked.by == "modified" else "date"
        return Order(name, date_of(asked), begins, bounded=True)
    if asked.min_duration is not None or asked.max_duration is not None:
        return Order("duration", _number("duration"), asked.min_duration is not None, bounded=True)
    return Order("date", _uploaded, downwards=True)


def sorted_videos(videos: Sequence[Video], sort: str) -> list[Video]:
    """Return the videos in an order of `SORTS`; those of which Vimeo does not show it come last."""
    wanted = SORTS[sort]
    known: list[tuple[Any, Video]] = []
    unknown = []
    for video in videos:
        value = wanted.value(video)
        if value is None:
            unknown.append(video)
        else:
            known.append((value, video))
    known.sort(key=lambda each: each[0], reverse=wanted.downwards)
    return [*(video for _, video in known), *unknown]
