"""Which of a user's videos are meant: the inputs that say it, and whether a video is one of them.

Vimeo filters a library by words and by folder; the rest is looked at here, each condition at one place of the
video.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from vimeo_toolkit.catalog.date_ranges import Moment, Period, Span, TimeZone, span_of, zone
from vimeo_toolkit.catalog.ids import NO_FOLDER, FolderId, ShowcaseId, is_no_folder
from vimeo_toolkit.catalog.inputs import Query
from vimeo_toolkit.catalog.marks import Help
from vimeo_toolkit.catalog.timecodes import Duration
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.video_parts import (
    LIKES,
    PLAYS,
    SHOWCASES,
    TRACKS,
    Video,
    at,
    folded,
    moment_at,
    number_at,
    same_tag,
    tags_of,
)

__all__ = ["ASKED", "VideoConditions", "asked_for", "date_of", "fields_for", "meets"]

_ALL: Final = "Others are found, too, when it is left out."
NOT_PUBLIC: Final = "not_public"
"""Every privacy but `anybody`."""


class VideoConditions(ToolInput):
    """Inputs that choose videos of the user's own library."""

    query: Annotated[
        Query | None,
        Help(
            "Words that Vimeo looks for in titles, descriptions, tags and chapters, and finds in other forms, too. "
            "What is said in videos is not searched.",
            "Everything is looked at when it is left out.",
        ),
    ] = None
    """In titles, descriptions, tags; not in speech."""
    name_contains: Annotated[
        str | None,
        Field(min_length=1, max_length=128),
        Help("Text in the title, in small or capital letters, 128 characters at most.", _ALL),
    ] = None
    tag: Annotated[
        str | None,
        Field(min_length=1, max_length=128),
        Help("A tag that the videos have, of 128 characters at most.", _ALL),
    ] = None
    period: Period | None = None
    from_date: Annotated[
        Moment | None,
        Help(
            "When the time begins: a day (2026-11-30), a month (2026-11), a year (2026) or a moment "
            "(2026-11-30T18:00Z).",
            "Older ones are found, too, when it is left out.",
        ),
    ] = None
    """ISO day or month."""
    until_date: Annotated[
        Moment | None,
        Help(
            "When the time ends: the last day, month or year of it, or the moment before which it ends, written "
            "as from_date is.",
            "Newer ones are found, too, when it is left out.",
        ),
    ] = None
    by: Annotated[
        Literal["uploaded", "modified"] | None,
        Help(
            "Which date is meant: of the upload (uploaded) or of the last change (modified).",
            "It is that of the upload when this is left out.",
        ),
    ] = None
    timezone: TimeZone | None = None
    min_duration: Annotated[
        Duration | None,
        Help(
            "The least length, in seconds, or as 1:30.", "Shorter ones are found, too, when it is left out."
        ),
    ] = None
    """Seconds."""
    max_duration: Annotated[
        Duration | None,
        Help(
            "The greatest length, in seconds, or as 1:30.", "Longer ones are found, too, when it is left out."
        ),
    ] = None
    privacy: Annotated[
        list[
            Literal["anybody", "contacts", "disable", "nobody", "not_public", "password", "unlisted", "users"]
        ]
        | None,
        Field(min_length=1),
        Help(
            "Only these: anybody, nobody (but the owner), unlisted (by link), password, contacts, "
            "users (members), disable (embedded only), not_public (all but anybody).",
            "All when left out.",
        ),
    ] = None
    """nobody = private."""
    folder_id: Annotated[
        FolderId | None,
        Help(
            "Only videos in this folder, by its name, id, URI or link.",
            "The whole library is searched when it is left out.",
        ),
    ] = None
    """Or its name."""
    showcase_id: Annotated[
        ShowcaseId | None,
        Help("Only videos in this showcase, by its name, id, URI or link.", _ALL),
    ] = None
    """Or its name."""
    subfolders: Annotated[
        bool | None,
        Help("Whether the folders below folder_id are searched, too.", "They are not when it is left out."),
    ] = None
    in_folder: Annotated[
        bool | None, Help("Whether they are in a folder (true) or in none (false).", _ALL)
    ] = None
    in_showcase: Annotated[
        bool | None, Help("Whether they are in a showcase (true) or in none (false).", _ALL)
    ] = None
    has_description: Annotated[
        bool | None, Help("Whether they have a description (true) or none (false).", _ALL)
    ] = None
    captions: Annotated[
        bool | None,
        Help("Whether they have captions or subtitles, of any language (true), or none (false).", _ALL),
    ] = None
    min_plays: Annotated[int | None, Field(ge=0), Help("The least number of plays.", _ALL)] = None
    max_plays: Annotated[int | None, Field(ge=0), Help("The greatest number of plays.", _ALL)] = None
    min_likes: Annotated[int | None, Field(ge=0), Help("The least number of likes.", _ALL)] = None
    max_likes: Annotated[int | None, Field(ge=0), Help("The greatest number of likes.", _ALL)] = None

    @model_validator(mode="before")
    @classmethod
    def _no_folder(cls, given: Any) -> Any:
        """Read a folder that means none. Where "none" stands in other inputs, too, it fills what is left out."""
        folder = given.get("folder_id") if isinstance(given, Mapping) else None
        if not is_no_folder(folder) or given.get("in_folder"):
            return given
        rest = {name: value for name, value in given.items() if name != "folder_id"}
        filled = str(folder).casefold() == NO_FOLDER and folder in rest.values()
        return given if filled else {**rest, "in_folder": False}

    @model_validator(mode="after")
    def _conditions(self) -> Self:
        if self.period and (self.from_date or self.until_date):
            raise ValueError("give period, or from_date and until_date")
        if self.by and not (self.period or self.from_date or self.until_date):
            raise ValueError("by needs period, from_date or until_date")
        span = span_of(None, self.from_date, self.until_date, zone(self.timezone), None)
        if span.start and span.end and span.start >= span.end:
            raise ValueError("from_date is after until_date")
        for part in ("duration", "plays", "likes"):
            low, high = getattr(self, f"min_{part}"), getattr(self, f"max_{part}")
            if low is not None and high is not None and low > high:
                raise ValueError(f"min_{part} is more than max_{part}")
        if self.folder_id is None and self.subfolders:
            raise ValueError("subfolders needs folder_id")
        for chosen, other in (
            ("folder_id", "in_folder"),
            ("showcase_id", "in_showcase"),
            ("folder_id", "showcase_id"),
        ):
            if getattr(self, chosen) is not None and getattr(self, other) is not None:
                raise ValueError(f"give {chosen} or {other}")
        return self

    @property
    def place(self) -> Literal["folder", "showcase"] | None:
        """Where they are looked for; None: in the whole library."""
        if self.folder_id is not None:
            return "folder"
        return None if self.showcase_id is None else "showcase"


@dataclass(frozen=True, slots=True)
class _Condition:
    """One input, and what of a video it is about."""

    fields: str
    """What has to be asked for."""
    column: str
    """What of a found video shows that it meets this: a name of `video_columns`, or "" where all are alike."""
    meets: Callable[[Any, Video], bool]
    path: str = ""
    """The number that it is about, which Vimeo may not show."""


def _least(path: str, column: str) -> _Condition:
    return _Condition(path, column, lambda least, video: (number_at(video, path) or 0) >= least, path)


def _most(path: str, column: str) -> _Condition:
    return _Condition(path, column, lambda most, video: (number_at(video, path) or 0) <= most, path)


def _has(path: str, column: str) -> _Condition:
    return _Condition(path, column, lambda has, video: bool(number_at(video, path)) is has, path)


def _has_privacy(views: Collection[str], video: Video) -> bool:
    view = at(video, "privacy.view")
    return view in views or (NOT_PUBLIC in views and view not in (None, "anybody"))


_FOLDER: Final = "parent_folder.uri,parent_folder.name"

ASKED: Final[Mapping[str, _Condition]] = {
    "query": _Condition("description,tags.name", "matched", lambda query, video: True),
    "name_contains": _Condition("name", "", lambda text, video: folded(text) in folded(video.get("name"))),
    "tag": _Condition(
        "tags.name",
        "tags",
        lambda tag, video: any(same_tag(tag, other) for other in tags_of(video)),
    ),
    "privacy": _Condition("privacy.view", "privacy", _has_privacy),
    "min_duration": _least("duration", "duration"),
    "max_duration": _most("duration", "duration"),
    "folder_id": _Condition(_FOLDER, "folder", lambda folder, video: True),
    "showcase_id": _Condition("uri", "", lambda showcase, video: True),
    "in_folder": _Condition(
        _FOLDER, "folder", lambda has, video: bool(at(video, "parent_folder.uri")) is has
    ),
    "in_showcase": _has(SHOWCASES, "showcases"),
    "has_description": _Condition(
        "description",
        "description",
        lambda has, video: bool(str(video.get("description") or "").strip()) is has,
    ),
    "captions": _has(TRACKS, "captions"),
    "min_plays": _least(PLAYS, "plays"),
    "max_plays": _most(PLAYS, "plays"),
    "min_likes": _least(LIKES, "likes"),
    "max_likes": _most(LIKES, "likes"),
}
"""The conditions but for dates, which `meets` holds against the period that they mean."""


def asked_for(asked: VideoConditions) -> Iterable[tuple[str, _Condition]]:
    """Yield the conditions that were given, by their inputs."""
    return ((name, each) for name, each in ASKED.items() if getattr(asked, name) is not None)


def fields_for(asked: VideoConditions) -> str:
    """Return what has to be asked for to see whether a video meets the conditions."""
    dates = "modified_time" if asked.by == "modified" else "created_time"
    return ",".join([dates, *(each.fields for _, each in asked_for(asked))])


def meets(asked: VideoConditions, span: Span, video: Video) -> bool | None:
    """Return whether a video is one that was asked for; None where Vimeo's answer does not show it.

    Args:
        asked: the conditions.
        span: the period that they mean, by Vimeo's time.
        video: as the list shows it.
    """
    if not span.has(date_of(asked)(video)):
        return False
    shown = True
    for name, each in asked_for(asked):
        if each.path and number_at(video, each.path) is None:
            shown = False
        elif not each.meets(getattr(asked, name), video):
            return False
    return shown or None


def date_of(asked: VideoConditions) -> Callable[[Video], datetime | None]:
    """Return what gives the date that was asked about."""
    path = "modified_time" if asked.by == "modified" else "created_time"
    return lambda video: moment_at(video, path)
