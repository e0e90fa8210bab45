"""Remove what people and models write around a link or an id, and tell where the link leads.

An id arrives as it was copied: in quotes, in Markdown, as the `<iframe>` that Vimeo's share button gives, with
signs in it that nobody sees. What is left after this room is one text or one `Link`; what they mean is in `ids`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import parse_qs, urlsplit

__all__ = ["MAX_LENGTH", "Link", "parsed_link", "unwrapped", "without_markdown"]

MAX_LENGTH: Final = 2048

_HOSTS: Final[dict[str, Literal["api", "web", "player", "pro"]]] = {
    "vimeo.com": "web",
    "www.vimeo.com": "web",
    "m.vimeo.com": "web",
    "player.vimeo.com": "player",
    "api.vimeo.com": "api",
    "vimeopro.com": "pro",
    "www.vimeopro.com": "pro",
}
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
"""Signs without width that come along from web pages. Those that turn a text around are not among them: what
follows them does not read as it is written."""
_PAIRS: Final = {
    '"': '"',
    "'": "'",
    "`": "`",
    "*": "*",
    "_": "_",
    "<": ">",
    "(": ")",
    "[": "]",
    "\u201c": "\u201d",
    "\u201e": "\u201c",
    "\u2018": "\u2019",
    "\u00ab": "\u00bb",
}
_MARKDOWN: Final = re.compile(r"!?\[[^\[\]]*\]\(\s*<?([^()\s<>]+)>?(?:\s+[\"'][^\"']*[\"'])?\s*\)")
_VALUE: Final = r"\s*=\s*(?:([\"'])(.*?)\1|([^\s\"'<>]+))"
_FRAME: Final = re.compile(rf"<iframe\b[^<>]*?\s(?:data-)?src{_VALUE}", re.IGNORECASE)
_ANCHOR: Final = re.compile(rf"<a\b[^<>]*?\shref{_VALUE}", re.IGNORECASE)
_WITH_HASH: Final = re.compile(r"[0-9]{1,20}\?h=[0-9a-fA-F]+(?:&[\w=&.-]*)?", re.ASCII)
"""The end of a player's link."""
_AMPERSAND: Final = re.compile(r"&(?:amp;|#38;|#x26;)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """Where a link leads."""

    place: Literal["api", "web", "player", "pro"]
    """Whose paths these are: the API's, or one of the sites'."""
    path: str
    """Without slashes at its end."""
    query: dict[str, list[str]] = field(default_factory=dict)
    fragment: str = ""


def unwrapped(text: str) -> str:
    """Return the link or id in this text, or the text itself where nothing is around it."""
    if text.isascii() and text.isalnum():
        return text
    text = _INVISIBLE.sub("", text).strip()
    if "<" in text and (sources := _embedded(text)):
        # Two players in one snippet: it is unclear which is meant, so the text stays whole and is refused.
        text = sources[0] if len(sources) == 1 else text
    for _ in range(4):
        if found := _MARKDOWN.fullmatch(text):
            text = found[1]
        elif len(text) > 2 and _PAIRS.get(text[0]) == text[-1]:
            text = text[1:-1].strip()
        else:
            break
    if "/" in text:
        text = text.rstrip(".,;:!'\"\u2026")
        # A closing bracket whose opening one is before the link.
        text = text[:-1] if text.endswith(")") and "(" not in text else text
    return _AMPERSAND.sub("&", text)


def without_markdown(text: str) -> str:
    """Return a text with the addresses of its Markdown links in the place of each."""
    return _MARKDOWN.sub(r"\1", text)


def parsed_link(text: str) -> Link | None:
    """Return where a Vimeo link, or a path of the API, leads; None for anything else."""
    if not text.isascii() or not text.isprintable() or "\\" in text or " " in text:
        return None
    if "://" not in text:
        host = text.removeprefix("//").partition("/")[0].partition(":")[0].lower()
        if host in _HOSTS:
            text = f"https://{text.removeprefix('//')}"
        elif _WITH_HASH.fullmatch(text):
            text = f"https://vimeo.com/{text}"
        elif text.startswith("//") or "/" not in text:
            return None
        else:
            # The API's links to lists and pages have a query.
            path = f"/{text.partition('?')[0].strip('/')}"
            # The API itself gives one path of a page, `manage_link`.
            return Link("web" if path.startswith("/manage/") else "api", path)
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
        query = parse_qs(parts.query, max_num_fields=100)
    except ValueError:
        return None
    known = (parts.scheme, port) in (("https", None), ("https", 443), ("http", None), ("http", 80))
    if not known or host not in _HOSTS or "@" in parts.netloc:
        return None
    path = re.sub("/{2,}", "/", parts.path)
    return Link(_HOSTS[host], path.rstrip("/"), query, parts.fragment)


def _embedded(text: str) -> list[str]:
    """Return the different addresses of the frames in a snippet of HTML, or else those of its links."""
    for pattern in (_FRAME, _ANCHOR):
        if found := dict.fromkeys((match[2] or match[3] or "").strip() for match in pattern.finditer(text)):
            return list(found)
    return []
