"""Looking things up, reading bodies, and the lists of videos that many endpoints give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vimeo_toolkit.sandbox.errors import invalid_parameter, not_found, refused
from vimeo_toolkit.sandbox.http import Answer, Call
from vimeo_toolkit.sandbox.listing import Sorts, choice, not_modified, page_of, searched, sorted_by
from vimeo_toolkit.sandbox.shapes.video import video_shape
from vimeo_toolkit.sandbox.state import Folder, Showcase, User, Video

__all__ = [
    "COLLECTION_SORTS",
    "VIDEO_FILTERS",
    "VIDEO_SORTS",
    "boolean",
    "named_user",
    "number_in",
    "own_folder",
    "own_showcase",
    "own_video",
    "text",
    "video_list",
    "visible",
    "visible_video",
]

VIDEO_SORTS: Sorts = {
    "alphabetical": (lambda video: video.name.lower(), "asc"),
    "date": (lambda video: video.created, "desc"),
    "duration": (lambda video: video.duration, "desc"),
    "last_user_action_event_date": (lambda video: video.modified, "desc"),
    "likes": (lambda video: len(video.liked_by), "desc"),
    "modified_time": (lambda video: video.modified, "desc"),
    "plays": (lambda video: video.plays, "desc"),
}
COLLECTION_SORTS: Sorts = {
    **{name: VIDEO_SORTS[name] for name in ("alphabetical", "date", "duration", "likes", "plays")},
    "comments": (lambda video: len(video.comments), "desc"),
}
VIDEO_FILTERS = [
    "app_only",
    "cold_privacy",
    "cold_storage",
    "embeddable",
    "featured",
    "live",
    "no_placeholder",
    "nolive",
    "playable",
    "screen_recorded",
]


def visible(video: Video, viewer: User | None, secret: str = "") -> bool:
    """Whether `viewer` may see the video at all; `secret` is the hash of an unlisted one."""
    if viewer is video.user or video.view in ("anybody", "password"):
        return True
    if video.view == "unlisted":
        return secret == video.secret_hash
    if video.view == "contacts":
        return viewer is not None and viewer in video.user.following
    return False


def visible_video(call: Call, name: str = "video_id") -> Video:
    """The video of the path, by number or `number:hash`.

    Raises:
        ApiError: 404, there is none that this user may see; 403, it wants a password.
    """
    number, _, secret = call.path[name].partition(":")
    video = call.world.videos.get(int(number)) if number.isascii() and number.isdigit() else None
    viewer = call.token.user
    if video is None or not visible(video, viewer, secret):
        raise not_found("video")
    if video.user is viewer and video.view == "nobody" and not call.has("private"):
        raise not_found("video")
    if video.view == "password" and video.user is not viewer and call.query.get("password") != video.password:
        raise refused(403, 2223, "The video is protected by a password.")
    return video


def own_video(call: Call, name: str = "video_id") -> Video:
    """The video of the path, which must be the user's.

    Raises:
        ApiError: 404; 403, it is another's.
    """
    user = call.user
    video = visible_video(call, name)
    if video.user is not user:
        raise refused(403, 3200, "You can't edit this video: you don't own it.")
    return video


def own_showcase(call: Call) -> Showcase:
    for showcase in _owner(call).showcases:
        if str(showcase.id) == call.path["album_id"]:
            return showcase
    raise not_found("album")


def own_folder(call: Call) -> Folder:
    for folder in _owner(call).folders:
        if str(folder.id) == call.path["project_id"]:
            return folder
    raise not_found("project")


def _owner(call: Call) -> User:
    """The user of `/me/…` and of `/users/{user_id}/…` when that is the same."""
    user = call.user
    if "user_id" in call.path and call.world.find_user(call.path["user_id"]) is not user:
        raise refused(403, 3200, "You can't do this for another user.")
    return user


def named_user(call: Call, name: str = "user_id") -> User:
    """The user of the path by number or name; of `/me/…` the token's.

    Raises:
        ApiError: 404.
    """
    if name not in call.path:
        return call.user
    user = call.world.find_user(call.path[name])
    if user is None:
        raise not_found("user")
    return user


def video_list(
    call: Call,
    videos: Sequence[Video],
    *,
    sorts: Sorts = VIDEO_SORTS,
    filters: Sequence[str] = VIDEO_FILTERS,
    default: str | None = None,
    conditional: bool = False,
) -> Answer:
    """A page of those of the videos that the user may see, filtered, searched and sorted.

    `conditional`: the endpoint answers 304 when nothing changed since `If-Modified-Since`.
    """
    viewer = call.token.user
    shown = [video for video in videos if visible(video, viewer)]
    kept = _filtered(call, shown, filters)
    kept = searched(
        kept, call.query.get("query"), lambda video: f"{video.name} {video.description} {video.tags}"
    )
    kept = sorted_by(call, kept, sorts, default)
    headers: dict[str, str] = {}
    if conditional:
        unchanged, headers = not_modified(call.since, [video.modified for video in shown])
        if unchanged:
            return Answer(304, headers=headers)
    containing = call.query.get("containing_uri")
    if containing and not call.query.get("query"):
        per_page = int(call.query.get("per_page") or 25)
        for position, video in enumerate(kept):
            if containing.split(":")[0] == f"/videos/{video.id}":
                call.query["page"] = str(position // max(1, per_page) + 1)
    answer = page_of(call, kept, lambda video: video_shape(video, viewer), "video")
    answer.headers = headers
    return answer


def _filtered(call: Call, videos: list[Video], filters: Sequence[str]) -> list[Video]:
    wanted = choice(call, "filter", filters)
    if call.query.get("filter_tag"):
        tag = call.query["filter_tag"].lower()
        videos = [video for video in videos if tag in [word.lower() for word in video.tags]]
    if wanted is None or wanted in ("app_only", "nolive", "no_placeholder"):
        keep = wanted != "no_placeholder"
        return videos if keep else [video for video in videos if video.upload == "complete"]
    if wanted == "playable":
        return [video for video in videos if video.playable]
    if wanted == "embeddable":
        return [video for video in videos if video.embed == "public"]
    if wanted == "featured":
        return [video for video in videos if video.plays > 10_000]
    return []  # live, screen_recorded, cold storage: the sandbox's library has none


def text(
    body: dict[str, Any], name: str, most: int, *, required: bool = False, allowed: Sequence[str] = ()
) -> str | None:
    """A text of the body within its bounds; None where it is absent.

    Raises:
        ApiError: 400/2204.
    """
    value = body.get(name)
    if value is None and name not in body and not required:
        return None
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value.strip()):
        raise invalid_parameter(name, "A text is required.")
    if len(value) > most:
        raise invalid_parameter(name, f"The value can have at most {most} characters.")
    if allowed and value not in allowed:
        raise invalid_parameter(name, f"The value must be one of: {', '.join(allowed)}.")
    return value


def boolean(body: dict[str, Any], name: str) -> bool | None:
    """A boolean of the body (a form has it as a text); None where it is absent.

    Raises:
        ApiError: 400/2204.
    """
    value = body.get(name)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false", "1", "0"):
        return value.lower() in ("true", "1")
    raise invalid_parameter(name, "The value must be true or false.")


def number_in(uri: Any, kind: str) -> int | None:
    """The number behind `/kind/` in a URI such as `/users/1/projects/2`."""
    if not isinstance(uri, str):
        return None
    _, found, tail = uri.rpartition(f"/{kind}/")
    number = tail.split(":")[0]
    return int(number) if found and number.isascii() and number.isdigit() else None
