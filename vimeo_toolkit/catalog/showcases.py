"""Showcases, which the API calls albums."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from vimeo_toolkit.catalog.common import (
    OWN_VIDEOS,
    SHOWCASE,
    Description,
    Direction,
    Name,
    Paged,
    Password,
    Query,
)
from vimeo_toolkit.catalog.ids import ShowcaseId, VideoNumber
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import organize

__all__ = ["ShowcaseCreate", "ShowcaseVideoAdd", "ShowcaseVideosList", "ShowcasesList"]


@organize.post("/me/albums", name="vimeo_showcase_create", scopes={"create"}, fields=SHOWCASE)
class ShowcaseCreate(ToolInput):
    """Create a showcase (album), a collection of videos on its own page."""

    name: Name
    description: Description | None = None
    privacy: Literal["anybody", "embed_only", "nobody", "password", "team", "unlisted"] | None = None
    password: Password | None = None
    sort: (
        Literal[
            "added_first",
            "added_last",
            "alphabetical",
            "arranged",
            "comments",
            "likes",
            "newest",
            "oldest",
            "plays",
        ]
        | None
    ) = None
    brand_color: Annotated[str, Field(pattern=r"^#?[0-9a-fA-F]{6}$")] | None = None
    """Hex."""
    hide_nav: bool | None = None
    hide_upcoming: bool | None = None
    review_mode: bool | None = None

    @model_validator(mode="after")
    def _password(self) -> Self:
        if self.privacy == "password" and self.password is None:
            raise ValueError('privacy="password" needs a password')
        return self


@organize.get("/me/albums", name="vimeo_showcases_list", scopes={"private"}, fields=SHOWCASE)
class ShowcasesList(Paged):
    """List my showcases (albums)."""

    query: Query | None = None
    sort: Literal["alphabetical", "date", "duration", "videos"] | None = None
    direction: Direction | None = None


@organize.put(
    "/me/albums/{album_id}/videos/{video_id}",
    name="vimeo_showcase_video_add",
    scopes={"edit"},
    done="The video is in the showcase.",
)
class ShowcaseVideoAdd(ToolInput):
    """Add a video to a showcase (album)."""

    album_id: ShowcaseId
    video_id: VideoNumber


@organize.get(
    "/me/albums/{album_id}/videos", name="vimeo_showcase_videos_list", scopes={"private"}, fields=OWN_VIDEOS
)
class ShowcaseVideosList(Paged):
    """List the videos in a showcase (album)."""

    album_id: ShowcaseId
    sort: (
        Literal[
            "alphabetical",
            "comments",
            "date",
            "default",
            "duration",
            "likes",
            "manual",
            "modified_time",
            "plays",
        ]
        | None
    ) = None
    direction: Direction | None = None
