"""Read a whole list for a tool that needs all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from vimeo_toolkit.catalog.api import Sends
from vimeo_toolkit.errors import VimeoToolkitError
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.paging import (
    PLACES,
    by_number,
    count,
    is_end,
    is_still,
    items_in,
    next_query,
    not_a_list,
)

__all__ = ["Listed", "PageReader", "next_page", "read_list"]

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
    moved = {**query, **{name: request.query[name] for name in request.query if name not in PLACES}}
    return None if moved == dict(request.query) else replace(request, query=moved)


class PageReader:
    """Reads a list's pages in order, as their links lead, and those behind a page beside it.

    Args:
        api: of the call.
        request: for the first page.
        most: how many pages may be read.
    """

    def __init__(self, api: Sends, request: ApiRequest, most: int = MOST_PAGES) -> None:
        self.request: ApiRequest | None = request
        """For the next page; None after the last."""
        self._left = most
        self._later: Iterable[ApiRequest] = ()
        self._total: Any = None
        self._ahead = api.beside(api.send)

    async def read(self) -> Any:
        """Return the next page.

        Raises:
            VimeoToolkitError: it could not be read.
        """
        request = self.request
        assert request is not None  # noqa: S101 - it is asked for
        self._left -= 1
        behind = islice(self._later, max(0, self._left))
        answer = await self._ahead.result(request, behind)
        self.request = following = next_page(request, answer)
        self._later = () if following is None else _behind(following, answer)
        total = answer.get("total") if isinstance(answer, Mapping) else None
        if total != self._total:
            # A page behind may have been read before that changed, and lack what moved to it.
            self._ahead.close()
            self._total = total
        return answer

    def close(self) -> None:
        """Drop the pages that were not asked for."""
        self._ahead.close()


def _behind(following: ApiRequest, answer: Any) -> Iterator[ApiRequest]:
    """Yield the requests for the pages behind the next one, as far as the list's `total` promises any.

    Only of lists that count by pages alone.
    """
    if not isinstance(answer, Mapping) or not (by_number(following.query) and is_still(following.query)):
        return
    per_page = count(answer.get("per_page")) or count(following.query.get("per_page"))
    total = count(answer.get("total"))
    if per_page and total:
        for number in range(int(following.query["page"]) + 1, -(-total // per_page) + 1):
            yield replace(following, query={**following.query, "page": str(number)})


async def read_list(api: Sends, request: ApiRequest, most: int = MOST_PAGES) -> Listed:
    """Read the pages of a list from `request` on, at most so many.

    Raises:
        VimeoToolkitError: at the first page. A later one's error loses nothing: what came before is returned.
        UnexpectedResponse: the first answer is not a list.
    """
    items: list[Any] = []
    with closing(PageReader(api, request, most)) as pages:
        for begun in range(most):
            try:
                found = items_in(await pages.read())
                if found is None:
                    raise not_a_list()
            except VimeoToolkitError as error:
                if is_end(error, begun=bool(begun)):
                    return Listed(items)
                if not begun:
                    raise
                return Listed(items, error.message)
            items += [item for item in found if item is not None]
            if pages.request is None:
                return Listed(items)
    return Listed(items, f"The list goes on after {most} pages.")
