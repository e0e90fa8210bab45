"""Read what is said in a user's videos, a video at a time: what `iterate_passages` walks."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final

from vimeo_toolkit.accounts import records
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.calls.paging import Pager
from vimeo_toolkit.calls.result import ToolResult
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.errors import Forbidden, NotFound, VimeoToolkitError
from vimeo_toolkit.facade.opened import own_call, usable_account, user_library, video_number
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.library.documents import PassageDocument, document_of
from vimeo_toolkit.library.listing import shown_video
from vimeo_toolkit.library.model import IndexedVideo, Passage, Segment
from vimeo_toolkit.library.passages import passages
from vimeo_toolkit.runtime.ports import IO

__all__ = ["Loading"]

AT_ONCE: Final = 100
"""Videos of which one request tells."""

_log = logging.getLogger("vimeo_toolkit.library")

Run = Callable[[IO, CallSpec], Awaitable[ToolResult]]


class Loading:
    """Where the reading of a user's transcripts stands.

    Args:
        ctx: has the accounts, and the index where there is one.
        run: makes a call.
        identity: the user.
        videos: numbers, URIs or links; None for all of the user's.
        language: of the captions to read; the spoken one by default.

    Raises:
        InvalidInput: one of `videos` names none.
    """

    def __init__(
        self,
        ctx: Context,
        run: Run,
        identity: Identity,
        videos: Iterable[str | int] | None,
        language: str | None,
    ) -> None:
        self._ctx = ctx
        self._run = run
        self._identity = identity
        self._named = None if videos is None else deque(dict.fromkeys(map(video_number, videos)))
        self._language = language
        self._pager = Pager(own_call("vimeo_library_videos"), None, None)
        self._waiting: deque[IndexedVideo] = deque()
        self._owner: AccountRecord | None = None
        self._read = self._silent = 0

    async def following(self, io: IO) -> list[PassageDocument] | None:
        """Return the passages of the next video, [] where it has no captions; None behind the last video.

        Raises:
            VimeoToolkitError: see `Passages.aiterate_passages`.
        """
        if self._owner is None:
            self._owner = await records.get_account(self._ctx, io, self._identity)
        while not self._waiting:
            if not await self._next_videos(io):
                _log.info("%d videos were read; %d of them have no transcript.", self._read, self._silent)
                return None
        video = self._waiting.popleft()
        try:
            said = await self._said(io, video)
        except (NotFound, Forbidden):
            if self._named is not None:
                raise
            return []  # it was deleted between the list and now
        self._read += 1
        self._silent += not said
        return [document_of(video, passage, self._owner.public()) for passage in said]

    async def _said(self, io: IO, video: IndexedVideo) -> Sequence[Passage]:
        """Return a video's passages: of the index where that has read them as they are, or else of Vimeo."""
        if video.words == "none":
            return []
        if self._language is None and self._ctx.libraries is not None:
            account = await usable_account(self._ctx, io, self._identity)
            known = await user_library(self._ctx, io, account).passages_of(video)
            if known is not None:
                return known
        said = await self._call(io, "vimeo_video_segments", video_id=video.uri, language=self._language)
        language = str(said["language"]).partition("-x-")[0] or video.language
        return list(passages((Segment(*each) for each in said["segments"]), language))

    async def _next_videos(self, io: IO) -> bool:
        """Ask what there is to know of the next videos; return whether there may be any."""
        if self._named is not None:
            return await self._next_named(io, self._named)
        if self._pager.page is None:
            return False
        wanted = self._pager.input_of(self._pager.page)
        try:
            result = await self._call(io, "vimeo_library_videos", **wanted)
        except VimeoToolkitError as error:
            self._pager.failed(error)
            return False
        self._waiting.extend(filter(None, map(shown_video, self._pager.items_of(result))))
        return True

    async def _next_named(self, io: IO, named: deque[str]) -> bool:
        numbers = [named.popleft() for _ in range(min(AT_ONCE, len(named)))]
        if not numbers:
            return False
        rows = (await self._call(io, "vimeo_videos_shown", videos=numbers))["data"]
        shown = (shown_video(row) for row in rows if isinstance(row, dict))
        there = {video.uri: video for video in shown if video is not None}
        for uri in (f"/videos/{number}" for number in numbers):
            # The words of one that is missing are asked for all the same: the error says why.
            self._waiting.append(there.get(uri) or IndexedVideo(uri, "", "", words="pending"))
        return True

    async def _call(self, io: IO, name: str, **given: Any) -> ToolResult:
        return await self._run(io, CallSpec(self._identity, own_call(name), given))
