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
    """Create a showcase (album): a collection of videos to present on a page of its own."""

    name: Name
    description: Description | None = None
    privacy: Literal["anybody", "embed_only", "nobody", "password", "team", "unlisted"] | None = None
    """Who can see it; password needs password."""
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
    """Order of its videos."""
    brand_color: Annotated[str, Field(pattern=r"^#?[0-9a-fA-F]{6}$")] | None = None
    """Hex, such as 00adef."""
    hide_nav: bool | None = None
    """Hide Vimeo's navigation."""
    hide_upcoming: bool | None = None
    """Hide upcoming live events."""
    review_mode: bool | None = None

    @model_validator(mode="after")
    def _password(self) -> Self:
        if self.privacy == "password" and self.password is None:
            raise ValueError('privacy="password" needs a password')
        return self


@organize.get("/me/albums", name="vimeo_showcases_list", scopes={"private"}, fields=SHOWCASE)
class ShowcasesList(Paged):
    """List the user's showcases (albums) with privacy and number of videos."""

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
    """Add one of the user's videos to one of their showcases (albums)."""

    album_id: ShowcaseId
    """The showcase's id, URI or link."""
    video_id: VideoNumber


@organize.get(
    "/me/albums/{album_id}/videos", name="vimeo_showcase_videos_list", scopes={"private"}, fields=OWN_VIDEOS
)
class ShowcaseVideosList(Paged):
    """List the videos in one of the user's showcases (albums)."""

    album_id: ShowcaseId
    """The showcase's id, URI or link."""
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
