"""Counts and sums over a user's videos, in groups: a question about a whole library gets a table and not its
rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
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


def totals(videos: Iterable[Video], group_by: str, zone: tzinfo, by: str | None = None) -> dict[str, Any]:
    """Return the sums over all videos, and for each group a row with its own, the largest first, months and years
    in their order. A video with several tags is in several groups, and counts once in the sums over all.

    Args:
        videos: with the fields of `SUMMED` and of the group.
        group_by: a name of `GROUP_FIELDS`; "all" has no groups.
        zone: in which a month begins.
        by: which date counts for a month or year, `modified` or that of the upload.
    """
    videos = list(videos)
    groups: dict[str, list[Video]] = {}
    names: dict[str, str] = {}
    for video in videos if group_by != "all" else ():
        for key, name in _keys(video, group_by, zone, by):
            groups.setdefault(key, []).append(video)
            names[key] = name
    # Two folders may have one name; then their addresses tell them apart.
    double = {name for name, count in Counter(names.values()).items() if count > 1}
    rows = [
        {group_by: f"{names[key]} ({key})" if names[key] in double else names[key], **_sums(inside)}
        for key, inside in groups.items()
    ]
    if group_by in ("month", "year"):
        rows.sort(key=lambda row: row[group_by])
    else:
        rows.sort(key=lambda row: (-row["videos"], str(row[group_by])))
    # Of a few short videos, hours with two decimals tell too little.
    exact = {"seconds": int(sum(number_at(video, "duration") or 0 for video in videos))}
    return {"totals": _sums(videos) | exact, **({} if group_by == "all" else {"data": rows})}


def _sums(videos: list[Video]) -> dict[str, Any]:
    seconds = sum(number_at(video, "duration") or 0 for video in videos)
    sums: dict[str, Any] = {"videos": len(videos), "hours": round(seconds / 3600, 2)}
    for name, path in (("plays", PLAYS), ("likes", LIKES), ("comments", COMMENTS)):
        known = [value for video in videos if (value := number_at(video, path)) is not None]
        # A sum without those that Vimeo does not show would be taken for the whole.
        sums[name] = int(sum(known)) if len(known) == len(videos) else None
    return sums


def _keys(video: Video, group_by: str, zone: tzinfo, by: str | None) -> list[tuple[str, str]]:
    """Return the groups that a video is in, each with its name."""
    if group_by in _TIMES:
        moment = moment_at(video, "modified_time" if by == "modified" else "created_time")
        return _one("unknown" if moment is None else moment.astimezone(zone).strftime(_TIMES[group_by]))
    if group_by == "tag":
        return [(tag, tag) for tag in tags_of(video)] or _one("no tag")
    if group_by == "folder":
        name = at(video, "parent_folder.name")
        return [(str(at(video, "parent_folder.uri") or ""), str(name or "in no folder"))]
    if group_by == "captions":
        tracks = number_at(video, TRACKS)
        return _one("unknown" if tracks is None else "with captions" if tracks else "without captions")
    unset = "none" if group_by == "license" else "unknown"
    return _one(at(video, "license" if group_by == "license" else "privacy.view") or unset)


def _one(name: Any) -> list[tuple[str, str]]:
    return [(str(name), str(name))]


_TIMES: Final = {"month": "%Y-%m", "year": "%Y"}
