"""A file of a video that can be downloaded, as a product's own code gets it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vimeo_toolkit.secret import Secret

__all__ = ["DOWNLOADS", "DownloadLink", "download_links"]

DOWNLOADS: Final = "vimeo_video_downloads_list"
"""The tool that finds the files."""


@dataclass(frozen=True, slots=True)
class DownloadLink:
    """One file of a video. Whoever has its link can download it until it ends."""

    link: Secret
    """`link.reveal()` is the address: give it to this user alone, and log it nowhere."""
    quality: str | None = None
    """Such as `hd`, or `source` for the file that was uploaded."""
    width: int | None = None
    height: int | None = None
    size: int | None = None
    """Bytes."""
    expires: str | None = None
    """When the link ends, as Vimeo writes it."""


def download_links(files: Iterable[Mapping[str, Any]], links: Iterable[Secret]) -> list[DownloadLink]:
    """Return the files with their links; those without one are left out."""
    names = ("quality", "width", "height", "size", "expires")
    return [
        DownloadLink(link, **{name: each.get(name) for name in names})
        for each, link in zip(files, links, strict=True)
        if link
    ]
