"""Starting an upload: videos and versions. Source: the API's OpenAPI document (2024), Vimeo's upload guide, and
recordings of 2018 to 2023; other people's clients take 200 alone for the success of a tus upload of a video."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.errors import ApiError, invalid_parameter, not_found, refused
from vimeo_toolkit.sandbox.listing import page_of
from vimeo_toolkit.sandbox.resources.access import own_user, own_video
from vimeo_toolkit.sandbox.resources.bodies import number_in, text
from vimeo_toolkit.sandbox.resources.settings import apply, checked_settings
from vimeo_toolkit.sandbox.resources.videos import VIDEO_MEDIA
from vimeo_toolkit.sandbox.shapes.files import upload_shape
from vimeo_toolkit.sandbox.shapes.parts import connection, iso
from vimeo_toolkit.sandbox.shapes.quota import videos_left
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.shapes.video import video_shape
from vimeo_toolkit.sandbox.state import Folder, Incoming, User, Version, Video

VERSION_MEDIA = "application/vnd.vimeo.video.version+json"
APPROACHES = ("tus", "pull", "post", "streaming")
QUOTAS = {
    4101: "All of the account's space is used.",
    4102: "The period's quota is used.",
    4104: "The day's quota is used.",
}


def _no_access() -> ApiError:
    return refused(
        403,
        3200,
        "This user can't upload videos.",
        error="Unable to upload video. Please get in touch with the app's creator.",
    )


def _used_up(code: int) -> ApiError:
    return refused(
        403, code, QUOTAS[code], error="Your account doesn't have enough free space to upload this video."
    )


@endpoint("POST", "/me/videos", "/users/{user_id}/videos", scope="upload")
def create_video(call: Call) -> Answer:
    """Make the placeholder. With `tus` its link takes the bytes; with `pull` Vimeo has them at once."""
    user = own_user(call)
    if not user.upload_access:
        raise _no_access()
    body = call.object()
    if not body:
        raise refused(400, 2205, "The body of the request isn't formatted properly.")
    upload, size = _checked_upload(user, body)
    folder = _folder(user, body)
    draft = Video(0, user, "Untitled", call.world.now(), call.world.now())
    changes = {**user.defaults_of_videos(), **checked_settings(call, draft, body)}
    video = call.world.add_video(
        user,
        changes.pop("name", None) or text(upload, "file_name", 255) or "Untitled",
        status="uploading",
        transcode="in_progress",
        upload="in_progress",
        duration=0,
        approach=upload["approach"],
        size=size,
        folder=folder,
        license=None,
        language=None,
        width=400,
        height=300,
        redirect_url=upload.get("redirect_url"),
        pull_link=upload.get("link"),
    )
    apply(video, changes)
    if video.approach in ("tus", "post"):
        video.incoming = _expected(call, video, upload, lambda: call.world.uploaded(video))
        video.upload_link = f"{call.base}/uploads/{video.incoming.key}"
    elif video.approach == "pull":
        call.world.uploaded(video)
    return Answer(200 if video.approach == "tus" else 201, video_shape(video, user), VIDEO_MEDIA)


def _expected(call: Call, video: Video, upload: dict[str, Any], finished: Callable[[], None]) -> Incoming:
    """The bytes to come. Those of a form need no size."""
    size = int(upload["size"]) if upload.get("size") else None
    made = Incoming(secrets.token_hex(16), size, finished, video, upload.get("redirect_url"))
    call.world.incoming[made.key] = made
    return made


@endpoint("GET", "/videos/{video_id}/versions")
def list_versions(call: Call) -> Answer:
    video = own_video(call)
    return page_of(
        call, _versions(video), lambda version: _version_shape(call, video, version), "video.version"
    )


@endpoint("GET", "/videos/{video_id}/versions/{version_id}")
def get_version(call: Call) -> Answer:
    video = own_video(call)
    for version in _versions(video):
        if str(version.id) == call.path["version_id"]:
            return Answer(200, _version_shape(call, video, version), VERSION_MEDIA)
    raise not_found("version")


@endpoint("POST", "/videos/{video_id}/versions", scope="upload")
def create_version(call: Call) -> Answer:
    """Add another file to the video, which becomes the current one once it is there."""
    video, user, body = own_video(call), call.user, call.object()
    if not user.upload_access:
        raise _no_access()
    if not body:
        raise refused(400, 2205, "The body of the request isn't formatted properly.")
    filename = str(text(body, "file_name", 255, required=True))
    upload, size = _checked_upload(user, body)
    _versions(video)
    version = Version(
        call.world.next_id(),
        filename,
        call.world.now(),
        size,
        approach=upload["approach"],
        redirect_url=upload.get("redirect_url"),
        pull_link=upload.get("link"),
    )

    def finished() -> None:
        for other in video.versions:
            other.active = other is version
        version.upload, version.upload_link = "complete", None
        call.world.uploaded(video)

    if version.approach in ("tus", "post"):
        video.incoming = _expected(call, video, upload, finished)
        version.upload_link = f"{call.base}/uploads/{video.incoming.key}"
    video.versions.append(version)
    if version.approach == "pull":
        finished()
    return Answer(201, _version_shape(call, video, version), VERSION_MEDIA)


def _versions(video: Video) -> list[Version]:
    """A video has a first version from the beginning."""
    if not video.versions:
        first = Version(video.id * 10, f"{video.name}.mp4", video.created, video.size, True, "complete")
        video.versions.append(first)
    return video.versions


def _version_shape(call: Call, video: Video, version: Version) -> dict[str, Any]:
    """Of a file that is not there yet, size, length and date are null."""
    there = version.upload == "complete"
    app = call.token.app
    return {
        "uri": f"/videos/{video.id}/versions/{version.id}",
        "filename": version.filename,
        "filesize": version.size if there else None,
        "duration": video.duration if there else None,
        "upload_date": iso(version.created) if there else None,
        "active": version.active,
        "app": {"name": app.name, "uri": app.uri},
        "can_restore_create": False,
        "create_storyboard_id": "",
        "download_config": {},
        "has_interactive": False,
        "origin_variable_frame_resolution": False,
        "created_time": iso(version.created),
        "modified_time": iso(version.created),
        "upload": upload_shape(version),
        "transcode": {"status": "complete" if there and not version.active else video.transcode},
        "play": {"status": "playable" if there and video.playable else "unavailable"},
        "user": user_shape(video.user, call.token.user),
        "metadata": {"connections": {"video": connection(f"/videos/{video.id}", 1)}},
    }


def _checked_upload(user: User, body: dict[str, Any]) -> tuple[dict[str, Any], int | None]:
    """The object `upload`, and the size where it has one.

    Raises:
        ApiError: 400/2204, 2230, 3116; 403/4101, 4102, 4104.
    """
    if "type" in body:
        raise refused(400, 3116, "Use upload.approach instead of type.")
    upload = body.get("upload")
    if not isinstance(upload, dict) or upload.get("approach") not in APPROACHES:
        raise refused(400, 2230, "The upload type is invalid.")
    given = upload.get("size")
    size = (
        int(given) if isinstance(given, int | str) and str(given).isascii() and str(given).isdigit() else None
    )
    if (given is not None or upload["approach"] == "tus") and not size:
        raise invalid_parameter("upload.size", "The size in bytes is required.")
    back = upload.get("redirect_url")
    if back is not None and not (isinstance(back, str) and back.startswith(("http://", "https://"))):
        raise invalid_parameter("upload.redirect_url", "An address is required.")
    link = upload.get("link")
    if upload["approach"] == "pull" and not (
        isinstance(link, str) and link.startswith(("http://", "https://")) and len(link) <= 16_384
    ):
        raise invalid_parameter("upload.link", "A direct link is required.")
    _check_quota(user, size or 0)
    return upload, size


def _check_quota(user: User, size: int) -> None:
    """See whether the user may upload so many bytes more.

    Raises:
        ApiError: 403/4101, 4102, 4104.
    """
    left = videos_left(user)
    if user.quota_reached is not None:
        raise _used_up(user.quota_reached)
    if left is None and size > user.quota_bytes - user.space_used:
        raise _used_up(4101)
    if left is not None and left[1] == 0:
        raise _used_up(4101)
    if left is not None and left[0] == 0:
        raise _used_up(4102)


def _folder(user: User, body: dict[str, Any]) -> Folder | None:
    if not body.get("folder_uri"):
        return None
    number = number_in(body["folder_uri"], "projects")
    for folder in user.folders:
        if folder.id == number:
            return folder
    raise invalid_parameter("folder_uri", "No such folder exists.")
