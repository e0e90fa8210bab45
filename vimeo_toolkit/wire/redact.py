"""Remove from an answer the secrets that Vimeo returns in clear and no model or log should see.

A value is a secret by its name (`stream_key`), by its place (`live.key`, `files[].link`) or by its shape (a signed
URL, wherever it stands). What stays, because people need it and can share it as they like: links of videos and
showcases with the hash of unlisted ones, `player_embed_url` and embed code, and links of pictures.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote, urlsplit

__all__ = ["REDACTED", "redacted", "scrubbed"]

REDACTED: Final = "[redacted]"

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
_URL: Final = re.compile(r"[a-z][a-z0-9+.\-]{1,20}://[^\s\"'<>\\`]+", re.IGNORECASE | re.ASCII)
_QUERY: Final = re.compile(
    r"[?&;](?:[\w\-]*(?:token|sig|signature|secret|password|passwd|hmac|jwt|hdnts|hdnea|credential|ticket_id)=[^&;#]"
    r"|(?:(?:[\w\-]+[_\-])?key|auth|authorization|policy)=[^&;#]{6})"
    r"|[?&;]code=[^#]+[&;]state=|[?&;]state=[^#]+[&;]code=",
    re.IGNORECASE,
)
"""Query parameters that give access to whoever has the URL."""
_SIGNED: Final = re.compile(r"[?&;]s=")
"""The same parameter at Vimeo's own hosts."""
_PATH: Final = re.compile(
    r"^/[\w\-]+/review/\d+/\w+|^/reviews/[\w\-]+|[/~](?:hmac|sig|signature|token)=|/exp=\d", re.IGNORECASE
)
_TOKENS: Final = re.compile(
    r"\beyJ[\w\-]{8,}\.[\w\-]+\.[\w\-]+"
    r"|(?P<before>\bbearer\s{1,8}|\bauthorization\W{1,8}(?:basic\s{1,8})?)[\w.~+/\-]{8,}=*"
    r"|(?P<named>\b(?:access|refresh|id|auth|authorization)_?token\b[\"']?\s{0,8}[=:]\s{0,8}[\"']?"
    r"|\b(?:client_secret|stream(?:ing)?_?key|[\w\-]{1,40}[_\-]signature)\b[\"']?\s{0,8}[=:]\s{0,8}[\"']?"
    r"|[?&;#](?:[\w\-]{0,40}(?:token|secret|password|hmac|jwt|signature)|sig)=)[^\s\"'<>&;#\\]+",
    re.IGNORECASE | re.ASCII,
)
"""Tokens, recognised by their form or by the words before them, in links without a scheme and in texts, too."""
_SENDING: Final = frozenset({"rtmp", "rtmps", "rtmpt", "rtsp", "rtsps", "srt", "whip"})
_PICTURES: Final = frozenset({"i.vimeocdn.com", "f.vimeocdn.com"})


def redacted(value: Any) -> Any:
    """Replace every secret in `value`, which is changed in place, and return it."""
    if isinstance(value, str):
        return scrubbed(value)
    _walk(value, "")
    return value


def _walk(value: Any, place: str) -> None:
    """Redact within `value`. `place`: the name of the part that it is in, lists not counted."""
    if isinstance(value, dict):
        within = _PLACES.get(place, frozenset())
        expiring = not _EXPIRY.isdisjoint(value)
        pulled = place == "upload" and value.get("approach") == "pull"
        for name, item in value.items():
            if item is None or isinstance(item, bool) or not item:
                continue
            plain = _plain(name) if isinstance(name, str) else ""
            if (
                _is_secret(plain)
                # When Vimeo is to fetch a file, the user gave that link themselves.
                or (plain in within and not (pulled and plain == "link"))
                or (expiring and plain == "link")
                or (place in _ALL_OF and isinstance(item, str))
            ):
                value[name] = REDACTED
            elif isinstance(item, str):
                if _looks(item):
                    value[name] = scrubbed(item)
            elif isinstance(item, dict | list):
                # `play.hls.link`: a place holds for parts below it, too, unless they have a place of their own.
                _walk(item, plain if plain in _PLACES or place not in _PLACES else _inner(place, plain))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, str):
                if place in _ALL_OF:
                    value[index] = REDACTED
                elif _looks(item):
                    value[index] = scrubbed(item)
            elif isinstance(item, dict | list):
                _walk(item, place)


def _inner(place: str, name: str) -> str:
    """Return the place of a part: within files everything is about files; within live every key is a secret, and
    `live.chat.user.link` is a user's again."""
    if _PLACES[place] is _FILE or place == _IN_LIVE:
        return place
    return _IN_LIVE if place == "live" else name


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    return _CAMEL.sub("_", name[:200]).replace("-", "_").lower()


@lru_cache(maxsize=4096)
def _is_secret(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def _looks(text: str) -> bool:
    """Return whether a text may hold a secret: most do not."""
    return (
        "://" in text
        or "=" in text
        or "oken" in text
        or "_key" in text
        or "eyJ" in text
        or "earer" in text
        or "ecret" in text
        or "uthoriz" in text
        or "treamKey" in text
    )


def scrubbed(text: str) -> str:
    """Return a text without the secrets in it that can be told by their shape: signed URLs keep host and path,
    upload, streaming and review links their host, tokens nothing."""
    if "://" in text:
        text = _URL.sub(lambda found: _url(found[0]), text)
    return _TOKENS.sub(_hidden, text)


def _hidden(found: re.Match[str]) -> str:
    return f"{found['before'] or found['named'] or ''}{REDACTED}"


def _url(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return REDACTED
    login, at, _ = parts.netloc.rpartition("@")
    shown = f"{parts.scheme}://{host}" if login or at else f"{parts.scheme}://{parts.netloc}"
    if parts.scheme.lower() in _SENDING or host.endswith(".tus.vimeo.com") or _PATH.search(parts.path):
        return f"{shown}/{REDACTED}"
    if host in _PICTURES:
        return url
    query = f"?{unquote(parts.query).replace('&amp;', '&')}"
    own = host.endswith(("vimeo.com", "vimeocdn.com"))
    if _QUERY.search(query) or _QUERY.search(f"?{parts.fragment}") or (own and _SIGNED.search(query)):
        return f"{shown}{parts.path}?{REDACTED}"
    return f"{shown}{url.partition(parts.netloc)[2]}" if at else url
