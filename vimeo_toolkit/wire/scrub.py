"""Secrets that are told in a text by their shape: signed URLs, links by which one sends or uploads, tokens."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

__all__ = ["REDACTED", "may_hold", "scrubbed"]

REDACTED: Final = "[redacted]"

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

_WORDS: Final = (
    "token", "client_secret", "secret=", "signature", "sig=", "password=", "hmac=", "jwt=", "eyj", "bearer",
    "authorization", "stream_key", "streamkey", "streaming_key", "streamingkey", "/review", ".tus.vimeo.com",
)  # fmt: skip
"""One of these, in small letters, is in each text of `_TOKENS`, and in some addresses."""
_KNOWN: Final = (
    "app_id|autopause|autoplay|badge|byline|color|h|loop|page|per_page|play|player_id|portrait|r|title|w"
)
"""Parameters in Vimeo's addresses that are not secrets. Any other one makes an address worth a look."""
_NOT_PLAIN: Final = re.compile(
    r"://(?:(?<!http://)(?<!https://)|(?!"
    # a whole address in which `_url` changes nothing: of a picture, or with none but known parameters
    r"(?:[if]\.vimeocdn\.com(?:/[\w./\-]*(?:[?#][^\s\"'<>\\`]*)?)?"
    rf"|[\w.\-]+(?::[0-9]+)?(?:/[\w./\-]*)?(?:(?:\?|&(?:amp;)?)(?:{_KNOWN})=[\w.\-]*)*"
    r")(?:[\s\"'<>\\`]|\Z)))",
    re.ASCII,
)
"""An address that is to be looked at."""


def may_hold(text: str) -> bool:
    """Return whether `scrubbed` may change a text: False for most, in a fraction of its time."""
    lower = text.lower()
    for word in _WORDS:  # a generator within `any` takes twice as long
        if word in lower:
            return True
    return _NOT_PLAIN.search(lower) is not None


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
    if host in _PICTURES and not at:
        return url
    query = f"?{unquote(parts.query).replace('&amp;', '&')}"
    own = host.endswith(("vimeo.com", "vimeocdn.com"))
    if _QUERY.search(query) or _QUERY.search(f"?{parts.fragment}") or (own and _SIGNED.search(query)):
        return f"{shown}{parts.path}?{REDACTED}"
    return f"{shown}{url.partition(parts.netloc)[2]}" if at else url
