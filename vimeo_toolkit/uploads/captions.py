"""Caption files as Vimeo takes them: WebVTT (W3C) in UTF-8."""

from __future__ import annotations

import re
from typing import Final

from vimeo_toolkit.errors import InvalidInput

__all__ = ["MOST", "as_vtt"]

MOST: Final = 1_000_000
"""Bytes: hours of speech are a tenth of that."""

_TIMES: Final = re.compile(
    r"^(\d{1,3}:\d\d:\d\d)[,.](\d{3})[ \t]*-->[ \t]*(\d{1,3}:\d\d:\d\d)[,.](\d{3})", re.ASCII | re.MULTILINE
)
_SHORT_TIMES: Final = re.compile(r"^\d\d:\d\d\.\d{3}[ \t]*-->", re.ASCII | re.MULTILINE)


def as_vtt(raw: bytes) -> bytes:
    """A VTT or SRT file as VTT.

    Raises:
        InvalidInput: it is neither, or too large.
    """
    if len(raw) > MOST:
        raise InvalidInput(f"The captions are larger than {MOST} bytes.", hint="Is it a caption file?")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("The captions are not UTF-8.", hint="Save the file as UTF-8.") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n") + "\n"
    if "\0" not in text:
        if re.match(r"WEBVTT(?:[ \t\n])", text) and (_TIMES.search(text) or _SHORT_TIMES.search(text)):
            return text.encode()
        if _TIMES.search(
            text
        ):  # SRT has commas in its times and no heading; its numbers are fine as cue names
            return ("WEBVTT\n\n" + _TIMES.sub(_dotted, text)).encode()
    raise InvalidInput(
        "These are no captions: neither WebVTT nor SRT with times.",
        hint="A line such as 00:00:01.000 --> 00:00:03.500 stands above each text.",
    )


def _dotted(found: re.Match[str]) -> str:
    begin, end = (f"{part:0>8}" for part in (found[1], found[3]))
    return f"{begin}.{found[2]} --> {end}.{found[4]}"
