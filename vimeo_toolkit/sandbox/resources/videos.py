"""Videos, their tags, pictures and text tracks."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from vimeo_toolkit.sandbox.errors import (
    invalid_parameter,
    legacy,
    missing_scope,
    not_found,
    refused,
)
from vimeo_toolkit.sandbox.http import Answer, Call, endpoint
from vimeo_toolkit.sandbox.listing import batch_problem, choice, page_of
from vimeo_toolkit.sandbox.resources.common import (
    COLLECTION_SORTS,
    boolean,
    named_user,
    own_video,
    text,
    video_list,
    visible,
    visible_video,
)
from vimeo_toolkit.sandbox.shapes.common import slug
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.shapes.video import picture_shape, tag_shape, texttrack_shape, video_shape
from vimeo_toolkit.sandbox.state import TextTrack, Video

VIDEO_MEDIA = "application/vnd.vimeo.video+json"
VIEWS = ("anybody", "contacts", "disable", "nobody", "password", "unlisted", "users")
LICENSES = ("by", "by-nc", "by-nc-nd", "by-nc-sa", "by-nd", "by-sa", "cc0")
SEARCH_FILTERS = [
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
]


@endpoint("GET", "/me/videos", "/users/{user_id}/videos")
def list_user_videos(call: Call) -> Answer:
    owner = named_user(call)
    own = owner is call.token.user
    # Without `private` a read of one's own library is an empty list, not an error.
    videos = owner.videos if not own or call.has("private") or "user_id" in call.path else []
    if own and not call.has("private"):
        videos = [video for video in videos if video.view == "anybody"]
    if not own:
        videos = [video for video in videos if video.view != "password"]
    return video_list(call, videos, default="date", conditional=True)


@endpoint("GET", "/videos")
def search_videos(call: Call) -> Answer:
    if call.world.search_fails:
        raise refused(503, 7300, "Search is disabled.", "An internal search error occurred.")
    listed = call.query.get("uris") or call.query.get("links")
    if listed:
        if problem := batch_problem(call):
            raise problem
        return page_of(call, _batch(call, listed), lambda video: video_shape(video, call.token.user), "video")
    public = [video for video in call.world.videos.values() if video.view == "anybody" and video.playable]
    wanted = choice(call, "filter", SEARCH_FILTERS)
    if wanted and wanted.startswith("CC"):
        license_name = wanted.lower().removeprefix("cc-").removeprefix("cc") or None
        public = [
            video
            for video in public
            if (license_name is None or video.license in (license_name, f"cc{license_name}"))
        ]
        call.query.pop("filter")
    sort = choice(call, "sort", [*COLLECTION_SORTS, "relevant"])
    if sort == "relevant":
        if not call.query.get("query"):
            raise refused(400, 2204, "The relevant sort has no search query.")
        call.query.pop("sort")
    return video_list(call, public, sorts=COLLECTION_SORTS, filters=SEARCH_FILTERS)


def _batch(call: Call, listed: str) -> list[Video]:
    found = []
    for entry in listed.split(","):
        parts = urlsplit(entry.strip()).path.strip("/").split("/")
        reference = parts[-1] if parts[-1].split(":")[0].isdigit() else parts[0]
        number, _, secret = reference.partition(":")
        video = call.world.videos.get(int(number)) if number.isdigit() else None
        if video is not None and visible(video, call.token.user, secret):
            found.append(video)
    return found


@endpoint("GET", "/videos/{video_id}", "/me/videos/{video_id}", "/users/{user_id}/videos/{video_id}")
def get_video(call: Call) -> Answer:
    return Answer(200, video_shape(visible_video(call), call.token.user), VIDEO_MEDIA)


@endpoint("PATCH", "/videos/{video_id}", scope="edit")
def edit_video(call: Call) -> Answer:
    video = own_video(call)
    changes = _checked_edit(call, video, call.object())
    for name, value in changes.items():
        setattr(video, name, value)
    video.modified = call.world.now()
    return Answer(200, video_shape(video, call.user), VIDEO_MEDIA)


def _checked_edit(call: Call, video: Video, body: dict[str, Any]) -> dict[str, Any]:
    """Everything is checked before anything is changed."""
    privacy = body.get("privacy", {})
    if not isinstance(privacy, dict):
        raise invalid_parameter("privacy", "An object is required.")
    changes: dict[str, Any] = {
        "name": text(body, "name", 128),
        "license": text(body, "license", 20, allowed=LICENSES),
        "password": text(body, "password", 32),
        "view": text(privacy, "view", 20, allowed=VIEWS),
        "embed": text(privacy, "embed", 20, allowed=("private", "public", "whitelist")),
        "comments_by": text(privacy, "comments", 20, allowed=("anybody", "contacts", "nobody")),
        "download": boolean(privacy, "download"),
        "add": boolean(privacy, "add"),
    }
    changes = {name: value for name, value in changes.items() if value is not None}
    if "description" in body:
        # An explicit null clears the text, which is how a careless client loses it.
        changes["description"] = text(body, "description", 5000) or None
    if "content_rating" in body:
        rating = body["content_rating"]
        if not isinstance(rating, list) or not all(isinstance(word, str) for word in rating):
            raise invalid_parameter("content_rating", "A list of values is required.")
        changes["content_rating"] = rating
    if changes.get("name") == "":
        raise invalid_parameter("name", "A text is required.")
    if "download" in changes and call.user.plan in ("free", "basic"):
        raise invalid_parameter("privacy.download", "Your plan doesn't have this setting.")
    if changes.get("view") == "password" and not (changes.get("password") or video.password):
        raise invalid_parameter("password", "A password is required for this privacy setting.")
    return changes


@endpoint("DELETE", "/videos/{video_id}", scope="delete")
def delete_video(call: Call) -> Answer:
    call.world.remove_video(own_video(call))
    return Answer(204)


@endpoint("POST", "/me/videos", "/users/{user_id}/videos")
def create_video(call: Call) -> Answer:
    user = call.user
    if not call.has("upload"):
        raise missing_scope("upload")
    if not user.upload_access:
        raise legacy(403, "Unable to upload video. Please get in touch with the app's creator.")
    body = call.object()
    upload = body.get("upload")
    approach = upload.get("approach") if isinstance(upload, dict) else None
    if not isinstance(upload, dict) or approach not in ("tus", "pull", "post", "streaming"):
        raise refused(400, 2230, "The upload type is invalid.")
    size = upload.get("size")
    if approach == "tus":
        if not isinstance(size, int | str) or not str(size).isdigit() or int(size) <= 0:
            raise invalid_parameter("upload.size", "The size in bytes is required.")
        if int(size) > user.quota_bytes:
            raise refused(403, 4101, "The user is over their upload quota.")
    if approach == "pull" and not str(upload.get("link", "")).startswith(("http://", "https://")):
        raise invalid_parameter("upload.link", "A direct link is required.")
    video = call.world.add_video(
        user,
        text(body, "name", 128) or "Untitled",
        description=text(body, "description", 5000) or None,
        status="uploading",
        transcode="in_progress",
        upload="in_progress",
        duration=0,
    )
    privacy = body.get("privacy")
    if isinstance(privacy, dict):
        video.view = text(privacy, "view", 20, allowed=VIEWS) or video.view
    shape = video_shape(video, user)
    shape["upload"].update(
        **({"approach": approach} if approach != "streaming" else {}),
        **({} if size is None else {"size": int(size)}),
        **({"upload_link": f"https://files.tus.vimeo.com/files/{video.id}"} if approach == "tus" else {}),
    )
    return Answer(201, shape, VIDEO_MEDIA)


# ---- tags ----


@endpoint("GET", "/videos/{video_id}/tags")
def list_tags(call: Call) -> Answer:
    return page_of(call, visible_video(call).tags, tag_shape, "tag")


@endpoint("PUT", "/videos/{video_id}/tags", scope="edit")
def add_tags(call: Call) -> Answer:
    video = own_video(call)
    entries = call.body if isinstance(call.body, list) else call.object().get("tags")
    named = [entry.get("name") for entry in entries or [] if isinstance(entry, dict)]
    words = [word for word in named if isinstance(word, str) and word.strip()]
    if not words or len(words) < len(named):
        raise refused(400, 2205, "The body of the request isn't formatted properly.")
    fresh = [word for word in dict.fromkeys(words) if word not in video.tags]
    if len(video.tags) + len(fresh) > 20:
        raise refused(400, 2501, "The video can't have more than 20 tags.")
    video.tags.extend(fresh)
    return page_of(call, video.tags, tag_shape, "tag")


@endpoint("PUT", "/videos/{video_id}/tags/{word}", scope="edit")
def add_tag(call: Call) -> Answer:
    video, word = own_video(call), call.path["word"]
    if word not in video.tags:
        if len(video.tags) >= 20:
            raise refused(400, 2501, "The video can't have more than 20 tags.")
        video.tags.append(word)
    return Answer(200, tag_shape(word), "application/vnd.vimeo.tag+json")


@endpoint("DELETE", "/videos/{video_id}/tags/{word}", scope="edit")
def remove_tag(call: Call) -> Answer:
    video, word = own_video(call), slug(call.path["word"])
    kept = [tag for tag in video.tags if slug(tag) != word]
    if len(kept) == len(video.tags):
        raise not_found("tag")
    video.tags[:] = kept
    return Answer(204)


# ---- likes of a video, pictures, text tracks ----


@endpoint("GET", "/videos/{video_id}/likes")
def list_video_likes(call: Call) -> Answer:
    video = visible_video(call)
    return page_of(call, video.liked_by, lambda user: user_shape(user, call.token.user), "user")


@endpoint("GET", "/videos/{video_id}/pictures")
def list_pictures(call: Call) -> Answer:
    video = visible_video(call)
    return page_of(call, video.pictures, lambda number: picture_shape(video, number), "picture")


@endpoint("POST", "/videos/{video_id}/pictures", scope="upload")
def create_picture(call: Call) -> Answer:
    video = own_video(call)
    moment = call.object().get("time")
    if moment is not None and (not isinstance(moment, int | float) or not 0 <= moment <= video.duration):
        raise invalid_parameter("time", "The time must lie within the video.")
    number = call.world.next_id()
    video.pictures.append(number)
    if boolean(call.object(), "active"):
        video.active_picture = number
    return Answer(201, picture_shape(video, number), "application/vnd.vimeo.picture+json")


@endpoint("GET", "/videos/{video_id}/texttracks")
def list_texttracks(call: Call) -> Answer:
    video = visible_video(call)
    return page_of(call, video.texttracks, lambda track: texttrack_shape(video, track), "video.texttrack")


@endpoint("POST", "/videos/{video_id}/texttracks", scope="upload")
def create_texttrack(call: Call) -> Answer:
    video, body = own_video(call), call.object()
    kind = text(
        body,
        "type",
        20,
        required=True,
        allowed=("captions", "chapters", "descriptions", "metadata", "subtitles"),
    )
    language = text(body, "language", 20, required=True)
    track = TextTrack(
        call.world.next_id(), str(kind), str(language), text(body, "name", 128), bool(body.get("active"))
    )
    video.texttracks.append(track)
    return Answer(201, texttrack_shape(video, track), "application/vnd.vimeo.video.texttrack+json")


@endpoint("DELETE", "/videos/{video_id}/texttracks/{texttrack_id}", scope="delete")
def delete_texttrack(call: Call) -> Answer:
    video = own_video(call)
    for track in video.texttracks:
        if str(track.id) == call.path["texttrack_id"]:
            video.texttracks.remove(track)
            return Answer(204)
    raise not_found("text track")
