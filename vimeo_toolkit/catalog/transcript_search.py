"""Words looked for in the transcripts of many videos, the newest first, within a bounded number of requests.

Vimeo searches no transcripts, so each is read: two requests a video, those of several videos side by side.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.catalog.transcript_hits import MARK
from vimeo_toolkit.catalog.transcript_reading import Transcript
from vimeo_toolkit.catalog.video_conditions import VideoConditions
from vimeo_toolkit.catalog.video_parts import Video
from vimeo_toolkit.catalog.video_search import found_videos
from vimeo_toolkit.errors import Forbidden, InvalidInput, NotFound, RateLimited, VimeoToolkitError
from vimeo_toolkit.runtime.ahead import Ahead
from vimeo_toolkit.token_estimate import tokens_in
from vimeo_toolkit.wire.sending import when_free

__all__ = ["FIELDS", "VIDEOS", "search_transcripts"]

VIDEOS: Final = 25
"""Videos whose transcripts one call reads."""
FIELDS: Final = "uri,name,link"
OF_ONE: Final = 400
"""Tokens of the passages of one video."""
OF_A_ROW: Final = 60
"""Tokens of what stands beside a passage."""
LEAST: Final = 100
_SHORT: Final = 4.0
"""Seconds of the call's time with which no further video is begun."""

MORE: Final = 2
"""Videos that are read beside the next one although the result may be full before their turn comes."""

Read = Callable[[str], Coroutine[Any, Any, Transcript]]
"""Reads the transcript of a video, by its number."""
Tell = Callable[[Video, Transcript, int], Awaitable[Mapping[str, Any]]]
"""Returns what the tool says of one video; takes how many tokens its passages may have."""


async def search_transcripts(
    api: Api, conditions: VideoConditions, read: Read, tell: Tell, *, begin: int, room: int
) -> dict[str, Any]:
    """Return where the words are said in the videos that meet the conditions, a row for each hit.

    Args:
        api: of the call.
        conditions: which videos; the words are not among them.
        read: reads one video.
        tell: says what was found in it.
        begin: how many of the newest were searched before.
        room: tokens for all passages.

    Raises:
        InvalidInput: so many were not searched before.
        VimeoToolkitError: the videos cannot be listed, or nothing of the first can be read.
    """
    found = await found_videos(api, conditions, FIELDS, limit=begin + VIDEOS + 1, sort="newest")
    videos = found.videos[begin:]
    if begin and not videos and not found.incomplete:
        raise InvalidInput(
            f"start: {begin} videos were not there to be searched before, only {len(found.videos)} are meant.",
            hint="Give what the incomplete answer has as next, or leave it out.",
        )
    search = _Search(api, tell, room)
    with closing(api.beside(read)) as transcripts:
        await search.all(videos[:VIDEOS], transcripts)
    left = len(videos) > search.done or bool(found.incomplete)
    return search.result(begin, left=left, incomplete=found.incomplete if not videos[VIDEOS:] else "")


@dataclass(slots=True)
class _Search:
    api: Api
    tell: Tell
    room: int
    done: int = 0
    """Videos that were searched, or cannot be."""
    stopped: str = ""
    hits: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    """Videos whose text tracks Vimeo has no transcript of."""
    more: list[str] = field(default_factory=list)
    """Videos with hits that are not among the rows."""

    async def all(self, videos: Sequence[Video], transcripts: Ahead[str, Transcript]) -> None:
        numbers = [last_part(str(video.get("uri"))) for video in videos]
        for place, video in enumerate(videos):
            if self.done and self.api.time_left() < _SHORT:
                self.stopped = "The call's time is used up"
            elif self.room < LEAST:
                self.stopped = "The result is full"
            else:
                following = numbers[place + 1 : place + self.room // (OF_ONE + OF_A_ROW) + MORE]
                await self._one(video, transcripts.result(numbers[place], following))
            if self.stopped:
                return
            self.done += 1

    async def _one(self, video: Video, read: Awaitable[Transcript]) -> None:
        uri = str(video.get("uri"))
        try:
            told = await self.tell(video, await read, min(OF_ONE, self.room))
        except (Forbidden, NotFound):
            self.without.append(uri)
            return
        except VimeoToolkitError as error:
            if not self.done:
                raise
            self.stopped = when_free(error) if isinstance(error, RateLimited) else error.message
            return
        if not told.get("available"):
            self.without.append(uri)
            return
        matches, hits = int(told.get("matches", 0)), told.get("hits", [])
        self.hits += matches
        passages = _passages(told.get("text", []))
        for hit, text in zip(hits, passages, strict=False):
            self.rows.append({"uri": uri, "name": video.get("name"), **hit, "text": text})
            self.room -= tokens_in(text) + OF_A_ROW
        if matches > min(len(hits), len(passages)):
            self.more.append(uri)

    def result(self, begin: int, *, left: bool, incomplete: str) -> dict[str, Any]:
        """Return the hits, how many videos they are of, and how to go on where others may have some, too.

        Args:
            begin: how many videos were searched before.
            left: there are others.
            incomplete: why the list of videos may have others than were seen.
        """
        following = begin + self.done
        told: dict[str, Any] = {
            "total": self.hits,
            "complete": not left,
            "videos_searched": self.done - len(self.without),
        }
        if left:
            why = self.stopped.rstrip(".") or (incomplete.rstrip(".") if not self.done else "")
            why = f"{why}. " if why else "There are more videos with captions. "
            told["incomplete"] = f"{why}To go on, repeat with start={following} and all else as it is."
            told["next"] = following
        if self.without:
            told["without_transcript"] = self.without
        if self.more:
            told["more_hits_in"] = self.more
        return told | {"data": self.rows}


def _passages(paragraphs: Sequence[str]) -> list[str]:
    """Return for each marked line the line with those beside it."""
    found: list[str] = []
    for paragraph in paragraphs:
        lines = str(paragraph).split("\n")
        found += [
            "\n".join(lines[max(0, place - 1) : place + 2])
            for place, line in enumerate(lines)
            if line.startswith(MARK)
        ]
    return found
