"""Row keys as one plain ASCII text, the same in every store."""

from __future__ import annotations

from urllib.parse import quote, unquote

from vimeo_toolkit.stores.protocol import Key

__all__ = ["from_text", "span", "to_text"]


def to_text(key: Key) -> str:
    """Injective: each part is percent-encoded, so that a slash can only stand between two of them."""
    return "/".join(quote(part, safe="", errors="surrogatepass") for part in key)


def from_text(text: str) -> Key:
    return Key(*(unquote(part, errors="surrogatepass") for part in text.split("/")))


def span(kind: str, connection: str | None) -> tuple[str, str]:
    """All keys of a kind (and connection) are greater than the first text and less than the second."""
    prefix = quote(kind, safe="", errors="surrogatepass") + "/"
    if connection is not None:
        prefix += quote(connection, safe="", errors="surrogatepass") + "/"
    return prefix, prefix[:-1] + chr(ord("/") + 1)
