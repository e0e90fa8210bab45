"""Where a client's codes may be sent: which addresses, how they are compared, and how a person is told of one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import SplitResult, urlencode, urlsplit

from vimeo_toolkit.loopback import is_loopback_host, split_url

__all__ = ["place_of", "problem_of", "same_redirect", "with_query"]

_LONGEST: Final = 2_000

_OPENS_NO_APP: Final = re.compile(
    "about|blob|chrome|content|data|file|filesystem|ftp|intent|jar|javascript|ldaps?|livescript|mailto|market|mocha"
    "|ms-(?!appx-web).+|nfs|resource|search(?:-ms)?|smb|sms|ssh|tel|telnet|urn|vbscript|view-source|wss?"
)
"""Schemes that are not an app's own name (RFC 8252, 7.1): browsers' and those of a system's tools, such as
`ms-msdt`, which do something with what stands behind them."""


def problem_of(uri: str) -> str:
    """Return why codes cannot be sent to an address; empty where they can.

    It is https, plain http to this machine (RFC 8252, 7.3), or an app's own scheme.
    """
    parts = _parts(uri)
    if parts is None or len(uri) > _LONGEST:
        return "it is not an address that every browser reads alike"
    if parts.fragment or "#" in uri:
        return "it has a fragment"
    if parts.scheme == "https":
        return "" if split_url(uri) is not None else "it names no host, or a user before it"
    if parts.scheme == "http":
        local = split_url(uri) is not None and is_loopback_host(parts.hostname)
        return "" if local else "plain http is for this machine alone"
    return "its scheme opens no app" if _OPENS_NO_APP.fullmatch(parts.scheme) else ""


def same_redirect(registered: str, asked: str) -> bool:
    """Return whether an address is the registered one, character by character; on this machine its port may be
    another one, because an app takes one that is free (RFC 8252, 7.3)."""
    if registered == asked:
        return True
    one, other = split_url(registered), split_url(asked)
    if one is None or other is None or one.scheme != "http" or not is_loopback_host(one.hostname):
        return False
    return "#" not in asked and (one.scheme, one.hostname, one.path, one.query) == (
        other.scheme,
        other.hostname,
        other.path,
        other.query,
    )


def place_of(uri: str) -> str:
    """Return where a code goes, as a person is told: a host, this machine, or an app."""
    parts = urlsplit(uri)
    if parts.scheme not in ("http", "https"):
        return f"an app on this device ({parts.scheme}:)"
    if is_loopback_host(parts.hostname):
        return f"an app on this computer ({parts.netloc})"
    return parts.netloc


def with_query(uri: str, values: Mapping[str, str | None]) -> str:
    """Return an address with these added to its query, without those that are None. The rest of it stays as it is
    written: to an app another spelling, such as one slash of three, is another address."""
    place, _, query = uri.partition("?")
    added = urlencode({name: value for name, value in values.items() if value is not None})
    return f"{place}?{query}&{added}" if query else f"{place}?{added}"


def _parts(uri: str) -> SplitResult | None:
    if not uri.isascii() or not uri.isprintable() or set(uri) & set(' "<>\\^`{|}'):
        return None
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    return parts if parts.scheme else None
