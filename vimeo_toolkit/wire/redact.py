"""Remove from an answer the secrets that Vimeo returns in clear and no model or log should see.

A value is a secret by its name (`stream_key`), by its place (`live.key`, `files[].link`) or by its shape (a signed
URL, wherever it stands). What stays, because people need it and can share it as they like: links of videos and
showcases with the hash of unlisted ones, `player_embed_url` and embed code, and links of pictures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from vimeo_toolkit.wire.scrub import REDACTED, may_hold, scrubbed

__all__ = ["redacted"]

_NAME: Final = re.compile(
    r"(?:\w+_)?(?:password|passphrase|passcode|pwd|secret|token|signature|credentials?|authorization|cookie|csrf"
    r"|hmac|jwt)s?"
    r"|(?:\w+_)?(?:access|api|drm|encryption|ingest|license|private|publish|rtmps?|secret|signing|srt|ssh|stream"
    r"|streaming)_?keys?"
    r"|(?:\w+_)?(?:rtmps?|rtsp|srt|whip|ingest|upload|stream)_(?:link|ur[il])(?:_secure)?"
    r"|(?:rtmps?|rtsp|srt|whip)"
    r"|complete_ur[il]|ticket_id|session_?id|download_(?:link|ur[il])|hls_link|link_secure|source_link"
    r"|review_link",
    re.ASCII,
)
"""Names of secrets: passwords, `webhook.secret`, where to stream or upload to (who has such a link needs no
token), and files' own links (the API's document and recorded answers)."""

_FILE: Final = frozenset({"link", "url", "heartbeat"})
_PLACES: Final[dict[str, frozenset[str]]] = {
    "live": frozenset({"heartbeat", "key", "link", "url"}),
    "drm": frozenset({"key"}),
    "simulcast": frozenset({"key"}),
    "upload": frozenset({"form", "link"}),
    "review_page": frozenset({"link"}),
    **dict.fromkeys(("files", "download", "play", "progressive", "hls", "dash", "download_links"), _FILE),
}
"""Names that are secrets only within a part of this name."""

_IN_LIVE: Final = "live."
_PLACES[_IN_LIVE] = frozenset({"key"})

_ALL_OF: Final = frozenset({"download_links"})
"""Parts whose texts are all links to files."""

_EXPIRY: Final = frozenset({"link_expires_time", "link_expiration_time"})
"""Fields beside a link that is signed until that time, such as a text track's."""

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PLAIN_KINDS: Final = frozenset({int, float, bool, type(None)})
_MOST_NAMES: Final = 2_000
"""Names that are remembered for each place; answers have some hundred."""
_LONGEST_NAME: Final = 200
"""Characters."""


class _Names(dict[Any, "_Names | None"]):
    """What names mean within one place: None for a secret and for whatever else needs a look, else the names within
    what is below.

    Args:
        place: the name of the part, lists not counted; "" for all that have no secrets of their own.
    """

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def __missing__(self, name: Any) -> _Names | None:
        place, plain = self.place, _plain(name)
        looked_at = _is_secret(plain, place) or place in _ALL_OF or plain in _EXPIRY
        below = None if looked_at else _NAMES[_below(place, plain)]
        if len(self) >= _MOST_NAMES:
            self.clear()
        if isinstance(name, str) and len(name) <= _LONGEST_NAME:
            self[name] = below
        return below


_NAMES: Final = {place: _Names(place) for place in ("", *_PLACES)}
_NOTHING: Final[dict[Any, Any]] = {}


def redacted(value: Any) -> Any:
    """Replace every secret in `value`, which is changed in place, and return it."""
    if isinstance(value, str):
        return scrubbed(value)
    texts: set[str] = set()
    _walk(value, _NAMES[""], texts)
    # Most answers have nothing to replace in texts, and the same texts in each item of a list.
    if may_hold("\n".join(texts)):
        changed = {text: scrubbed(text) for text in texts if may_hold(text)}
        _replace(value, {text: new for text, new in changed.items() if new != text})
    return value


def _walk(value: Any, names: _Names, texts: set[str], before: dict[Any, Any] = _NOTHING) -> None:
    """Redact by name and place within `value`, and collect its other texts.

    Args:
        names: those within its place.
        texts: gets them.
        before: the item before it in a list. What both have is done: a page of videos has the same user in each.
    """
    # Exact types first: they are what JSON has, and this is done for each value of an answer.
    if isinstance(value, dict):
        for name, item in value.items():
            kind = type(item)
            below = names[name]
            if below is None and (below := _looked_at(value, name, names.place)) is None:
                continue
            if kind is str:
                texts.add(item)
            elif kind is dict or kind is list:
                if item and item != before.get(name):
                    _walk(item, below, texts)
            elif kind not in _PLAIN_KINDS:
                _walk(item, below, texts)
    elif isinstance(value, list):
        if names.place in _ALL_OF:
            value[:] = [REDACTED if isinstance(item, str) else item for item in value]
        last = _NOTHING
        for item in value:
            kind = type(item)
            if kind is dict:
                _walk(item, names, texts, last)
                last = item
            elif kind is str:
                texts.add(item)
            elif kind not in _PLAIN_KINDS:
                _walk(item, names, texts)
    elif isinstance(value, str):
        texts.add(value)


def _looked_at(value: dict[Any, Any], name: Any, place: str) -> _Names | None:
    """Redact what has a name that is a secret, or makes one of what is beside it. Return the names below it where
    the value itself stays."""
    item, plain = value[name], _plain(name)
    if plain in _EXPIRY and not _is_secret("link", place):
        for other, beside in value.items():
            if _plain(other) == "link" and not _is_no_secret(beside):
                value[other] = REDACTED
    # When Vimeo is to fetch a file, the user gave that link themselves.
    pulled = place == "upload" and plain == "link" and value.get("approach") == "pull"
    if (_is_secret(plain, place) and not pulled) or (place in _ALL_OF and isinstance(item, str)):
        if not _is_no_secret(item):
            value[name] = REDACTED
        return None
    return _NAMES[_below(place, plain)]


def _is_no_secret(value: Any) -> bool:
    """Return whether a value stays whatever its name: there is none, or it says that there is one. 1 is a yes, too:
    it is equal to True."""
    return not value or value == 1


def _replace(value: Any, texts: Mapping[str, str]) -> None:
    """Replace these texts wherever they are within `value`."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        if isinstance(item, str):
            if item in texts:
                value[name] = texts[item]
        else:
            _replace(item, texts)


@lru_cache(maxsize=4096)
def _is_secret(name: str, place: str) -> bool:
    return _NAME.fullmatch(name) is not None or name in _PLACES.get(place, ())


def _below(place: str, name: str) -> str:
    """Return the place of a part; "" for one that has no secrets of its own.

    `play.hls.link`: a place holds for parts below it, too, unless they have a place of their own. Within files
    everything is about files; within live every key is a secret, and `live.chat.user.link` is a user's again.
    """
    if name in _PLACES:
        return name
    if _PLACES.get(place) is _FILE or place == _IN_LIVE:
        return place
    return _IN_LIVE if place == "live" else ""


def _plain(name: Any) -> str:
    return _in_snake_case(name[:_LONGEST_NAME]) if isinstance(name, str) else ""


@lru_cache(maxsize=4096)
def _in_snake_case(name: str) -> str:
    return _CAMEL.sub("_", name).replace("-", "_").lower()
