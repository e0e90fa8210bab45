"""Which pages of a sorted list have to be read to find all that is looked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from vimeo_toolkit.catalog.date_ranges import Span, span_of, zone
from vimeo_toolkit.catalog.ids import collection_path
from vimeo_toolkit.catalog.video_conditions import VideoConditions, fields_for, meets
from vimeo_toolkit.catalog.video_order import SORTS, Order, order_of
from vimeo_toolkit.catalog.video_parts import Value, Video
from vimeo_toolkit.catalog.video_search_told import searched
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.paging import by_number, count, is_still, items_in, next_query, not_a_list

__all__ = ["PER_PAGE", "REQUESTS", "Found", "PageSearch", "Reading"]

PER_PAGE: Final = 100
"""Vimeo's most."""
MORE: Final = 2
"""Pages that are read beside the next one although a video on that may end the search."""
REQUESTS: Final = 10
"""Pages that are read unless told otherwise: a thousand videos, a fifth of the smallest plan's minute."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read of the videos that are looked for, and how far."""

    fields: str
    """Of each video, without those that the conditions need."""
    limit: int | None = None
    """How many videos are enough. The page on which they are reached is looked at to its end: it may show that
    there are no more, or how many."""
    sort: str | None = None
    """How they are shown: a name of `video_order.SORTS`."""
    first: int | None = None
    """The page to begin with."""


@dataclass(frozen=True, slots=True)
class Found:
    """Videos that meet conditions."""

    videos: list[Video]
    incomplete: str = ""
    """Why there may be more, a sentence; "" when all were found."""
    next_page: int | None = None
    """Where to go on."""
    unknown: int = 0
    """Videos of which Vimeo does not show whether they meet the conditions."""
    searched: str = ""
    """Where they were looked for, when none were found."""


@dataclass(slots=True)
class PageSearch:
    """Where a search stands. Sends nothing itself.

    Pages that lie wholly before the first video that can meet the conditions are leapt over, in strides that
    double: last year's videos are found without reading all of this year's.
    """

    asked: VideoConditions
    reading: Reading
    own: str | None
    """The connected user's URI."""
    most_requests: int = REQUESTS
    page: int | None = field(init=False)
    """The page to read next; None when there is no more to read."""
    requests: int = 0
    stopped: str = ""
    """Why it ended before all was read."""
    listed: int | None = None
    """How many videos Vimeo says that there are, before they are looked at."""
    looked_at: int = 0
    """Videos of the pages that were read."""
    found: dict[str, Video] = field(default_factory=dict)
    _unknown: set[str] = field(default_factory=set)
    _order: Order = field(init=False)
    span: Span | None = None
    """The period that is meant, once an answer has told Vimeo's time."""
    _enough: int | None = field(init=False)
    """How many found videos end the search; None where the order in which they are wanted shows only at the end."""
    _last: Value | None = None
    _sorted: bool = True
    _leaping: bool = field(init=False)
    _before: int = field(init=False)
    """The last page that is known to lie wholly before what is looked for."""
    _stride: int = 1
    _beyond: int = 0
    """How many pages after the next one will be needed."""
    changed: bool = False
    """The last page has another `total` than the one before: what was read beside it may lack what moved to it."""
    _total: Any = None
    _last_known: int = 0
    """The number of the list's last page, as far as a page has told it; 0 where its pages cannot be asked for by
    their numbers."""
    _ahead: dict[int, Any] = field(default_factory=dict)
    """Pages that were leapt to and are to be looked at when their turn comes."""

    def __post_init__(self) -> None:
        self.page = self.reading.first or 1
        self._before = self.page - 1
        reading = self.reading
        self._order = order_of(self.asked, reading.sort, reading.limit)
        self._enough = reading.limit if self.in_order else None
        # A search by words may come in an order of its own.
        self._leaping = bool(self._order.condition) and self._order.downwards and self.asked.query is None

    @property
    def in_order(self) -> bool:
        """Whether the videos come in the order in which they are wanted, so that the first ones can be enough."""
        sort = self.reading.sort
        if sort is None:
            return True
        return self._order.value is SORTS[sort].value and self._order.downwards is SORTS[sort].downwards

    def request(self, page: int | None = None) -> ApiRequest:
        """Return the request for a page, or for the one to read next."""
        page = page or self.page
        asked, order = self.asked, self._order
        inside = asked.folder_id or asked.showcase_id
        place = "/me" if asked.place is None else collection_path(asked.place, inside or "", self.own)
        path = f"{place}/videos"
        query = {
            "per_page": str(PER_PAGE),
            "sort": order.sort,
            "direction": "desc" if order.downwards else "asc",
            **({"page": str(page)} if page != 1 else {}),
            **({"query": asked.query} if asked.query else {}),
            **({"include_subfolders": "true"} if asked.subfolders else {}),
        }
        fields = ",".join(dict.fromkeys(f"{self.reading.fields},{fields_for(asked)}".split(",")))
        return ApiRequest("GET", path, query, fields=fields)

    def ahead(self) -> range:
        """Return the pages after the next one that may be read beside it: those that are needed whatever is on it,
        and a few that are needed if it is like the last one. Empty while it is not known where to read."""
        if self.page is None or self._leaping or not is_still({"sort": self._order.sort}):
            return range(0)
        end = min(self._last_known, self.page + self.most_requests - self.requests - 1)
        return range(self.page + 1, min(end, self.page + self._beyond) + 1)

    def take(self, answer: Any, now: datetime) -> None:
        """Look at a page's videos, and decide which page to read next."""
        self.requests += 1
        if items_in(answer) is None:
            error = not_a_list()
            if self.requests == 1:
                raise error
            self.stop(error.message)
            return
        total = answer.get("total") if isinstance(answer, Mapping) else None
        self.changed, self._total = total != self._total, total
        if self.span is None:
            asked = self.asked
            self.listed = count(answer.get("total")) if isinstance(answer, Mapping) else None
            self.span = span_of(asked.period, asked.from_date, asked.until_date, zone(asked.timezone), now)
        if self._leaping:
            answer = self._leap(answer)
        while answer is not None:
            self._read(answer)
            answer = None if self.stopped or self.page is None else self._ahead.pop(self.page, None)
        if self.page is not None and not self.stopped and self.requests >= self.most_requests:
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
        assert self.span is not None  # noqa: S101 - set by `take`
        videos, limit = _videos(answer), self._enough
        self.looked_at += len(videos)
        last = _last_page(answer, self.page)
        more, past = self.page < last, False
        self._last_known = last if by_number(next_query(answer, "", {"page": str(self.page)}) or {}) else 0
        before = len(self.found)
        for place, video in enumerate(videos):
            uri, met = video.get("uri"), meets(self.asked, self.span, video)
            # Those without an address are kept each: they may be different videos.
            which = uri if isinstance(uri, str) else f"{self.page}:{place}"
            if met:
                self.found.setdefault(which, video)
            elif met is None:
                self._unknown.add(which)
            past = self._is_past(video)
        # In a list that is sorted, whatever comes after a video beyond the condition is beyond it, too.
        self.page = None if past or not more else self.page + 1
        if self.page is not None and limit is not None and len(self.found) >= limit:
            self.stopped = "limit"
        self._beyond = self._needed(videos, len(self.found) - before) - 1

    def _needed(self, videos: list[Video], gained: int) -> int:
        """Return how many more pages are needed: those that are whatever is on them, and up to `MORE` that are if
        they are like this one.

        Args:
            videos: of the page that was read last.
            gained: how many of them meet the conditions.
        """
        needed = self.most_requests
        if self._order.condition:
            needed = 1 + self._until_the_bound(videos)
        if self._enough is not None:
            missing = self._enough - len(self.found)
            surely = -(-missing // PER_PAGE)
            likely = -(-missing // gained) if gained else surely + MORE
            needed = min(needed, max(surely, min(likely, surely + MORE)))
        return needed

    def _until_the_bound(self, videos: list[Video]) -> int:
        """Return how many pages like this one lie wholly before the value beyond which no video can meet the
        conditions, `MORE` at most."""
        low, high = self._bounds()
        end = low if self._order.downwards else high
        first, last = (self._order.value(videos[place]) for place in (0, -1)) if videos else (None, None)
        if end is None or first is None or last is None:
            return 0
        try:
            return min(MORE, int(abs((last - end) / (last - first))))  # type: ignore[operator]
        except ZeroDivisionError:
            return MORE

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
        assert self.span is not None  # noqa: S101 - set by `take`
        if not self._order.condition:
            return None, None
        if self._order.condition in ("uploaded", "modified"):
            return self.span.start, self.span.end
        bounds = (getattr(self.asked, f"{end}_{self._order.condition}") for end in ("min", "max"))
        return next(bounds), next(bounds)

    def found_so_far(self) -> Found:
        """Return what was found, whether that may not be everything, and if so how to go on."""
        videos = list(self.found.values())
        if self.stopped == "limit":
            return Found(videos, "Stopped at limit: there may be more.", unknown=len(self._unknown))
        if self.page is None:
            where = "" if videos else searched(self.asked, self.own, self.listed)
            return Found(videos, unknown=len(self._unknown), searched=where)
        why = f"{self.stopped.rstrip('.')}."
        return Found(videos, why, self.page, len(self._unknown))


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
