"""Users."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.errors import invalid_parameter
from vimeo_toolkit.sandbox.http import Answer, Call, endpoint
from vimeo_toolkit.sandbox.listing import Sorts, page_of, searched, sorted_by
from vimeo_toolkit.sandbox.resources.common import named_user, text
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.state import User

MEDIA = "application/vnd.vimeo.user+json"
SORTS: Sorts = {
    "alphabetical": (lambda user: user.name.lower(), "asc"),
    "date": (lambda user: user.created, "desc"),
    "followers": (lambda user: len(user.likes), "desc"),
    "videos": (lambda user: len(user.videos), "desc"),
}


def shape_in(call: Call, user: User) -> dict[str, Any]:
    followers = sum(user in other.following for other in call.world.users)
    return user_shape(user, call.token.user, followers=followers)


@endpoint("GET", "/me", "/users/{user_id}")
def get_user(call: Call) -> Answer:
    return Answer(200, shape_in(call, named_user(call)), MEDIA)


@endpoint("PATCH", "/me", "/users/{user_id}", scope="edit")
def edit_user(call: Call) -> Answer:
    user, body = call.user, call.object()
    name, bio, location = (text(body, "name", 128), text(body, "bio", 5000), text(body, "location", 255))
    if name == "":
        raise invalid_parameter("name", "A text is required.")
    user.name = name or user.name
    user.bio = bio if bio is not None else user.bio
    user.location = location if location is not None else user.location
    return Answer(200, shape_in(call, user), MEDIA)


@endpoint("GET", "/users")
def search_users(call: Call) -> Answer:
    found = searched(call.world.users, call.query.get("query"), lambda user: f"{user.name} {user.username}")
    if call.query.get("sort") == "relevant":
        call.query.pop("sort")
    return page_of(call, sorted_by(call, found, SORTS), lambda user: shape_in(call, user), "user")
