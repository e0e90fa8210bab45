"""Tell whether a request came from these pages or from another site in the user's browser."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping
from typing import Final

from vimeo_toolkit.loopback import split_url
from vimeo_toolkit.secret import Secret

__all__ = ["FIELD", "form_token", "is_foreign_visit", "is_form_token", "is_from_own_page"]

FIELD: Final = "form_token"
"""The hidden field of the pages' forms."""

LASTS: Final = 43_200
"""Seconds during which a page that was left open still works."""


def form_token(secret: Secret, identifier: str, now: float | None = None) -> str:
    """Return a token for the forms of this user's pages.

    It is an HMAC by the connection's client secret, which all machines have and no browser does: no cookie and no
    row is needed, and another user's token is worth nothing.
    """
    ends = int((time.time() if now is None else now) + LASTS)
    return f"{ends}.{_mac(secret, identifier, ends)}"


def is_form_token(token: str, secret: Secret, identifier: str, now: float | None = None) -> bool:
    """Return whether this user's own page was sent with this token, and not too long ago."""
    ends, _, mac = token.partition(".")
    if not (ends.isascii() and ends.isdecimal() and len(ends) < 12 and mac.isascii()):
        return False
    right = hmac.compare_digest(mac, _mac(secret, identifier, int(ends)))
    return right and (time.time() if now is None else now) < int(ends)


def _mac(secret: Secret, identifier: str, ends: int) -> str:
    message = f"vimeo-toolkit form\n{ends}\n{identifier}".encode("utf-8", "surrogatepass")
    return hmac.digest(secret.reveal().encode(), message, hashlib.sha256).hex()


def is_from_own_page(headers: Mapping[str, str], own_netloc: str, *, has_token: bool) -> bool:
    """Return whether a POST comes from these pages.

    A browser that says where a request comes from is believed. For the others the form's token decides: with
    `Referrer-Policy: no-referrer` they send `Origin: null`. Templates of an older release have no token; then
    `Origin` decides where it names a host.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    if has_token:
        return True
    origin = split_url(headers.get("origin", ""))
    return origin is not None and bool(origin.netloc) and origin.netloc in (headers.get("host"), own_netloc)


def is_foreign_visit(headers: Mapping[str, str]) -> bool:
    """Return whether a GET was caused by another site, or for something else than a page, such as an image."""
    return headers.get("sec-fetch-site", "none") not in ("same-origin", "none") or headers.get(
        "sec-fetch-dest", "document"
    ) not in ("document", "empty")
