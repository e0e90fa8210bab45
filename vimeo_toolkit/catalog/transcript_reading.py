"""Read what is said in a video, as segments with times: the one place that asks Vimeo for transcripts.

`GET /videos/{id}/texttracks` lists the tracks, `GET /videos/{id}/transcripts/{track}` gives one as segments with
times in milliseconds (API document, 2024). Others report WebVTT there (2025), so both are read. Which track is in
the language that is spoken, `provenance` tells: Vimeo makes active tracks in other languages, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from vimeo_toolkit.catalog.api import Sends
from vimeo_toolkit.catalog.pages import read_list
from vimeo_toolkit.errors import Forbidden, NotFound
from vimeo_toolkit.library.model import Segment
from vimeo_toolkit.uploads.cues import vtt_cues
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.format import json_value

__all__ = ["TRACKS", "Transcript", "same_language", "segments_of"]

TRACKS: Final = "uri,type,language,active,provenance"
SEGMENT: Final = "cue_start,cue_end,enabled,speaker,lines.text,lines.voice"
OF_THE_SOUND: Final = frozenset({"autogen_source_audio", "autogen_live_audio"})
"""Values of `provenance` for what Vimeo heard. Others: `user_uploaded`, and `autogen_dubbed`,
`autogen_translated` and `autogen_alternate_audio` for other languages (a recording, and a newer document)."""
MOST_PAGES: Final = 20

Track = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of one text track; without any where the video has no transcript."""

    segments: tuple[Segment, ...] = ()
    language: str = ""
    """As Vimeo writes it, such as `en-US` or `en-x-autogen`."""
    type: str | None = None
    languages: tuple[str, ...] = ()
    """Of all of the video's tracks."""
    incomplete: tuple[str, ...] = ()
    """What was not read to its end and why, sentences."""


async def segments_of(
    api: Sends,
    video_id: str,
    language: str | None = None,
    *,
    spoken: str | None = None,
    most: int | None = None,
) -> Transcript:
    """Return what is said in a video: the segments of its best track that has any.

    Two requests; one more for each track that has no segments, and one where tracks of several languages do not
    tell which is spoken.

    Args:
        api: sends them.
        video_id: the video's number.
        language: in which it is read; the spoken one when left out.
        spoken: the video's language, where it is known already; "" for none.
        most: how many tracks are tried; all when left out.

    Raises:
        VimeoToolkitError: the tracks, or one of their transcripts, cannot be read.
    """
    request = ApiRequest("GET", f"/videos/{video_id}/texttracks", fields=TRACKS)
    listed = await read_list(api, request, MOST_PAGES)
    tracks = [track for track in listed.items if isinstance(track, Mapping)]
    incomplete = (
        [f"The text tracks were not read to their end: {listed.incomplete[:400]}"]
        if listed.incomplete
        else []
    )
    if spoken is None:
        spoken = "" if language else await _spoken(api, video_id, tracks)
    languages = tuple(sorted({str(track.get("language")) for track in tracks}))
    for track in _ranked(tracks, language, spoken)[:most]:
        segments, broken = await _segments(api, video_id, track)
        if broken:
            incomplete.append(f"The transcript was not read to its end: {broken[:400]}")
        if segments:
            code = track.get("language")
            return Transcript(
                tuple(segments),
                code if isinstance(code, str) else "",
                track.get("type"),
                languages,
                tuple(incomplete),
            )
    return Transcript(languages=languages, incomplete=tuple(incomplete))


async def _spoken(api: Sends, video_id: str, tracks: Sequence[Track]) -> str:
    """The language of the video, asked for only where its tracks differ and none tells where it is from."""
    if len(set(map(_base, tracks))) < 2 or any(track.get("provenance") for track in tracks):
        return ""
    try:
        video = await api.send(ApiRequest("GET", f"/videos/{video_id}", fields="language"))
    except (Forbidden, NotFound):
        return ""
    return _base(video) if isinstance(video, Mapping) else ""


async def _segments(api: Sends, video_id: str, track: Track) -> tuple[list[Segment], str]:
    """A track's segments in their order, and why not all were read; none where it has no transcript, which many
    answers of 404 say without a code."""
    number = str(track.get("uri", "")).rpartition("/")[2]
    if not number.isascii() or not number.isdigit():
        return [], ""
    path = f"/videos/{video_id}/transcripts/{number}"
    try:
        # The document has a bare list here; should Vimeo send pages, as for its other lists, all are read.
        read = await read_list(api, ApiRequest("GET", path, fields=SEGMENT, reads=_of_webvtt), MOST_PAGES)
    except NotFound:
        return [], ""
    return _readable([item for item in read.items if isinstance(item, Mapping)]), read.incomplete


def _ranked(tracks: list[Track], language: str | None, told: str = "") -> list[Track]:
    """The tracks to try, the best first.

    In the language that was asked for, else in the one that is spoken; written by people before made by Vimeo of
    the sound, and translations by Vimeo last; shown to viewers; captions.

    `told`: the video's language, where no track tells what is spoken.
    """
    wanted = _code(language)
    readable = [track for track in tracks if track.get("type") in ("captions", "subtitles", None)]
    heard = {_base(track) for track in readable if track.get("provenance") in OF_THE_SOUND}
    spoken = heard or {_code(told).partition("-")[0]} - {""}

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
        (track for track in readable if not wanted or same_language(wanted, track.get("language"))), key=rank
    )


def same_language(code: Any, other: Any) -> bool:
    """Return whether two codes are of one language, as `en` and `en-US` are."""
    return _code(code).partition("-")[0] == _code(other).partition("-")[0]


def _code(language: Any) -> str:
    return str(language or "").strip().lower().replace("_", "-")


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
    return [
        {
            "cue_start": cue.start * 1000,
            "cue_end": cue.end * 1000,
            "lines": [{"text": cue.text, "voice": cue.voice}],
        }
        for cue in vtt_cues(text)
    ]


def _readable(segments: list[Track]) -> list[Segment]:
    """The segments with text, without those that the transcript's editor has switched off.

    One without an end lasts until the next one begins.
    """
    shown = [segment for segment in segments if segment.get("enabled") is not False] or segments
    found: list[tuple[float, float | None, str, str]] = []
    for segment in shown:
        lines = segment.get("lines")
        lines = lines if isinstance(lines, list) else [segment.get("text")]
        texts = [line.get("text") if isinstance(line, Mapping) else line for line in lines]
        text = " ".join(" ".join(part for part in texts if isinstance(part, str)).split())
        if text:
            start = _seconds(segment.get("cue_start")) or 0.0
            found.append((start, _seconds(segment.get("cue_end")), text, _speaker(segment, lines)))
    found.sort(key=lambda each: each[0])
    return [
        Segment(start, _end(start, end, following[0] if following else None), text, speaker)
        for (start, end, text, speaker), following in zip_longest(found, found[1:])
    ]


def _seconds(milliseconds: Any) -> float | None:
    is_number = isinstance(milliseconds, int | float) and not isinstance(milliseconds, bool)
    return milliseconds / 1000 if is_number and milliseconds >= 0 else None


def _end(start: float, end: float | None, following: float | None) -> float:
    return max(start, end if end is not None else following if following is not None else start)


def _speaker(segment: Track, lines: list[Any]) -> str:
    """Who speaks: the name of a line's voice, where all lines have the same one, else Vimeo's own identifier."""
    voices = {line.get("voice") if isinstance(line, Mapping) else None for line in lines}
    voice = voices.pop() if len(voices) == 1 else None
    for said in (voice, segment.get("speaker")):
        if isinstance(said, str) and said.strip():
            return " ".join(said.split())[:200]
    return ""
