"""What a user's browser does with the consent page, without a browser."""

from __future__ import annotations

import http.client
from collections.abc import Iterable
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

__all__ = ["decide"]


def decide(link: str, *, user: str, allow: bool, scopes: Iterable[str] | None) -> str:
    """Open a consent page, decide as this user, and return the callback URL.

    Args:
        link: the authorization link.
        user: the number of the user who is logged in.
        allow: False declines.
        scopes: what stays ticked; all by default.

    Raises:
        ValueError: the page refused the link or the decision.
    """
    status, _, page = _browse("GET", link)
    if status != 200:
        raise ValueError(f"The consent page answered {status}: the link is not a good one.")
    form = {
        "user": user,
        "decision": "allow" if allow else "deny",
        "scope": _ticked(page) if scopes is None else list(scopes),
    }
    status, callback, _ = _browse("POST", link, urlencode(form, doseq=True))
    if not callback:
        raise ValueError(f"The consent page answered {status} to the decision.")
    return callback


def _browse(method: str, link: str, form: str | None = None) -> tuple[int, str, str]:
    """Status, `Location` and body. Not with httpx, whose DEBUG logs would show the code that is in it."""
    parts = urlsplit(link)
    browser = http.client.HTTPConnection(parts.netloc, timeout=30)
    try:
        browser.request(
            method,
            f"{parts.path}?{parts.query}",
            form,
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        answer = browser.getresponse()
        return answer.status, answer.headers.get("location", ""), answer.read().decode()
    finally:
        browser.close()


class _Boxes(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ticked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("name") == "scope" and "checked" in found:
            self.ticked.append(str(found.get("value")))


def _ticked(html: str) -> list[str]:
    parser = _Boxes()
    parser.feed(html)
    return parser.ticked
