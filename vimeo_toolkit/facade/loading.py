"""Read what is said in a user's videos, a video at a time: what `iterate_passages` walks."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final

from vimeo_toolkit.accounts import records
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import ConnectedAccount
from vimeo_toolkit.calls.paging import Pager
from vimeo_toolkit.calls.result import ToolResult
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.catalog.selection import find_tool
from vimeo_toolkit.errors import Forbidden, NotFound, VimeoToolkitError
from vimeo_toolkit.facade.opened import own_call, video_number
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.library.documents import PassageDocument, document_of
from vimeo_toolkit.library.model import IndexedVideo, Segment
from vimeo_toolkit.runtime.ports import IO

__all__ = ["Loading"]

AT_ONCE: Final = 100
"""Videos of which one request tells."""

_log = logging.getLogger("vimeo_toolkit.library")

Run = Callable[[IO, CallSpec], Awaitable[ToolResult]]


class Loading:
    """Where the reading of a user's transcripts stands.

    Args:
        ctx: has the accounts.
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
        self._pager = Pager(find_tool("vimeo_my_videos_list"), None, None)
        self._rows: deque[Mapping[str, Any]] = deque()
        self._owner: ConnectedAccount | None = None
        self._read = self._silent = 0

    async def following(self, io: IO) -> list[PassageDocument] | None:
        """Return the passages of the next video, [] where it has no captions; None behind the last video.

        Raises:
            VimeoToolkitError: see `Passages.aiterate_passages`.
        """
        if self._owner is None:
            self._owner = (await records.get_account(self._ctx, io, self._identity)).public()
        while not self._rows:
            if not await self._next_rows(io):
                _log.info("%d videos were read; %d of them have no transcript.", self._read, self._silent)
                return None
        video = _video(self._rows.popleft())
        try:
            said = await self._call(
                io, own_call("vimeo_video_segments"), video_id=video.uri, language=self._language
            )
        except (NotFound, Forbidden):
            if self._named is not None:
                raise
            return []  # it was deleted, or somebody else's, between the list and now
        self._read += 1
        self._silent += not said["segments"]
        segments = [Segment(*each) for each in said["segments"]]
        language = said["language"].partition("-x-")[0]
        from vimeo_toolkit.library.passages import passages  # its stemmers load slowly

        return [document_of(video, each, self._owner) for each in passages(segments, language)]

    async def _next_rows(self, io: IO) -> bool:
        """Ask for facts about the next videos; return whether there may be any."""
        if self._named is not None:
            return await self._next_named(io, self._named)
        wanted = self._pager.next_input()
        if wanted is None:
            return False
        try:
            result = await self._call(io, find_tool("vimeo_my_videos_list"), **wanted)
        except VimeoToolkitError as error:
            self._pager.failed(error)
            return False
        self._rows.extend(self._pager.items_of(result))
        return True

    async def _next_named(self, io: IO, named: deque[str]) -> bool:
        wanted = [named.popleft() for _ in range(min(AT_ONCE, len(named)))]
        if not wanted:
            return False
        found = (await self._call(io, find_tool("vimeo_videos_get"), videos=wanted))["data"]
        there = {str(row["uri"]).split("/")[2].partition(":")[0]: row for row in found if row}
        for number in wanted:
            # Asked for alone, one that is missing is an error that says why.
            self._rows.append(
                there.get(number) or await self._call(io, find_tool("vimeo_video_get"), video_id=number)
            )
        return True

    async def _call(self, io: IO, tool: Any, **given: Any) -> ToolResult:
        return await self._run(io, CallSpec(self._identity, tool, given))


def _video(row: Mapping[str, Any]) -> IndexedVideo:
    """Return a video as Vimeo tells of it, as far as documents need it."""
    return IndexedVideo(
        uri=f"/videos/{video_number(str(row['uri']))}",
        name=str(row.get("name") or ""),
        link=str(row.get("link") or ""),
        created=str(row.get("created_time") or ""),
        privacy=str((row.get("privacy") or {}).get("view") or ""),
        folder=str((row.get("parent_folder") or {}).get("uri") or ""),
        language=str(row.get("language") or ""),
    )
