"""The public methods of `toolkit.library`: bring the index of a user's library up to date, ask it, delete it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.accounts.belongings import forget_library
from vimeo_toolkit.accounts.left_libraries import sweep_libraries
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.connection import DEFAULT_CONNECTION
from vimeo_toolkit.errors import StoreError
from vimeo_toolkit.facade.core import Part
from vimeo_toolkit.facade.opened import (
    own_call,
    require_libraries,
    usable_account,
    user_library,
    video_number,
)
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.library.checking import checked_count, checked_filters, checked_question
from vimeo_toolkit.library.sync_report import RECHECK, SyncReport
from vimeo_toolkit.observe.callables import require_sync
from vimeo_toolkit.runtime.ports import IO

if TYPE_CHECKING:
    from vimeo_toolkit.library.model import Filters, LibraryStatus, Passage
    from vimeo_toolkit.library.search import Found

__all__ = ["LibraryMethods"]

_log = logging.getLogger(__name__)

_SWEEP: Final = 3_600.0
"""Seconds between two looks for indexes that nobody may search any more."""


class LibraryMethods(Part):
    """The asynchronous methods about libraries; `_blocking.BlockingLibraryMethods` has the blocking ones."""

    _sweep_at = float("-inf")

    async def async_sync(
        self,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        full: bool = False,
        recheck: float = RECHECK,
        videos: Iterable[str | int] | None = None,
        progress: Callable[[int, int], Any] | None = None,
    ) -> SyncReport:
        """Bring the index of a user's library up to date, and return what was done: one request for each hundred
        videos, and two for each whose words have to be read.

        It goes out of the way of this user's other calls, and waits for the next window where their request limit
        is used up. It can be ended at any moment, by a cancellation, Ctrl-C or a kill: the next one goes on from
        there. One caller works on a library at a time; another is told how far that one is.

        Args:
            full: read the words of all videos, whatever seems to be unchanged.
            recheck: of which share of the videos, 0 to 1, the words are read again although nothing says that they
                changed, those read the longest ago first. Whether an edited caption shows otherwise is not
                documented: such an edit is in the index after 1 / `recheck` syncs at the latest, 20 by default.
            videos: only these, by number, URI or link, such as those that a webhook tells of.
            progress: is told how many videos are done, and of how many. What it raises ends the sync.

        Raises:
            ConfigurationError: the toolkit was made without `library=`.
            InvalidInput: one of `videos` names none, or `recheck` is not a share.
            NotConnected, Expired, Revoked, MissingScope: the user has to grant access.
            VimeoToolkitError: a request failed; the next sync goes on from there.
        """
        identity = self._context.identity(connection_name, identifier)
        require_libraries(self._context)
        listed = [videos] if isinstance(videos, str) else videos
        numbers = None if listed is None else [video_number(video) for video in listed]
        given = {"full": full, "recheck": recheck, "videos": numbers}
        return await self._synced(self._aemitting, identity, given, progress)

    async def asearch(
        self,
        question: str,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        filters: Filters | None = None,
        limit: int = 10,
    ) -> Found:
        """Return the passages of a user's library that answer a question best. Nothing is sent to Vimeo.

        Args:
            question: words, "phrases in quotation marks", beginnings of words such as compil*.
            filters: which videos and passages are searched; all by default.
            limit: how many passages at most, 1,000 or fewer.

        Returns what was found, by video, each hit with a link to its second, and what could not be searched.

        Raises:
            InvalidInput: the question says nothing or is longer than 1,000 characters, or a filter cannot be read.
            ConfigurationError: the toolkit was made without `library=`.
            NotConnected, Expired, Revoked: the user has no account that can be used.
            StoreError: the index cannot be read.
        """
        asked, most = checked_question(question), checked_count("limit", limit)
        identity = self._context.identity(connection_name, identifier)
        account = await usable_account(self._context, self._async, identity)
        library = user_library(self._context, self._async, account)
        return await library.search(asked, checked_filters(filters, account.vimeo_uri), most)

    async def astatus(
        self,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        filters: Filters | None = None,
    ) -> LibraryStatus:
        """Return what the index has of a user's library, and when it was brought up to date. Nothing is sent.

        Args:
            filters: which videos are counted; all by default.

        Raises:
            ConfigurationError, NotConnected, Expired, Revoked, StoreError: as `asearch`.
        """
        identity = self._context.identity(connection_name, identifier)
        account = await usable_account(self._context, self._async, identity)
        library = user_library(self._context, self._async, account)
        return await library.status(checked_filters(filters, account.vimeo_uri))

    async def apassages(
        self, video: str | int, *, identifier: str, connection_name: str = DEFAULT_CONNECTION
    ) -> list[Passage]:
        """Return what is said in a video as the index has it: passages in their order, with start and end. They are
        [] where the video has no captions, or is not in the index. Nothing is sent.

        Args:
            video: its number, URI or link.

        Raises:
            InvalidInput: `video` names none.
            ConfigurationError, NotConnected, Expired, Revoked, StoreError: as `asearch`.
        """
        identity = self._context.identity(connection_name, identifier)
        uri = f"/videos/{video_number(video)}"
        account = await usable_account(self._context, self._async, identity)
        return await user_library(self._context, self._async, account).passages(uri)

    async def aforget(self, *, identifier: str, connection_name: str = DEFAULT_CONNECTION) -> bool:
        """Delete the index of a user's library; return whether there was one. It needs no account, and is done by
        `adelete_connected_account`, too. A later sync makes it anew.

        Raises:
            ConfigurationError: the toolkit was made without `library=`.
            StoreError: it cannot be deleted.
        """
        identity = self._context.identity(connection_name, identifier)
        require_libraries(self._context)
        return await forget_library(self._context, self._aemitting, identity, cause="asked")

    async def asweep(self) -> int:
        """Delete the indexes of accounts that Vimeo refused `keep_library_days` ago or earlier, and those as old
        that belong to no account; return how many. A sync does it, too, at most once an hour in each process.

        Raises:
            ConfigurationError: the toolkit was made without `library=`.
            StoreError: the store or an index failed; it can be called again.
        """
        require_libraries(self._context)
        return await sweep_libraries(self._context, self._aemitting)

    async def _synced(
        self,
        io: IO,
        identity: Identity,
        given: dict[str, Any],
        progress: Callable[[int, int], Any] | None,
    ) -> SyncReport:
        if not io.may_await:
            require_sync(progress, "The progress function")
        spec = CallSpec(
            identity, own_call("vimeo_library_sync"), given, on_progress=progress, background=True
        )
        result = await self._toolkit._run(io, spec)
        if io.monotonic() >= self._sweep_at:
            self._sweep_at = io.monotonic() + _SWEEP
            try:
                await sweep_libraries(self._context, io)
            except StoreError as error:  # the sync is done all the same
                _log.warning("Indexes that nobody may search any more were not looked for: %s", error)
        return SyncReport.of_json(result)
