"""The smallest files that are what they say by their first bytes."""

from __future__ import annotations

import os

__all__ = ["FILM", "JPEG", "PNG", "VTT", "film"]

FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"
"""How an MP4 file begins."""
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"j" * 1000
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
VTT = b"WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello\n"


def film(size: int) -> bytes:
    """A film of so many bytes, another one each time."""
    return FILM + os.urandom(size - len(FILM))
