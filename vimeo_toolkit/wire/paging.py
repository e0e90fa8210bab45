"""A list's pages as Vimeo gives them: `paging.next` is the link to the next page, `total` can be wrong.

Most links count pages (`page=2`); the feed's has an `offset` besides (recorded answers).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from vimeo_toolkit.errors import NotFound, VimeoToolkitError

__all__ = ["PAST_THE_END", "is_end", "items_in", "next_query"]

PAST_THE_END: Final = 2286
"""The error code of a page beyond a list's last, with status 400 (recorded 2023)."""

_LONGEST: Final = 500


def is_end(error: VimeoToolkitError, *, begun: bool) -> bool:
    """Return whether the error of a list's page is the list's end: the page is beyond it.

    `begun`: a page came before. Then 404 is the end, too; else it is about the list itself.
    """
    return isinstance(error, NotFound) and (begun or error.error_code == PAST_THE_END)


def items_in(answer: Any) -> list[Any] | None:
    """Return the entries of a page, nulls included; None for what is not a list."""
    listed = answer.get("data") if isinstance(answer, Mapping) else answer
    return listed if isinstance(listed, list) else None


def next_query(answer: Any, path: str) -> dict[str, str] | None:
    """Return the query of the link to the next page; None where there is none.

    Only the query is taken, and only from a link to the same list: a request made of it stays where the first
    one went, with its host, path and projection. From another link nothing but the page's number is believed.

    Args:
        answer: a page of the list.
        path: of the list; "" where only the place of the next page is looked at.
    """
    paging = answer.get("paging") if isinstance(answer, Mapping) else None
    link = paging.get("next") if isinstance(paging, Mapping) else None
    if not isinstance(link, str) or not isinstance(answer, Mapping):
        return None
    page = answer.get("page")
    following = {"page": str(page + 1)} if isinstance(page, int) and not isinstance(page, bool) else {}
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return following or None
    same = not path or parts.path.rstrip("/").rpartition("/")[2] == path.rpartition("/")[2]
    # The showcase's or user's id in it may be the number of what `/me` or a name stood for.
    if not same or (host and not host.endswith("vimeo.com")):
        return following or None
    told = parse_qsl(parts.query)
    return (
        following
        | {
            name: value
            for name, value in told
            if name.isascii() and name != "fields" and "token" not in name and len(value) <= _LONGEST
        }
        or None
    )
