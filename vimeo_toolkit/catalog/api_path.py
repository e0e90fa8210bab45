"""Paths of Vimeo's API as a caller writes them: what cannot leave its place, and nothing else, is sent.

A path is one of the API that the connection names, so there is no host in it, and no way out of it: what a server
or a proxy could read as another place is refused, however it is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl, unquote

__all__ = ["check_names", "is_sign_in", "read_path"]

LONGEST: Final = 2_000
"""Characters of a path with its query."""
_WRITTEN: Final = re.compile(r"(?:/[^/]+)+")
_BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_FORBIDDEN: Final = frozenset('/\\?#%;@|^"<>{}[]`')
"""What a part of a path has neither as it is nor encoded: it separates, or some readers take it so."""
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Categories of characters that do not print."""
_SIGN_IN: Final = frozenset({"oauth", "tokens"})
"""First parts of the paths by which tokens are made and ended (API document)."""
_NOT_YOURS: Final = re.compile(
    r"(?:access|oauth|bearer)_?token|authorization|client_(?:id|secret)|_method|x_http_method(?:_override)?",
    re.IGNORECASE,
)
"""Names that would act for another user or change the method, where a server takes them from a query or a body."""


def read_path(written: str) -> tuple[str, dict[str, str]]:
    """Return a path as it is sent, before it is encoded, and the query that stands behind it.

    Raises:
        ValueError: it is not a path of the API, or one by which tokens are made; the text says what is wrong.
    """
    path, mark, query = written.partition("?")
    if any("\ud800" <= sign <= "\udfff" for sign in written):
        raise ValueError("it has half a character (a lone surrogate), which cannot be sent")
    if len(written) > LONGEST:
        raise ValueError(f"this is longer than {LONGEST:,} characters: give long values as params")
    if "://" in path or path.startswith("//") or not path.startswith("/"):
        raise ValueError('give the path alone, from its first slash on, such as "/me/videos"')
    if not _WRITTEN.fullmatch(path):
        raise ValueError(
            "a part of the path is empty: write one slash between two parts, and none at the end"
        )
    if "#" in query:
        raise ValueError("a # ends an address and is not sent: write %23 where it belongs to a value")
    if _BAD_ESCAPE.search(path):
        raise ValueError("a % stands before something else than two hex digits")
    parts = [_part(each) for each in path[1:].split("/")]
    if is_sign_in(parts[0]):
        raise ValueError(
            "tokens are made and ended by the toolkit alone: get_authorization_link connects a user, "
            "disconnect ends it"
        )
    return "".join(f"/{each}" for each in parts), _query(query) if mark else {}


def is_sign_in(part: str) -> bool:
    """Return whether the first part of a path, decoded, is of those by which tokens are made and ended."""
    return unicodedata.normalize("NFKC", part).casefold() in _SIGN_IN


def check_names(names: Iterable[str], where: str) -> None:
    """Refuse names under which a server might take another token or another method.

    Raises:
        ValueError: one is among them.
    """
    for name in names:
        if not name or not name.isprintable():
            raise ValueError(f"a name in the {where} is empty or does not print")
        if _NOT_YOURS.fullmatch(_as_read(name)):
            raise ValueError(
                f"{name} cannot be set: the call is made with the user's own token and by its method"
            )


def _as_read(name: str) -> str:
    """Return the variable that a server may take a name for: `access.token` and `access_token[]` are one there."""
    head, bracket, rest = unicodedata.normalize("NFKC", name).strip().partition("[")
    # As PHP reads a query: what is in brackets is an index, and these signs are an underscore.
    return re.sub(r"[.\- ]", "_", head if "]" in rest or not bracket else f"{head}_{rest}")


def _part(written: str) -> str:
    """Return one part of a path, decoded.

    Raises:
        ValueError: it could be read as more than one part, or as another place.
    """
    try:
        part = unquote(written, errors="strict")
    except UnicodeDecodeError:
        raise ValueError("a part of the path is not UTF-8") from None
    # Some servers fold such characters, as a wide slash, to plain ones.
    for text in (part, unicodedata.normalize("NFKC", part)):
        if not text.strip(".") or text != text.strip():
            raise ValueError("a part of the path is made of dots, or begins or ends with a space")
        if not _FORBIDDEN.isdisjoint(text):
            raise ValueError(
                "a part of the path has a sign that ids and words at Vimeo do not have, written or encoded"
            )
        if any(unicodedata.category(sign) in _INVISIBLE for sign in text):
            raise ValueError("a part of the path has a character that does not print")
    return part


def _query(written: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            written, keep_blank_values=True, strict_parsing=bool(written), errors="strict", max_num_fields=100
        )
    except (UnicodeDecodeError, ValueError):
        raise ValueError("what stands behind the question mark is not a query: give it as params") from None
    query = dict(pairs)
    if len(query) < len(pairs):
        raise ValueError("a name stands twice in the query behind the path: give it once, as params")
    return query
