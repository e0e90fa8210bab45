"""Likes, comments and the Watch Later queue."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from vimeo_toolkit.catalog.common import COMMENT, OTHERS_VIDEOS, Direction, Paged
from vimeo_toolkit.catalog.ids import VideoId, VideoNumber
from vimeo_toolkit.catalog.tool import ToolInput, Unsent
from vimeo_toolkit.catalog.toolsets import engage

__all__ = [
    "LikedVideosList",
    "VideoCommentAdd",
    "VideoCommentsList",
    "VideoLike",
    "WatchlaterAdd",
    "WatchlaterList",
]

CollectionSort = Literal["alphabetical", "comments", "date", "duration", "likes", "plays"]


@engage.put(
    "/me/likes/{video_id}",
    name="vimeo_video_like",
    scopes={"interact"},
    done="The video is liked.",
    explain={400: "Users cannot like their own videos."},
)
class VideoLike(ToolInput):
    """Like another user's video."""

    video_id: VideoNumber


@engage.get("/me/likes", name="vimeo_liked_videos_list", scopes={"private"}, fields=OTHERS_VIDEOS)
class LikedVideosList(Paged):
    """List the videos I liked."""

    filter: Literal["embeddable"] | None = None
    sort: CollectionSort | None = None
    direction: Annotated[
        Direction | None,
        Unsent("Vimeo's list of likes takes no direction: the videos are in Vimeo's own order."),
    ] = None
    """Ignored."""


@engage.post(
    "/videos/{video_id}/comments", name="vimeo_video_comment_add", scopes={"interact"}, fields=COMMENT
)
class VideoCommentAdd(ToolInput):
    """Post a public comment on a video."""

    video_id: VideoId
    text: Annotated[str, Field(min_length=1, max_length=5000, pattern=r"\S")]


@engage.get("/videos/{video_id}/comments", name="vimeo_video_comments_list", fields=COMMENT)
class VideoCommentsList(Paged):
    """Read the comments on a video."""

    video_id: VideoId
    direction: Direction | None = None


@engage.put(
    "/me/watchlater/{video_id}",
    name="vimeo_watchlater_add",
    scopes={"interact"},
    done="The video is in Watch Later.",
)
class WatchlaterAdd(ToolInput):
    """Save a video to Watch Later."""

    video_id: VideoNumber


@engage.get("/me/watchlater", name="vimeo_watchlater_list", scopes={"private"}, fields=OTHERS_VIDEOS)
class WatchlaterList(Paged):
    """List my Watch Later videos."""

    filter: Literal["embeddable"] | None = None
    sort: CollectionSort | None = None
    direction: Direction | None = None
