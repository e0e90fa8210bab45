"""What of a found video is shown beside its name: what was asked to be shown, and whatever chose or sorted it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from vimeo_toolkit.catalog.video_parts import (
    COMMENTS,
    LIKES,
    PLAYS,
    SHOWCASES,
    TRACKS,
    Video,
    at,
    folded,
    number_at,
    tags_of,
)

__all__ = ["ALWAYS", "COLUMNS", "LESS", "MATCHED", "ColumnName", "matched", "row_of"]

ColumnName = Literal[
    "captions",
    "comments",
    "created_time",
    "description",
    "duration",
    "folder",
    "license",
    "likes",
    "link",
    "modified_time",
    "plays",
    "privacy",
    "showcases",
    "status",
    "tags",
]

ALWAYS: Final = "uri,name,link,duration,created_time,privacy.view"
_AROUND: Final = 30
"""Characters before and after a hit that are shown with it."""
MATCHED: Final = "description,tags.name"
"""What `matched` looks at beside the name."""


@dataclass(frozen=True, slots=True)
class _Column:
    fields: str
    value: Callable[[Video], Any]


def _plain(path: str) -> _Column:
    return _Column(path, lambda video: at(video, path))


def _count(path: str) -> _Column:
    return _Column(path, lambda video: None if (value := number_at(video, path)) is None else int(value))


def _tracks(video: Video) -> bool | None:
    count = number_at(video, TRACKS)
    return None if count is None else count > 0


COLUMNS: Final[dict[str, _Column]] = {
    "captions": _Column(TRACKS, _tracks),
    "comments": _count(COMMENTS),
    "created_time": _plain("created_time"),
    "description": _plain("description"),
    "duration": _plain("duration"),
    "folder": _Column("parent_folder.uri,parent_folder.name", lambda video: at(video, "parent_folder.name")),
    "license": _plain("license"),
    "likes": _count(LIKES),
    "link": _plain("link"),
    "modified_time": _plain("modified_time"),
    "plays": _count(PLAYS),
    "privacy": _plain("privacy.view"),
    "showcases": _count(SHOWCASES),
    "status": _plain("status"),
    "tags": _Column("tags.name", tags_of),
}
"""`showcases` is in how many a video is, `captions` whether it has any text tracks."""


_ALWAYS_SHOWN: Final = ("uri", "name", "link", "duration", "created_time", "privacy")
LESS: Final = ("link", "duration", "created_time", "privacy")
"""What a model is not shown of many videos, unless it was asked for."""
_TOPS: Final = frozenset(
    name.partition(".")[0]
    for fields in (ALWAYS, MATCHED, *(column.fields for column in COLUMNS.values()))
    for name in fields.split(",")
)
"""What a video has when no more is asked for than what may be shown of it."""


def row_of(video: Video, columns: Iterable[str], query: str | None) -> dict[str, Any]:
    """Return what is shown of a video.

    Args:
        video: as the list has it.
        columns: names of `COLUMNS`, and `matched`.
        query: the words that were searched for.
    """
    shown = video if set(video) - _TOPS else _ALWAYS_SHOWN  # all of it was asked for
    row = {name: video[name] for name in shown if name in video}
    for name in columns:
        if name in _ALWAYS_SHOWN:
            continue
        row[name] = matched(video, query or "") if name == "matched" else COLUMNS[name].value(video)
    return row


def matched(video: Video, query: str) -> str:
    """Return where the words of a query stand in a video: `name`, `description`, `tags`, several of them, or
    `elsewhere`: Vimeo also looks into chapters and takes other forms of a word. Places where a word begins come
    before those where it is within another one, "art" in "Part". Of a description alone it is told how it says
    the word: a title that says something else does not show whether the video is meant."""
    words = [re.escape(word) for word in re.findall(r"\w+", folded(query))]
    texts = {
        "name": folded(video.get("name")),
        "description": folded(video.get("description")),
        "tags": " ".join(map(folded, tags_of(video))),
    }
    for begins in (r"\b", ""):
        found = [
            place for place, text in texts.items() if any(re.search(begins + word, text) for word in words)
        ]
        if found == ["description"]:
            return ": ".join(filter(None, (*found, _said(str(video["description"]), begins, words))))
        if found:
            return ", ".join(found)
    return "elsewhere"


def _said(text: str, begins: str, words: Iterable[str]) -> str:
    """Return the words around the first hit, on one line."""
    line = " ".join(text.split())
    hit = re.search(f"{begins}(?:{'|'.join(words)})", line, re.IGNORECASE)
    if hit is None:  # it is written with other letters
        return ""
    start, end = max(0, hit.start() - _AROUND), hit.end() + _AROUND
    return f"{'…' * (start > 0)}{line[start:end].strip()}{'…' * (end < len(line))}"
