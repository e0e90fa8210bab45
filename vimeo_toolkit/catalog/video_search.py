"""Find all of the user's videos that meet some conditions, in as few requests as can be.

Vimeo filters a library by words and by folder, not by date, length or privacy: these are looked at here. The pages
come sorted by one of the conditions, so that they need not be read beyond the last video that can meet it.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.date_ranges import Moment, Period, TimeZone, span_of, zone
from vimeo_toolkit.catalog.ids import FolderId
from vimeo_toolkit.catalog.inputs import WHO_WATCHES, Page, PrivacyView, Query
from vimeo_toolkit.catalog.marks import Help
from vimeo_toolkit.catalog.timecodes import Duration
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import library
from vimeo_toolkit.catalog.video_search_pages import FOUND, REQUESTS, PageSearch
from vimeo_toolkit.errors import VimeoToolkitError
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.paging import is_end

__all__ = ["MyVideosFind"]


@library.get("/me/videos", name="vimeo_my_videos_find", scopes={"private"}, fields=FOUND)
class MyVideosFind(ToolInput):
    """Find all my videos by upload or change date, length, privacy, folder or words, such as those uploaded this
    month. Pages by itself; gives their uris."""

    period: Period | None = None
    from_date: Annotated[
        Moment | None,
        Help(
            "When the time begins: a day (2026-11-30), a month (2026-11), a year (2026) or a moment "
            "(2026-11-30T18:00Z).",
            "Older ones are found, too, when it is left out.",
        ),
    ] = None
    """ISO day, month or time."""
    until_date: Annotated[
        Moment | None,
        Help(
            "When the time ends: the last day, month or year of it, or the moment before which it ends, written "
            "as from_date is.",
            "Newer ones are found, too, when it is left out.",
        ),
    ] = None
    by: Annotated[
        Literal["uploaded", "modified"] | None,
        Help(
            "Which date is meant: of the upload (uploaded) or of the last change (modified).",
            "It is that of the upload when this is left out.",
        ),
    ] = None
    """Which date; default uploaded."""
    timezone: TimeZone | None = None
    """Default UTC."""
    min_duration: Annotated[
        Duration | None,
        Help(
            "The least length, in seconds, or as 1:30.", "Shorter ones are found, too, when it is left out."
        ),
    ] = None
    """Seconds."""
    max_duration: Annotated[
        Duration | None,
        Help(
            "The greatest length, in seconds, or as 1:30.", "Longer ones are found, too, when it is left out."
        ),
    ] = None
    privacy: Annotated[
        PrivacyView | None, Help(f"Only videos with this privacy: {WHO_WATCHES}.", "All when left out.")
    ] = None
    """nobody = private."""
    folder_id: Annotated[
        FolderId | None,
        Help(
            "Only videos in this folder, by its id, URI or link.",
            "The whole library is searched when it is left out.",
        ),
    ] = None
    query: Query | None = None
    limit: Annotated[
        int | None,
        Field(ge=1, le=10_000),
        Help(
            "How many videos are enough, 10,000 at most.",
            "All that can be found are wanted when it is left out.",
        ),
    ] = None
    """If only so many are wanted."""
    max_requests: Annotated[
        int | None,
        Field(ge=1, le=100),
        Help(
            "How many requests it may take, 100 at most; each reads a hundred videos.",
            f"It is {REQUESTS} when left out.",
        ),
    ] = None
    page: Annotated[
        Page | None,
        Help(
            "Where to go on: the number that an incomplete answer gave as next_page.",
            "The search begins anew when it is left out.",
        ),
    ] = None
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
        """Return the first of its requests."""
        return PageSearch(self, account.vimeo_uri).request()

    async def run(self, api: Api) -> Any:
        """Read pages until no further video can meet the conditions, or the requests are used up.

        A page that fails after others came ends the search, and what was found is given with a way to go on.
        """
        search = PageSearch(self, api.account.vimeo_uri)
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
