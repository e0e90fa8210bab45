"""The connected user and other users."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from vimeo_toolkit.catalog.common import (
    OTHERS_VIDEOS,
    USER,
    USER_DETAIL,
    Direction,
    Paged,
    Query,
    VideoFilter,
    VideoSort,
)
from vimeo_toolkit.catalog.ids import UserId
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import discover, engage, library
from vimeo_toolkit.catalog.videos import check_video_sort

__all__ = ["FollowingList", "MeGet", "UserFollow", "UserGet", "UserVideosList"]


@library.get(
    "/me", name="vimeo_me_get", fields=USER_DETAIL + ",upload_quota.space.free,upload_quota.space.max"
)
class MeGet(ToolInput):
    """Get my own profile: name, plan, bio, counts, free upload space."""


@discover.get("/users/{user_id}", name="vimeo_user_get", fields=USER_DETAIL)
class UserGet(ToolInput):
    """Get another user's public profile."""

    user_id: UserId
    """Id, name or link."""


@discover.get("/users/{user_id}/videos", name="vimeo_user_videos_list", fields=OTHERS_VIDEOS)
class UserVideosList(Paged):
    """List another user's public videos."""

    user_id: UserId
    query: Query | None = None
    filter: VideoFilter | None = None
    sort: VideoSort | None = None
    direction: Direction | None = None

    @model_validator(mode="after")
    def _combination(self) -> Self:
        check_video_sort(self.sort, self.direction)
        return self


@engage.put(
    "/me/following/{follow_user_id}",
    name="vimeo_user_follow",
    scopes={"interact"},
    done="The user is followed.",
)
class UserFollow(ToolInput):
    """Follow another user."""

    follow_user_id: UserId


@engage.get("/me/following", name="vimeo_following_list", scopes={"private"}, fields=USER, of_others=True)
class FollowingList(Paged):
    """List the users I follow."""

    query: Query | None = None
    filter: Literal["online"] | None = None
    sort: Literal["alphabetical", "date"] | None = None
    direction: Direction | None = None
