"""What is kept in PostgreSQL of the library's words, and back: bytes, numbers of terms, JSON."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from typing import Any, Final

from vimeo_toolkit.library.model import Change, Passage

__all__ = [
    "PASSAGE",
    "Numbers",
    "bytes_of",
    "change_of",
    "json_of",
    "packed",
    "passage_of",
    "text_of",
    "unpacked",
]

PASSAGE: Final = 'p.start, p."end", p.text, p.language, p.speaker, p.kind, p.times, p.heading'
"""What `passage_of` reads."""

_NO_HEADER: Final = -zlib.MAX_WBITS


class Numbers:
    """The numbers of the terms of one library: of 32 bits, with a sign.

    Two terms may have the same one. Both are found then, and `ranking`, which reads the text, tells them apart.
    """

    def __init__(self, library: int) -> None:
        self._start = zlib.crc32(b"%d" % library)

    def of(self, term: str) -> int:
        """Return a term's number."""
        number = zlib.crc32(bytes_of(term), self._start)
        return number - 0x1_0000_0000 if number >= 0x8000_0000 else number


def bytes_of(text: str) -> bytes:
    """Return a text as it is kept: any, also one that is not valid Unicode."""
    return text.encode("utf-8", "surrogatepass")


def text_of(kept: bytes) -> str:
    """Return a text that was kept."""
    return bytes(kept).decode("utf-8", "surrogatepass")


def packed(text: str) -> bytes:
    """Return a text in half of its room: PostgreSQL leaves rows of this size as they are."""
    pressed = zlib.compressobj(1, zlib.DEFLATED, _NO_HEADER)
    return pressed.compress(bytes_of(text)) + pressed.flush()


def unpacked(kept: bytes) -> str:
    """Return a text that was packed."""
    return text_of(zlib.decompress(kept, _NO_HEADER))


def json_of(value: Any) -> bytes:
    """Return something of JSON as it is kept."""
    return json.dumps(value, separators=(",", ":")).encode()


def change_of(row: Sequence[Any]) -> Change:
    """Return a change of its number and what `json_of(asdict(change))` was."""
    value = json.loads(bytes(row[1]))
    return Change(**{**value, "number": row[0], "what": tuple(value["what"])})


def passage_of(row: Sequence[Any]) -> Passage:
    """Return a passage of the columns of `PASSAGE`."""
    start, end, text, language, speaker, kind, times, heading = row
    return Passage(
        start,
        end,
        unpacked(text),
        text_of(language),
        text_of(speaker),
        text_of(kind),  # type: ignore[arg-type]
        tuple((place, second) for place, second in json.loads(bytes(times))),
        text_of(heading),
    )
