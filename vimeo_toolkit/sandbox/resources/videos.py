"""Videos: listing, searching, editing, deleting."""

from __future__ import annotations

from urllib.parse import urlsplit

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.errors import refused
from vimeo_toolkit.sandbox.listing import NEWEST_FIRST, Sorts, batch_problem, choice, page_of
from vimeo_toolkit.sandbox.resources.access import (
    named_user,
    own_user,
    own_video,
    videos_in,
    visible,
    visible_video,
)
from vimeo_toolkit.sandbox.resources.settings import apply, checked_settings
from vimeo_toolkit.sandbox.resources.videolists import COLLECTION_SORTS, VIDEO_SORTS, video_list
from vimeo_toolkit.sandbox.shapes.video import video_shape
from vimeo_toolkit.sandbox.state import Video

VIDEO_MEDIA = "application/vnd.vimeo.video+json"
SEARCH_FILTERS = (
    "CC",
    "CC-BY",
    "CC-BY-NC",
    "CC-BY-NC-ND",
    "CC-BY-NC-SA",
    "CC-BY-ND",
    "CC-BY-SA",
    "CC0",
    "categories",
    "duration",
    "in-progress",
    "minimum_likes",
    "trending",
    "upload_date",
)
SEARCH_SORTS: Sorts = {**COLLECTION_SORTS, "relevant": NEWEST_FIRST}


@endpoint("GET", "/me/videos", "/users/{user_id}/videos")
def list_user_videos(call: Call) -> Answer:
    owner = named_user(call)
    videos: list[Video] = []
    if owner is call.token.user and call.has("private"):
        videos = owner.videos
    elif "user_id" in call.path:
        # `/me/videos` without `private` is an empty list; by name it is what anybody sees of that user.
        videos = [video for video in owner.videos if listed(video)]
    return video_list(call, videos, default=VIDEO_SORTS["date"], changed=())


def listed(video: Video) -> bool:
    """Return whether others find the video in lists."""
    return video.view == "anybody" and not video.hide_from_vimeo


@endpoint("GET", "/videos")
def search_videos(call: Call) -> Answer:
    if call.world.search_fails:
        raise refused(503, 7300, "An internal search error occurred.")
    references = call.query.get("uris") or call.query.get("links")
    if references:
        if problem := batch_problem(call):
            raise problem
        found = _batch(call, references)
        return page_of(call, found, lambda video: video_shape(video, call.token.user), "video")
    if choice(call, "sort", SEARCH_SORTS) == "relevant" and not call.query.get("query"):
        raise refused(400, 2204, "The relevant sort has no search query.")
    public = [video for video in call.world.videos.values() if listed(video) and video.playable]
    wanted = choice(call, "filter", SEARCH_FILTERS) or ""
    if wanted == "CC0" or wanted.startswith("CC-"):
        public = [video for video in public if video.license == wanted.lower().removeprefix("cc-")]
    elif wanted == "trending":
        public = [video for video in public if video.plays > 1000]
    return video_list(call, public, sorts=SEARCH_SORTS, filters=SEARCH_FILTERS)


def _batch(call: Call, references: str) -> list[Video]:
    """The videos behind URIs or links; those that are not there are left out."""
    found = []
    for entry in references.split(","):
        parts = [part for part in urlsplit(entry.strip()).path.split("/") if part]
        place = next((at for at, part in enumerate(parts) if _is_number(part.split(":")[0])), None)
        if place is None:
            continue
        number, _, secret = parts[place].partition(":")
        if not secret and place + 1 < len(parts):
            secret = parts[place + 1]  # https://vimeo.com/ID/HASH
        video = call.world.videos.get(int(number))
        if video is not None and visible(video, call.token.user, secret):
            found.append(video)
    return found


def _is_number(part: str) -> bool:
    return part.isascii() and part.isdigit()


@endpoint("GET", "/videos/{video_id}")
def get_video(call: Call) -> Answer:
    return Answer(200, video_shape(visible_video(call), call.token.user), VIDEO_MEDIA)


@endpoint("GET", "/me/videos/{video_id}", "/users/{user_id}/videos/{video_id}")
def get_owned_video(call: Call) -> Answer:
    """Tell whether the user owns it, by 200 or 404."""
    owner, video = named_user(call), visible_video(call)
    if video.user is not owner:
        raise refused(404, 5001, "The user doesn't own the video.")
    return Answer(200, video_shape(video, call.token.user), VIDEO_MEDIA)


@endpoint("PATCH", "/videos/{video_id}", scope="edit")
def edit_video(call: Call) -> Answer:
    video = own_video(call)
    apply(video, checked_settings(call, video, call.object()))
    video.modified = call.world.now()
    return Answer(200, video_shape(video, call.user), VIDEO_MEDIA)


@endpoint("DELETE", "/videos/{video_id}", scope="delete")
def delete_video(call: Call) -> Answer:
    call.world.remove_video(own_video(call))
    return Answer(204)


@endpoint("DELETE", "/me/videos", "/users/{user_id}/videos", scope="delete")
def delete_videos(call: Call) -> Answer:
    """Delete the videos that `uris` lists: all or none."""
    own_user(call)
    for video in videos_in(call, call.query.get("uris")):
        call.world.remove_video(video)
    return Answer(204)
