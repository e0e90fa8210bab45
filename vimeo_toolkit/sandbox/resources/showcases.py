"""Showcases."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.errors import invalid_parameter, not_found
from vimeo_toolkit.sandbox.listing import FIRST_TO_LAST, Sorts, page_of, searched, sorted_by
from vimeo_toolkit.sandbox.resources.access import (
    named_user,
    own_showcase,
    own_user,
    own_video,
    videos_in,
    visible_showcase,
    visible_video,
)
from vimeo_toolkit.sandbox.resources.bodies import boolean, text
from vimeo_toolkit.sandbox.resources.videolists import COLLECTION_SORTS, VIDEO_SORTS, video_list
from vimeo_toolkit.sandbox.shapes.places import showcase_shape
from vimeo_toolkit.sandbox.shapes.video import video_shape
from vimeo_toolkit.sandbox.state import Showcase, Video

MEDIA = "application/vnd.vimeo.album+json"
SORTS: Sorts = {
    "alphabetical": (lambda showcase: showcase.name.lower(), "asc"),
    "date": (lambda showcase: showcase.created, "desc"),
    "duration": (lambda showcase: sum(video.duration for video in showcase.videos), "desc"),
    "videos": (lambda showcase: len(showcase.videos), "desc"),
}
ORDERS = [
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


@endpoint("GET", "/me/albums", "/users/{user_id}/albums")
def list_showcases(call: Call) -> Answer:
    owner = named_user(call)
    own = owner is call.token.user
    showcases = owner.showcases if own else [each for each in owner.showcases if each.view == "anybody"]
    if own and not call.has("private"):
        showcases = []
    kept = searched(showcases, call.query.get("query"), lambda each: f"{each.name} {each.description}")
    kept = sorted_by(call, kept, SORTS, SORTS["date"])
    return page_of(call, kept, lambda each: showcase_shape(each, call.token.user), "album")


@endpoint("POST", "/me/albums", "/users/{user_id}/albums", scope="create")
def create_showcase(call: Call) -> Answer:
    user, changes, now = own_user(call), _checked(call.object(), None), call.world.now()
    showcase = Showcase(
        id=call.world.next_id(), user=user, name=changes.pop("name"), created=now, modified=now
    )
    _apply(showcase, changes)
    user.showcases.append(showcase)
    return Answer(201, showcase_shape(showcase, user), MEDIA, {"Location": showcase.uri})


@endpoint("GET", "/me/albums/{album_id}", "/users/{user_id}/albums/{album_id}")
def get_showcase(call: Call) -> Answer:
    return Answer(200, showcase_shape(visible_showcase(call), call.token.user), MEDIA)


@endpoint("PATCH", "/me/albums/{album_id}", "/users/{user_id}/albums/{album_id}", scope="edit")
def edit_showcase(call: Call) -> Answer:
    showcase = own_showcase(call)
    _apply(showcase, _checked(call.object(), showcase))
    showcase.modified = call.world.now()
    return Answer(200, showcase_shape(showcase, call.user), MEDIA)


@endpoint("DELETE", "/me/albums/{album_id}", "/users/{user_id}/albums/{album_id}", scope="delete")
def delete_showcase(call: Call) -> Answer:
    call.user.showcases.remove(own_showcase(call))
    return Answer(204)


@endpoint("GET", "/me/albums/{album_id}/videos", "/users/{user_id}/albums/{album_id}/videos")
def list_showcase_videos(call: Call) -> Answer:
    showcase = visible_showcase(call)
    own = showcase.user is call.token.user
    videos = showcase.videos if not own or call.has("private") else []
    return video_list(
        call, _arranged(showcase, videos), sorts=IN_SHOWCASE, filters=("embeddable",), default=FIRST_TO_LAST
    )


IN_SHOWCASE: Sorts = {
    **COLLECTION_SORTS,
    "default": FIRST_TO_LAST,
    "manual": FIRST_TO_LAST,
    "modified_time": VIDEO_SORTS["modified_time"],
}

_ARRANGED: Sorts = {
    "added_first": FIRST_TO_LAST,
    "alphabetical": VIDEO_SORTS["alphabetical"],
    "arranged": FIRST_TO_LAST,
    "comments": COLLECTION_SORTS["comments"],
    "likes": VIDEO_SORTS["likes"],
    "newest": VIDEO_SORTS["date"],
    "oldest": (lambda video: video.created, "asc"),
    "plays": VIDEO_SORTS["plays"],
}


def _arranged(showcase: Showcase, videos: list[Video]) -> list[Video]:
    """The showcase's own order; videos are kept in the order in which they were added."""
    if showcase.sort == "added_last":
        return list(reversed(videos))
    key, direction = _ARRANGED[showcase.sort]
    return sorted(videos, key=key, reverse=direction == "desc") if key else list(videos)


@endpoint(
    "GET", "/me/albums/{album_id}/videos/{video_id}", "/users/{user_id}/albums/{album_id}/videos/{video_id}"
)
def get_showcase_video(call: Call) -> Answer:
    showcase, video = visible_showcase(call), visible_video(call)
    if video not in showcase.videos:
        raise not_found("video")
    return Answer(200, video_shape(video, call.token.user), "application/vnd.vimeo.video+json")


@endpoint("PUT", "/me/albums/{album_id}/videos", "/users/{user_id}/albums/{album_id}/videos", scope="edit")
def replace_videos(call: Call) -> Answer:
    """Replace all videos: `videos` is a list of URIs separated by commas."""
    showcase, listed = own_showcase(call), call.object().get("videos")
    if not isinstance(listed, str):
        raise invalid_parameter("videos", "A list of URIs separated by commas is required.")
    showcase.videos[:] = videos_in(call, listed)
    showcase.modified = call.world.now()
    return Answer(201)


@endpoint(
    "PUT",
    "/me/albums/{album_id}/videos/{video_id}",
    "/users/{user_id}/albums/{album_id}/videos/{video_id}",
    scope="edit",
)
def add_video(call: Call) -> Answer:
    showcase, video = own_showcase(call), own_video(call)
    if video not in showcase.videos:
        showcase.videos.append(video)
        showcase.modified = call.world.now()
    return Answer(204)


@endpoint(
    "DELETE",
    "/me/albums/{album_id}/videos/{video_id}",
    "/users/{user_id}/albums/{album_id}/videos/{video_id}",
    scope="edit",
)
def remove_video(call: Call) -> Answer:
    showcase, video = own_showcase(call), own_video(call)
    if video not in showcase.videos:
        raise not_found("video")
    showcase.videos.remove(video)
    showcase.modified = call.world.now()
    return Answer(204)


def _checked(body: dict[str, Any], showcase: Showcase | None) -> dict[str, Any]:
    """Attributes of `Showcase` and their new values; `showcase`: the one to be edited, None for a new one.

    Raises:
        ApiError: 400/2204.
    """
    changes: dict[str, Any] = {
        "name": text(body, "name", 128, required=showcase is None or "name" in body),
        "description": text(body, "description", 5000),
        "view": text(
            body, "privacy", 20, allowed=("anybody", "embed_only", "nobody", "password", "team", "unlisted")
        ),
        "password": text(body, "password", 32),
        "sort": text(body, "sort", 20, allowed=ORDERS),
        "theme": text(body, "theme", 20, allowed=("dark", "standard")),
        "layout": text(body, "layout", 20, allowed=("grid", "player")),
        "brand_color": text(body, "brand_color", 9),
        **{
            name: boolean(body, name)
            for name in ("hide_nav", "hide_upcoming", "hide_from_vimeo", "review_mode")
        },
    }
    changes = {name: value for name, value in changes.items() if value is not None}
    password = changes.get("password") or (showcase.password if showcase else None)
    if changes.get("view") == "password" and not password:
        raise invalid_parameter("password", "A password is required for this privacy setting.")
    return changes


def _apply(showcase: Showcase, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(showcase, name, value)
