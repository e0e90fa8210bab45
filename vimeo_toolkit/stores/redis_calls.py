"""What the Redis store asks of the server: which script, on which names, with which values."""

from __future__ import annotations

import re
import secrets
import struct
from collections.abc import Generator
from typing import Any, Final

from vimeo_toolkit.stores import redis_scripts as scripts
from vimeo_toolkit.stores.key_encoding import behind, from_text, part_to_text, span, to_text
from vimeo_toolkit.stores.protocol import DAMAGED, Key, Row
from vimeo_toolkit.stores.redis_errors import damaged_row, index_lost
from vimeo_toolkit.stores.redis_scripts import Call

__all__ = ["Calls", "page_of", "row_of"]

_VERSION: Final = struct.Struct(">Q")
_WHOLE: Final = "!whole"
"""The mark in an index that has all rows; it sorts before every name."""


class Calls:
    """The calls of a store whose names all begin with a prefix."""

    def __init__(self, prefix: str) -> None:
        self._rows_at = f"{{{prefix}}}:row:"
        self._index_at = f"{{{prefix}}}:index:"
        self._expiry_at = f"{{{prefix}}}:expiry:"
        self._lease_at = f"{{{prefix}}}:lease:"
        self.format_at = f"{{{prefix}}}:format"
        self.left_over = f"{{{prefix}}}:fence"
        """A counter of release 0.1.0 that nobody reads."""

    def row_name(self, key: Key) -> str:
        """Return the name of a row."""
        return self._rows_at + to_text(key)

    def put(self, key: Key, value: bytes, version: int, expected: int, ttl: float | None) -> Call:
        text = to_text(key)
        was = _VERSION.pack(expected) if expected else b""
        life = "" if ttl is None else _ms(ttl)
        values = was, _VERSION.pack(version) + value, text, life, self._rows_at
        return scripts.PUT, self._names_of(key, text), values

    def delete(self, key: Key, expected: int) -> Call:
        text = to_text(key)
        was = _VERSION.pack(expected) if expected else b""
        return scripts.DELETE, self._names_of(key, text), (was, text)

    def replace(self, key: Key, value: bytes, version: int) -> Call:
        return scripts.REPLACE, (self.row_name(key),), (_VERSION.pack(version), value)

    def scan(
        self, kind: str, connection: str | None, after: Key | None, limit: int, *, checked: bool = False
    ) -> Call:
        low, high = span(kind, connection)
        bounds = f"[{behind(low, after)}", f"({high}"
        values = (*bounds, limit, self._rows_at, _WHOLE, b"1" if checked else b"")
        return scripts.SCAN, (self._index_at + part_to_text(kind),), values

    def acquire(self, lease: str, owner: str, ttl: float) -> Call:
        return scripts.ACQUIRE, (self._lease_at + part_to_text(lease),), (part_to_text(owner), _ms(ttl))

    def release(self, lease: str, owner: str) -> Call:
        return scripts.RELEASE, (self._lease_at + part_to_text(lease),), (part_to_text(owner),)

    def checking(self, kind: str) -> Generator[Call, Any, int]:
        """Yield the calls that hold the index of a kind against its rows, given what each answers; return how many
        rows were missing.

        Raises:
            StoreError: the server loses the index meanwhile.
        """
        text = part_to_text(kind)
        names = (self._index_at + text,)
        pattern = re.sub(r"([*?\[\]\\^])", r"\\\1", f"{self._rows_at}{text}/") + "*"
        for _ in range(3):
            mark = yield scripts.CHECK_BEGIN, names, (_WHOLE, f"!{secrets.token_hex(8)}")
            cursor: Any = 0
            missing: int = 0
            while True:
                cursor, more = yield scripts.CHECK_PAGE, names, (cursor, pattern, len(self._rows_at))
                missing += int(more)
                if not int(cursor):
                    break
            if (yield scripts.CHECK_END, names, (_WHOLE, mark)):
                return missing
        raise index_lost()

    def _names_of(self, key: Key, text: str) -> tuple[str, ...]:
        kind = part_to_text(key.kind)
        return self._rows_at + text, self._index_at + kind, self._expiry_at + kind


def row_of(blob: bytes | None) -> Row | None:
    """Return the row that was read, None for none.

    Raises:
        StoreError: no store wrote it.
    """
    if blob is None:
        return None
    if len(blob) < _VERSION.size:
        raise damaged_row()
    return Row(blob[_VERSION.size :], _VERSION.unpack_from(blob)[0])


def page_of(flat: list[bytes]) -> list[tuple[Key, Row]]:
    """Return the rows that `scan` answered."""
    found = zip(flat[::2], flat[1::2], strict=True)
    rows = ((name, row_of(blob) if len(blob) >= _VERSION.size else DAMAGED) for name, blob in found)
    return [(from_text(name.decode()), row) for name, row in rows if row is not None]


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))
