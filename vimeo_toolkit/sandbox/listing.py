"""Lists: enumerations that are enforced, words that are searched, sorts that sort, pages with their envelope."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from vimeo_toolkit.sandbox.endpoints import Answer, Call
from vimeo_toolkit.sandbox.errors import ApiError, invalid_parameter, past_the_end, refused

__all__ = [
    "FIRST_TO_LAST",
    "NEWEST_FIRST",
    "Sort",
    "Sorts",
    "batch_problem",
    "choice",
    "choices",
    "chosen",
    "flag",
    "not_modified",
    "page_of",
    "searched",
    "sorted_by",
]

T = TypeVar("T")


def choice(call: Call, name: str, allowed: Iterable[str]) -> str | None:
    """Return a query parameter that must be one of these, or absent.

    Raises:
        ApiError: 400/2204.
    """
    value = call.query.get(name)
    if not value:
        return None
    if value not in allowed:
        raise invalid_parameter(name, f"The value must be one of: {', '.join(allowed)}.")
    return value


def choices(call: Call, name: str, allowed: Iterable[str]) -> list[str]:
    """Return a query parameter that is a list of these, separated by commas; [] where it is absent.

    Raises:
        ApiError: 400/2204.
    """
    values = [value.strip() for value in call.query.get(name, "").split(",") if value.strip()]
    for value in values:
        if value not in allowed:
            raise invalid_parameter(name, f"The value must be one of: {', '.join(allowed)}.")
    return values


def flag(call: Call, name: str) -> bool | None:
    """Return a boolean query parameter; None where it is absent.

    Raises:
        ApiError: 400/2204.
    """
    value = call.query.get(name, "").lower()
    if value in ("true", "1", "false", "0"):
        return value in ("true", "1")
    if value:
        raise invalid_parameter(name, "The value must be true or false.")
    return None


def searched(items: Iterable[T], query: str | None, text: Callable[[T], str]) -> list[T]:
    """Return the items whose text has every word of the query."""
    words = (query or "").lower().split()
    return [item for item in items if all(word in text(item).lower() for word in words)]


Sort = tuple[Callable[[Any], Any] | None, str]
"""A key (None: the order that the items come in) and the direction when none is asked for."""
Sorts = Mapping[str, Sort]
FIRST_TO_LAST: Sort = (None, "asc")
NEWEST_FIRST: Sort = (None, "desc")


def sorted_by(
    call: Call, items: Sequence[T], sorts: Sorts, default: Sort = NEWEST_FIRST, *, directed: bool = True
) -> list[T]:
    """Return the items sorted as `sort` and `direction` say, or else as `default` does.

    `directed`: the endpoint has a `direction`; where it has none, a `direction` is ignored.

    Raises:
        ApiError: 400/2204.
    """
    sort = choice(call, "sort", sorts)
    direction = choice(call, "direction", ("asc", "desc")) if directed else None
    if sort in ("likes", "plays") and direction == "asc":
        raise invalid_parameter("direction", f"The {sort} sort works in descending direction only.")
    key, usual = sorts[sort] if sort else default
    if key is None:
        return list(items) if direction in (None, usual) else list(reversed(items))
    return sorted(items, key=key, reverse=(direction or usual) == "desc")


def chosen(call: Call, name: str, default: int, low: int, high: int) -> int:
    """Return an integer query parameter within its bounds.

    Raises:
        ApiError: 400/2204.
    """
    text = call.query.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise invalid_parameter(name, f"The value must be a number from {low} to {high}.")
    return int(text)


def page_of(
    call: Call,
    items: Sequence[T],
    shape: Callable[[T], dict[str, Any]],
    kind: str,
    *,
    containing: int | None = None,
) -> Answer:
    """Return one page in its envelope; `containing`: the page with the item at this place, whatever `page` says.

    Raises:
        ApiError: 400/2204; 400/2286 past the end.
    """
    per_page = chosen(call, "per_page", 25, 1, 100)
    page = chosen(call, "page", 1, 1, 10**9) if containing is None else containing // per_page + 1
    last = max(1, -(-len(items) // per_page))
    if page > last:
        raise past_the_end()

    def link(number: int) -> str:
        return f"{call.url_path}?{urlencode({**call.query, 'page': str(number)})}"

    shown = items[(page - 1) * per_page : page * per_page]
    return Answer(
        200,
        {
            "total": len(items),
            "page": page,
            "per_page": per_page,
            "paging": {
                "next": link(page + 1) if page < last else None,
                "previous": link(page - 1) if page > 1 else None,
                "first": link(1),
                "last": link(last),
            },
            "data": [shape(item) for item in shown],
        },
        f"application/vnd.vimeo.{kind}+json",
    )


def not_modified(since: str | None, changed: Sequence[datetime]) -> tuple[bool, dict[str, str]]:
    """Return whether nothing has changed since an `If-Modified-Since` header, and the `Last-Modified` to send."""
    if not changed:
        return False, {}
    latest = max(changed).replace(microsecond=0)
    headers = {"Last-Modified": format_datetime(latest, usegmt=True)}
    if not since:
        return False, headers
    try:
        return latest <= parsedate_to_datetime(since), headers
    except (TypeError, ValueError):
        return False, headers


def batch_problem(call: Call) -> ApiError | None:
    """Return the error 400/2101 when `uris` or `links` come with parameters that filter or sort; None
    otherwise."""
    if any(call.query.get(name) for name in ("query", "filter", "sort", "direction")):
        return refused(400, 2101, "Either the uris or links parameter has filtering or sorting arguments.")
    return None
