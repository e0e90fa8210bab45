"""Walk a list page by page: which page to ask for next, and when to stop. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.calls.result import Pages, ToolResult
from vimeo_toolkit.catalog.selection import RAW_REQUEST
from vimeo_toolkit.errors import InvalidInput, UnexpectedResponse, VimeoToolkitError, WrongUser
from vimeo_toolkit.runtime.ahead import room_in
from vimeo_toolkit.wire.paging import checked_items, is_end, is_still
from vimeo_toolkit.wire.rate_limit import UNKNOWN

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool

__all__ = ["Pager"]

LARGEST_PAGE: Final = 100
"""Items (API reference)."""
MOST_EMPTY: Final = 3
"""How many empty pages in a row are read before the list counts as ended."""


class Pager:
    """Where an iteration over a list stands.

    Args:
        tool: a list with pages.
        tool_input: its inputs; `page` is where to begin.
        max_items: how many items are wanted; all by default.

    Raises:
        InvalidInput: the tool does not return pages, or an input is wrong.
    """

    def __init__(self, tool: Tool, tool_input: Mapping[str, Any] | None, max_items: int | None) -> None:
        raw = tool.name == RAW_REQUEST
        names = tool.input_model.model_fields.keys()
        if not tool.read_only or not (raw or {"page", "per_page"} <= names):
            raise InvalidInput(
                f"{tool.name} does not return pages.", hint="Call it with execute_tool; iterate takes lists."
            )
        if max_items is not None and (isinstance(max_items, bool) or max_items < 0):
            raise InvalidInput("max_items must be 0 or more.", hint="Leave it out for all items.")
        self._input = dict(tool_input or {})
        values: Any = tool.validate(self._input)
        self._path = ""
        if raw:
            self._path, self._input = values.address()
            page, per_page = (_number(self._input, name) for name in ("page", "per_page"))
        else:
            page, per_page = values.page, values.per_page
        self._counts_by_offset = raw or "offset" in names
        self._left = max_items
        self._given = 0
        self._empty = 0
        self._last: list[Any] | None = None
        self._seen: set[str] = set()
        self.changed = False
        """The last page has another `total` than the one before: what was read ahead may lack what moved to it."""
        self._counted = 0
        """How many items there are, by the last page; 0 where pages cannot be asked for by their numbers."""
        self._limit = UNKNOWN
        self._input["per_page"] = per_page or _page_size(max_items)
        self._page: int | None = None if max_items == 0 else page or 1
        self._begun = False

    @property
    def page(self) -> int | None:
        """The number of the next page; None when there is no more to ask for."""
        return self._page

    def input_of(self, page: int) -> dict[str, Any]:
        """Return the tool's input for a page."""
        wanted = {**self._input, "page": page}
        return {"method": "GET", "path": self._path, "params": wanted} if self._path else wanted

    def behind(self) -> range:
        """Return the pages behind the next one that are wanted whatever is on that, as far as the list's `total`
        promises any."""
        if self._page is None or not self._counted or not is_still(self._input):
            return range(0)
        per_page = self._input["per_page"]
        last = -(-self._counted // per_page)
        if self._left is not None:
            last = min(last, self._page - 1 + -(-self._left // per_page))
        return range(self._page + 1, last + 1)

    def room(self) -> int:
        """Return how many pages may be asked for at the same time."""
        return room_in(self._limit)

    def items_of(self, result: ToolResult) -> list[dict[str, Any]]:
        """Return the items of a page that came, as far as they are wanted."""
        try:
            listed = checked_items(result.data)
        except UnexpectedResponse as error:
            self.failed(error)
            return []
        self._begun = True
        found = [item for item in listed if item is not None]
        items = [item for item in found if self._is_new(item)]
        pages, self._limit = result.pages, result.rate_limit
        counted = 0 if pages is None or pages.offset is not None else pages.total or 0
        self.changed, self._counted = counted != self._counted, counted
        if found and listed == self._last:
            items, self._page = [], None  # the same page again: the list has no more
        else:
            self._page = self._following(listed, pages)
        self._last = listed
        if pages is not None and pages.offset is not None and self._counts_by_offset:
            self._input["offset"] = pages.offset
        if self._left is not None:
            items = items[: self._left]
            self._left -= len(items)
            if self._left <= 0:
                self._page = None
        self._given += len(items)
        return items

    def _is_new(self, item: Any) -> bool:
        """Whether an item was not on an earlier page: what is added or taken away meanwhile moves the others."""
        uri = item.get("uri") if isinstance(item, Mapping) else None
        if not isinstance(uri, str):
            return True
        new = uri not in self._seen
        self._seen.add(uri)
        return new

    def _following(self, listed: list[Any], pages: Pages | None) -> int | None:
        """Return the number of the page after this one; None when it is the last."""
        assert self._page is not None  # noqa: S101 - it was asked for
        if pages is None:
            # The answer has no page number: a full page may have more behind it.
            return self._page + 1 if len(listed) == self._input["per_page"] else None
        if pages.next is None:
            return None
        self._empty = 0 if listed else self._empty + 1
        # A page is empty when all its videos are hidden; but a list that always names a next page must end.
        reached = (pages.total or 0) <= self._page * self._input["per_page"]
        if self._empty and (reached or self._empty > MOST_EMPTY):
            return None
        return max(pages.next, self._page + 1)

    def failed(self, error: VimeoToolkitError) -> None:
        """End the iteration, or raise the error of a page that failed.

        A page that is not there is the end of a list that shrank meanwhile. Of another one the error says how
        much was given before it, and how to go on.
        """
        page, self._page = self._page, None
        if is_end(error, begun=self._begun):
            return
        if self._begun and not isinstance(error, WrongUser):
            place = f", offset={self._input['offset']}" if "offset" in self._input else ""
            error.hint = (
                f"{error.hint} {self._given} items came before; go on with page={page}{place}.".strip()
            )
        raise error


def _number(query: Mapping[str, str], name: str) -> int | None:
    """Return a number of a path's query; None where it is not there."""
    text = query.get(name)
    if text is not None and not (text.isascii() and text.isdigit() and 0 < len(text) < 8 and int(text)):
        raise InvalidInput(
            f"{name} is not a number of 1 or more.", hint="Leave it out, or give such a number."
        )
    return None if text is None else int(text)


def _page_size(max_items: int | None) -> int:
    """Return the page size that takes the fewest requests: 250 items are 3 pages of 84."""
    if not max_items:
        return LARGEST_PAGE
    pages = -(-max_items // LARGEST_PAGE)
    return -(-max_items // pages)
