"""Find all of the user's videos that meet some conditions, in as few requests as can be.

Vimeo filters a library by words and by folder, not by date, length or privacy: these are looked at here. The pages
come sorted by one of the conditions, so that they need not be read beyond the last video that can meet it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.common import Page, Query
from vimeo_toolkit.catalog.ids import FolderId, collection_path
from vimeo_toolkit.catalog.periods import Moment, Period, Span, TimeZone, span_of, zone
from vimeo_toolkit.catalog.timecodes import Duration
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import library
from vimeo_toolkit.errors import UnexpectedResponse, VimeoToolkitError
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.paging import count, is_end, items_in, next_query

__all__ = ["MyVideosFind"]

FOUND: Final = "uri,name,duration,created_time,privacy.view"
PER_PAGE: Final = 100
"""Vimeo's most."""
REQUESTS: Final = 10
"""Pages that are read unless told otherwise: a thousand videos, a fifth of the smallest plan's minute."""

Video = Mapping[str, Any]
Value = float | datetime


@library.get("/me/videos", name="vimeo_my_videos_find", scopes={"private"}, fields=FOUND)
class MyVideosFind(ToolInput):
    """Find all my videos by upload or change date, length, privacy, folder or words, such as those uploaded this
    month. Pages by itself; gives their uris."""

    period: Period | None = None
    from_date: Moment | None = None
    """ISO day, month or time."""
    until_date: Moment | None = None
    by: Literal["uploaded", "modified"] | None = None
    """Which date; default uploaded."""
    timezone: TimeZone | None = None
    """Default UTC."""
    min_duration: Duration | None = None
    """Seconds."""
    max_duration: Duration | None = None
    privacy: Literal["anybody", "contacts", "disable", "nobody", "password", "unlisted", "users"] | None = (
        None
    )
    """nobody = private."""
    folder_id: FolderId | None = None
    query: Query | None = None
    limit: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """If only so many are wanted."""
    max_requests: Annotated[int, Field(ge=1, le=100)] | None = None
    page: Page | None = None
    """next_page of an incomplete answer."""

    @model_validator(mode="after")
    def _conditions(self) -> Self:
        if self.period and (self.from_date or self.until_date):
            raise ValueError("give period, or from_date and until_date")
        if self.by and not (self.period or self.from_date or self.until_date):
            raise ValueError("by needs period, from_date or until_date")
        span = span_of(None, self.from_date, self.until_date, zone(self.timezone), None)
        if span.start and span.end and span.start >= span.end:
            raise ValueError("from_date is after until_date")
        if None not in (self.min_duration, self.max_duration) and self.min_duration > self.max_duration:  # type: ignore[operator]
            raise ValueError("min_duration is more than max_duration")
        return self

    def request(self, account: AccountRecord) -> ApiRequest:
        """The first of its requests."""
        return _Search(self, account.vimeo_uri).request()

    async def run(self, api: Api) -> Any:
        """Read pages until no further video can meet the conditions, or the requests are used up.

        A page that fails after others came ends the search, and what was found is given with a way to go on.
        """
        search = _Search(self, api.account.vimeo_uri)
        while search.page is not None and not search.stopped:
            try:
                answer = await api.send(search.request())
            except VimeoToolkitError as error:
                if is_end(error, begun=search.requests > 0):
                    search.not_there()
                elif not search.requests:
                    raise
                else:
                    search.stop(error.message[:500])
            else:
                # By now an answer has told Vimeo's time, which is what its dates are in.
                search.take(answer, datetime.fromtimestamp(api.now(), UTC))
        return search.result()


@dataclass(frozen=True, slots=True)
class _Order:
    """By which condition the pages are sorted."""

    sort: str
    value: Callable[[Video], Value | None]
    downwards: bool


@dataclass(slots=True)
class _Search:
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
    _order: _Order = field(init=False)
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
        self._order = _order(self.asked)
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
            problem = "Vimeo's answer is not the list that was asked for."
            if self.requests == 1:
                raise UnexpectedResponse(problem, hint="Try again in a minute.")
            self.stop(problem)
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
        """The list became shorter meanwhile."""
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
        videos, limit = _videos(answer), self.asked.limit
        more, past = self.page < _last_page(answer, self.page), False
        for place, video in enumerate(videos):
            if self._meets(video):
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
        told = self._order.value is _dated(self.asked)
        return (self._span.start, self._span.end) if told else (None, None)

    def _meets(self, video: Video) -> bool:
        assert self._span is not None  # noqa: S101 - set by `take`
        asked = self.asked
        if asked.privacy is not None:
            shown = video.get("privacy")
            if not isinstance(shown, Mapping) or shown.get("view") != asked.privacy:
                return False
        seconds = _number(video.get("duration"))
        if asked.min_duration is not None and (seconds is None or seconds < asked.min_duration):
            return False
        if asked.max_duration is not None and (seconds is None or seconds > asked.max_duration):
            return False
        return _within(self._span, _dated(asked)(video))

    def result(self) -> dict[str, Any]:
        """What was found, whether it is all, and if not how to go on."""
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
    listed = answer.get("data") if isinstance(answer, dict) else answer
    return [video for video in listed if isinstance(video, Mapping)] if isinstance(listed, list) else []


def _last_page(answer: Any, page: int) -> int:
    """The number of a list's last page, by the envelope of this one; 0 where it is this one."""
    if next_query(answer, "", {"page": str(page), "per_page": str(PER_PAGE)}) is None:
        return 0
    total = count(answer.get("total")) or 0
    last = -(-total // PER_PAGE)
    if not items_in(answer):
        return last  # all of its videos may be hidden
    return max(page + 1, last)


def _dated(asked: MyVideosFind) -> Callable[[Video], Value | None]:
    """What gives the date that was asked about."""
    return _modified if asked.by == "modified" else _uploaded


def _order(asked: MyVideosFind) -> _Order:
    """By the condition that lets the reading end soonest, towards its bound."""
    begins = bool(asked.period or asked.from_date)
    # A folder's videos cannot be sorted by their change.
    if (begins or asked.until_date) and (asked.by != "modified" or asked.folder_id is None):
        sort = "modified_time" if asked.by == "modified" else "date"
        return _Order(sort, _dated(asked), downwards=begins)
    if asked.min_duration is not None or asked.max_duration is not None:
        return _Order("duration", _duration, downwards=asked.min_duration is not None)
    return _Order("date", _uploaded, downwards=True)


def _uploaded(video: Video) -> Value | None:
    return _time(video.get("created_time"))


def _modified(video: Video) -> Value | None:
    return _time(video.get("modified_time"))


def _duration(video: Video) -> Value | None:
    return _number(video.get("duration"))


def _within(span: Span, moment: Value | None) -> bool:
    if not span:
        return True
    if not isinstance(moment, datetime):
        return False
    return (span.start is None or moment >= span.start) and (span.end is None or moment < span.end)


def _time(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
