"""Starting an upload, and the bytes by the tus protocol (1.0.0). Source: the API's OpenAPI document (2024) and
Vimeo's upload guide. A video's bytes are hashed and forgotten; captions and images are kept."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from vimeo_toolkit.sandbox.errors import invalid_parameter, legacy, refused
from vimeo_toolkit.sandbox.http import Answer, Call, endpoint
from vimeo_toolkit.sandbox.listing import page_of
from vimeo_toolkit.sandbox.resources.bodies import number_in, text
from vimeo_toolkit.sandbox.resources.common import own_user, own_video
from vimeo_toolkit.sandbox.resources.settings import apply, checked_settings
from vimeo_toolkit.sandbox.resources.videos import VIDEO_MEDIA
from vimeo_toolkit.sandbox.shapes.common import connection, iso
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.shapes.video import video_shape
from vimeo_toolkit.sandbox.state import Folder, Incoming, User, Version, Video

if TYPE_CHECKING:
    from vimeo_toolkit.sandbox.server import Sandbox

__all__ = ["tus_routes"]

VERSION_MEDIA = "application/vnd.vimeo.video.version+json"
APPROACHES = ("tus", "pull", "post", "streaming")
QUOTAS = {
    4101: "Your maximum disk space has been reached.",
    4102: "Your allotted weekly quota has been reached.",
    4104: "Your allotted daily quota has been reached.",
}


@endpoint("POST", "/me/videos", "/users/{user_id}/videos", scope="upload")
def create_video(call: Call) -> Answer:
    """Makes the placeholder. With `tus` its link takes the bytes; with `pull` Vimeo has them at once."""
    user = own_user(call)
    if not user.upload_access:
        raise legacy(403, "Unable to upload video. Please get in touch with the app's creator.")
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
    )
    apply(video, changes)
    if video.approach in ("tus", "post"):
        video.incoming = _expected(call, size or 0, lambda: call.world.uploaded(video))
        video.upload_link = f"{call.base}/uploads/{video.incoming.key}"
    elif video.approach == "pull":
        call.world.uploaded(video)
    return Answer(201, video_shape(video, user), VIDEO_MEDIA)


def _expected(call: Call, size: int, finished: Callable[[], None]) -> Incoming:
    made = Incoming(secrets.token_hex(16), size, finished)
    call.world.incoming[made.key] = made
    return made


@endpoint("GET", "/videos/{video_id}/versions")
def list_versions(call: Call) -> Answer:
    video = own_video(call)
    return page_of(
        call, _versions(video), lambda version: _version_shape(call, video, version), "video.version"
    )


@endpoint("POST", "/videos/{video_id}/versions", scope="upload")
def create_version(call: Call) -> Answer:
    """Another file for the video, which becomes the current one when it is there."""
    video, user, body = own_video(call), call.user, call.object()
    if not user.upload_access:
        raise legacy(403, "Unable to upload video. Please get in touch with the app's creator.")
    if not body:
        raise refused(400, 2205, "The body of the request isn't formatted properly.")
    filename = str(text(body, "file_name", 255, required=True))
    upload, size = _checked_upload(user, body)
    _versions(video)
    version = Version(call.world.next_id(), filename, call.world.now(), size, approach=upload["approach"])

    def finished() -> None:
        for other in video.versions:
            other.active = other is version
        version.upload, version.upload_link = "complete", None
        call.world.uploaded(video)

    if version.approach in ("tus", "post"):
        video.incoming = _expected(call, size or 0, finished)
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
    upload: dict[str, Any] = {"status": version.upload, "approach": version.approach}
    if version.upload_link is not None:
        upload["upload_link"] = version.upload_link
    app = call.token.app
    return {
        "uri": f"/videos/{video.id}/versions/{version.id}",
        "filename": version.filename,
        "filesize": version.size,
        "duration": video.duration,
        "active": version.active,
        "app": {"name": app.name, "uri": app.uri, "capabilities": {}},
        "can_restore_create": False,
        "create_storyboard_id": "",
        "download_config": {},
        "has_interactive": False,
        "origin_variable_frame_resolution": False,
        "created_time": iso(version.created),
        "modified_time": iso(version.created),
        "upload_date": iso(version.created),
        "upload": upload,
        "transcode": {"status": video.transcode if version.active else "complete"},
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
    link = upload.get("link")
    if upload["approach"] == "pull" and not (
        isinstance(link, str) and link.startswith(("http://", "https://")) and len(link) <= 16_384
    ):
        raise invalid_parameter("upload.link", "A direct link is required.")
    if user.quota_reached is not None:
        raise refused(403, user.quota_reached, QUOTAS[user.quota_reached])
    if (size or 0) > user.quota_bytes - user.space_used:
        raise refused(403, 4101, QUOTAS[4101])
    return upload, size


def _folder(user: User, body: dict[str, Any]) -> Folder | None:
    if not body.get("folder_uri"):
        return None
    number = number_in(body["folder_uri"], "projects")
    for folder in user.folders:
        if folder.id == number:
            return folder
    raise invalid_parameter("folder_uri", "No such folder exists.")


def tus_routes(sandbox: Sandbox) -> list[Route]:
    """The address that an upload link names. It takes no token: whoever has the link may upload."""

    async def receive(request: Request) -> Response:
        headers = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
        file = sandbox.world.incoming.get(request.path_params["key"])
        if file is None:
            return Response(status_code=404, headers=headers)
        if request.method == "PATCH":
            if request.headers.get("content-type") != "application/offset+octet-stream":
                return Response(status_code=415, headers=headers)
            if request.headers.get("upload-offset") != str(file.received):
                return Response(status_code=409, headers=headers)
            length = request.headers.get("content-length", "")
            if length.isdigit() and file.received + int(length) > file.size:
                return Response(status_code=413, headers=headers)
            await _take(file, request)
        headers.update({"Upload-Offset": str(file.received), "Upload-Length": str(file.size)})
        return Response(status_code=204 if request.method == "PATCH" else 200, headers=headers)

    async def receive_part(request: Request) -> Response:
        """Captions and images, which come whole."""
        kind, number = request.path_params["kind"], request.path_params["number"]
        content = await request.body()
        for video in sandbox.world.videos.values():
            if kind == "texttracks":
                for track in video.texttracks:
                    if str(track.id) == number:
                        track.file = content
                        return Response(status_code=200)
            elif any(str(picture) == number for picture in video.pictures):
                video.images[int(number)] = content
                return Response(status_code=200)
        return Response(status_code=404)

    return [
        Route("/uploads/{key}", receive, methods=["HEAD", "PATCH"]),
        Route("/files/{kind}/{number}", receive_part, methods=["PUT"]),
    ]


async def _take(file: Incoming, request: Request) -> None:
    """What arrives is kept, whether the rest comes or not."""
    try:
        async for chunk in request.stream():
            part = chunk[: file.size - file.received]
            file.digest.update(part)
            file.received += len(part)
    except ClientDisconnect:
        return
    if file.received == file.size:
        file.finished()
