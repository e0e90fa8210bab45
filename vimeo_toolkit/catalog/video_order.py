"""In which order a user's videos are read, and in which they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from vimeo_toolkit.catalog.video_conditions import VideoConditions
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
    "fewest_likes",
    "most_comments",
    "name",
]


@dataclass(frozen=True, slots=True)
class Sort:
    """An order that can be asked for."""

    column: str
    """The column that shows it, see `video_columns`; "" for the name, which every video shows."""
    value: Callable[[Video], Value | None]
    downwards: bool
    vimeo: str = ""
    """What Vimeo calls it, in this direction; "" where it has no such order."""
    elsewhere: frozenset[str] = frozenset()
    """Where else than for the whole library Vimeo has it: for a folder's videos, a showcase's."""
    condition: str = ""
    """The conditions on what it sorts by: `date` or the end of `min_plays` and the like."""


def _uploaded(video: Video) -> Value | None:
    return moment_at(video, "created_time")


def _modified(video: Video) -> Value | None:
    return moment_at(video, "modified_time")


def _number(path: str) -> Callable[[Video], Value | None]:
    return lambda video: number_at(video, path)


_BOTH: Final = frozenset({"folder", "showcase"})
_FOLDER: Final = frozenset({"folder"})
_SHOWCASE: Final = frozenset({"showcase"})

SORTS: Final[dict[str, Sort]] = {
    "newest": Sort("created_time", _uploaded, True, "date", _FOLDER, "uploaded"),
    "oldest": Sort("created_time", _uploaded, False, "date", _FOLDER, "uploaded"),
    "last_modified": Sort("modified_time", _modified, True, "modified_time", _SHOWCASE, "modified"),
    "longest": Sort("duration", _number("duration"), True, "duration", _BOTH, "duration"),
    "shortest": Sort("duration", _number("duration"), False, "duration", _BOTH, "duration"),
    # Vimeo sorts by plays and likes downwards only.
    "most_plays": Sort("plays", _number(PLAYS), True, "plays", _SHOWCASE, "plays"),
    "fewest_plays": Sort("plays", _number(PLAYS), False, condition="plays"),
    "most_likes": Sort("likes", _number(LIKES), True, "likes", _SHOWCASE, "likes"),
    "fewest_likes": Sort("likes", _number(LIKES), False, condition="likes"),
    "most_comments": Sort("comments", _number(COMMENTS), True),
    "name": Sort("", lambda video: folded(video.get("name")), False, "alphabetical", _BOTH),
}


@dataclass(frozen=True, slots=True)
class Order:
    """By what the pages are sorted."""

    sort: str
    value: Callable[[Video], Value | None]
    downwards: bool
    condition: str = ""
    """It is also a condition, so that the reading may end where that cannot be met any more: see `Sort`."""


def order_of(asked: VideoConditions, sort: str | None = None, limit: int | None = None) -> Order:
    """Return the order that lets the reading end soonest: that of a condition, towards its bound, or the one in
    which the first few are wanted.

    Args:
        asked: the conditions.
        sort: a name of `SORTS`, how the videos are to be shown.
        limit: how many are wanted.
    """
    dates, numbers = list(_by_date(asked)), list(_by_number(asked))
    wanted = [SORTS[sort]] if sort is not None and asked.query is None else []
    # A time is most often a small part of a library; a number may be one that nearly all videos reach.
    rest = [*wanted, *numbers] if limit is not None else [*numbers, *wanted]
    bounded = {each.condition for each in (*dates, *numbers)}
    for each in (*dates, *rest):
        if each.vimeo and (asked.place is None or asked.place in each.elsewhere):
            condition = each.condition if each.condition in bounded else ""
            return Order(each.vimeo, each.value, each.downwards, condition)
    # The API's document does not say which date a showcase's videos are sorted by.
    return Order("date", _uploaded if asked.place != "showcase" else lambda video: None, downwards=True)


def _by_date(asked: VideoConditions) -> Iterable[Sort]:
    """Yield the order by the time that is asked about, in which the first video beyond its end ends the reading."""
    begins = bool(asked.period or asked.from_date)
    if begins or asked.until_date:
        newest = SORTS["last_modified" if asked.by == "modified" else "newest"]
        yield newest if begins else replace(newest, downwards=False)


def _by_number(asked: VideoConditions) -> Iterable[Sort]:
    """Yield the same of lengths, plays and likes."""
    if asked.min_duration is not None or asked.max_duration is not None:
        yield SORTS["longest" if asked.min_duration is not None else "shortest"]
    if asked.min_plays is not None:
        yield SORTS["most_plays"]
    if asked.min_likes is not None:
        yield SORTS["most_likes"]


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
