"""The user's own videos: list, look at, change, delete."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from vimeo_toolkit.catalog.common import (
    OWN_VIDEOS,
    TAG,
    VIDEO,
    Description,
    Direction,
    Name,
    Paged,
    Password,
    Query,
    VideoFilter,
    VideoSort,
)
from vimeo_toolkit.catalog.ids import VideoId, VideoUri
from vimeo_toolkit.catalog.tool import At, ToolInput
from vimeo_toolkit.catalog.toolsets import library, publish

__all__ = ["MyVideosList", "VideoDelete", "VideoEdit", "VideoGet", "VideoTagsList", "check_video_sort"]


def check_video_sort(sort: str | None, direction: str | None) -> None:
    """Vimeo sorts by likes and plays downwards only."""
    if sort in ("likes", "plays") and direction == "asc":
        raise ValueError(f'sort="{sort}" works with direction="desc" only')


@library.get("/me/videos", name="vimeo_my_videos_list", scopes={"private"}, fields=OWN_VIDEOS)
class MyVideosList(Paged):
    """List or search my own uploaded videos with date, privacy, status and plays."""

    query: Query | None = None
    filter: VideoFilter | None = None
    sort: VideoSort | None = None
    direction: Direction | None = None
    containing_uri: VideoUri | None = None
    # The page that has this video.

    @model_validator(mode="after")
    def _combination(self) -> Self:
        check_video_sort(self.sort, self.direction)
        if self.containing_uri and self.query:
            raise ValueError("containing_uri does not work together with query")
        return self


@library.get("/videos/{video_id}", name="vimeo_video_get", fields=VIDEO)
class VideoGet(ToolInput):
    """Get one video's details: title, description, duration, privacy, tags, plays, likes, folder, status."""

    video_id: VideoId
    """Id, URI or link."""


def _rating(value: Any) -> Any:
    """Vimeo wants a list where its users write one word, or several with commas."""
    if isinstance(value, str):
        return [word.strip() for word in value.split(",") if word.strip()]
    return value


ContentRating = Annotated[
    list[Literal["advertisement", "drugs", "language", "nudity", "safe", "unrated", "violence"]],
    Field(min_length=1, max_length=7),
    BeforeValidator(_rating),
    WithJsonSchema({"type": "string"}),
]


@publish.patch("/videos/{video_id}", name="vimeo_video_edit", scopes={"edit"}, fields=VIDEO)
class VideoEdit(ToolInput):
    """Edit a video: rename, change description, license, password, who may watch, embed, download, comment."""

    video_id: VideoId
    name: Name | None = None
    description: Description | None = None
    privacy_view: Annotated[
        Literal["anybody", "contacts", "disable", "nobody", "password", "unlisted", "users"] | None,
        At("privacy.view"),
    ] = None
    """nobody = private; disable = embedded only."""
    privacy_embed: Annotated[Literal["private", "public", "whitelist"] | None, At("privacy.embed")] = None
    privacy_download: Annotated[bool | None, At("privacy.download")] = None
    privacy_add: Annotated[bool | None, At("privacy.add")] = None
    privacy_comments: Annotated[Literal["anybody", "contacts", "nobody"] | None, At("privacy.comments")] = (
        None
    )
    password: Password | None = None
    license: Literal["by", "by-nc", "by-nc-nd", "by-nc-sa", "by-nd", "by-sa", "cc0"] | None = None
    content_rating: ContentRating | None = None
    """safe, unrated or any of advertisement,drugs,language,nudity,violence."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if all(getattr(self, name) is None for name in type(self).model_fields if name != "video_id"):
            raise ValueError("give at least one thing to change")
        return self


@publish.delete(
    "/videos/{video_id}", name="vimeo_video_delete", scopes={"delete"}, done="The video was deleted."
)
class VideoDelete(ToolInput):
    """Delete a video permanently."""

    video_id: VideoId


@library.get("/videos/{video_id}/tags", name="vimeo_video_tags_list", fields=TAG)
class VideoTagsList(ToolInput):
    """List a video's tags (keywords)."""

    video_id: VideoId
