"""Likes, comments and the Watch Later queue."""

from collections.abc import Mapping
from contextlib import closing
from functools import partial
from typing import Annotated, Any, Final, Self

from pydantic import Field, model_validator

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.batches import each_of
from vimeo_toolkit.catalog.comment_batches import AboutComments, own_answer
from vimeo_toolkit.catalog.ids import CommentId, VideoId, VideoNumber
from vimeo_toolkit.catalog.inputs import VIMEO_CHOOSES, CollectionSort, Direction, EmbeddableFilter, Paged
from vimeo_toolkit.catalog.looks import COMMENT_NOW, COMMENTS_NAMED, VIDEO_NOW, Look
from vimeo_toolkit.catalog.marks import Help, IgnoredParam, Shown
from vimeo_toolkit.catalog.projections import COMMENT, OTHERS_VIDEOS, REPLY, USER
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import engage
from vimeo_toolkit.catalog.video_parts import at
from vimeo_toolkit.errors import NotFound
from vimeo_toolkit.wire.api_request import ApiRequest

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
    """Like a video: leave a heart or thumbs up, give it a like."""

    video_id: VideoNumber


@engage.get("/me/likes", name="vimeo_liked_videos_list", scopes={"private"}, fields=OTHERS_VIDEOS)
class LikedVideosList(Paged):
    """List the videos that I liked: my favorites."""

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
    """Leave a comment under a video: say thanks, write something nice below it."""

    video_id: VideoId
    text: CommentText


@engage.get("/videos/{video_id}/comments", name="vimeo_video_comments_list", fields=COMMENT)
class VideoCommentsList(Paged):
    """Show comments on one video."""

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
    """Add a video to my watch later list: keep it for tonight, bookmark it."""

    video_id: VideoNumber


@engage.get("/me/watchlater", name="vimeo_watchlater_list", scopes={"private"}, fields=OTHERS_VIDEOS)
class WatchlaterList(Paged):
    """List what I saved to watch later."""

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
    """Remove a video from my Watch Later list (queue): take it off the list."""

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
    """Remove my like (heart) from a video: take it back."""

    video_id: VideoNumber


@engage.get("/videos/{video_id}/likes", name="vimeo_video_likes_list", fields=USER)
class VideoLikesList(Paged):
    """List the people who liked a video."""

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
    """Edit my own comment: correct or rewrite its text."""

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
    looks=(COMMENT_NOW, COMMENTS_NAMED, _REPLIES, VIDEO_NOW),
)
class CommentDelete(AboutComments):
    """Delete a comment or reply that I wrote: take down a remark."""

    def asks(self, found: Mapping[str, Any]) -> str:
        if self.several:
            return "Permanently delete {comments}, and the answers to them?"
        if not found["replies"]:
            return f"{self.tool.asks} Nobody has answered it."
        return "Permanently delete {comment} on {video}, and {replies} to it?"

    async def run(self, api: Api) -> Any:
        """Delete it, or one after the other; return what was deleted."""
        if not self.several:
            return await super().run(api)
        return await each_of(
            api,
            "comment",
            self.uris,
            partial(_deleted, api),
            {"deleted": "were deleted", "gone": "were not there (any more)"},
        )


async def _deleted(api: Api, comment: str) -> Mapping[str, Any]:
    try:
        await api.send(ApiRequest("DELETE", comment))
    except NotFound:
        return {"state": "gone"}
    return {"state": "deleted"}


@engage.get(
    "/videos/{video_id}/comments/{comment_id}/replies", name="vimeo_comment_replies_list", fields=REPLY
)
class CommentRepliesList(Paged):
    """List the replies to a comment."""

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
    looks=(COMMENT_NOW, COMMENTS_NAMED, VIDEO_NOW),
)
class CommentReplyAdd(AboutComments):
    """Answer (reply to) a comment: write back, thank a viewer."""

    text: Annotated[
        CommentText | None,
        Help(
            "What the answer says to all who can watch the video, 5,000 characters at most; the same to each of "
            "several comments.",
            "Each gets its own of texts when it is left out.",
        ),
    ] = None
    texts: Annotated[
        list[CommentText] | None,
        Shown(None),
        Field(min_length=1),
        Help(
            "What each of several comments is answered, in their order, 5,000 characters at most, instead of one "
            "text for all.",
            "All get the same text when it is left out.",
        ),
    ] = None
    """One for each of comments, in place of text."""

    @model_validator(mode="after")
    def _something_is_said(self) -> Self:
        if (self.text is None) == (self.texts is None):
            raise ValueError("give text, or texts for several comments")
        if self.texts is not None:
            if self.comments is None:
                raise ValueError("texts are for several comments: give comments, or one text")
            if len(self.texts) != len(self.comments) or len(self.uris) != len(self.comments):
                raise ValueError(
                    f"texts: there are {len(self.texts)} for {len(self.uris)} comments; give one for each"
                )
        return self

    def asks(self, found: Mapping[str, Any]) -> str:
        if not self.several:
            return self.tool.asks
        return f"Post the answer{'s {texts}' if self.texts else ' {text}'} to {{comments}}?"

    async def run(self, api: Api) -> Any:
        """Post the answer, or to each of several comments one that is not there yet."""
        if not self.several:
            return await super().run(api)
        uris = self.uris
        said = dict(zip(uris, self.texts or [self.text or ""] * len(uris), strict=True))

        async def look(comment: str) -> str | None:
            return await own_answer(api, comment, said[comment])

        async def answer(comment: str) -> Mapping[str, Any]:
            following = uris[uris.index(comment) + 1 :]
            if not api.planning and (there := await looks.result(comment, following)) is not None:
                return {"state": "there_already", "reply": there}
            request = ApiRequest("POST", f"{comment}/replies", body={"text": said[comment]}, fields=REPLY)
            made = await api.send(request)
            return {"state": "answered", "reply": at(made, "uri")}

        done = {"answered": "were answered", "there_already": "had this answer of the user's already"}
        # It is looked side by side; the answers are posted one after the other, in the order that people see.
        with closing(api.beside(look)) as looks:
            return await each_of(api, "comment", uris, answer, done)
