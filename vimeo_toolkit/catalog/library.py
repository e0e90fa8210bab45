"""Search what is said in the user's videos, in the index of their library. These tools are there where the operator
has libraries indexed.

The index is read without a request. Only a search of a library that was never read to its end reads some of it
first, and one that is asked to: as much as the call has time for and the user's limit leaves.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, Field, model_validator

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.date_ranges import Moment, span_of
from vimeo_toolkit.catalog.ids import FolderId, ShowcaseId, collection_path
from vimeo_toolkit.catalog.inputs import WHO_WATCHES, PrivacyView
from vimeo_toolkit.catalog.library_rows import MOST, SHOWN, rows_of
from vimeo_toolkit.catalog.marks import Help
from vimeo_toolkit.catalog.pages import read_list
from vimeo_toolkit.catalog.selection import no_library
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import LIBRARY_SEARCH, library
from vimeo_toolkit.errors import VimeoError, VimeoUnavailable
from vimeo_toolkit.library.checking import language_code
from vimeo_toolkit.library.model import Filters
from vimeo_toolkit.wire.api_request import ApiRequest

if TYPE_CHECKING:
    from vimeo_toolkit.library.model import Coverage, LibraryStatus
    from vimeo_toolkit.library.of_user import UserLibrary

__all__ = ["LibrarySearch", "LibraryStatusGet"]

DAY: Final = 86_400.0
MOST_REQUESTS: Final = 250
"""That one search sends to bring the index up to date: two for each video whose words are read."""

_ALL: Final = "All are searched when it is left out."


@library.get(
    "/me/videos",
    name=LIBRARY_SEARCH,
    scopes={"private"},
    fields="uri",
    untrusted_parts=("passage", "speaker"),
)
class LibrarySearch(ToolInput):
    """Search what is said in all my videos (transcripts), their titles, descriptions, tags and chapters: which
    videos say or mention something, at which minute."""

    needs_library: ClassVar[bool] = True
    whole_texts: ClassVar[bool] = True
    known_inputs: ClassVar[frozenset[str]] = frozenset(
        {"from_date", "until_date", "folder_id", "showcase_id", "privacy"}
    )
    unlisted_inputs: ClassVar[frozenset[str]] = frozenset({"language", "limit", "refresh"})

    query: Annotated[
        str,
        Field(min_length=1, max_length=1_000),
        Help(
            'What to look for: words or a question, a "phrase in quotation marks", the beginning of a word with '
            "a star (compil*); 1,000 characters at most."
        ),
    ]
    """Words, "a phrase", beginning*."""
    from_date: Annotated[
        Moment | None,
        Help("Only videos uploaded from then on: a day, a month or a year, such as 2026-11.", _ALL),
    ] = None
    until_date: Annotated[
        Moment | None,
        Help(
            "Only videos uploaded up to then, with the whole last day, month or year, such as 2026-11-30.",
            _ALL,
        ),
    ] = None
    folder_id: Annotated[
        FolderId | None, Help("Only videos in this folder, by its name, id, URI or link.", _ALL)
    ] = None
    showcase_id: Annotated[
        ShowcaseId | None, Help("Only videos in this showcase, by its name, id, URI or link.", _ALL)
    ] = None
    privacy: Annotated[
        PrivacyView | None, Help(f"Only videos with this privacy: {WHO_WATCHES}.", "All when left out.")
    ] = None
    speaker: Annotated[
        str | None,
        Field(min_length=1, max_length=200),
        Help("Only what this person says, where the transcript names speakers.", _ALL),
    ] = None
    language: Annotated[
        str | None,
        Field(min_length=2, max_length=40),
        AfterValidator(language_code),
        Help("Only what is said in this language, a code such as en.", _ALL),
    ] = None
    limit: Annotated[
        int | None,
        Field(ge=1, le=MOST),
        Help(
            f"How many passages to show, {MOST} at most.", f"It is {SHOWN}, without weak ones, when left out."
        ),
    ] = None

    refresh: Annotated[
        bool | None,
        Help(
            "Whether to read first what has changed at Vimeo, which takes requests of the user's limit.",
            "What was read by the last sync is searched when it is left out.",
        ),
    ] = None
    """First read what is new at Vimeo."""

    @model_validator(mode="after")
    def _in_order(self) -> LibrarySearch:
        span = span_of(None, self.from_date, self.until_date, UTC, None)
        if span.start and span.end and span.start >= span.end:
            raise ValueError("from_date is after until_date")
        return self

    async def run(self, api: Api) -> Any:
        """Search, and return the passages with what could not be searched; where the library was never read to its
        end, or that is asked for, read some of it before."""
        index = _library(api, self.tool.name)
        filters = await self._filters(api)
        status = await index.status()
        if self.refresh or status.synced is None:
            await _read_some(api, index)
            status = await index.status()
        found = await index.search(self.query, filters, MOST)
        about: dict[str, Any] = _age(api, status) | _not_searched(found.coverage)
        if found.not_compared:
            api.note(found.not_compared)
        if found.corrected:
            about["searched_for"] = ", ".join(found.corrected.values())
        words = " ".join((self.query, *found.corrected.values()))
        return about | rows_of(found.hits, words, self.limit, api.max_tokens)

    async def _filters(self, api: Api) -> Filters:
        """Return which videos are searched. A showcase is read now, since the index has none."""
        own = api.account.vimeo_uri
        span = span_of(None, self.from_date, self.until_date, UTC, None)
        chosen: frozenset[str] | None = None
        if self.showcase_id is not None:
            path = f"{collection_path('showcase', self.showcase_id, own)}/videos"
            request = ApiRequest("GET", path, query={"per_page": "100"}, fields="uri")
            listed = await read_list(api, request)
            if listed.incomplete:
                api.note(f"The showcase was not read to its end: {listed.incomplete[:400]}")
            chosen = frozenset(_plain_uri(str(video.get("uri", ""))) for video in listed.items)
        folder = ""
        if self.folder_id is not None:
            path = collection_path("folder", self.folder_id, own)
            folder = path.replace("/me", own or "/me", 1) if path.startswith("/me/") else path
        return Filters(
            from_date=_iso(span.start),
            until_date=_iso(span.end),
            folder=folder,
            privacy=self.privacy or "",
            videos=chosen,
            speaker=self.speaker or "",
            language=self.language or "",
        )


@library.local(name="vimeo_library_status", scopes={"private"})
class LibraryStatusGet(ToolInput):
    """Look at the index that vimeo_library_search searches: how many of my videos it has, how many without
    captions, in which languages, and when it was last brought up to date."""

    needs_library: ClassVar[bool] = True

    async def run(self, api: Api) -> Any:
        """Answer from the index; nothing is sent."""
        index = _library(api, self.tool.name)
        status = await index.status()
        has = status.coverage
        told: dict[str, Any] = {
            "videos": has.videos,
            "with_captions": has.captions,
            "without_captions": has.none,
            "captions_without_text": has.pending,
            "passages": has.passages,
            "languages": list(has.languages),
        }
        if status.vectors is not None:
            told["compared_by_meaning"] = f"{status.vectors} of {status.vectors_of} passages"
        if has.none:
            api.note("vimeo_my_videos_find with captions=false lists the videos without captions.")
        return _age(api, status) | told


def _library(api: Api, tool: str) -> UserLibrary:
    library = api.library
    if library is None:
        raise no_library(tool)
    return library


async def _read_some(api: Api, library: UserLibrary) -> None:
    """Read what has changed at Vimeo: as much as the call has time for, with half of the requests that are left, so
    that other calls of the user can go on.

    Raises:
        VimeoToolkitError: nothing can be read, and nothing is known of the library.
    """
    from vimeo_toolkit.library.sync_report import SyncOptions

    try:
        # How many requests are left is known by the first answer.
        report = await library.sync(api, SyncOptions(recheck=0.0, requests=1))
        if not (report.complete or report.elsewhere):
            left = api.rate_limit.remaining
            most = MOST_REQUESTS if left is None else max(min(MOST_REQUESTS, left // 2), 1)
            report = await library.sync(api, SyncOptions(recheck=0.0, requests=most))
    except (VimeoError, VimeoUnavailable) as error:
        if not (await library.status()).coverage.videos:
            raise
        api.note(f"What is new at Vimeo could not be read: {error.message[:400]}")
    else:
        if not report.complete and report.why:
            api.note(f"The library was not read to its end: {report.why[:400]}")


def _plain_uri(uri: str) -> str:
    """Return a video's URI as the index has it, without the hash of an unlisted one."""
    return uri.partition(":")[0]


def _iso(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")


def _age(api: Api, status: LibraryStatus) -> dict[str, Any]:
    """Return how old the index is, and how far a sync is that has not come to its end; note what can be done."""
    told: dict[str, Any] = {}
    if status.of:
        told["read_so_far"] = f"{status.done} of {status.of} videos"
    if status.synced is None:
        api.note(f"The others may say it, too: a repetition of {LIBRARY_SEARCH} reads on.")
        return told
    told["synced"] = _iso(datetime.fromtimestamp(status.synced, UTC)).replace("+00:00", "Z")
    days = int((api.now() - status.synced) // DAY)
    if days > 0:
        since = "a day" if days == 1 else f"{days} days"
        api.note(
            f"The library was last read {since} ago: {LIBRARY_SEARCH} with refresh=true reads what is new."
        )
    return told


def _not_searched(has: Coverage) -> dict[str, str]:
    """Return of how many videos the words are not known, a sentence; nothing where all are."""
    lacking = []
    if has.none:
        lacking.append(f"{has.none} have no captions")
    if has.pending:
        lacking.append(f"of {has.pending} Vimeo has no text of the captions yet")
    if not lacking:
        return {}
    told = f"What is said in {has.none + has.pending} of {has.videos} videos: {', '.join(lacking)}."
    return {"not_searched": f"{told} Their titles, descriptions and tags were searched."}
