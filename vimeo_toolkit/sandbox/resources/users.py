"""Users."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.errors import invalid_parameter, not_found, refused
from vimeo_toolkit.sandbox.listing import NEWEST_FIRST, Sorts, choice, page_of, searched, sorted_by
from vimeo_toolkit.sandbox.resources.access import named_user, own_user
from vimeo_toolkit.sandbox.resources.bodies import text
from vimeo_toolkit.sandbox.resources.settings import privacy_in, ratings_in
from vimeo_toolkit.sandbox.shapes.parts import portrait
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.state import User

MEDIA = "application/vnd.vimeo.user+json"
SORTS: Sorts = {
    "alphabetical": (lambda user: user.name.lower(), "asc"),
    "date": (lambda user: user.created, "desc"),
    "followers": (lambda user: len(user.followers), "desc"),
    "relevant": NEWEST_FIRST,
    "videos": (lambda user: len(user.videos), "desc"),
}


@endpoint("GET", "/me", "/users/{user_id}")
def get_user(call: Call) -> Answer:
    return Answer(200, user_shape(named_user(call), call.token.user, nested=False), MEDIA)


@endpoint("PATCH", "/me", "/users/{user_id}", scope="edit")
def edit_user(call: Call) -> Answer:
    user = own_user(call)
    changes, privacy = _checked(call, user)
    for name, value in changes.items():
        setattr(user, name, value)
    user.defaults = {**user.defaults, **privacy}
    return Answer(200, user_shape(user, user, nested=False), MEDIA)


def _checked(call: Call, user: User) -> tuple[dict[str, Any], dict[str, Any]]:
    """Attributes of `User` and, for new videos, those of `Video`; all checked before anything is changed.

    Raises:
        ApiError: 400/2204.
    """
    body = call.object()
    changes: dict[str, Any] = {
        "name": text(body, "name", 128),
        "bio": text(body, "bio", 5000),
        "location": text(body, "location", 255),
        "gender": text(body, "gender", 1, allowed=("f", "m", "n", "o")),
        "username": text(body, "link", 64),
        "default_password": text(body, "password", 32),
    }
    changes = {name: value for name, value in changes.items() if value is not None}
    if changes.get("name") == "":
        raise invalid_parameter("name", "A text is required.")
    if "content_filter" in body:
        changes["content_filter"] = ratings_in(body, "content_filter")
    if "username" in changes:
        wanted = changes["username"] = changes["username"].rstrip("/").rpartition("/")[2].lower()
        taken = call.world.find_user(wanted)
        if not wanted.isalnum() or wanted.isdecimal() or taken not in (None, user):
            raise invalid_parameter("link", "The link is invalid or taken.")
    videos = body.get("videos", {})
    if not isinstance(videos, dict):
        raise invalid_parameter("videos", "An object is required.")
    privacy = {name: value for name, value in privacy_in(videos, plan=user.plan).items() if value is not None}
    if "default_password" in changes and privacy.get("view", user.defaults["view"]) != "password":
        raise invalid_parameter("password", "The field videos.privacy.view must be password.")
    return changes, privacy


@endpoint("GET", "/me/pictures", "/users/{user_id}/pictures")
def list_portraits(call: Call) -> Answer:
    return page_of(call, [named_user(call)], lambda user: portrait(user.picture), "picture")


@endpoint("GET", "/me/pictures/{picture_id}", "/users/{user_id}/pictures/{picture_id}")
def get_portrait(call: Call) -> Answer:
    user = named_user(call)
    if call.path["picture_id"] != str(user.id):
        raise not_found("picture")
    return Answer(200, portrait(user.picture), "application/vnd.vimeo.picture+json")


@endpoint("GET", "/users")
def search_users(call: Call) -> Answer:
    query = call.query.get("query")
    if choice(call, "sort", SORTS) == "relevant" and not query:
        raise refused(400, 2204, "The relevant sort has no search query.")
    found = searched(call.world.users, query, lambda user: f"{user.name} {user.username}")
    people = sorted_by(call, found, SORTS)
    return page_of(call, people, lambda user: user_shape(user, call.token.user), "user")
