"""Words looked for in the transcripts of many videos, the newest first, within a bounded number of requests.

Vimeo searches no transcripts, so each is read: two requests a video, those of several videos side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.catalog.transcript_hits import OF_A_ROW
from vimeo_toolkit.catalog.transcript_reading import Transcript
from vimeo_toolkit.catalog.video_conditions import VideoConditions
from vimeo_toolkit.catalog.video_parts import Video
from vimeo_toolkit.catalog.video_search import found_videos
from vimeo_toolkit.catalog.video_search_told import part_first
from vimeo_toolkit.errors import Forbidden, InvalidInput, NotFound, RateLimited, VimeoToolkitError
from vimeo_toolkit.runtime.ahead import Ahead
from vimeo_toolkit.token_estimate import tokens_in
from vimeo_toolkit.wire.sending import when_free

__all__ = ["FIELDS", "VIDEOS", "search_transcripts"]

VIDEOS: Final = 25
"""Videos whose transcripts one call reads."""
FIELDS: Final = "uri,name,link"
OF_ONE: Final = 400
"""Tokens of the hits of one video, while there may be others in the next ones."""
OF_A_VIDEO: Final = 20
"""Tokens of the address and title in each row."""
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
class _Said:
    """The hits in one video."""

    video: Video
    matches: int
    rows: Sequence[Mapping[str, Any]]
    """The first of them."""
    shown: int = 0
    """How many of the rows are shown."""

    def show(self, room: int) -> int:
        """Show as many more rows as there is room for, and return the tokens that they take."""
        taken = 0
        for row in self.rows[self.shown :]:
            tokens = tokens_in(str(row["text"])) + OF_A_ROW + OF_A_VIDEO
            if taken + tokens > room and (taken or self.shown):
                break
            taken += tokens
            self.shown += 1
        return taken


@dataclass(slots=True)
class _Search:
    api: Api
    tell: Tell
    room: int
    done: int = 0
    """Videos that were searched, or cannot be."""
    stopped: str = ""
    said: list[_Said] = field(default_factory=list)
    languages: Counter[str] = field(default_factory=Counter)
    """Of the transcripts that were searched."""
    not_searched: dict[str, list[str]] = field(default_factory=dict)
    """Why there is nothing to search, and in which videos."""

    async def all(self, videos: Sequence[Video], transcripts: Ahead[str, Transcript]) -> None:
        numbers = [last_part(str(video.get("uri"))) for video in videos]
        for place, video in enumerate(videos):
            if self.done and self.api.time_left() < _SHORT:
                self.stopped = "The call's time is used up"
            elif self.room < LEAST:
                self.stopped = "The result is full"
            else:
                following = numbers[place + 1 : place + self.room // OF_ONE + MORE]
                await self._one(video, transcripts.result(numbers[place], following))
            if self.stopped:
                break
            self.done += 1
        for each in self.said:
            self.room -= each.show(self.room)

    async def _one(self, video: Video, read: Awaitable[Transcript]) -> None:
        try:
            told = await self.tell(video, await read, self.room)
        except (Forbidden, NotFound) as error:
            told = {"message": error.message}
        except VimeoToolkitError as error:
            if not self.done:
                raise
            self.stopped = when_free(error) if isinstance(error, RateLimited) else error.message
            return
        if not told.get("available"):
            self.not_searched.setdefault(str(told["message"]), []).append(str(video.get("uri")))
            return
        self.languages[str(told["language"] or "unknown")] += 1
        if told["matches"]:
            self.said.append(_Said(video, told["matches"], told["data"]))
            self.room -= self.said[-1].show(min(OF_ONE, self.room))

    def result(self, begin: int, *, left: bool, incomplete: str) -> dict[str, Any]:
        """Return the hits, how many videos they are of, and how to go on where others may have some, too.

        Args:
            begin: how many videos were searched before.
            left: there are others.
            incomplete: why the list of videos may have others than were seen.
        """
        following = begin + self.done
        hits, shown = (sum(getattr(each, name) for each in self.said) for name in ("matches", "shown"))
        told: dict[str, Any] = {"total": hits, "complete": not left and hits == shown}
        more = []
        if shown < hits:
            told["shown"] = shown
            more.append(
                f"{shown} of {hits} hits are shown: video_id with the same query shows those of one video."
            )
        if left:
            why = self.stopped.rstrip(".") or (incomplete.rstrip(".") if not self.done else "")
            why = f"{why}. " if why else "There are more videos with captions. "
            more.append(f"{why}To go on, repeat with start={following} and all else as it is.")
        if more:
            told["incomplete"] = " ".join(more)
        if left:
            told["next"] = following
        told["videos_searched"] = self.languages.total()
        if self.languages:
            told["languages"] = dict(self.languages)
        if self.not_searched:
            told["not_searched"] = [
                {"why": why, "videos": videos} for why, videos in self.not_searched.items()
            ]
        if shown < hits:
            told["more_hits_in"] = [
                {"uri": each.video.get("uri"), "hits": each.matches, "shown": each.shown}
                for each in self.said
                if each.shown < each.matches
            ]
        rows = [
            {"uri": each.video.get("uri"), "name": each.video.get("name"), **row}
            for each in self.said
            for row in each.rows[: each.shown]
        ]
        return part_first(told) | {"data": rows}
