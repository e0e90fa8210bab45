"""Row keys as one text, the same in every store, and URLs fit to be shown."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.stores.protocol import Key

__all__ = ["LONGEST", "behind", "from_text", "part_to_text", "place_of", "span", "to_text"]

LONGEST: Final = 2500
"""Bytes of an encoded key: a PostgreSQL index takes little more, and what one store takes all must take."""

# Percent-encoded: the separator, the escape itself, NUL, what sorts up to "!", and lone surrogates, which no
# server takes. All else stays as it is: 512 emoji have to fit.
_SPECIAL: Final = re.compile("[\x00-!%/\x7f\ud800-\udfff]")

# Every part of a URL that could hold a password is matched, so that one in an unusual place hides the URL.
_URL: Final = re.compile(r"([a-z]+)://(?:[^@/?#]*@)?([^@/?#]*(?:/[^@?#]*)?)(?:\?[^@#]*)?")


def part_to_text(part: str) -> str:
    """Return any text, with NUL or lone surrogates too, as valid Unicode without slash, space or control character.

    Raises:
        InvalidInput: it is longer than every store takes.
    """
    return _checked(_escaped(part))


def to_text(key: Key) -> str:
    """Return a key as one text, which no other key has: a slash stands only between two parts.

    Raises:
        InvalidInput: it is longer than every store takes.
    """
    return _checked("/".join([_escaped(part) for part in key]))


def from_text(text: str) -> Key:
    """Return the key that `to_text` made this of."""
    parts = text.split("/")
    if "%" in text:
        parts = [unquote(part, errors="surrogatepass") for part in parts]
    return Key(*parts)


def span(kind: str, connection: str | None) -> tuple[str, str]:
    """Return texts `low` and `high`: the keys of a kind (and connection) are those with low <= key < high."""
    prefix = part_to_text(kind) + "/"
    if connection is not None:
        prefix += part_to_text(connection) + "/"
    return prefix, prefix[:-1] + chr(ord("/") + 1)


def behind(low: str, after: Key | None) -> str:
    """Return where a page starts: at `low`, or at the first text greater than `after`."""
    return low if after is None else max(low, to_text(after) + "!")  # "!" sorts before all of the encoding


def place_of(url: str) -> str:
    """Return the URL without user, password and parameters; only its scheme where a password could be anywhere."""
    found = _URL.fullmatch(url)
    return f"{found[1]}://{found[2]}" if found else f"{url.partition(':')[0]}://…"


def _escaped(part: str) -> str:
    if _SPECIAL.search(part) is None:
        return part
    return _SPECIAL.sub(_escape, part)


def _escape(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))


def _checked(text: str) -> str:
    if len(text) * 4 > LONGEST and len(text.encode()) > LONGEST:
        raise InvalidInput(
            "A connection name, identifier or lease name is too long to be kept.",
            hint=f"Use at most {LONGEST} bytes for all together; an id of your own is best.",
        )
    return text
