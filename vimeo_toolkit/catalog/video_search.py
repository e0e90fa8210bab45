"""Answer questions about the user's own library, in as few requests as can be: which videos, how many, how much.

Vimeo filters a library by words and by folder, not by date, length or privacy: these are looked at here. The pages
come sorted by one of the conditions, so that they need not be read beyond the last video that can meet it.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Self

from pydantic import Field, model_validator

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.date_ranges import zone
from vimeo_toolkit.catalog.inputs import Page
from vimeo_toolkit.catalog.list_columns import search_note
from vimeo_toolkit.catalog.marks import Help
from vimeo_toolkit.catalog.projections import OWN_VIDEOS
from vimeo_toolkit.catalog.toolsets import library
from vimeo_toolkit.catalog.video_columns import ALWAYS, COLUMNS, ColumnName, row_of
from vimeo_toolkit.catalog.video_conditions import VideoConditions, asked_for
from vimeo_toolkit.catalog.video_order import SORTS, SortName, sorted_videos
from vimeo_toolkit.catalog.video_parts import Video
from vimeo_toolkit.catalog.video_search_pages import PER_PAGE, REQUESTS, Found, PageSearch, Reading
from vimeo_toolkit.catalog.video_totals import GROUP_FIELDS, SUMMED, GroupName, totals
from vimeo_toolkit.errors import VimeoToolkitError
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.paging import is_end

__all__ = ["Found", "MyVideosFind", "found_videos"]

FIRST_FEW: Final = "These are the first of this order; those after them were not read."
MOST_REQUESTS: Final = 100
"""Ten thousand videos."""


async def found_videos(
    api: Api,
    conditions: VideoConditions,
    fields: str,
    limit: int | None = None,
    requests: int = MOST_REQUESTS,
) -> Found:
    """Return the videos that meet the conditions, each with at least these fields.

    Args:
        api: of the call.
        conditions: which videos.
        fields: what to ask for of each, as Vimeo's `fields` parameter has it.
        limit: how many are enough.
        requests: how many it may take.

    Raises:
        VimeoToolkitError: the first page could not be read. A later page that fails ends the search, and what was
            found is given.
    """
    search = PageSearch(conditions, Reading(fields, limit), api.account.vimeo_uri, requests)
    return await _read(api, search)


async def _read(api: Api, search: PageSearch) -> Found:
    """Read pages until no further video can meet the conditions, or the requests are used up."""
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
    return search.found_so_far()


@library.get("/me/videos", name="vimeo_my_videos_find", scopes={"private"}, fields=ALWAYS)
class MyVideosFind(VideoConditions):
    """Find or list my videos: which ones I uploaded in a month, private, longest, most watched, by title or tag,
    in a folder or showcase or in none, without captions. Counts and totals."""

    sort: Annotated[
        SortName | None,
        Help(
            "How to sort them.",
            "Those nearest to a date, length, plays or likes that was asked for come first, or "
            "else the newest, when it is left out.",
        ),
    ] = None
    show: Annotated[
        list[ColumnName] | None,
        Field(min_length=1),
        Help(
            "What else to show of each: captions (whether it has any), showcases (in how many it is), "
            "or what the word says.",
            "Only what chose or sorted them is shown, too, when it is left out.",
        ),
    ] = None
    """More columns."""
    group_by: Annotated[
        GroupName | None,
        Help(
            "Videos, hours, plays, likes and comments added up for each month, folder, with and without captions "
            "and so on; all has no groups.",
            "The videos themselves come when it is left out.",
        ),
    ] = None
    """Totals, not rows."""
    limit: Annotated[
        int | None,
        Field(ge=1, le=10_000),
        Help(
            "How many videos are enough, 10,000 at most.",
            "All that can be found are wanted when it is left out.",
        ),
    ] = None
    max_requests: Annotated[
        int | None,
        Field(ge=1, le=MOST_REQUESTS),
        Help(
            f"How many requests it may take, {MOST_REQUESTS} at most; each reads a hundred videos.",
            f"It is {REQUESTS}, or {MOST_REQUESTS} for totals and orders of all, when it is left out.",
        ),
    ] = None
    page: Annotated[
        Page | None,
        Help(
            "Where to go on: the number that an incomplete answer gave as next_page.",
            "The search begins anew when it is left out.",
        ),
    ] = None
    """An incomplete answer's next_page."""

    @model_validator(mode="after")
    def _totals_are_of_all(self) -> Self:
        if self.group_by is not None:
            for name in ("sort", "show", "limit", "page"):
                if getattr(self, name) is not None:
                    raise ValueError(f"group_by gives totals and no videos: leave out {name}")
        return self

    @property
    def _columns(self) -> list[str]:
        """What is shown beside what is always shown: what was asked for, what chose the videos and what sorts
        them."""
        chosen = [each.column for _, each in asked_for(self)]
        sorted_by = [SORTS[self.sort].column] if self.sort else []
        changed = ["modified_time"] if self.by == "modified" else []
        return [name for name in dict.fromkeys([*chosen, *sorted_by, *changed, *(self.show or ())]) if name]

    @property
    def _enough(self) -> int | None:
        """How many videos are read: one more than is wanted of an order, which tells whether others have the same
        number as the last one; not where that would take another request."""
        if self.limit is None or self.sort is None or self.limit % PER_PAGE == 0:
            return self.limit
        return self.limit + 1

    def _search(self, account: AccountRecord) -> PageSearch:
        if self.group_by is not None:
            fields = f"uri,{SUMMED},{GROUP_FIELDS[self.group_by]}"
        else:
            more = [COLUMNS[name].fields for name in self._columns if name != "matched"]
            fields = ",".join([ALWAYS, *more])
        search = PageSearch(self, Reading(fields, self._enough, self.sort, self.page), account.vimeo_uri)
        of_all = self.group_by is not None or not search.in_order
        search.most_requests = self.max_requests or (MOST_REQUESTS if of_all else REQUESTS)
        return search

    def request(self, account: AccountRecord) -> ApiRequest:
        """Return the first of its requests."""
        return self._search(account).request()

    async def run(self, api: Api) -> Any:
        """Read the pages and return the videos, or what they come to.

        A page that fails after others came ends the search, and what was found is given with a way to go on.
        """
        search = self._search(api.account)
        found = await _read(api, search)
        told = _counted(self, search, found)
        if found.unknown:
            told["unknown"] = f"{found.unknown} more videos may be meant: Vimeo does not show their numbers."
        if not found.videos and (note := search_note("/me/videos", OWN_VIDEOS, self.query, [])):
            api.note(note)
        if search.span:
            told[self.by or "uploaded"] = search.span.to_json()
        if self.group_by is not None:
            if found.incomplete:
                told["incomplete"] = _of_a_part("The totals are those of", search)
            return _part_first(told) | totals(found.videos, self.group_by, zone(self.timezone), self.by)
        if found.incomplete and not search.in_order:
            told["incomplete"] = _of_a_part("Those are sorted that are among", search)
        elif not told["complete"]:
            first = search.stopped == "limit" and self.sort is not None
            told["incomplete"] = FIRST_FEW if first else found.incomplete
            if found.next_page is not None:
                told["incomplete"] += f" To go on, repeat with page={found.next_page}."
                told["next_page"] = found.next_page
        videos = found.videos if self.sort is None else sorted_videos(found.videos, self.sort)
        columns = self._columns
        shown = videos[: self.limit]
        if len(shown) < told["total"]:
            told["shown"] = len(shown)
        if self.sort is not None and _tied(videos[len(shown) - 1 :][:2], self.sort):
            told["tied"] = "Others that are not shown have the same number as the last of these."
        return _part_first(told) | {"data": [row_of(video, columns, self.query) for video in shown]}


def _part_first(told: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of a part with that first: the number after it is not that of all videos."""
    return {
        name: told[name] for name in ("complete", "incomplete") if name in told and not told["complete"]
    } | told


def _counted(asked: MyVideosFind, search: PageSearch, found: Found) -> dict[str, Any]:
    """Return how many videos there are, and whether that is all. The first few of a list of which every video is
    meant are complete: Vimeo has counted the others."""
    conditions = {name for name, _ in asked_for(asked)} - {"query", "folder_id", "showcase_id"}
    if search.stopped == "limit" and search.listed and not conditions and not search.span and not asked.page:
        return {"total": search.listed, "complete": True}
    count = len(found.videos)
    stopped = search.stopped == "limit" and asked.limit is not None
    return {"total": min(count, asked.limit or count) if stopped else count, "complete": not found.incomplete}


def _tied(pair: list[Video], sort: str) -> bool:
    """Return whether a video and the next one have the same number to be sorted by."""
    values = [SORTS[sort].value(video) for video in pair]
    return len(values) == 2 and isinstance(values[0], float) and values[0] == values[1]


def _of_a_part(what: str, search: PageSearch) -> str:
    """Return what to say where not all videos were read, of what needs all of them."""
    more = (
        f"repeat with max_requests={MOST_REQUESTS}"
        if search.requests < MOST_REQUESTS and search.requests >= search.most_requests
        else "repeat it later, or ask for parts with from_date and until_date"
    )
    return f"{search.stopped.rstrip('.')}. {what} the first {search.looked_at} videos that were read: {more}."
