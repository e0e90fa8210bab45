"""Recognise a file's kind by its first bytes, so that an agent can upload only a file that is what it claims to
be.

Sources: ISO/IEC 14496-12 and Apple's QuickTime file format (boxes), RFC 8794 (EBML), Microsoft's RIFF and ASF
specifications, ISO/IEC 13818-1 (MPEG streams), SMPTE ST 377-1 (MXF), RFC 3533 (Ogg), W3C WebVTT.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Literal

from vimeo_toolkit.uploads.cues import is_times

__all__ = ["EXPECTED", "HEAD", "IMAGES", "Kind", "Read", "fits", "image_type"]

Kind = Literal["video", "image", "captions"]
Read = Callable[[int, int], bytes]
"""Offset and count to bytes."""

HEAD: Final = 4096

EXPECTED: Final[dict[Kind, str]] = {
    "video": "a video or audio file (MP4, MOV, MKV, WebM, AVI, WMV, FLV, MPEG, MXF, Ogg, MP3, WAV, FLAC …)",
    "image": "a JPEG, PNG or GIF image",
    "captions": "a WebVTT or SRT file with times",
}

IMAGES: Final = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}

_CONTAINERS: Final[tuple[tuple[tuple[int, bytes], ...], ...]] = (
    ((0, b"RIFF"), (8, b"AVI ")),
    ((0, b"RIFF"), (8, b"WAVE")),
    ((0, b"RF64"), (8, b"WAVE")),
    ((0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"),),  # ASF: WMV, WMA
    ((0, b"\x1aE\xdf\xa3"),),  # EBML: Matroska, WebM
    ((0, b"FLV\x01"),),
    ((0, b"OggS\x00"),),
    ((0, b"\x00\x00\x01\xba"),),  # MPEG program stream
    ((0, b"\x00\x00\x01\xb3"),),  # MPEG video
    ((0, b"G"), (188, b"G"), (376, b"G")),  # MPEG transport stream
    ((4, b"G"), (196, b"G"), (388, b"G")),  # the same with times, as cameras and Blu-ray write it
    ((0, b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02"),),  # MXF
    ((0, b"\x1f\x07\x00"),),  # DV
    ((0, b"FORM"), (8, b"AIFF")),
    ((0, b"FORM"), (8, b"AIFC")),
    ((0, b"caff\x00\x01"),),
    ((0, b"fLaC"),),
)

_BOXES: Final = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"uuid"})
_PICTURES: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis", b"crx "}
)
"""Brands of the same container that hold pictures."""

_VTT_HEAD: Final = re.compile(r"WEBVTT(?=[ \t]|$)")
_VTT_BLOCK: Final = re.compile(r"(?:NOTE|STYLE|REGION)(?=[ \t]|$)")


def fits(kind: Kind, size: int, read: Read) -> bool:
    """Return whether a file of `size` bytes is of this kind."""
    head = read(0, HEAD)
    match kind:
        case "image":
            return image_type(head) is not None
        case "captions":
            return _captions(head)
    return (
        any(all(head[at : at + len(mark)] == mark for at, mark in marks) for marks in _CONTAINERS)
        or _mpeg_audio(head)
        or _boxes(size, read)
    )


def image_type(head: bytes) -> str | None:
    """Return the media type of an image, None for one that Vimeo does not take as a thumbnail."""
    return next((media for begin, media in IMAGES.items() if head.startswith(begin)), None)


def _captions(head: bytes) -> bool:
    """A cue with its times is what a caption file begins with, behind WebVTT's heading; not a text that has one
    somewhere. What reads the whole file is `captions.as_vtt`."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", errors="replace")
    else:
        text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")
    lines = [
        line.strip(" \t") for line in text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    ]
    named = _VTT_HEAD.match(lines[0]) is not None
    if named:
        lines = lines[lines.index("") :] if "" in lines else []
    first = [line for line in lines if line][:2]
    if not first or "\0" in text:
        return False
    if named and _VTT_BLOCK.match(first[0]):
        return True
    # A cue may have a number above its times, and in WebVTT any name.
    return is_times(first[0]) or (is_times(first[-1]) and (named or first[0].isdigit()))


def _mpeg_audio(head: bytes) -> bool:
    if len(head) < 10:
        return False
    if head.startswith(b"ID3"):  # its size is four bytes of seven bits
        return head[3] in (2, 3, 4) and head[4] < 0xFF and max(head[6:10]) < 0x80
    if head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    layer, version, rate = head[1] >> 1 & 3, head[1] >> 3 & 3, head[2] >> 2
    if layer == 0:  # AAC; the mark at the front of a UTF-16 text, FF FE, has layer 3
        return head[1] & 0xF0 == 0xF0 and rate & 0xF < 13
    return layer < 3 and version != 1 and head[2] >> 4 != 0xF and rate & 3 != 3


def _boxes(size: int, read: Read) -> bool:
    """Return whether it is MP4, MOV, M4A or 3GP: a list of boxes, each with its size and its name in front."""
    at = 0
    for number in range(8):
        front = read(at, 16)
        if len(front) < 8:
            return False
        name, length = front[4:8], int.from_bytes(front[:4], "big")
        if length == 1:
            length = int.from_bytes(front[8:16], "big")
        elif length == 0:
            length = size - at
        if name not in _BOXES or length < 8:
            return False
        if (
            number == 0 or name == b"ftyp"
        ) and length > size:  # a text can have such a name at its fifth letter
            return False
        if name == b"ftyp":
            return front[8:12] not in _PICTURES
        if name in (b"moov", b"mdat"):
            return True
        at += length
    return False
