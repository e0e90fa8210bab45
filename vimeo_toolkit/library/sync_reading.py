"""A sync's second step: the words of the videos go into the index.

A video's words are kept as a whole or not at all, with the stamp that says that they were read: a sync that was
ended at any moment goes on from there.
"""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Final, NamedTuple

from vimeo_toolkit.errors import BadRequest, Forbidden, NotFound, UnexpectedResponse, VimeoUnavailable
from vimeo_toolkit.library.listing import change_of, changes_between
from vimeo_toolkit.library.model import IndexedVideo, Passage
from vimeo_toolkit.library.passages import passages
from vimeo_toolkit.library.reading import Read, read_video
from vimeo_toolkit.library.sync_run import Listed, Pause, Run
from vimeo_toolkit.runtime.ahead import AT_ONCE
from vimeo_toolkit.wire.format import instant

__all__ = ["asked_meanwhile", "due", "read_words", "to_recheck"]

_NOTE_EVERY: Final = 10
"""Videos after which the progress is noted for others to read."""
_MOST_IN_A_ROW: Final = 4
"""So many videos in a row that Vimeo does not answer for end the work for now."""
_YOUNG: Final = 2 * 86_400.0
"""Seconds after its last change in which Vimeo may still make captions for a video."""
_TURN: Final = 4
"""Passages, about a millisecond of work, after which other threads of the process get their turn."""
_PAUSE: Final = 0.0001
"""Seconds: as long as another thread takes to wake."""


def due(run: Run, full_since: float | None = None) -> list[str]:
    """Return the videos whose words are to be read, the newest first.

    Args:
        run: the sync.
        full_since: those that were read before then are, too.
    """

    def is_due(listed: Listed) -> bool:
        if listed.marks.due:
            return True
        return not listed.silent and (listed.checked <= 0.0 or listed.checked < (full_since or 0.0))

    return [uri for uri, listed in reversed(run.listed.items()) if is_due(listed)]


def to_recheck(run: Run, others: Sequence[str]) -> list[str]:
    """Return the share of the videos beside `others` that is looked at again: the last look is the longest ago."""
    speaking = [uri for uri in run.listed.keys() - set(others) if not run.listed[uri].silent]
    speaking.sort(key=lambda uri: run.listed[uri].checked)
    return speaking[: math.ceil(len(run.listed) * run.options.recheck)]


def asked_meanwhile(run: Run) -> list[str]:
    """Return the videos that another caller wanted to have read while this one was at work. It blocks."""
    failed = set(run.failed)
    asked = [uri for uri, stamp in run.index.stamps().items() if stamp.checked <= 0.0 and uri in run.listed]
    return [uri for uri in asked if not run.listed[uri].silent and uri not in failed]


async def read_words(run: Run, uris: Sequence[str]) -> None:
    """Read the words of videos: those of several are asked for side by side, and kept in their order.

    Raises:
        Pause: Vimeo does not answer for them.
        RateLimited, AccountError, StoreError: the work cannot go on.
    """
    in_a_row = 0
    with closing(run.beside(partial(_asked, run))) as ahead:
        for count, uri in enumerate(uris, 1):
            following = () if in_a_row else uris[count : count + AT_ONCE]
            in_a_row = 0 if await _read(run, uri, ahead.result(uri, following)) else in_a_row + 1
            if in_a_row >= _MOST_IN_A_ROW:
                raise Pause(run.why)
            run.left = max(0, run.left - 1)
            if count % _NOTE_EVERY == 0:
                await run.note()
            await run.api.progress(len(run.listed) - run.left, len(run.listed))


class _Asked(NamedTuple):
    """What Vimeo told of a video's words."""

    video: IndexedVideo
    read: Read
    refused: str = ""
    """Why it does not give them."""


async def _asked(run: Run, uri: str) -> _Asked | None:
    """Ask Vimeo for a video's words; return None for one that is not in the index any more."""
    video = await run.call(run.index.video, uri)
    if video is None:
        return None
    listed = run.listed[uri]
    # A first sync has no requests to spare for chapters that may not be there.
    chapters = listed.silent or bool(listed.marks.read) or not run.first
    try:
        return _Asked(video, await read_video(run, video, chapters=chapters))
    except (BadRequest, Forbidden, NotFound) as error:
        # Vimeo has decided about it: to ask at each sync would cost requests and tell nothing.
        read = Read("none" if listed.silent else "pending", (), video.chapters, video.language)
        return _Asked(video, read, error.message)


async def _read(run: Run, uri: str, asked: Awaitable[_Asked | None]) -> bool:
    """Keep a video's words when Vimeo has told them; return False where it did not answer."""
    try:
        found = await asked
    except (UnexpectedResponse, VimeoUnavailable) as error:
        run.counts.read += 1
        run.unread([uri], error.message, answered=False)
        return False
    if found is None:
        return True
    run.counts.read += 1
    if found.refused:
        run.unread([uri], found.refused)
    if found.read.incomplete:
        run.unread([uri], found.read.incomplete, answered=False)
    else:
        await run.call(_keep, run, found)
    return True


def _keep(run: Run, found: _Asked) -> None:
    """Keep what was read of a video. One that has no words yet is read again at each sync as long as it is young:
    nobody says that its list shows when Vimeo has made them."""
    before, read = found.video, found.read
    listed, now = run.listed[before.uri], run.api.now()
    young = now - (instant(before.modified) or 0.0) < _YOUNG
    settled = bool(found.refused) or read.words != "pending" or not young
    video = replace(before, words=read.words, chapters=read.chapters, language=read.language)
    spoken = list(passages(read.segments, read.language))
    moved = run.index.passages(before.uri) != spoken
    changes = list(changes_between(before, video, now))
    if moved:
        changes.append(
            change_of("captioned", video, now) if spoken else change_of("edited", video, now, ("captions",))
        )
    marks = listed.marks._replace(read=listed.marks.words if settled else "")
    run.listed[before.uri] = kept = Listed(marks, now, listed.silent)
    if marks == listed.marks and video == before and not moved:
        run.index.checked([before.uri], now)
    else:
        run.index.put(video, kept.stamp, _in_turns(spoken) if moved else None, run.told(changes))
    run.known[before.uri] = kept.stamp


def _in_turns(spoken: Iterable[Passage]) -> Iterator[Passage]:
    """Yield passages; between them other threads go on, which would wait for this one's work on their words."""
    for count, passage in enumerate(spoken, 1):
        yield passage
        if count % _TURN == 0:
            time.sleep(_PAUSE)
