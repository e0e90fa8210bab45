"""Chapters of a video."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from vimeo_toolkit.catalog.ids import ChapterId, VideoNumber
from vimeo_toolkit.catalog.inputs import Paged
from vimeo_toolkit.catalog.looks import CHAPTER_NOW, VIDEO_NOW
from vimeo_toolkit.catalog.marks import Help
from vimeo_toolkit.catalog.projections import CHAPTER
from vimeo_toolkit.catalog.timecodes import Timecode
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import publish

__all__ = ["ChapterCreate", "ChapterDelete", "ChapterEdit", "ChaptersList"]

Title = Annotated[
    str,
    Field(min_length=1, max_length=128),
    Help("What the chapter is called in the player, 128 characters at most."),
]


@publish.get("/videos/{video_id}/chapters", name="vimeo_video_chapters_list", fields=CHAPTER)
class ChaptersList(Paged):
    """List a video's chapters."""

    video_id: VideoNumber


@publish.post(
    "/videos/{video_id}/chapters",
    name="vimeo_video_chapter_create",
    scopes={"upload"},
    fields=CHAPTER,
    undo="vimeo_video_chapter_delete deletes it.",
    visible_to_others=True,
    asks="Add the chapter {title} at {timecode} to {video}?",
    looks=(VIDEO_NOW,),
)
class ChapterCreate(ToolInput):
    """Add (insert) a chapter at a time of a video."""

    video_id: VideoNumber
    title: Title
    timecode: Timecode
    """Seconds from the start."""


@publish.patch(
    "/videos/{video_id}/chapters/{chapter_id}",
    name="vimeo_video_chapter_edit",
    scopes={"edit"},
    fields=CHAPTER,
    undo="vimeo_video_chapter_edit sets the former title and time again.",
    destructive=True,
    visible_to_others=True,
    asks="Change {chapter} of {video}?",
    looks=(CHAPTER_NOW, VIDEO_NOW),
)
class ChapterEdit(ToolInput):
    """Rename a chapter or move it to another time."""

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
