"""Starting an upload, and the bytes by the tus protocol (1.0.0). Source: the API's OpenAPI document (2024) and
Vimeo's upload guide. The bytes themselves are counted and forgotten."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vimeo_toolkit.sandbox.errors import invalid_parameter, legacy, refused
from vimeo_toolkit.sandbox.http import Answer, Call, endpoint
from vimeo_toolkit.sandbox.resources.bodies import number_in, text
from vimeo_toolkit.sandbox.resources.common import own_user
from vimeo_toolkit.sandbox.resources.settings import apply, checked_settings
from vimeo_toolkit.sandbox.resources.videos import VIDEO_MEDIA
from vimeo_toolkit.sandbox.shapes.video import video_shape
from vimeo_toolkit.sandbox.state import Folder, User, Video

if TYPE_CHECKING:
    from vimeo_toolkit.sandbox.server import Sandbox

__all__ = ["tus_routes"]

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
        video.upload_link = f"{call.base}/uploads/{secrets.token_hex(16)}"
    elif video.approach == "pull":
        call.world.uploaded(video)
    return Answer(201, video_shape(video, user), VIDEO_MEDIA)


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
        ending = f"/uploads/{request.path_params['key']}"
        headers = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
        waiting = (each for each in sandbox.world.videos.values() if each.approach == "tus")
        video = next((each for each in waiting if (each.upload_link or "").endswith(ending)), None)
        if video is None:
            return Response(status_code=404, headers=headers)
        if request.method == "PATCH":
            if request.headers.get("content-type") != "application/offset+octet-stream":
                return Response(status_code=415, headers=headers)
            length = 0
            async for chunk in request.stream():
                length += len(chunk)
            if request.headers.get("upload-offset") != str(video.received):
                return Response(status_code=409, headers=headers)
            if video.received + length > (video.size or 0):
                return Response(status_code=413, headers=headers)
            video.received += length
            if length and video.received == video.size:
                sandbox.world.uploaded(video)
        headers.update({"Upload-Offset": str(video.received), "Upload-Length": str(video.size or 0)})
        return Response(status_code=204 if request.method == "PATCH" else 200, headers=headers)

    return [Route("/uploads/{key}", receive, methods=["HEAD", "PATCH"])]
