"""Counts and sums over a user's videos, in groups: a question about a whole library gets a table and not its
rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import tzinfo
from typing import Any, Final, Literal

from vimeo_toolkit.catalog.video_parts import (
    COMMENTS,
    LIKES,
    PLAYS,
    TRACKS,
    Video,
    at,
    moment_at,
    number_at,
    tags_of,
)

__all__ = ["GROUP_FIELDS", "SUMMED", "GroupName", "totals"]

GroupName = Literal["all", "captions", "folder", "license", "month", "privacy", "tag", "year"]

SUMMED: Final = f"duration,{PLAYS},{LIKES},{COMMENTS}"
"""What is added up."""

GROUP_FIELDS: Final = {
    "all": "created_time",
    "captions": TRACKS,
    "folder": "parent_folder.uri,parent_folder.name",
    "license": "license",
    "month": "created_time",
    "privacy": "privacy.view",
    "tag": "tags.name",
    "year": "created_time",
}


def totals(videos: Iterable[Video], group_by: str, zone: tzinfo) -> dict[str, Any]:
    """Return the sums over all videos, and for each group a row with its own, the largest first, months and years
    in their order. A video with several tags is in several groups, and counts once in the sums over all.

    Args:
        videos: with the fields of `SUMMED` and of the group.
        group_by: a name of `GROUP_FIELDS`; "all" has no groups.
        zone: in which a month begins.
    """
    videos = list(videos)
    groups: dict[str, list[Video]] = {}
    names: dict[str, str] = {}
    for video in videos if group_by != "all" else ():
        for key, name in _KEYS[group_by](video, zone):
            groups.setdefault(key, []).append(video)
            names[key] = name
    # Two folders may have one name; then their addresses tell them apart.
    double = {name for name in names.values() if list(names.values()).count(name) > 1}
    rows = [
        {group_by: f"{names[key]} ({key})" if names[key] in double else names[key], **_sums(inside)}
        for key, inside in groups.items()
    ]
    if group_by in ("month", "year"):
        rows.sort(key=lambda row: row[group_by])
    else:
        rows.sort(key=lambda row: (-row["videos"], str(row[group_by])))
    return {"totals": _sums(videos), **({} if group_by == "all" else {"data": rows})}


def _sums(videos: list[Video]) -> dict[str, Any]:
    seconds = sum(number_at(video, "duration") or 0 for video in videos)
    sums: dict[str, Any] = {"videos": len(videos), "hours": round(seconds / 3600, 2)}
    for name, path in (("plays", PLAYS), ("likes", LIKES), ("comments", COMMENTS)):
        known = [value for video in videos if (value := number_at(video, path)) is not None]
        sums[name] = int(sum(known)) if known or not videos else None
    return sums


def _month(video: Video, zone: tzinfo, form: str) -> list[tuple[str, str]]:
    uploaded = moment_at(video, "created_time")
    name = "unknown" if uploaded is None else uploaded.astimezone(zone).strftime(form)
    return [(name, name)]


def _one(name: Any) -> list[tuple[str, str]]:
    return [(str(name), str(name))]


_KEYS: Final[dict[str, Callable[[Video, tzinfo], list[tuple[str, str]]]]] = {
    "captions": lambda video, _: _one("with captions" if number_at(video, TRACKS) else "without captions"),
    "folder": lambda video, _: [
        (str(at(video, "parent_folder.uri") or ""), str(at(video, "parent_folder.name") or "in no folder"))
    ],
    "license": lambda video, _: _one(at(video, "license") or "none"),
    "month": lambda video, zone: _month(video, zone, "%Y-%m"),
    "privacy": lambda video, _: _one(at(video, "privacy.view") or "unknown"),
    "tag": lambda video, _: [(tag, tag) for tag in tags_of(video)] or _one("no tag"),
    "year": lambda video, zone: _month(video, zone, "%Y"),
}
