"""The words of a video: the text of one of its text tracks.

`GET /videos/{id}/texttracks` lists the tracks, `GET /videos/{id}/transcripts/{track}` gives one as segments with
times in milliseconds (API document, 2024). Others report WebVTT there (2025), so both are read. Which track is in
the language that is spoken, `provenance` tells: Vimeo makes active tracks in other languages, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.ids import VideoNumber
from vimeo_toolkit.catalog.marks import Help
from vimeo_toolkit.catalog.pages import read_list
from vimeo_toolkit.catalog.timecodes import checked_clock, seconds_of
from vimeo_toolkit.catalog.toolsets import library
from vimeo_toolkit.catalog.transcript_hits import MARK, MOST_HITS, hit_rows, link_of, passages
from vimeo_toolkit.catalog.transcript_search import FIELDS, VIDEOS, search_transcripts
from vimeo_toolkit.catalog.video_conditions import VideoConditions
from vimeo_toolkit.catalog.video_search_pages import PageSearch, Reading
from vimeo_toolkit.errors import Forbidden, InvalidInput, NotFound
from vimeo_toolkit.token_estimate import tokens_in
from vimeo_toolkit.uploads.cues import vtt_cues
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.format import json_value

__all__ = ["VideoTranscriptGet"]

SEGMENT: Final = "cue_start,enabled,lines.text"
OF_THE_SOUND: Final = frozenset({"autogen_source_audio", "autogen_live_audio"})
"""Values of `provenance` for what Vimeo heard. Others: `user_uploaded`, and `autogen_dubbed`,
`autogen_translated` and `autogen_alternate_audio` for other languages (a recording, and a newer document)."""

MAX_TOKENS: Final = 1_500
BESIDE: Final = 200
"""Tokens that are kept for what stands beside the text."""
HIT: Final = 40
"""Tokens that are kept for each hit's link."""
PARAGRAPH: Final = 1_200
"""Characters, about; results show a text of up to 4,000 whole."""
MOST_PAGES: Final = 20

Track = Mapping[str, Any]
Place = Annotated[
    Annotated[int, Field(ge=0, le=1_000_000)] | Annotated[str, AfterValidator(checked_clock)],
    WithJsonSchema({"type": "integer"}),
]
"""The number of a segment, or a time such as 1:30."""


@library.get(
    "/videos/{video_id}/texttracks",
    name="vimeo_video_transcript_get",
    scopes={"private"},
    fields="uri,type,language,active,provenance",
    untrusted_parts=("text",),
    error_hints={403: "Transcripts can be read of the user's own videos only."},
)
class VideoTranscriptGet(VideoConditions):
    """Read or search the transcript of a video, or search all: what is said, for a summary, at which minute, the
    text of its subtitles.
    """

    known_inputs: ClassVar[frozenset[str]] = frozenset(VideoConditions.model_fields) - {"query"}
    unlisted_inputs: ClassVar[frozenset[str]] = known_inputs

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
            "Words to find, 200 characters at most: only passages with all of them come, and what is around.",
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
        if self.video_id is not None:
            return await self._of_one(api)

        async def read(video: str, room: int) -> Mapping[str, Any]:
            one = self.model_copy(update={"video_id": video, "max_tokens": room, "start": None})
            return await one._of_one(api)

        begin = self.start if isinstance(self.start, int) else 0
        room = min(self.max_tokens or MAX_TOKENS, api.max_tokens - BESIDE)
        return await search_transcripts(api, self._conditions_of_videos, read, begin=begin, room=room)

    async def _of_one(self, api: Api) -> dict[str, Any]:
        """Ask for the tracks, then for the segments of the best one, and return them. One more request for each
        track that has no segments, and one for the video's link where words were found."""
        listed = await read_list(api, self.request(api.account), MOST_PAGES)
        tracks = [track for track in listed.items if isinstance(track, Mapping)]
        if listed.incomplete:
            api.note(f"The text tracks were not read to their end: {listed.incomplete[:400]}")
        spoken = "" if self.language else await self._spoken(api, tracks)
        for track in _ranked(tracks, self.language, spoken):
            segments = await self._segments(api, track)
            if segments:
                return await self._told(api, track, segments)
        languages = sorted({str(track.get("language")) for track in tracks})
        said = (
            f"no transcript in {self.language!r}; there are text tracks in {', '.join(languages)}"
            if self.language and languages
            else "text tracks, but Vimeo has no transcript of them (yet)"
            if languages
            else "no transcript: no subtitles or captions have been made for it or added to it"
        )
        return {"available": False, "message": f"The video has {said}."}

    async def _spoken(self, api: Api, tracks: Sequence[Track]) -> str:
        """The language of the video, asked for only where its tracks differ and none tells where it is from."""
        if len(set(map(_base, tracks))) < 2 or any(track.get("provenance") for track in tracks):
            return ""
        try:
            video = await api.send(ApiRequest("GET", f"/videos/{self.video_id}", fields="language"))
        except (Forbidden, NotFound):
            return ""
        return _base(video) if isinstance(video, Mapping) else ""

    async def _segments(self, api: Api, track: Track) -> list[_Segment]:
        """A track's segments in their order; [] where it has no transcript, which many answers of 404 say without
        a code."""
        number = str(track.get("uri", "")).rpartition("/")[2]
        if not number.isascii() or not number.isdigit():
            return []
        path = f"/videos/{self.video_id}/transcripts/{number}"
        try:
            # The document has a bare list here; should Vimeo send pages, as for its other lists, all are read.
            read = await read_list(api, ApiRequest("GET", path, fields=SEGMENT, reads=_of_webvtt), MOST_PAGES)
        except NotFound:
            return []
        if read.incomplete:
            api.note(f"The transcript was not read to its end: {read.incomplete[:400]}")
        return _readable([item for item in read.items if isinstance(item, Mapping)])

    async def _told(self, api: Api, track: Track, segments: Sequence[_Segment]) -> dict[str, Any]:
        told: dict[str, Any] = {
            "available": True,
            "language": track.get("language"),
            "type": track.get("type"),
            "segments": len(segments),
        }
        hits: list[int] = []
        chosen = list(range(len(segments)))
        if self.query is not None:
            hits, chosen = passages([segment.text for segment in segments], self.query)
            told["matches"] = len(hits)
        begin = _place(segments, self.start)
        if begin and begin >= len(segments):
            raise InvalidInput(f"start: the transcript has {len(segments)} segments, counted from 0.")
        room = min(self.max_tokens or MAX_TOKENS, api.max_tokens - BESIDE)
        room = max(room - HIT * min(len(hits), MOST_HITS), room // 2)
        timed = bool(self.timestamps) or self.query is not None
        marked = [replace(segment, hit=place in hits) for place, segment in enumerate(segments)]
        paragraphs, following = _text(
            marked, [place for place in chosen if place >= begin], room, timed=timed
        )
        shown = [place for place in hits if begin <= place and (following is None or place < following)]
        if shown:
            link = await link_of(api, str(self.video_id))
            if len(shown) > MOST_HITS:
                api.note(
                    f"The first {MOST_HITS} of these {len(shown)} hits have a link; {MARK.strip()} marks all."
                )
            told["hits"] = hit_rows(link, (segments[place].start for place in shown))
        told["text"] = paragraphs
        if following is not None:
            told["next"] = following
        return told


@dataclass(frozen=True, slots=True)
class _Segment:
    start: float
    """Seconds."""
    text: str
    hit: bool = False
    """It has the words that were looked for."""


def _ranked(tracks: list[Track], language: str | None, told: str = "") -> list[Track]:
    """The tracks to try, the best first.

    In the language that was asked for, else in the one that is spoken; written by people before made by Vimeo of
    the sound, and translations by Vimeo last; shown to viewers; captions.

    `told`: the video's language, where no track tells what is spoken.
    """
    wanted = _code(language)
    readable = [track for track in tracks if track.get("type") in ("captions", "subtitles", None)]
    spoken = {_base(track) for track in readable if _heard(track)} or {_code(told)} - {""}

    def rank(track: Track) -> tuple[bool, bool, bool, bool, bool, bool, str]:
        made = str(track.get("provenance") or "")
        return (
            bool(wanted) and _code(track.get("language")) != wanted,
            not wanted and bool(spoken) and _base(track) not in spoken,
            made.startswith("autogen") and made not in OF_THE_SOUND,
            not track.get("active"),
            made.startswith("autogen") or "autogen" in _code(track.get("language")),
            track.get("type") != "captions",
            str(track.get("uri")),
        )

    return sorted(
        (track for track in readable if not wanted or _base(track) == wanted.partition("-")[0]), key=rank
    )


def _code(language: Any) -> str:
    return str(language or "").strip().lower().replace("_", "-")


def _heard(track: Track) -> bool:
    return track.get("provenance") in OF_THE_SOUND


def _base(track: Track) -> str:
    return _code(track.get("language")).partition("-")[0]


def _of_webvtt(content: bytes) -> list[dict[str, Any]] | None:
    """The segments of a transcript that came as WebVTT, bare or in JSON."""
    text = content.decode("utf-8-sig", "replace").lstrip()
    if text[:1] in '"{':
        try:
            value = json_value(content)
        except ValueError:
            return None
        found = value.values() if isinstance(value, dict) else [value]
        text = next((each for each in found if isinstance(each, str) and each.startswith("WEBVTT")), "")
    if not text.startswith("WEBVTT"):
        return None
    return [{"cue_start": start * 1000, "lines": [{"text": words}]} for start, words in vtt_cues(text)]


def _place(segments: Sequence[_Segment], start: int | str | None) -> int:
    """The number of the first segment to give."""
    if not isinstance(start, str):
        return start or 0
    # The one that is being spoken at that time.
    seconds = seconds_of(start)
    return max((place for place, segment in enumerate(segments) if segment.start <= seconds), default=0)


def _readable(segments: list[Any]) -> list[_Segment]:
    """The segments with text, without those that the transcript's editor has switched off."""
    shown = [segment for segment in segments if segment.get("enabled") is not False] or segments
    found = []
    for segment in shown:
        lines = segment.get("lines")
        texts = [
            line.get("text") if isinstance(line, Mapping) else line
            for line in (lines if isinstance(lines, list) else [segment.get("text")])
        ]
        text = " ".join(" ".join(part for part in texts if isinstance(part, str)).split())
        start = segment.get("cue_start")
        if text:
            found.append(_Segment(start / 1000 if isinstance(start, int | float) else 0.0, text))
    return sorted(found, key=lambda segment: segment.start)


def _text(
    segments: Sequence[_Segment], places: Sequence[int], room: int, *, timed: bool
) -> tuple[list[str], int | None]:
    """The text of these segments in paragraphs within `room` tokens; and the first place that is left out.

    One segment is always given, so that every part gets further.
    """
    paragraphs: list[str] = []
    for count, (place, new, text) in enumerate(_pieces(segments, places, timed=timed)):
        room -= tokens_in(text) + 2
        if room < 0 and count:
            return paragraphs, place
        if new or len(paragraphs[-1]) > PARAGRAPH:
            paragraphs.append(text)
        else:
            paragraphs[-1] += ("\n" if timed else " ") + text
    return paragraphs, None


def _pieces(
    segments: Sequence[_Segment], places: Sequence[int], *, timed: bool
) -> Iterator[tuple[int, bool, str]]:
    """Place, whether a passage begins there, and text, of each segment."""
    before = None
    for place in places:
        segment = segments[place]
        yield (
            place,
            before != place - 1,
            f"{MARK * segment.hit}[{_clock(segment.start)}] {segment.text}" if timed else segment.text,
        )
        before = place


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
