"""Passages as PostgreSQL's COPY takes them in its binary format, which is documented with that statement.

psycopg makes the same of Python's values, one after the other; here a term is encoded once for a whole video.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final, NamedTuple

from vimeo_toolkit.library.asking import spoken_by
from vimeo_toolkit.library.model import Passage
from vimeo_toolkit.library.postgres_rows import bytes_of, json_of, packed

__all__ = ["BEGIN", "COPY", "END", "Place", "element", "number_in", "row"]

COPY: Final = (
    'COPY vimeo_library_passage (library, video, place, length, start, "end", kind, language, speaker, '
    "spoken_by, times, heading, text, words) FROM STDIN (FORMAT BINARY)"
)
BEGIN: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
END: Final = b"\xff\xff"

_NUMBERS: Final = struct.Struct(">h ii iq ii ii id id")
"""How many columns there are, and those that are numbers, each behind its length."""
_ARRAY: Final = struct.Struct(">iii ii")
"""Of one dimension, without NULL, of int4; how many there are, and the first's subscript."""
_INT4: Final = 23
_ELEMENT: Final = struct.Struct(">ii")


class Place(NamedTuple):
    """Where a passage belongs."""

    library: int
    video: int
    place: int


def element(number: int) -> bytes:
    """Return a number as an element of an array."""
    return _ELEMENT.pack(4, number)


def number_in(encoded: bytes) -> int:
    """Return the number of an element."""
    found: int = _ELEMENT.unpack(encoded)[1]
    return found


def row(at: Place, passage: Passage, words: Sequence[bytes]) -> bytes:
    """Return a passage's row; `words` are the elements that stand for its terms."""
    numbers = _NUMBERS.pack(
        14, 4, at.library, 8, at.video, 4, at.place, 4, len(words), 8, passage.start, 8, passage.end
    )  # fmt: skip
    fields = (
        bytes_of(passage.kind),
        bytes_of(passage.language),
        bytes_of(passage.speaker),
        bytes_of(spoken_by(passage.speaker)),
        json_of(passage.times),
        bytes_of(passage.heading),
        packed(passage.text),
        _ARRAY.pack(1 if words else 0, 0, _INT4, len(words), 1)[: 20 if words else 12] + b"".join(words),
    )
    return numbers + b"".join(part for field in fields for part in (len(field).to_bytes(4), field))
