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
from vimeo_toolkit.catalog.inputs import Page, PrivacyView, Query
from vimeo_toolkit.catalog.timecodes import Duration
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import library
from vimeo_toolkit.catalog.video_search_pages import FOUND, PageSearch
from vimeo_toolkit.errors import VimeoToolkitError
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.paging import is_end

__all__ = ["MyVideosFind"]


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
    privacy: PrivacyView | None = None
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
