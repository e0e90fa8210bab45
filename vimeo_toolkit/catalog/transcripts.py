"""The words of a video: the text of one of its text tracks, in parts that fit a model; see `transcript_reading`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.catalog.ids import VideoNumber
from vimeo_toolkit.catalog.marks import Help
from vimeo_toolkit.catalog.timecodes import checked_clock, clock_of, seconds_of
from vimeo_toolkit.catalog.toolsets import LIBRARY_SEARCH, library
from vimeo_toolkit.catalog.transcript_hits import HOW, found_in, hit_rows, link_of, page_of
from vimeo_toolkit.catalog.transcript_reading import TRACKS, Transcript, same_language, segments_of
from vimeo_toolkit.catalog.transcript_search import FIELDS, VIDEOS, search_transcripts
from vimeo_toolkit.catalog.video_conditions import VideoConditions
from vimeo_toolkit.catalog.video_parts import Video
from vimeo_toolkit.catalog.video_search_pages import PageSearch, Reading
from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.library.model import Segment
from vimeo_toolkit.token_estimate import tokens_in
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["VideoTranscriptGet"]

MAX_TOKENS: Final = 1_500
BESIDE: Final = 200
"""Tokens that are kept for what stands beside the text."""
PARAGRAPH: Final = 1_200
"""Characters, about; results show a text of up to 4,000 whole."""

Place = Annotated[
    Annotated[int, Field(ge=0, le=1_000_000)] | Annotated[str, AfterValidator(checked_clock)],
    WithJsonSchema({"type": "integer"}),
]
"""The number of a segment, or a time such as 1:30."""


@library.get(
    "/videos/{video_id}/texttracks",
    name="vimeo_video_transcript_get",
    scopes={"private"},
    fields=TRACKS,
    untrusted_parts=("text",),
    error_hints={403: "Transcripts can be read of the user's own videos only."},
)
class VideoTranscriptGet(VideoConditions):
    """Read what is said in a video or in all: for notes or an article, what they talk about, at which
    minute something is mentioned, to summarise it, to quote somebody.
    """

    known_inputs: ClassVar[frozenset[str]] = frozenset(VideoConditions.model_fields) - {"query"}
    unlisted_inputs: ClassVar[frozenset[str]] = known_inputs
    whole_texts: ClassVar[bool] = True

    video_id: Annotated[
        VideoNumber | None,
        Help(
            "The video, by its id, URI or link.",
            f"The words of query are looked for in the {VIDEOS} newest of the user's videos with captions, or of "
            "those that meet the conditions, when it is left out.",
        ),
    ] = None
    """Left out: all my captioned videos."""
    query: Annotated[
        str | None,
        Field(min_length=1, max_length=200),
        Help(
            "Words to find, 200 characters at most: only passages with all of them come, as whole words, and what "
            "is around.",
            "The whole text comes when it is left out.",
        ),
    ] = None
    """Only the passages with these words."""
    language: Annotated[
        str | None,
        Field(min_length=2, max_length=40),
        Help("The language to read, as a code such as en.", "It is the spoken one when left out."),
    ] = None
    """Such as en."""
    timestamps: Annotated[
        bool | None,
        Help("Whether each line begins with its time.", "Only passages have times when left out."),
    ] = None
    max_tokens: Annotated[
        int | None,
        Field(ge=100, le=20_000),
        Help("The most tokens (of about 4 letters), 100 to 20,000.", f"It is {MAX_TOKENS:,} when left out."),
    ] = None
    start: Annotated[
        Place | None,
        Help(
            "Where to go on: the number that an earlier answer gave as next, or a time of one video such as 1:30.",
            "The text is read from its beginning when it is left out.",
        ),
    ] = None
    """next of an earlier part."""

    @model_validator(mode="after")
    def _one_or_all(self) -> Self:
        given = [name for name in sorted(self.known_inputs) if getattr(self, name) is not None]
        if self.video_id is not None and given:
            raise ValueError(f"video_id names the video: leave out the condition {given[0]}")
        if self.video_id is None and self.query is None:
            raise ValueError("give video_id, or query to search the transcripts of all videos with captions")
        if self.video_id is None and isinstance(self.start, str):
            raise ValueError("start: a time is that of one video: give its video_id")
        return self

    def request(self, account: AccountRecord) -> ApiRequest:
        """Return the first of the tool's requests."""
        if self.video_id is None:
            reading = Reading(FIELDS, sort="newest")
            return PageSearch(self._conditions_of_videos, reading, account.vimeo_uri).request()
        return ApiRequest("GET", f"/videos/{self.video_id}/texttracks", fields=self.tool.fields)

    @property
    def _conditions_of_videos(self) -> VideoConditions:
        """What is asked of the videos: the words are not among it."""
        return self.model_copy(update={"query": None, "captions": True})

    async def run(self, api: Api) -> Any:
        """Read or search one video, or search all."""
        told = await (self._of_all(api) if self.video_id is None else self._of_one(api))
        nothing = told.get("total" if self.video_id is None else "matches") == 0
        if nothing:
            api.note(HOW)
        if (self.video_id is None or nothing) and LIBRARY_SEARCH in api.tools:
            api.note(f"{LIBRARY_SEARCH} looks for words in all videos at once, in other forms, too.")
        return told

    async def _of_all(self, api: Api) -> dict[str, Any]:
        async def read(video: str) -> Transcript:
            return await segments_of(api, video, self.language)

        async def told(video: Video, read: Transcript, room: int) -> Mapping[str, Any]:
            number = last_part(str(video.get("uri")))
            one = self.model_copy(update={"video_id": number, "max_tokens": room, "start": None})
            return await one._of_read(api, read, page_of(video, number))

        begin = self.start if isinstance(self.start, int) else 0
        room = min(self.max_tokens or MAX_TOKENS, api.max_tokens - BESIDE)
        return await search_transcripts(api, self._conditions_of_videos, read, told, begin=begin, room=room)

    async def _of_one(self, api: Api) -> dict[str, Any]:
        """Ask for the tracks, then for the segments of the best one, and return them. One more request for each
        track that has no segments, and one for the video's link where words were found."""
        return await self._of_read(api, await segments_of(api, str(self.video_id), self.language))

    async def _of_read(self, api: Api, read: Transcript, link: str = "") -> dict[str, Any]:
        """Return what is told of a transcript. `link`: of the video's page, where it is known."""
        for said in read.incomplete:
            api.note(said)
        if read.segments:
            return await self._told(api, read, link)
        return {"available": False, "message": f"The video has {_why_nothing(read, self.language)}."}

    async def _told(self, api: Api, read: Transcript, link: str) -> dict[str, Any]:
        segments = read.segments
        begin = _place(segments, self.start)
        if begin and begin >= len(segments):
            raise InvalidInput(f"start: the transcript has {len(segments)} segments, counted from 0.")
        room = min(self.max_tokens or MAX_TOKENS, api.max_tokens - BESIDE)
        told = {
            "available": True,
            "language": read.language or None,
            "type": read.type,
            "segments": len(segments),
        }
        if self.query is None:
            paragraphs, following = _text(segments, begin, room, timed=bool(self.timestamps))
            return told | {"text": paragraphs} | ({} if following is None else {"next": following})
        hits = found_in([segment.text for segment in segments], self.query)
        page = link or (await link_of(api, str(self.video_id)) if hits else "")
        rows, following = hit_rows(segments, hits, page, begin, room)
        told["matches"] = len(hits)
        if len(rows) < len(hits):
            told["shown"] = len(rows)
        if following is not None:
            rest = f"To see the others, repeat with start={following} and all else as it is."
            told |= {"incomplete": f"{len(rows)} of {len(hits)} hits are shown. {rest}", "next": following}
        return told | {"data": rows}


def _why_nothing(read: Transcript, language: str | None) -> str:
    """Return what a video without a transcript has, an object of "has"."""
    if not read.languages:
        return "no transcript: no subtitles or captions have been made for it or added to it"
    tracks = f"text tracks in {', '.join(read.languages)}"
    if language and not any(same_language(language, each) for each in read.languages):
        return f"no transcript in {language!r}; there are {tracks}"
    return f"{tracks}, but Vimeo has no transcript of them (yet)"


def _place(segments: Sequence[Segment], start: int | str | None) -> int:
    """The number of the first segment to give."""
    if not isinstance(start, str):
        return start or 0
    # The one that is being spoken at that time.
    seconds = seconds_of(start)
    return max((place for place, segment in enumerate(segments) if segment.start <= seconds), default=0)


def _text(segments: Sequence[Segment], begin: int, room: int, *, timed: bool) -> tuple[list[str], int | None]:
    """The text of the segments in paragraphs within `room` tokens; and the first place that is left out.

    One segment is always given, so that every part gets further.

    `timed`: each is a line that begins with its time.
    """
    paragraphs: list[str] = []
    for place in range(begin, len(segments)):
        segment = segments[place]
        text = f"[{clock_of(segment.start)}] {segment.text}" if timed else segment.text
        room -= tokens_in(text) + 2
        if room < 0 and place > begin:
            return paragraphs, place
        if not paragraphs or len(paragraphs[-1]) > PARAGRAPH:
            paragraphs.append(text)
        else:
            paragraphs[-1] += ("\n" if timed else " ") + text
    return paragraphs, None
