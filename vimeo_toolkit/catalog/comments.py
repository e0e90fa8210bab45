"""Comments on many videos of the user, in as few requests as can be.

Vimeo has no list of them: a video's own list has its comments, and a list of videos says how many each has. So the
videos without any cost nothing, and of the others the newest comments come first.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import Field, model_validator

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.comment_search import CommentSearch, Place, Reading, Stopped
from vimeo_toolkit.catalog.date_ranges import Moment, Period, TimeZone, span_of, zone
from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.catalog.inputs import OwnVideoUris
from vimeo_toolkit.catalog.marks import Help
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import engage
from vimeo_toolkit.errors import InvalidInput, RateLimited, VimeoToolkitError
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.sending import when_free

__all__ = ["MyCommentsFind"]

VIDEOS: Final = "uri,name,created_time,metadata.connections.comments.total"
REQUESTS: Final = 100
"""Requests that are made unless told otherwise."""


@engage.get(
    "/me/videos",
    name="vimeo_my_comments_find",
    scopes={"private"},
    fields=VIDEOS,
    untrusted_parts=("text", "author"),
)
class MyCommentsFind(ToolInput):
    """Read what viewers write in comments under my videos: unanswered ones, what people say, this week's
    reactions, who commented.
    """

    known_inputs: ClassVar[frozenset[str]] = frozenset({"period"})
    unlisted_inputs: ClassVar[frozenset[str]] = frozenset({"max_requests", "start", "timezone"})

    query: Annotated[
        str | None,
        Field(min_length=1, max_length=200),
        Help(
            "Words to look for in the comment and in its author's name, 200 characters at most; all have to be "
            "there.",
            "All comments come when it is left out.",
        ),
    ] = None
    """In the text, or the author."""
    unanswered: Annotated[
        bool | None,
        Help(
            "Whether to give only other people's comments to which the user has not replied.",
            "Answered ones come, too, when it is left out.",
        ),
    ] = None
    """Without a reply of mine."""
    period: Period | None = None
    from_date: Annotated[
        Moment | None,
        Help(
            "Since when they were written: a day (2026-11-30), a month, a year or a moment (2026-11-30T18:00Z).",
            "Older ones come, too, when it is left out.",
        ),
    ] = None
    until_date: Annotated[
        Moment | None,
        Help(
            "Until when they were written: the last day, month or year, or the moment before which, written as "
            "from_date is.",
            "Newer ones come, too, when it is left out.",
        ),
    ] = None
    timezone: TimeZone | None = None
    replies: Annotated[
        bool | None,
        Help(
            "Whether replies to comments come, too; each comment that has some costs one more request.",
            "They are only counted when it is left out.",
        ),
    ] = None
    """The replies, too."""
    videos: Annotated[
        OwnVideoUris | None,
        Help(
            "The only videos to look at, each by its id, URI or link, or one of the user's own by its title, 500 "
            "at most.",
            "All of the user's are looked at when it is left out.",
        ),
    ] = None
    """By title, too."""
    limit: Annotated[
        int | None,
        Field(ge=1, le=10_000),
        Help("How many of the newest come, 10,000 at most.", "All come when it is left out."),
    ] = None
    """Only the newest."""
    max_requests: Annotated[
        int | None,
        Field(ge=2, le=500),
        Help(
            "After how many requests to stop, 500 at most. A list of a hundred videos costs one, and so does "
            "each video with comments.",
            f"It is {REQUESTS} when left out.",
        ),
    ] = None
    start: Annotated[
        str | None,
        Field(max_length=60),
        Help(
            "Where to go on: what an incomplete answer gave as next.",
            "The search begins anew when it is left out.",
        ),
    ] = None
    """next of an incomplete answer."""

    @model_validator(mode="after")
    def _conditions(self) -> Self:
        if self.period and (self.from_date or self.until_date):
            raise ValueError("give period, or from_date and until_date")
        span = span_of(None, self.from_date, self.until_date, zone(self.timezone), None)
        if span.start and span.end and span.start >= span.end:
            raise ValueError("from_date is after until_date")
        if self.start is not None:
            Place.parsed(self.start)
        return self

    @property
    def untrusted_parts(self) -> tuple[str, ...]:
        """Videos that were named may be other people's, and so may their names."""
        return ("video_name",) if self.videos else ()

    def request(self, account: AccountRecord) -> ApiRequest:
        """Return the first of its requests."""
        return self._lists()[0]

    def _lists(self) -> list[ApiRequest]:
        """Return the requests for the videos: one that pages, or one for each hundred that were named."""
        per_page = {"per_page": "100"}
        if self.videos is None:
            query = {**per_page, "sort": "date", "direction": "desc"}
            return [ApiRequest("GET", "/me/videos", query, fields=VIDEOS)]
        uris = list(dict.fromkeys(self.videos))
        return [
            ApiRequest(
                "GET", "/videos", {**per_page, "uris": ",".join(uris[first : first + 100])}, fields=VIDEOS
            )
            for first in range(0, len(uris), 100)
        ]

    async def run(self, api: Api) -> Any:
        """Read the videos and the comments of those that have some, until the requests are used up.

        What fails after the first list ends the search: what was found is given with a way to go on.

        Raises:
            InvalidInput: `start` is not a place in these videos (any more).
            VimeoToolkitError: the videos cannot be listed.
        """
        reading = Reading(api, self.max_requests or REQUESTS)
        search: CommentSearch | None = None
        try:
            for first in self._lists():
                request: ApiRequest | None = first
                while request is not None:
                    # Lists before the place where an earlier search stopped do not count: else none gets further.
                    far = search is None or search.begin is not None
                    videos, request = await reading.page(request, sure=far)
                    # By now an answer has told Vimeo's time, which is what its dates are in.
                    search = search or self._search(api, reading)
                    for place, video in enumerate(videos):
                        await search.read(video, islice(videos, place + 1, None))
        except (VimeoToolkitError, Stopped) as error:
            if search is None:
                raise
            search.stopped = _why(error)
        finally:
            reading.close()
        assert search is not None  # noqa: S101 - there is a first list
        if search.begin is not None and not search.stopped:
            raise InvalidInput(
                "start: its video is not among these (any more).", hint="Leave start out, to begin anew."
            )
        result = search.result(self.limit)
        if self.query is not None and not result["total"]:
            api.note(
                "All words of the query have to be there, in any letters, also as parts of longer words."
            )
        gone = [uri for uri in self.videos or () if last_part(uri).partition(":")[0] not in search.seen]
        if gone and not search.stopped:
            result["not_found"] = gone
        return result

    def _search(self, api: Api, reading: Reading) -> CommentSearch:
        span = span_of(
            self.period,
            self.from_date,
            self.until_date,
            zone(self.timezone),
            datetime.fromtimestamp(api.now(), UTC),
        )
        return CommentSearch(
            reading,
            span,
            words=tuple((self.query or "").casefold().split()),
            unanswered=bool(self.unanswered),
            replies=bool(self.replies),
            begin=Place.parsed(self.start) if self.start else None,
        )


def _why(error: VimeoToolkitError | Stopped) -> str:
    if isinstance(error, RateLimited):
        return when_free(error)
    return str(error) if isinstance(error, Stopped) else error.message[:400]
