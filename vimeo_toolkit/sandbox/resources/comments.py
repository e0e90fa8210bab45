"""Comments and their replies."""

from __future__ import annotations

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.errors import not_found, refused
from vimeo_toolkit.sandbox.listing import choice, page_of
from vimeo_toolkit.sandbox.resources.access import visible_video
from vimeo_toolkit.sandbox.shapes.small import comment_shape
from vimeo_toolkit.sandbox.state import Comment, Video

MEDIA = "application/vnd.vimeo.comment+json"
SPAM = ("buy followers", "free crypto", "viagra")


@endpoint("GET", "/videos/{video_id}/comments")
def list_comments(call: Call) -> Answer:
    direction = choice(call, "direction", ("asc", "desc")) or "desc"
    comments = sorted(
        visible_video(call).comments, key=lambda comment: comment.created, reverse=direction == "desc"
    )
    return page_of(call, comments, lambda comment: comment_shape(comment, call.token.user), "comment")


@endpoint("POST", "/videos/{video_id}/comments", scope="interact")
def create_comment(call: Call) -> Answer:
    video = visible_video(call)
    comment = Comment(call.world.next_id(), video, call.user, _words(call, video), call.world.now())
    video.comments.append(comment)
    return _made(call, comment)


def _words(call: Call, video: Video) -> str:
    """The text of the body, from somebody who may comment.

    Raises:
        ApiError: 400/2207; 403/3301, 3411, 3412, 3413.
    """
    words = call.object().get("text")
    if not isinstance(words, str) or not words.strip():
        raise refused(400, 2207, "The comment text is missing.")
    if not call.user.email_verified:
        raise refused(403, 3411, "The user is unverified.")
    if video.comments_by == "nobody":
        raise refused(403, 3413, "Comments are disabled for this video.")
    if video.comments_by == "contacts" and call.user not in (video.user, *video.user.following):
        raise refused(403, 3412, "The user can't comment.")
    if any(marker in words.lower() for marker in SPAM):
        raise refused(403, 3301, "The comment was flagged as spam.")
    return words


def _comment(call: Call) -> tuple[Video, Comment, list[Comment]]:
    """The comment of the path, and the list that it stands in."""
    video = visible_video(call)
    for siblings in (video.comments, *(comment.replies for comment in video.comments)):
        for comment in siblings:
            if str(comment.id) == call.path["comment_id"]:
                return video, comment, siblings
    raise not_found("comment")


@endpoint("GET", "/videos/{video_id}/comments/{comment_id}")
def get_comment(call: Call) -> Answer:
    return Answer(200, comment_shape(_comment(call)[1], call.token.user), MEDIA)


@endpoint("PATCH", "/videos/{video_id}/comments/{comment_id}", scope="edit")
def edit_comment(call: Call) -> Answer:
    video, comment, _ = _comment(call)
    if comment.user is not call.user:
        raise refused(403, 3414, "You can't edit this comment.")
    comment.text = _words(call, video)
    return Answer(200, comment_shape(comment, call.user), MEDIA)


@endpoint("DELETE", "/videos/{video_id}/comments/{comment_id}", scope="delete")
def delete_comment(call: Call) -> Answer:
    _, comment, siblings = _comment(call)
    if comment.user is not call.user:
        raise refused(403, 3415, "You can't delete this comment.")
    siblings.remove(comment)
    return Answer(204)


@endpoint("GET", "/videos/{video_id}/comments/{comment_id}/replies")
def list_replies(call: Call) -> Answer:
    replies = _comment(call)[1].replies
    return page_of(call, replies, lambda comment: comment_shape(comment, call.token.user), "comment")


@endpoint("POST", "/videos/{video_id}/comments/{comment_id}/replies", scope="interact")
def create_reply(call: Call) -> Answer:
    video, comment, _ = _comment(call)
    reply = Comment(call.world.next_id(), video, call.user, _words(call, video), call.world.now())
    comment.replies.append(reply)
    return _made(call, reply)


def _made(call: Call, comment: Comment) -> Answer:
    return Answer(201, comment_shape(comment, call.user), MEDIA, {"Location": comment.uri})
