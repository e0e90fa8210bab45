"""A list's pages as Vimeo gives them: `paging.next` is the link to the next page, `total` can be wrong.

Most links count pages (`page=2`); the feed's has an `offset` besides (recorded answers).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from vimeo_toolkit.errors import NotFound, UnexpectedResponse, VimeoToolkitError

__all__ = [
    "PAST_THE_END",
    "PLACES",
    "by_number",
    "checked_items",
    "count",
    "is_end",
    "is_still",
    "items_in",
    "next_query",
    "not_a_list",
]

PAST_THE_END: Final = 2286
"""The error code of a page beyond a list's last, with status 400 (recorded 2023)."""

_LONGEST: Final = 500
_UNSAID: Final = object()


MOVING: Final = frozenset(
    {"modified_time", "last_user_action_event_date", "last_video_featured_time", "plays", "likes", "comments"}
)
"""Orders of Vimeo's lists in which a thing can move while the list is read, without another `total`."""


def is_still(query: Mapping[str, str]) -> bool:
    """Return whether the things of a list keep their places, but for those that are added or taken away.

    Pages of it may be read in any order; `total` tells whether one was read before such a change.
    """
    return query.get("sort") not in MOVING


PLACES: Final = frozenset({"page", "offset", "cursor", "after", "before"})
"""Parameters by which a link to the next page may tell where that is."""


def by_number(query: Mapping[str, str]) -> bool:
    """Return whether the query of a link to the next page tells its place by the page's number alone."""
    return PLACES & query.keys() == {"page"} and count(query["page"]) is not None


def is_end(error: VimeoToolkitError, *, begun: bool) -> bool:
    """Return whether an error means that a list has ended: the page is beyond its last.

    `begun`: a page came before. Then 404 is the end, too; else it is about the list itself.
    """
    return isinstance(error, NotFound) and (begun or error.error_code == PAST_THE_END)


def items_in(answer: Any) -> list[Any] | None:
    """Return the entries of a page, nulls included; None for what is not a list."""
    listed = answer.get("data") if isinstance(answer, Mapping) else answer
    return listed if isinstance(listed, list) else None


def checked_items(answer: Any) -> list[Any]:
    """Return the entries of a page, nulls included; [] for an answer without a list, which a projection leaves out.

    Raises:
        UnexpectedResponse: something else is in the list's place, such as null.
    """
    listed = items_in(answer)
    if listed is None and isinstance(answer, Mapping) and "data" in answer:
        raise not_a_list()
    return listed or []


def not_a_list() -> UnexpectedResponse:
    """Return the error about an answer that is not a list."""
    return UnexpectedResponse(
        "Vimeo's answer is not the list that was asked for.", hint="Try again in a minute."
    )


def count(value: Any) -> int | None:
    """Return a whole number, which may be written as text; None for anything else."""
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def next_query(
    answer: Any, path: str, asked: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str] | None:
    """Return the query of the link to the next page; None where there is none.

    Only the query is taken, and only from a link to the same list: a request made of it stays where the first
    one went, with its host, path and projection. From another link nothing but the page's number is believed.
    A full page that does not say whether others follow is taken for one that has.

    Args:
        answer: a page of the list.
        path: of the list; "" where only the place of the next page is looked at.
        asked: the query that brought this page.
    """
    if not isinstance(answer, Mapping):
        return None
    paging = answer.get("paging")
    link = paging.get("next", _UNSAID) if isinstance(paging, Mapping) else _UNSAID
    if link is None or link is False:
        return None
    page = count(answer.get("page"))
    page = count(asked.get("page", "1" if asked else "")) if page is None else page
    following = {} if page is None else {"page": str(page + 1)}
    if not isinstance(link, str):
        per_page = count(answer.get("per_page")) or count(asked.get("per_page"))
        return following if following and per_page and len(items_in(answer) or ()) == per_page else None
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return following or None
    same = not path or parts.path.rstrip("/").rpartition("/")[2] == path.rpartition("/")[2]
    # Its showcase or user id may be the number behind `/me` or a name.
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
