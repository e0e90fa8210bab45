"""Answer questions about the user's own library, in as few requests as can be: which videos, how many, how much.

Vimeo filters a library by words and by folder, not by date, length or privacy: these are looked at here. The pages
come sorted by one of the conditions, so that they need not be read beyond the last video that can meet it.
"""

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import Field, model_validator

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.date_ranges import zone
from vimeo_toolkit.catalog.inputs import Page
from vimeo_toolkit.catalog.list_columns import search_note
from vimeo_toolkit.catalog.marks import Help
from vimeo_toolkit.catalog.projections import OWN_VIDEOS
from vimeo_toolkit.catalog.toolsets import library
from vimeo_toolkit.catalog.video_columns import ALWAYS, COLUMNS, LESS, ColumnName, row_of
from vimeo_toolkit.catalog.video_conditions import VideoConditions, asked_for
from vimeo_toolkit.catalog.video_order import SORTS, SortName, sorted_videos
from vimeo_toolkit.catalog.video_search_pages import PER_PAGE, REQUESTS, Found, PageSearch, Reading
from vimeo_toolkit.catalog.video_search_told import (
    FIRST_FEW,
    MANY,
    counted,
    less_shown,
    of_a_part,
    part_first,
    tied,
)
from vimeo_toolkit.catalog.video_totals import GROUP_FIELDS, SUMMED, Calendar, GroupName, totals
from vimeo_toolkit.errors import VimeoToolkitError
from vimeo_toolkit.tables import link_pattern
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.paging import is_end

__all__ = ["Found", "MyVideosFind", "found_videos"]

MOST_REQUESTS: Final = 100
"""Ten thousand videos."""


async def found_videos(
    api: Api,
    conditions: VideoConditions,
    fields: str,
    limit: int | None = None,
    requests: int = MOST_REQUESTS,
    sort: str | None = None,
) -> Found:
    """Return the videos that meet the conditions, each with at least these fields.

    Args:
        api: of the call.
        conditions: which videos.
        fields: what to ask for of each, as Vimeo's `fields` parameter has it.
        limit: how many are enough.
        requests: how many it may take.
        sort: the order of which `limit` are wanted, a name of `SORTS`.

    Raises:
        VimeoToolkitError: the first page could not be read. A later page that fails ends the search, and what was
            found is given.
    """
    search = PageSearch(conditions, Reading(fields, limit, sort), api.account.vimeo_uri, requests)
    return await _read(api, search)


async def _read(api: Api, search: PageSearch) -> Found:
    """Read pages until no further video can meet the conditions, or the requests are used up."""
    with closing(api.beside(api.send)) as pages:
        while search.page is not None and not search.stopped:
            try:
                answer = await pages.result(search.request(), map(search.request, search.ahead()))
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
                if search.changed:
                    pages.close()
    return search.found_so_far()


@library.get("/me/videos", name="vimeo_my_videos_find", scopes={"private"}, fields=ALWAYS)
class MyVideosFind(VideoConditions):
    """Find which videos (films, clips) I have: my newest, what I uploaded in a month, how many there are,
    in a folder or showcase or in none, private, longest, most watched, recordings without captions.
    """

    unlisted_inputs: ClassVar[frozenset[str]] = frozenset({"max_requests", "page", "timezone"})

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
            "What else to show: captions (whether there are any), showcases (their number), privacy (who may "
            "watch), created_time (of the upload) and so on.",
            "Only what chose or sorted them is when it is left out.",
        ),
    ] = None
    """More columns."""
    group_by: Annotated[
        GroupName | None,
        Help(
            "Videos, hours, plays and likes added up for each month, with and without captions, name that several "
            "have and so on; all has no groups.",
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
        dated = bool(self.period or self.from_date or self.until_date)
        date = ["modified_time" if self.by == "modified" else "created_time"] if dated else []
        return [name for name in dict.fromkeys([*chosen, *sorted_by, *date, *(self.show or ())]) if name]

    def hidden_in(self, body: Any) -> tuple[tuple[str, ...], str]:
        """Return what a model is not shown of many videos: what it did not ask about."""
        rows = body.get("data", ()) if self.group_by is None else ()
        if len(rows) <= MANY:
            return (), ""
        links = {name: [row.get(name) for row in rows] for name in ("uri", "link")}
        kept = {*self._columns, "link" if link_pattern(links) else ""}
        hidden = tuple(name for name in LESS if name not in kept)
        return hidden, less_shown(hidden) if hidden else ""

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
        told = counted(search, found, every=self._every_video(search))
        if found.unknown:
            told["unknown"] = f"{found.unknown} more videos may be meant: Vimeo does not show their numbers."
        if not found.videos and (note := search_note("/me/videos", OWN_VIDEOS, self.query, [])):
            api.note(note)
        if found.searched:
            told["searched"] = found.searched
        if search.span:
            told[self.by or "uploaded"] = search.span.to_json()
        if self.group_by is not None:
            if found.incomplete:
                told["incomplete"] = of_a_part("The totals are those of", search, MOST_REQUESTS)
            span = None if found.incomplete else search.span
            now = datetime.fromtimestamp(api.now(), UTC)
            calendar = Calendar(zone(self.timezone), span, now, self.by)
            return part_first(told) | totals(found.videos, self.group_by, calendar)
        return self._listed(search, found, told)

    def _listed(self, search: PageSearch, found: Found, told: dict[str, Any]) -> dict[str, Any]:
        """Return the rows, with what is to be said of them."""
        if found.incomplete and not search.in_order:
            told["incomplete"] = of_a_part("Those are sorted that are among", search, MOST_REQUESTS)
        elif not told["complete"]:
            first = search.stopped == "limit" and self.sort is not None
            told["incomplete"] = FIRST_FEW if first else found.incomplete
            if found.next_page is not None:
                told["incomplete"] += f" To go on, repeat with page={found.next_page}."
                told["next_page"] = found.next_page
        videos = found.videos if self.sort is None else sorted_videos(found.videos, self.sort)
        shown = videos[: self.limit]
        if told["total"] is None or len(shown) < told["total"]:
            told["shown"] = len(shown)
        if self.sort is not None:
            told |= tied(videos, len(shown), self.sort, more=search.stopped == "limit")
        return part_first(told) | {"data": [row_of(video, self._columns, self.query) for video in shown]}

    def _every_video(self, search: PageSearch) -> bool:
        """Return whether every video of the list that is read is meant."""
        conditions = {name for name, _ in asked_for(self)} - {"query", "folder_id", "showcase_id"}
        return not (conditions or search.span or self.page)
