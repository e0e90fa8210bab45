"""Chapters of a video."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Self

from pydantic import Field, model_validator

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.batches import OneOrSeveral, each_of
from vimeo_toolkit.catalog.effects import same_value
from vimeo_toolkit.catalog.extra_reads import try_list
from vimeo_toolkit.catalog.ids import ChapterId, VideoNumber
from vimeo_toolkit.catalog.inputs import Paged
from vimeo_toolkit.catalog.looks import CHAPTER_NOW, VIDEO_NOW
from vimeo_toolkit.catalog.marks import Help, Shown
from vimeo_toolkit.catalog.projections import CHAPTER
from vimeo_toolkit.catalog.timecodes import Timecode, clock_of
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import publish
from vimeo_toolkit.catalog.video_parts import at
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["ChapterCreate", "ChapterDelete", "ChapterEdit", "ChaptersList"]

MOST: Final = 50
"""Chapters of one call."""

_TIMES: Final = {400: "A chapter begins within the video, and no two of a video begin on the same second."}
"""For who was refused a time: Vimeo's text names the parameter alone. The same second was seen to be refused; what
becomes of a time behind the end no recording shows."""

Title = Annotated[
    str,
    Field(min_length=1, max_length=128),
    Help("What the chapter is called in the player, 128 characters at most."),
]


@publish.get("/videos/{video_id}/chapters", name="vimeo_video_chapters_list", fields=CHAPTER)
class ChaptersList(Paged):
    """Show which chapters a video has."""

    video_id: VideoNumber


@publish.post(
    "/videos/{video_id}/chapters",
    name="vimeo_video_chapter_create",
    scopes={"upload"},
    fields=CHAPTER,
    error_hints=_TIMES,
    undo="vimeo_video_chapter_delete deletes it.",
    visible_to_others=True,
    asks="Add the chapter {title} at {timecode} to {video}?",
    looks=(VIDEO_NOW,),
)
class ChapterCreate(OneOrSeveral):
    """Add (insert) a chapter at a time of a video."""

    video_id: VideoNumber
    title: Annotated[
        Title | None,
        Help(
            "What the chapter is called in the player, 128 characters at most.",
            "Several chapters have titles when it is left out.",
        ),
    ] = None
    timecode: Annotated[
        Timecode | None,
        Help(
            "Where in the video it begins, in seconds from the start, such as 90, or a time, such as 1:30.",
            "Several chapters have timecodes when it is left out.",
        ),
    ] = None
    """Seconds from the start."""
    titles: Annotated[
        list[Title] | None,
        Shown(None),
        Field(min_length=1),
        Help(
            f"What each of several chapters is called, {MOST} at most.",
            "One chapter is made when they are left out.",
        ),
    ] = None
    """Of several, in place of title."""
    timecodes: Annotated[
        list[Timecode] | None,
        Shown(None),
        Field(min_length=1),
        Help(
            "Where each of several chapters begins, in the order of their titles, each in seconds or as a time.",
            "One chapter is made when they are left out.",
        ),
    ] = None
    """One for each of titles."""

    @model_validator(mode="after")
    def _one_or_several(self) -> Self:
        one, several = (self.title, self.timecode), (self.titles, self.timecodes)
        if several == (None, None):
            if None in one:
                raise ValueError("give title and timecode, or titles and timecodes for several chapters")
            return self
        if one != (None, None):
            raise ValueError("titles and timecodes have all chapters: leave out title and timecode")
        titles, timecodes = self.titles or [], self.timecodes or []
        if len(titles) != len(timecodes):
            raise ValueError(
                f"there are {len(titles)} titles and {len(timecodes)} timecodes: give one of each for a chapter"
            )
        if len(titles) > MOST:
            raise ValueError(f"titles: {MOST} at most: make several calls")
        if len(set(map(int, timecodes))) < len(timecodes):
            raise ValueError("timecodes: two chapters cannot begin on the same second")
        return self

    @property
    def several(self) -> bool:
        """Whether several chapters are made, of each of which the result has an account."""
        return self.titles is not None

    def asks(self, found: Mapping[str, Any]) -> str:
        return "Add the chapters {titles} at {timecodes} to {video}?" if self.several else self.tool.asks

    async def run(self, api: Api) -> Any:
        """Add it, or one after the other those of several that are not there yet."""
        if not self.several:
            return await super().run(api)
        path = f"/videos/{self.video_id}/chapters"
        wanted = {
            f"{clock_of(timecode)} {title}": {"title": title, "timecode": timecode}
            for title, timecode in zip(self.titles or (), self.timecodes or (), strict=True)
        }
        there: list[dict[str, Any]] | None = None

        async def add(chapter: str) -> Mapping[str, Any]:
            nonlocal there
            if there is None:
                there = await try_list(api, path, CHAPTER) or []
            if same := next((each for each in there if _is(each, wanted[chapter])), None):
                return {"state": "there_already", "uri": same.get("uri")}
            made = await api.send(ApiRequest("POST", path, body=wanted[chapter], fields=CHAPTER))
            return {"state": "added", "uri": at(made, "uri")}

        done = {"added": "were added", "there_already": "were there already"}
        return await each_of(api, "chapter", wanted, add, done)


def _is(chapter: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Return whether a chapter of the video is the one that is wanted, to the second."""
    begins = chapter.get("timecode")
    on_time = isinstance(begins, int | float) and int(begins) == int(wanted["timecode"])
    return on_time and same_value(wanted["title"], chapter.get("title"))


@publish.patch(
    "/videos/{video_id}/chapters/{chapter_id}",
    name="vimeo_video_chapter_edit",
    scopes={"edit"},
    fields=CHAPTER,
    error_hints=_TIMES,
    undo="vimeo_video_chapter_edit sets the former title and time again.",
    destructive=True,
    visible_to_others=True,
    asks="Change {chapter} of {video}?",
    looks=(CHAPTER_NOW, VIDEO_NOW),
)
class ChapterEdit(ToolInput):
    """Rename a chapter or move the chapter to another time."""

    video_id: VideoNumber
    chapter_id: ChapterId
    title: Title | None = None
    timecode: Timecode | None = None
    """Seconds from the start."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.title is None and self.timecode is None:
            raise ValueError("give a title or a timecode")
        return self


@publish.delete(
    "/videos/{video_id}/chapters/{chapter_id}",
    name="vimeo_video_chapter_delete",
    scopes={"delete"},
    success_message="The chapter was deleted.",
    undo="vimeo_video_chapter_create makes one with the same title and time.",
    visible_to_others=True,
    asks="Delete {chapter} of {video}?",
    looks=(CHAPTER_NOW, VIDEO_NOW),
)
class ChapterDelete(ToolInput):
    """Remove a chapter from a video."""

    video_id: VideoNumber
    chapter_id: ChapterId
