"""A video's files: how one is uploaded, and where the finished ones are. Names: recordings of 2021 and 2023."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.shapes.parts import iso, key_of
from vimeo_toolkit.sandbox.state import Version, Video

__all__ = ["player_files", "upload_shape", "video_files"]

_RENDITIONS = (("sd", 360), ("hd", 720), ("hd", 1080))


def upload_shape(file: Video | Version, *, own: bool = True) -> dict[str, Any]:
    """Return how the video is being uploaded. Only the owner learns where to send the bytes, and only until they
    are there."""
    running = own and file.upload == "in_progress" and file.approach is not None
    link = file.upload_link if running else None
    return {
        "status": file.upload,
        "upload_link": link,
        "form": _form(link) if link and file.approach == "post" else None,
        "complete_uri": None,
        "approach": file.approach if running else None,
        "size": file.size if running else None,
        "redirect_url": file.redirect_url if running else None,
        "link": file.pull_link if running else None,
    }


def _form(link: str) -> str:
    """What to put into a page so that a browser sends the file."""
    return (
        f'<form method="POST" action="{link}" enctype="multipart/form-data">'
        '<input type="file" name="file_data"><input type="submit" value="Upload"></form>'
    )


def _signed(video: Video, kind: str) -> str:
    """A link that is good for whoever has it."""
    path = f"/progressive_redirect/{video.id}/{kind}"
    return f"https://player.vimeo.com{path}?loc=external&signature={key_of(video.uri + kind)}"


def _rendition(video: Video, height: int) -> dict[str, Any]:
    return {
        "rendition": f"{height}p",
        "type": "video/mp4",
        "width": height * 16 // 9,
        "height": height,
        "created_time": iso(video.created),
        "fps": 24,
        "size": video.duration * height * 250,
        "md5": None,
    }


def video_files(video: Video, *, download: bool = False) -> list[dict[str, Any]]:
    """Return the video's renditions, to play or to download."""
    kind, more = ("download", {"expires": iso(video.created)}) if download else ("playback", {})
    return [
        {
            **_rendition(video, height),
            "quality": quality,
            "link": _signed(video, f"{kind}-{height}p"),
            "public_name": f"{height}p",
            "size_short": f"{video.duration * height * 250 / 2**20:.2f}MB",
            **more,
        }
        for quality, height in _RENDITIONS
    ]


def player_files(video: Video) -> dict[str, Any]:
    """Return the links that a player of one's own plays."""
    if not video.playable:
        return {"status": "unavailable"}
    ends = {"link_expiration_time": iso(video.created)}
    progressive = [
        {**_rendition(video, height), **ends, "codec": "H264", "link": _signed(video, f"play-{height}p")}
        for _, height in _RENDITIONS
    ]
    streams = {kind: {**ends, "link": _signed(video, kind)} for kind in ("hls", "dash")}
    return {"progressive": progressive, **streams, "status": "playable"}
