"""A video's files: how one is uploaded, and where the finished ones are. Names: recordings of 2021 and 2023."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.shapes.common import iso, key_of
from vimeo_toolkit.sandbox.state import Version, Video

__all__ = ["upload_shape", "video_files"]

_RENDITIONS = (("sd", 360), ("hd", 720), ("hd", 1080))


def upload_shape(file: Video | Version, *, own: bool = True) -> dict[str, Any]:
    """How it is being uploaded. Nobody else learns where to send the bytes, nor the owner once they are there."""
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


def video_files(video: Video, *, download: bool = False) -> list[dict[str, Any]]:
    """Its renditions. Their links are signed: whoever has one may watch."""
    found = []
    for quality, height in _RENDITIONS:
        name, size = f"{height}p", video.duration * height * 250
        key = key_of(f"{video.uri}/{name}/{download}")
        found.append(
            {
                "quality": quality,
                "rendition": name,
                "type": "video/mp4",
                "width": height * 16 // 9,
                "height": height,
                "link": f"https://player.vimeo.com/progressive_redirect/playback/{video.id}/{name}?signature={key}",
                "created_time": iso(video.created),
                "fps": 24,
                "size": size,
                "md5": None,
                "public_name": name,
                "size_short": f"{size / 2**20:.2f}MB",
                **({"expires": iso(video.created)} if download else {}),
            }
        )
    return found
