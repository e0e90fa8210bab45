"""Steps that many solutions have."""

from __future__ import annotations

import re
from typing import Any

from vimeo_toolkit.evaluation.scripted.script import call, rows

__all__ = [
    "changed",
    "clock",
    "done_in",
    "folder",
    "found",
    "inside",
    "names",
    "of_others",
    "plays",
    "seconds",
    "showcase",
    "text_of",
]


def folder(name: str) -> Any:
    """Find a folder by its name and return its URI."""
    result = yield call("folders_list", query=name)
    return next(row["uri"] for row in rows(result) if row["name"] == name)


def showcase(name: str) -> Any:
    """Find a showcase by its name and return its URI."""
    result = yield call("showcases_list", query=name)
    return next(row["uri"] for row in rows(result) if row["name"] == name)


def found(**conditions: Any) -> Any:
    """Find one's own videos and return them."""
    result = yield call("my_videos_find", **conditions)
    return rows(result)


def inside(name: str, **conditions: Any) -> Any:
    """Return the videos of a folder."""
    place = yield from folder(name)
    return (yield from found(folder_id=place, **conditions))


def changed(videos: list[dict[str, Any]] | None = None, **changes: Any) -> Any:
    """Change many videos by one call, and return how many were done.

    Args:
        videos: which; None where the conditions among the changes choose them.
    """
    chosen = {} if videos is None else {"videos": [video["uri"] for video in videos]}
    result = yield call("videos_change", apply=True, **chosen, **changes)
    if changes.get("delete"):  # nothing is deleted before its plan was seen
        result = yield call("videos_change", plan_id=result["plan_id"], apply=True)
    return done_in(result)


def done_in(account: dict[str, Any]) -> int:
    """Return how many videos an account of changes says are done."""
    told = re.match(r"([0-9,]+) of ", text_of(account))
    return int(told[1].replace(",", "")) if told else 0


def of_others(query: str, name: str) -> Any:
    """Find somebody else's video by its name and return its URI."""
    result = yield call("videos_search", query=query)
    return next(row["uri"] for row in rows(result) if row["name"] == name)


def names(videos: list[dict[str, Any]]) -> str:
    """Return the names of videos, one after the other."""
    return "; ".join(video["name"] for video in videos)


def plays(row: dict[str, Any]) -> int:
    """Return how often a video was played."""
    return int(row["plays"])


def seconds(row: dict[str, Any]) -> int:
    """Return how long a video is."""
    return int(row["duration_seconds"])


def text_of(result: Any) -> str:
    """Return an error's message, or a result's text."""
    return str(result.get("message") or result.get("text") or "")


def clock(length: int) -> str:
    """Return seconds as hours, minutes and seconds."""
    hours, rest = divmod(length, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
