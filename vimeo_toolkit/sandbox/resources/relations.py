"""What a user likes, follows and keeps for later."""

from __future__ import annotations

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.errors import legacy, not_found, refused
from vimeo_toolkit.sandbox.listing import Sorts, choice, page_of, searched, sorted_by
from vimeo_toolkit.sandbox.resources.access import named_user, own_user, visible_video
from vimeo_toolkit.sandbox.resources.videolists import COLLECTION_SORTS, video_list
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.shapes.video import video_shape
from vimeo_toolkit.sandbox.state import User

PEOPLE_SORTS: Sorts = {
    "alphabetical": (lambda user: user.name.lower(), "asc"),
    "date": (lambda user: user.created, "desc"),
}
LIKE = ("/me/likes/{video_id}", "/users/{user_id}/likes/{video_id}")
KEPT = ("/me/watchlater/{video_id}", "/users/{user_id}/watchlater/{video_id}")
FOLLOWED = ("/me/following/{follow_user_id}", "/users/{user_id}/following/{follow_user_id}")


# ---- likes ----


@endpoint("GET", "/me/likes", "/users/{user_id}/likes")
def list_likes(call: Call) -> Answer:
    owner = named_user(call)
    videos = list(reversed(owner.likes)) if call.has("private") or owner is not call.token.user else []
    # This endpoint has no parameter `direction`: what Vimeo does with one is not known, here it is ignored.
    return video_list(call, videos, sorts=COLLECTION_SORTS, filters=("embeddable",), directed=False)


@endpoint("GET", *LIKE)
def has_liked(call: Call) -> Answer:
    if visible_video(call) not in named_user(call).likes:
        raise not_found("video")
    return Answer(204)


@endpoint("PUT", *LIKE, scope="interact")
def like(call: Call) -> Answer:
    user, video = own_user(call), visible_video(call)
    if video.user is user:
        raise legacy(400, "You can't like your own video.")
    if video not in user.likes:
        user.likes.append(video)
        video.liked_by.append(user)
    return Answer(204)


@endpoint("DELETE", *LIKE, scope="interact")
def unlike(call: Call) -> Answer:
    user, video = own_user(call), visible_video(call)
    if video in user.likes:
        user.likes.remove(video)
        video.liked_by.remove(user)
    return Answer(204)


# ---- watch later ----


@endpoint("GET", "/me/watchlater", "/users/{user_id}/watchlater")
def list_watchlater(call: Call) -> Answer:
    user = own_user(call)
    videos = list(reversed(user.watchlater)) if call.has("private") else []
    changed = () if user.watchlater_changed is None else (user.watchlater_changed,)
    return video_list(call, videos, sorts=COLLECTION_SORTS, filters=("embeddable",), changed=changed)


@endpoint("GET", *KEPT)
def is_kept(call: Call) -> Answer:
    user, video = own_user(call), visible_video(call)
    if not call.has("private") or video not in user.watchlater:
        raise not_found("video")
    return Answer(200, video_shape(video, user), "application/vnd.vimeo.video+json")


@endpoint("PUT", *KEPT, scope="interact")
def keep(call: Call) -> Answer:
    user, video = own_user(call), visible_video(call)
    if video not in user.watchlater:
        user.watchlater.append(video)
        user.watchlater_changed = call.world.now()
    return Answer(204)


@endpoint("DELETE", *KEPT, scope="interact")
def forget(call: Call) -> Answer:
    user, video = own_user(call), visible_video(call)
    if video in user.watchlater:
        user.watchlater.remove(video)
        user.watchlater_changed = call.world.now()
    return Answer(204)


# ---- following ----


@endpoint("GET", "/me/following", "/users/{user_id}/following")
def list_following(call: Call) -> Answer:
    owner = named_user(call)
    people = owner.following if call.has("private") or owner is not call.token.user else []
    # Nobody is online in a sandbox.
    return _people(call, [] if choice(call, "filter", ("online",)) else people)


@endpoint("GET", "/me/followers", "/users/{user_id}/followers")
def list_followers(call: Call) -> Answer:
    hidden = "user_id" not in call.path and not call.has("private")
    return _people(call, [] if hidden else named_user(call).followers)


def _people(call: Call, people: list[User]) -> Answer:
    newest = list(reversed(people))
    found = searched(newest, call.query.get("query"), lambda user: f"{user.name} {user.username}")
    found = sorted_by(call, found, PEOPLE_SORTS)
    return page_of(call, found, lambda user: user_shape(user, call.token.user), "user")


@endpoint("GET", *FOLLOWED)
def follows(call: Call) -> Answer:
    if named_user(call, "follow_user_id") not in named_user(call).following:
        raise not_found("followed user")
    return Answer(204)


@endpoint("PUT", *FOLLOWED, scope="interact")
def follow(call: Call) -> Answer:
    user, other = own_user(call), named_user(call, "follow_user_id")
    if not user.email_verified:
        raise refused(
            403, 3438, "You can't follow other users: an email verification check hasn't been completed."
        )
    if other is user:
        raise legacy(403, "You can't follow yourself.")
    user.follow(other)
    return Answer(204)


@endpoint("DELETE", *FOLLOWED, scope="interact")
def unfollow(call: Call) -> Answer:
    own_user(call).unfollow(named_user(call, "follow_user_id"))
    return Answer(204)
