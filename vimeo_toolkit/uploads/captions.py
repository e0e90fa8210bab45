"""Caption files as Vimeo takes them: WebVTT (W3C) in UTF-8."""

from __future__ import annotations

import re
from typing import Final

from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.uploads.cues import Malformed, srt_cues, vtt_cues, written_vtt

__all__ = ["MOST", "as_vtt", "is_unicode"]

MOST: Final = 1_000_000
"""Bytes: hours of speech are a tenth of that."""

_HEAD: Final = re.compile(r"WEBVTT(?=[ \t\n]|$)")
_COMMA: Final = re.compile(r"(?<=\d\d),(?=\d{3}(?:\s|$))", re.ASCII)
_MARKS: Final = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}

WESTERN: Final = frozenset(
    {
        "af",
        "br",
        "ca",
        "co",
        "da",
        "de",
        "en",
        "es",
        "eu",
        "fi",
        "fo",
        "fr",
        "ga",
        "gd",
        "gl",
        "id",
        "is",
        "it",
        "la",
    }
    | {"lb", "ms", "nb", "nl", "nn", "no", "oc", "pt", "rm", "sq", "sv", "sw"}
)
"""Languages that use the letters of Windows-1252."""
_LETTERS: Final = re.compile(
    "[\x00-\x7f\u00a0-\u00a3\u00a7-\u00ab\u00ae\u00b0\u00b1\u00b4\u00b7\u00ba-\u00bf\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff"
    "\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u2013-\u2026\u2030\u2039\u203a\u20ac\u2122]*"
)
"""Windows-1252 without the signs that are letters in other code pages."""


def as_vtt(raw: bytes, language: str = "") -> bytes:
    """Return a VTT or SRT file as VTT.

    Args:
        language: the captions' own; a file that is not Unicode is read as Windows-1252 in those that use it.

    Raises:
        InvalidInput: it is neither, too large, or has a line that cannot be read.
    """
    if len(raw) > MOST:
        raise InvalidInput(f"The captions are larger than {MOST} bytes.", hint="Is it a caption file?")
    text = _decoded(raw, language).replace("\r\n", "\n").replace("\r", "\n").strip("\n") + "\n"
    if "\0" in text:
        raise _neither()
    if _HEAD.match(text):
        text = "\n".join(_COMMA.sub(".", line) if "-->" in line else line for line in text.split("\n"))
        if not any(cue.text for cue in vtt_cues(text)):
            raise _neither()
        return text.encode()
    try:
        cues = srt_cues(text)
    except Malformed as problem:
        raise InvalidInput(f"The captions cannot be read: {problem}.", hint="Correct this line.") from None
    if not cues:
        raise _neither()
    return written_vtt(cues).encode()


def is_unicode(raw: bytes) -> bool:
    """Tell whether a file is in UTF-8 or UTF-16, as opposed to a code page that had to be guessed."""
    try:
        raw.decode(_encoding(raw))
    except UnicodeDecodeError:
        return False
    return True


def _encoding(raw: bytes) -> str:
    return next((name for mark, name in _MARKS.items() if raw.startswith(mark)), "utf-8")


def _decoded(raw: bytes, language: str) -> str:
    if is_unicode(raw):
        return raw.decode(_encoding(raw))
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    known = language.replace("_", "-").partition("-")[0].lower()
    letters = [sign for sign in text if sign.isalpha()]
    # Other scripts, which a track in a western language may contain, consist of letters beyond ASCII only.
    plain = sum(map(str.isascii, letters))
    likely = known in WESTERN and plain * 3 >= len(letters) if known else plain * 2 >= len(letters)
    if not text or not likely or not _LETTERS.fullmatch(text):
        raise InvalidInput("The captions are not UTF-8.", hint="Save the file as UTF-8.")
    return text


def _neither() -> InvalidInput:
    return InvalidInput(
        "These are not captions: they are neither WebVTT nor SRT with times.",
        hint="A line such as 00:00:01.000 --> 00:00:03.500 stands above each text.",
    )
