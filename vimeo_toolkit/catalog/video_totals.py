"""Counts and sums over a user's videos, in groups: a question about a whole library gets a table and not its
rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final, Literal

from vimeo_toolkit.catalog.date_ranges import Span
from vimeo_toolkit.catalog.video_parts import (
    COMMENTS,
    LIKES,
    PLAYS,
    TRACKS,
    Video,
    at,
    folded,
    moment_at,
    number_at,
    tags_of,
)

__all__ = ["GROUP_FIELDS", "SUMMED", "Calendar", "GroupName", "totals"]

GroupName = Literal["all", "captions", "folder", "license", "month", "name", "privacy", "tag", "year"]

SUMMED: Final = f"duration,{PLAYS},{LIKES},{COMMENTS}"
"""What is added up."""

_ABOVE: Final = "parent_folder.metadata.connections.ancestor_path"
_PARENT: Final = "parent_folder.metadata.connections.parent_folder.uri"
GROUP_FIELDS: Final = {
    "all": "created_time",
    "captions": TRACKS,
    "folder": f"parent_folder.uri,parent_folder.name,{_ABOVE},{_PARENT}",
    "license": "license",
    "month": "created_time",
    "name": "name",
    "privacy": "privacy.view",
    "tag": "tags.name",
    "year": "created_time",
}


OWN_FOLDER: Final = (
    "Each video is in one row, that of the folder directly around it: what a folder holds in all is the sum of its "
    "row and those of the folders in it."
)
MOST_EMPTY: Final = 36
"""Months or years of which those without videos have a row, too."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which months and years there are."""

    zone: tzinfo
    """In which a month begins."""
    span: Span | None = None
    """The time that was asked about; None where not all of its videos are known."""
    now: datetime | None = None
    """Later than which no month is."""
    by: str | None = None
    """Which date counts, `modified` or that of the upload."""


def totals(videos: Iterable[Video], group_by: str, calendar: Calendar) -> dict[str, Any]:
    """Return the sums over all videos, and for each group a row with its own, the largest first, months and years
    in their order, also those without videos. A video with several tags is in several groups, and counts once in
    the sums over all. Of names there are rows for those that several videos have, with these videos' URIs.

    Args:
        videos: with the fields of `SUMMED` and of the group.
        group_by: a name of `GROUP_FIELDS`; "all" has no groups.
        calendar: of months and years.
    """
    videos = list(videos)
    groups: dict[str, list[Video]] = {}
    names: dict[str, str] = {}
    for video in videos if group_by != "all" else ():
        for key, name in _keys(video, group_by, calendar):
            groups.setdefault(key, []).append(video)
            names[key] = name
    told: dict[str, Any] = {}
    if group_by in _TIMES:
        empty = list(_empty(groups.keys() - {_UNKNOWN}, group_by, calendar))
        if len(groups) + len(empty) <= MOST_EMPTY:
            groups |= {each: [] for each in empty}
            names |= {each: each for each in empty}
        elif empty:
            told["left_out"] = f"{len(empty)} {group_by}s without videos."
    elif group_by == "folder" and any(at(video, _PARENT) for video in videos):
        told["counted"] = OWN_FOLDER
    elif group_by == "name":
        alone = [key for key, inside in groups.items() if len(inside) == 1]
        groups = {key: inside for key, inside in groups.items() if len(inside) > 1}
        told["left_out"] = f"{len(alone)} videos whose name no other one has."
    uris = group_by == "name"
    # Two folders may have one name; then their addresses tell them apart.
    double = {name for name, count in Counter(names.values()).items() if count > 1}
    rows = [
        {
            group_by: f"{names[key]} ({key})" if names[key] in double else names[key],
            **_sums(inside),
            **({"uris": [video.get("uri") for video in inside]} if uris else {}),
        }
        for key, inside in groups.items()
    ]
    if group_by in ("month", "year"):
        rows.sort(key=lambda row: row[group_by])
    else:
        rows.sort(key=lambda row: (-row["videos"], str(row[group_by])))
    # Of a few short videos, hours with two decimals tell too little.
    exact = {"seconds": int(sum(number_at(video, "duration") or 0 for video in videos))}
    return {"totals": _sums(videos) | exact, **told, **({} if group_by == "all" else {"data": rows})}


def _empty(known: Collection[str], group_by: str, calendar: Calendar) -> Iterator[str]:
    """Yield the months or years without videos: of the time that was asked about as far as it is past, else of the
    time between videos."""
    span = calendar.span
    if span is None:
        return

    def named(moment: datetime) -> str:
        return moment.astimezone(calendar.zone).strftime(_TIMES[group_by])

    ends = [span.end - timedelta(seconds=1)] if span.end else []
    ends += [calendar.now] if span and calendar.now else []
    first = named(span.start) if span.start else min(known, default="")
    last = max([*known, *([named(min(ends))] if ends else [])], default="")
    if not first:
        return
    year, month = int(first[:4]), int(first[5:] or 1)
    while (each := f"{year:04}-{month:02}"[: len(first)]) <= last:
        if each not in known:
            yield each
        months = month + (1 if group_by == "month" else 12)
        year, month = year + (months - 1) // 12, (months - 1) % 12 + 1


def _sums(videos: list[Video]) -> dict[str, Any]:
    seconds = sum(number_at(video, "duration") or 0 for video in videos)
    sums: dict[str, Any] = {"videos": len(videos), "hours": round(seconds / 3600, 2)}
    for name, path in (("plays", PLAYS), ("likes", LIKES), ("comments", COMMENTS)):
        known = [value for video in videos if (value := number_at(video, path)) is not None]
        # A sum without those that Vimeo does not show would be taken for the whole.
        sums[name] = int(sum(known)) if len(known) == len(videos) else None
    return sums


def _keys(video: Video, group_by: str, calendar: Calendar) -> list[tuple[str, str]]:
    """Return the groups that a video is in, each with its name."""
    if group_by in _TIMES:
        moment = moment_at(video, "modified_time" if calendar.by == "modified" else "created_time")
        return _one(
            _UNKNOWN if moment is None else moment.astimezone(calendar.zone).strftime(_TIMES[group_by])
        )
    if group_by == "tag":
        return [(tag, tag) for tag in tags_of(video)] or _one("no tag")
    if group_by == "name":
        return [(folded(video.get("name")).strip(), str(video.get("name")))]
    if group_by == "folder":
        return [(str(at(video, "parent_folder.uri") or ""), _folder(video))]
    if group_by == "captions":
        tracks = number_at(video, TRACKS)
        return _one("unknown" if tracks is None else "with captions" if tracks else "without captions")
    unset = "none" if group_by == "license" else "unknown"
    return _one(at(video, "license" if group_by == "license" else "privacy.view") or unset)


def _folder(video: Video) -> str:
    """Return the folder's name behind that of the folder which it is in, as people say it: `Clients/Northwind`."""
    above, parent = at(video, _ABOVE), at(video, _PARENT)
    names = (
        [at(each, "name") for each in above if at(each, "uri") == parent] if isinstance(above, list) else []
    )
    return "/".join(str(name) for name in (*names, at(video, "parent_folder.name")) if name) or "in no folder"


def _one(name: Any) -> list[tuple[str, str]]:
    return [(str(name), str(name))]


_UNKNOWN: Final = "unknown"
_TIMES: Final = {"month": "%Y-%m", "year": "%Y"}
