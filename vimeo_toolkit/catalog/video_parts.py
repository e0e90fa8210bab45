"""Parts of a video as a list shows it, and where in Vimeo's answer they are.

In recordings of the live API, a video of `/me/videos` has `metadata.connections` with the totals below, its tags
and its folder; `has_text_tracks`, which the API's document has, is not there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from vimeo_toolkit.wire.format import iso_datetime

__all__ = [
    "COMMENTS",
    "LIKES",
    "PLAYS",
    "SHOWCASES",
    "TRACKS",
    "Value",
    "Video",
    "at",
    "canonical",
    "folded",
    "moment_at",
    "number_at",
    "same_tag",
    "tags_of",
]

Video = Mapping[str, Any]
Value = float | datetime | str

PLAYS: Final = "stats.plays"
LIKES: Final = "metadata.connections.likes.total"
COMMENTS: Final = "metadata.connections.comments.total"
TRACKS: Final = "metadata.connections.texttracks.total"
SHOWCASES: Final = "metadata.connections.albums.total"


def at(video: Video, path: str) -> Any:
    """Return what is at a dotted path; None where nothing is."""
    value: Any = video
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def number_at(video: Video, path: str) -> float | None:
    """Return the number at a dotted path; None where none is."""
    value = at(video, path)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def moment_at(video: Video, path: str) -> datetime | None:
    """Return the time at a dotted path; None where none is."""
    value = at(video, path)
    return iso_datetime(value) if isinstance(value, str) else None


def tags_of(video: Video) -> list[str]:
    """Return the words of a video's tags."""
    tags = video.get("tags")
    named = [tag.get("name") for tag in tags if isinstance(tag, Mapping)] if isinstance(tags, list) else []
    return [name for name in named if isinstance(name, str)]


def folded(text: Any) -> str:
    """Return a text as it is compared: without regard to case, accents written in one way."""
    return unicodedata.normalize("NFC", text).casefold() if isinstance(text, str) else ""


def same_tag(asked: str, shown: str) -> bool:
    """Return whether two words are one tag: Vimeo's canonical form has small letters and digits only."""
    return canonical(asked) == canonical(shown)


def canonical(word: str) -> str:
    """Return a tag's word as Vimeo compares it."""
    return "".join(sign for sign in folded(word) if sign.isalnum()) or folded(word)
