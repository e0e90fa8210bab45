"""Read a whole list for a tool that needs all of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from vimeo_toolkit.catalog.api import Sends
from vimeo_toolkit.errors import VimeoToolkitError
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.paging import is_end, items_in, next_query, not_a_list

__all__ = ["Listed", "next_page", "read_list"]

MOST_PAGES: Final = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """The part of a list that was read."""

    items: list[Any]
    """Its entries without nulls, in their order."""
    incomplete: str = ""
    """Why the rest was not read, a sentence; empty when all was."""


def next_page(request: ApiRequest, answer: Any) -> ApiRequest | None:
    """Return the request for the page after this one; None when it is the last.

    The list's own link is followed and not its `total`. What it is asked by stays as it is but for the place.
    """
    query = next_query(answer, request.path, request.query)
    if query is None or not items_in(answer):  # an empty page is the end, whatever its link says
        return None
    moved = {**query, **{name: request.query[name] for name in request.query if name not in _PLACE}}
    return None if moved == dict(request.query) else replace(request, query=moved)


_PLACE: Final = frozenset({"page", "offset", "cursor", "after", "before"})
"""Parameters that a link to the next page may change in the query."""


async def read_list(api: Sends, request: ApiRequest, most: int = MOST_PAGES) -> Listed:
    """Read the pages of a list from `request` on, at most so many.

    Raises:
        VimeoToolkitError: at the first page. A later one's error loses nothing: what came before is returned.
        UnexpectedResponse: the first answer is not a list.
    """
    items: list[Any] = []
    for count in range(most):
        try:
            answer = await api.send(request)
            found = items_in(answer)
            if found is None:
                raise not_a_list()
        except VimeoToolkitError as error:
            if is_end(error, begun=bool(count)):
                return Listed(items)
            if not count:
                raise
            return Listed(items, error.message)
        items += [item for item in found if item is not None]
        following = next_page(request, answer)
        if following is None:
            return Listed(items)
        request = following
    return Listed(items, f"The list goes on after {most} pages.")
