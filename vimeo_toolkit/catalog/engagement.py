"""Likes, comments and the Watch Later queue."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field

from vimeo_toolkit.catalog.ids import CommentId, VideoId, VideoNumber
from vimeo_toolkit.catalog.inputs import VIMEO_CHOOSES, CollectionSort, Direction, EmbeddableFilter, Paged
from vimeo_toolkit.catalog.looks import COMMENT_NOW, VIDEO_NOW, Look
from vimeo_toolkit.catalog.marks import Help, IgnoredParam
from vimeo_toolkit.catalog.projections import COMMENT, OTHERS_VIDEOS, REPLY, USER
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import engage

__all__ = [
    "CommentDelete",
    "CommentRepliesList",
    "CommentReplyAdd",
    "CommentUpdate",
    "LikedVideosList",
    "VideoCommentAdd",
    "VideoCommentsList",
    "VideoLike",
    "VideoLikesList",
    "VideoUnlike",
    "WatchlaterAdd",
    "WatchlaterList",
    "WatchlaterRemove",
]

CommentText = Annotated[
    str,
    Field(min_length=1, max_length=5000, pattern=r"\S"),
    Help("What the comment says to all who can watch the video, 5,000 characters at most."),
]

_REPLIES: Final = Look(
    "replies",
    "/videos/{video_id}/comments/{comment_id}/replies",
    "uri,text,user.uri,user.name",
    title="text",
    noun="answer",
    none_is_404=True,
)


@engage.put(
    "/me/likes/{video_id}",
    name="vimeo_video_like",
    scopes={"interact"},
    success_message="The video is liked.",
    visible_to_others=True,
    undo="vimeo_video_unlike takes the like back.",
    error_hints={400: "Users cannot like their own videos."},
    asks="Like {video}?",
    looks=(VIDEO_NOW,),
)
class VideoLike(ToolInput):
    """Like (heart, favorite, thumbs up) a video."""

    video_id: VideoNumber


@engage.get("/me/likes", name="vimeo_liked_videos_list", scopes={"private"}, fields=OTHERS_VIDEOS)
class LikedVideosList(Paged):
    """List my favorites: films I liked."""

    filter: EmbeddableFilter | None = None
    sort: CollectionSort | None = None
    direction: Annotated[
        Direction | None,
        IgnoredParam("Vimeo's list of likes takes no direction: the videos are in Vimeo's own order."),
    ] = None
    """Ignored."""


@engage.post(
    "/videos/{video_id}/comments",
    name="vimeo_video_comment_add",
    scopes={"interact"},
    fields=COMMENT,
    visible_to_others=True,
    undo="vimeo_comment_delete deletes it; who was notified has seen it.",
    asks="Post the comment {text} on {video}?",
    looks=(VIDEO_NOW,),
)
class VideoCommentAdd(ToolInput):
    """Write (post) a new public comment below a video, such as thanks."""

    video_id: VideoId
    text: CommentText


@engage.get("/videos/{video_id}/comments", name="vimeo_video_comments_list", fields=COMMENT)
class VideoCommentsList(Paged):
    """Read the comments (feedback, opinions) that viewers wrote on one video."""

    video_id: VideoId
    direction: Direction | None = None


@engage.put(
    "/me/watchlater/{video_id}",
    name="vimeo_watchlater_add",
    scopes={"interact"},
    success_message="The video is in Watch Later.",
    undo="vimeo_watchlater_remove takes it out again.",
    asks="Put {video} on your Watch Later list?",
    looks=(VIDEO_NOW,),
)
class WatchlaterAdd(ToolInput):
    """Save (bookmark) a video: put it on my Watch Later list."""

    video_id: VideoNumber


@engage.get("/me/watchlater", name="vimeo_watchlater_list", scopes={"private"}, fields=OTHERS_VIDEOS)
class WatchlaterList(Paged):
    """What is in my Watch Later queue: list what I saved."""

    filter: EmbeddableFilter | None = None
    sort: Annotated[
        CollectionSort | None,
        Help(
            "What to sort the videos by: alphabetical by title, date by when they were saved, the others by "
            "their numbers.",
            VIMEO_CHOOSES,
        ),
    ] = None
    direction: Direction | None = None


@engage.delete(
    "/me/watchlater/{video_id}",
    name="vimeo_watchlater_remove",
    scopes={"interact"},
    destructive=False,
    success_message="The video is no longer in Watch Later.",
    undo="vimeo_watchlater_add puts it back.",
    asks="Take {video} off your Watch Later list?",
    looks=(VIDEO_NOW,),
)
class WatchlaterRemove(ToolInput):
    """Clear (remove) a video from my Watch Later queue."""

    video_id: VideoNumber


@engage.delete(
    "/me/likes/{video_id}",
    name="vimeo_video_unlike",
    scopes={"interact"},
    success_message="The video is no longer liked.",
    undo="vimeo_video_like likes it again.",
    visible_to_others=True,
    asks="Take back your like of {video}?",
    looks=(VIDEO_NOW,),
)
class VideoUnlike(ToolInput):
    """Unlike a video: take back my like (heart)."""

    video_id: VideoNumber


@engage.get("/videos/{video_id}/likes", name="vimeo_video_likes_list", fields=USER)
class VideoLikesList(Paged):
    """List who likes a video: people who gave it a heart."""

    video_id: VideoId


@engage.patch(
    "/videos/{video_id}/comments/{comment_id}",
    name="vimeo_video_comment_update",
    scopes={"edit"},
    fields=COMMENT,
    visible_to_others=True,
    undo="vimeo_video_comment_update sets the former text again.",
    destructive=True,
    asks="Change your comment on {video}?",
    looks=(COMMENT_NOW, VIDEO_NOW),
)
class CommentUpdate(ToolInput):
    """Edit (rewrite, correct) a comment that I wrote on a video."""

    video_id: VideoId
    comment_id: CommentId
    text: CommentText


@engage.delete(
    "/videos/{video_id}/comments/{comment_id}",
    name="vimeo_comment_delete",
    scopes={"delete"},
    success_message="The comment was deleted.",
    visible_to_others=True,
    asks="Permanently delete {comment} on {video}?",
    looks=(COMMENT_NOW, _REPLIES, VIDEO_NOW),
)
class CommentDelete(ToolInput):
    """Delete (remove, take down) a comment or reply that I wrote."""

    video_id: VideoId
    comment_id: CommentId

    def asks(self, found: Mapping[str, Any]) -> str:
        if not found["replies"]:
            return f"{self.tool.asks} Nobody has answered it."
        return "Permanently delete {comment} on {video}, and {replies} to it?"


@engage.get(
    "/videos/{video_id}/comments/{comment_id}/replies", name="vimeo_comment_replies_list", fields=REPLY
)
class CommentRepliesList(Paged):
    """Read the replies (answers) to one comment."""

    video_id: VideoId
    comment_id: CommentId


@engage.post(
    "/videos/{video_id}/comments/{comment_id}/replies",
    name="vimeo_comment_reply_add",
    scopes={"interact"},
    fields=REPLY,
    visible_to_others=True,
    undo="vimeo_comment_delete deletes it; who was notified has seen it.",
    asks="Post the answer {text} to {comment} on {video}?",
    looks=(COMMENT_NOW, VIDEO_NOW),
)
class CommentReplyAdd(ToolInput):
    """Reply to (answer) somebody's comment."""

    video_id: VideoId
    comment_id: CommentId
    text: CommentText
