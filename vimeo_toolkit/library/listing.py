"""What a list of videos shows of each, and what of it decides whether a video is read again. No I/O."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, Final, NamedTuple

from vimeo_toolkit.catalog.video_parts import TRACKS, at, number_at, tags_of
from vimeo_toolkit.library.model import Change, ChangeKind, IndexedVideo

__all__ = ["FIELDS", "Marks", "change_of", "changes_between", "is_processed", "shown_video", "with_known"]

FIELDS: Final = (
    "uri,name,link,description,tags.name,created_time,modified_time,duration,privacy.view,parent_folder.uri,"
    f"language,status,transcode.status,has_chapters,user.uri,{TRACKS}"
)
"""All but `has_chapters` are in recordings of lists; that one is in the API document alone, and may be missing."""

_EDITED: Final = ("name", "description", "tags", "privacy", "folder", "chapters")
_WORDS: Final = ("modified", "language")
"""What decides, with the number of text tracks and how far Vimeo has processed it, whether words are read again."""


class Marks(NamedTuple):
    """A stamp: digests of what was seen of a video."""

    shown: str
    """Of all that a list shows."""
    words: str
    """Of what tells that its words or chapters may be others."""
    read: str = ""
    """What `words` was when they were read; "" before that."""

    @classmethod
    def of(cls, video: IndexedVideo) -> Marks:
        """Return the marks of a video as a list shows it, its words not read."""
        parts = {field.name: getattr(video, field.name) for field in fields(video)}
        for name in ("chapters", "words"):  # which no list shows
            del parts[name]
        return cls(_digest(parts), _digest([dict(video.more), *(parts[name] for name in _WORDS)]))

    @classmethod
    def parsed(cls, stamp: str) -> Marks:
        """Return the marks of a stamp; of one that is not understood, marks that differ from all others."""
        parts = stamp.split(" ")
        return cls(*parts) if len(parts) == len(cls._fields) else cls("", "")

    @property
    def stamp(self) -> str:
        """The text that an index keeps."""
        return " ".join(self)

    @property
    def due(self) -> bool:
        """Whether the words have to be read."""
        return self.read != self.words


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def shown_video(raw: Mapping[str, Any]) -> IndexedVideo | None:
    """Return a video as a list shows it, without chapters and with the words that it can be known to have; None for
    what is not a video. `more` has `tracks`, how many text tracks there are, None where Vimeo does not say;
    `chapters`, whether there are any; and `status`."""
    number = str(raw.get("uri") or "").rpartition("/")[2].partition(":")[0]
    if not (number.isascii() and number.isdigit()):
        return None
    link = raw.get("link")
    tracks = number_at(raw, TRACKS)
    chapters = raw.get("has_chapters")
    video = IndexedVideo(
        uri=f"/videos/{number}",
        name=_text(raw.get("name")),
        link=link if isinstance(link, str) and link.startswith("https://") else f"https://vimeo.com/{number}",
        description=_text(raw.get("description")),
        tags=tuple(tags_of(raw)),
        created=_text(raw.get("created_time")),
        modified=_text(raw.get("modified_time")),
        duration=number_at(raw, "duration") or 0.0,
        privacy=_text(at(raw, "privacy.view")),
        folder=_text(at(raw, "parent_folder.uri")),
        language=_text(raw.get("language")),
        more={
            "tracks": None if tracks is None else int(tracks),
            "chapters": chapters if isinstance(chapters, bool) else None,
            "status": "processing" if _is_being_made(raw) else _text(raw.get("status")),
        },
    )
    return replace(video, words="none" if tracks == 0 and is_processed(video) else "pending")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _is_being_made(raw: Mapping[str, Any]) -> bool:
    status = raw.get("status")
    made = at(raw, "transcode.status") == "in_progress" and status != "available"
    return made or status in ("uploading", "transcode_starting", "transcoding")


def is_processed(video: IndexedVideo) -> bool:
    """Return whether Vimeo has finished with a video's file."""
    return video.more.get("status") != "processing"


def with_known(video: IndexedVideo, before: IndexedVideo | None) -> IndexedVideo:
    """Return a video as a list shows it now, with what was read of it before and is not known to be gone."""
    if before is None:
        return video
    if video.more.get("chapters") is not False:
        video = replace(video, chapters=before.chapters)
    if video.words == "none" or before.words != "captions":
        return video
    return replace(video, words="captions", language=before.language or video.language)


def changes_between(before: IndexedVideo | None, after: IndexedVideo, now: float) -> Iterator[Change]:
    """Yield what a sync has seen change of a video, but for its words; without `before`, it is new."""
    if before is None:
        yield change_of("new", after, now)
        return
    what = tuple(name for name in _EDITED if getattr(before, name) != getattr(after, name))
    if what:
        yield change_of("edited", after, now, what)
    if is_processed(after) and not is_processed(before):
        yield change_of("transcoded", after, now)


def change_of(kind: ChangeKind, video: IndexedVideo, now: float, what: tuple[str, ...] = ()) -> Change:
    """Return a change that the index has not numbered yet."""
    return Change(0, kind, video.uri, video.name, video.link, now, what)
