"""What a user likes, follows and keeps for later."""

from __future__ import annotations

from vimeo_toolkit.sandbox.errors import legacy, not_found, refused
from vimeo_toolkit.sandbox.http import Answer, Call, endpoint
from vimeo_toolkit.sandbox.listing import Sorts, choice, page_of, searched, sorted_by
from vimeo_toolkit.sandbox.resources.common import (
    COLLECTION_SORTS,
    named_user,
    video_list,
    visible_video,
)
from vimeo_toolkit.sandbox.resources.users import shape_in
from vimeo_toolkit.sandbox.state import User

SORTS: Sorts = {
    "alphabetical": (lambda user: user.name.lower(), "asc"),
    "date": (lambda user: user.created, "desc"),
}


@endpoint("GET", "/me/likes", "/users/{user_id}/likes")
def list_likes(call: Call) -> Answer:
    owner = named_user(call)
    videos = owner.likes if call.has("private") or owner is not call.token.user else []
    call.query.pop("direction", None)  # no parameter of this endpoint: ignored
    return video_list(call, videos, sorts=COLLECTION_SORTS, filters=("embeddable",))


@endpoint("PUT", "/me/likes/{video_id}", "/users/{user_id}/likes/{video_id}", scope="interact")
def like(call: Call) -> Answer:
    user, video = call.user, visible_video(call)
    if video.user is user:
        raise legacy(400, "You can't like your own video.")
    if video not in user.likes:
        user.likes.append(video)
        video.liked_by.append(user)
    return Answer(204)


@endpoint("DELETE", "/me/likes/{video_id}", "/users/{user_id}/likes/{video_id}", scope="interact")
def unlike(call: Call) -> Answer:
    user, video = call.user, visible_video(call)
    if video in user.likes:
        user.likes.remove(video)
        video.liked_by.remove(user)
    return Answer(204)


@endpoint("GET", "/me/watchlater", "/users/{user_id}/watchlater")
def list_watchlater(call: Call) -> Answer:
    videos = call.user.watchlater if call.has("private") else []
    return video_list(call, videos, sorts=COLLECTION_SORTS, filters=("embeddable",), conditional=True)


@endpoint("PUT", "/me/watchlater/{video_id}", "/users/{user_id}/watchlater/{video_id}", scope="interact")
def keep(call: Call) -> Answer:
    user, video = call.user, visible_video(call)
    if video not in user.watchlater:
        user.watchlater.append(video)
    return Answer(204)


@endpoint("DELETE", "/me/watchlater/{video_id}", "/users/{user_id}/watchlater/{video_id}", scope="interact")
def forget(call: Call) -> Answer:
    user, video = call.user, visible_video(call)
    if video in user.watchlater:
        user.watchlater.remove(video)
    return Answer(204)


@endpoint("GET", "/me/following", "/users/{user_id}/following")
def list_following(call: Call) -> Answer:
    owner = named_user(call)
    return _users(call, owner.following if call.has("private") or owner is not call.token.user else [])


@endpoint("GET", "/me/followers", "/users/{user_id}/followers")
def list_followers(call: Call) -> Answer:
    owner = named_user(call)
    return _users(call, [user for user in call.world.users if owner in user.following])


def _users(call: Call, users: list[User]) -> Answer:
    if choice(call, "filter", ("online",)):
        users = []
    found = searched(users, call.query.get("query"), lambda user: f"{user.name} {user.username}")
    return page_of(call, sorted_by(call, found, SORTS), lambda user: shape_in(call, user), "user")


@endpoint(
    "PUT", "/me/following/{follow_user_id}", "/users/{user_id}/following/{follow_user_id}", scope="interact"
)
def follow(call: Call) -> Answer:
    user, other = call.user, named_user(call, "follow_user_id")
    if not user.email_verified:
        raise refused(
            403, 3438, "You can't follow other users: an email verification check hasn't been completed."
        )
    if other is user:
        raise legacy(403, "You can't follow yourself.")
    if other not in user.following:
        user.following.append(other)
    return Answer(204)


@endpoint(
    "DELETE",
    "/me/following/{follow_user_id}",
    "/users/{user_id}/following/{follow_user_id}",
    scope="interact",
)
def unfollow(call: Call) -> Answer:
    user, other = call.user, named_user(call, "follow_user_id")
    if other not in user.following:
        raise not_found("user")
    user.following.remove(other)
    return Answer(204)
