"""Read what one video says and how it is divided: its transcript and its chapters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vimeo_toolkit.catalog.api import Sends
from vimeo_toolkit.catalog.pages import read_list
from vimeo_toolkit.catalog.projections import CHAPTER
from vimeo_toolkit.catalog.transcript_reading import segments_of
from vimeo_toolkit.catalog.video_parts import number_at
from vimeo_toolkit.library.model import IndexedVideo, Segment, Words
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["Read", "read_video"]

MOST_TRACKS: Final = 3
"""How many text tracks are tried where Vimeo has no transcript of the best one."""
MOST_PAGES: Final = 20


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a video."""

    words: Words
    segments: tuple[Segment, ...]
    chapters: tuple[tuple[float, str], ...]
    language: str
    """The transcript's, or the video's own."""
    incomplete: str = ""
    """What was not read to its end, a sentence."""


async def read_video(api: Sends, video: IndexedVideo, *, chapters: bool) -> Read:
    """Read a video's words, and its chapters where there may be any.

    Two requests for the words, none where it is known to have no text tracks; one for the chapters.

    Args:
        api: sends them.
        video: as the index knows it.
        chapters: read those of a video of which Vimeo does not say whether it has any, too.

    Raises:
        VimeoToolkitError: they cannot be read.
    """
    number = video.uri.rpartition("/")[2]
    incomplete: list[str] = []
    words: Words = "none"
    segments: tuple[Segment, ...] = ()
    language = video.language
    if video.more.get("tracks") != 0:
        transcript = await segments_of(api, number, spoken=video.language, most=MOST_TRACKS)
        incomplete += transcript.incomplete
        segments = transcript.segments
        if segments:
            language = transcript.language.partition("-x-")[0] or language
        words = "captions" if segments else "pending" if transcript.languages else "none"
    if words == "none" and video.more.get("status") == "processing":
        words = "pending"
    divided = video.chapters
    has_chapters = video.more.get("chapters")
    if has_chapters or (has_chapters is None and chapters):
        divided, broken = await _chapters(api, number)
        incomplete += broken
    return Read(words, segments, divided, language, " ".join(incomplete))


async def _chapters(api: Sends, number: str) -> tuple[tuple[tuple[float, str], ...], list[str]]:
    request = ApiRequest("GET", f"/videos/{number}/chapters", {"per_page": "100"}, fields=CHAPTER)
    listed = await read_list(api, request, MOST_PAGES)
    found = []
    for chapter in listed.items:
        begins = number_at(chapter, "timecode") if isinstance(chapter, Mapping) else None
        if begins is not None and isinstance(title := chapter.get("title"), str) and title.strip():
            found.append((begins, title))
    broken = [f"The chapters were not read to their end: {listed.incomplete[:400]}"] * bool(listed.incomplete)
    return tuple(sorted(found)), broken
