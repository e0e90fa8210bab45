"""Where upload links lead: bytes by the tus protocol (1.0.0) or by a form, captions and images whole.

They take no token: whoever has the link may upload. A video's bytes are hashed and forgotten; captions and images
are kept. A page of any origin may send them, as at Vimeo: tus-js-client does.
"""

from __future__ import annotations

from email.parser import BytesParser
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from vimeo_toolkit.sandbox.state import Incoming

if TYPE_CHECKING:
    from vimeo_toolkit.sandbox.server import Sandbox

__all__ = ["upload_routes"]

_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Location, Tus-Extension, Tus-Max-Size, Tus-Resumable, Tus-Version, "
    "Upload-Length, Upload-Metadata, Upload-Offset",
}
_PREFLIGHT = {
    **_CORS,
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Origin, Tus-Resumable, Upload-Length, "
    "Upload-Metadata, Upload-Offset, X-HTTP-Method-Override, X-Requested-With",
    "Access-Control-Allow-Methods": "HEAD, OPTIONS, PATCH, POST, PUT",
    "Access-Control-Max-Age": "86400",
}
_TUS = {**_CORS, "Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}


async def _preflight(request: Request) -> Response:
    """What a browser, or a tus client, asks before it sends."""
    return Response(status_code=204, headers={**_PREFLIGHT, "Tus-Resumable": "1.0.0", "Tus-Version": "1.0.0"})


def upload_routes(sandbox: Sandbox) -> list[Route]:
    """Handle the addresses that upload links name."""

    async def receive(request: Request) -> Response:
        file = sandbox.world.incoming.get(request.path_params["key"])
        if request.method == "OPTIONS":
            return await _preflight(request)
        if file is None:
            return Response(status_code=404, headers=_TUS)
        # Clients behind proxies that know no PATCH send a POST and name the method.
        method = request.headers.get("x-http-method-override", request.method).upper()
        if method == "POST":
            return await _take_form(file, request)
        if method == "PATCH":
            refusal = _refusal(file, request)
            if refusal:
                return Response(status_code=refusal, headers=_TUS)
            await _take(file, request)
        at = {"Upload-Offset": str(file.received), "Upload-Length": str(file.size or file.received)}
        return Response(status_code=204 if method == "PATCH" else 200, headers={**_TUS, **at})

    async def receive_part(request: Request) -> Response:
        """Captions and images, which come whole."""
        if request.method == "OPTIONS":
            return await _preflight(request)
        kind, number = request.path_params["kind"], request.path_params["number"]
        content = await request.body()
        for video in sandbox.world.videos.values():
            if kind == "texttracks":
                for track in video.texttracks:
                    if str(track.id) == number:
                        track.file = content
                        return Response(status_code=200, headers=_CORS)
            elif any(str(picture) == number for picture in video.pictures):
                video.images[int(number)] = content
                done = {"Status": "success", "Notes": "", "Path": f"/video/{number}"}
                return JSONResponse(done, 200, _CORS)
        return Response(status_code=404, headers=_CORS)

    return [
        Route("/uploads/{key}", receive, methods=["HEAD", "OPTIONS", "PATCH", "POST"]),
        Route("/files/{kind}/{number}", receive_part, methods=["OPTIONS", "PUT"]),
    ]


def _refusal(file: Incoming, request: Request) -> int | None:
    """The status that refuses these bytes."""
    if request.headers.get("content-type") != "application/offset+octet-stream":
        return 415
    if request.headers.get("upload-offset") != str(file.received):
        return 409
    length = request.headers.get("content-length", "")
    if file.size is not None and length.isdigit() and file.received + int(length) > file.size:
        return 413
    return None


async def _take(file: Incoming, request: Request) -> None:
    """What arrives is kept, whether the rest comes or not."""
    try:
        async for chunk in request.stream():
            file.take(chunk if file.size is None else chunk[: file.size - file.received])
    except ClientDisconnect:
        return
    if file.received == file.size:
        file.finished()


async def _take_form(file: Incoming, request: Request) -> Response:
    """A browser's form: the file is its part `file_data`; afterwards it is sent where the app wished."""
    kind = request.headers.get("content-type", "")
    message = BytesParser().parsebytes(
        b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + await request.body()
    )
    parts = message.get_payload() if message.is_multipart() else []
    for part in parts if isinstance(parts, list) else []:
        content = part.get_payload(decode=True) if not isinstance(part, str) else None
        name = None if isinstance(part, str) else part.get_param("name", header="content-disposition")
        if name == "file_data" and isinstance(content, bytes):
            file.take(content)
            file.finished()
            if not file.redirect_url:
                return Response(status_code=200, headers=_CORS)
            back = file.redirect_url
            joint = "&" if urlsplit(back).query else "?"
            query = urlencode({"video_uri": f"/videos/{file.video.id}"})
            return RedirectResponse(f"{back}{joint}{query}", 302, _CORS)
    return Response(status_code=400, headers=_CORS)
