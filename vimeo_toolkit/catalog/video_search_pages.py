"""Which pages of a sorted list have to be read to find all that is looked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.catalog.date_ranges import Span, span_of, zone
from vimeo_toolkit.catalog.ids import collection_path
from vimeo_toolkit.catalog.video_conditions import Order, Value, Video, date_of, meets, order_of
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.paging import count, items_in, next_query, not_a_list

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.video_search import MyVideosFind

__all__ = ["FOUND", "REQUESTS", "PageSearch"]

FOUND: Final = "uri,name,duration,created_time,privacy.view"
PER_PAGE: Final = 100
"""Vimeo's most."""
REQUESTS: Final = 10
"""Pages that are read unless told otherwise: a thousand videos, a fifth of the smallest plan's minute."""


@dataclass(slots=True)
class PageSearch:
    """Where a search stands. Sends nothing itself.

    Pages that lie wholly before the first video that can meet the conditions are leapt over, in strides that
    double: last year's videos are found without reading all of this year's.
    """

    asked: MyVideosFind
    own: str | None
    """The connected user's URI."""
    page: int | None = field(init=False)
    """The page to read next; None when there is no more to read."""
    requests: int = 0
    stopped: str = ""
    """Why it ended before all was read."""
    found: dict[str, Video] = field(default_factory=dict)
    _order: Order = field(init=False)
    _span: Span | None = None
    _last: Value | None = None
    _sorted: bool = True
    _leaping: bool = field(init=False)
    _before: int = field(init=False)
    """The last page that is known to lie wholly before what is looked for."""
    _stride: int = 1
    _ahead: dict[int, Any] = field(default_factory=dict)
    """Pages that were leapt to and are to be looked at when their turn comes."""

    def __post_init__(self) -> None:
        self.page = self.asked.page or 1
        self._before = self.page - 1
        self._order = order_of(self.asked)
        # A search by words may come in an order of its own.
        self._leaping = self._order.downwards and self.asked.query is None

    def request(self) -> ApiRequest:
        asked, order = self.asked, self._order
        place = "/me" if asked.folder_id is None else collection_path("folder", asked.folder_id, self.own)
        path = f"{place}/videos"
        query = {
            "per_page": str(PER_PAGE),
            "sort": order.sort,
            "direction": "desc" if order.downwards else "asc",
            **({"page": str(self.page)} if self.page != 1 else {}),
            **({"query": asked.query} if asked.query else {}),
        }
        fields = f"{FOUND},modified_time" if asked.by == "modified" else FOUND
        return ApiRequest("GET", path, query, fields=fields)

    def take(self, answer: Any, now: datetime) -> None:
        """Look at a page's videos, and decide which page to read next."""
        self.requests += 1
        if items_in(answer) is None:
            error = not_a_list()
            if self.requests == 1:
                raise error
            self.stop(error.message)
            return
        if self._span is None:
            asked = self.asked
            self._span = span_of(asked.period, asked.from_date, asked.until_date, zone(asked.timezone), now)
        if self._leaping:
            answer = self._leap(answer)
        while answer is not None:
            self._read(answer)
            answer = None if self.stopped or self.page is None else self._ahead.pop(self.page, None)
        if (
            self.page is not None
            and not self.stopped
            and self.requests >= (self.asked.max_requests or REQUESTS)
        ):
            self.stop(f"{self.requests} requests used")

    def stop(self, why: str) -> None:
        """End before all was read, where a later search can go on."""
        self.stopped = why
        self.page = self._before + 1 if self._leaping else self.page

    def not_there(self) -> None:
        """Handle a page that does not exist: the list became shorter meanwhile."""
        self.page = self._before + 1 if self._leaping and self.page != self._before + 1 else None
        self._leaping = False

    def _leap(self, answer: Any) -> Any:
        """Choose the next page to look for the beginning on; the answer to read once that is found."""
        assert self.page is not None  # noqa: S101 - it was asked for
        videos, last = _videos(answer), _last_page(answer, self.page)
        _, high = self._bounds()
        value = self._order.value(videos[-1]) if videos else None
        if high is not None and value is not None and value > high:  # type: ignore[operator]
            self._before = self.page
        else:
            self._ahead[self.page] = answer
        reached = min(self._ahead, default=None)
        if reached == self._before + 1:
            self._leaping = False
            self.page = reached
            return self._ahead.pop(reached)
        if reached is not None:
            self.page = (self._before + reached) // 2
            return None
        if self._before >= last:
            self.page = None
            return None
        self.page = min(self._before + self._stride, last)
        self._stride *= 2
        return None

    def _read(self, answer: Any) -> None:
        """Take what meets the conditions from the page whose turn it is."""
        assert self.page is not None  # noqa: S101 - it was asked for
        assert self._span is not None  # noqa: S101 - set by `take`
        videos, limit = _videos(answer), self.asked.limit
        more, past = self.page < _last_page(answer, self.page), False
        for place, video in enumerate(videos):
            if meets(self.asked, self._span, video):
                uri = video.get("uri")
                # Those without an address are kept each: they may be different videos.
                self.found.setdefault(uri if isinstance(uri, str) else f"{self.page}:{place}", video)
            past = self._is_past(video)
            if limit is not None and len(self.found) >= limit and (more or place + 1 < len(videos)):
                self.stopped = "limit"
                return
        # In a list that is sorted, whatever comes after a video beyond the condition is beyond it, too.
        self.page = None if past or not more else self.page + 1

    def _is_past(self, video: Video) -> bool:
        """Whether the videos after this one cannot meet the condition that they are sorted by."""
        value = self._order.value(video)
        if value is None:
            return False
        if self._last is not None and value != self._last:
            # A search by words may come in an order of its own: then everything is read.
            self._sorted = self._sorted and (value < self._last) == self._order.downwards  # type: ignore[operator]
        self._last = value
        low, high = self._bounds()
        if not self._sorted:
            return False
        if self._order.downwards:
            return low is not None and value < low  # type: ignore[operator]
        return high is not None and value > high  # type: ignore[operator]

    def _bounds(self) -> tuple[Value | None, Value | None]:
        """Of what the videos are sorted by."""
        assert self._span is not None  # noqa: S101 - set by `take`
        if self._order.sort == "duration":
            return self.asked.min_duration, self.asked.max_duration
        # In a folder that is searched by change the videos are sorted by upload, which tells nothing of it.
        told = self._order.value is date_of(self.asked)
        return (self._span.start, self._span.end) if told else (None, None)

    def result(self) -> dict[str, Any]:
        """Return what was found, whether that is everything, and if not how to go on."""
        result: dict[str, Any] = {"total": len(self.found), "complete": self.page is None}
        if self.stopped == "limit":
            result["incomplete"] = "Stopped at limit: there may be more."
        elif self.page is not None:
            result["incomplete"] = f"{self.stopped.rstrip('.')}. To go on, repeat with page={self.page}."
            result["next_page"] = self.page
        if self._span:
            result[self.asked.by or "uploaded"] = self._span.to_json()
        result["data"] = list(self.found.values())
        return result


def _videos(answer: Any) -> list[Video]:
    return [video for video in items_in(answer) or () if isinstance(video, Mapping)]


def _last_page(answer: Any, page: int) -> int:
    """The number of a list's last page, by the envelope of this one; 0 where it is this one."""
    if next_query(answer, "", {"page": str(page), "per_page": str(PER_PAGE)}) is None:
        return 0
    total = count(answer.get("total")) or 0
    last = -(-total // PER_PAGE)
    if not items_in(answer):
        return last  # all of its videos may be hidden
    return max(page + 1, last)
