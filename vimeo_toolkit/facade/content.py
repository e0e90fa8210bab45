"""The public methods about what is in users' videos: what is said in one, and what changes in a library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.connection import DEFAULT_CONNECTION
from vimeo_toolkit.facade.core import Core
from vimeo_toolkit.facade.opened import own_call, usable_account, user_library, video_number
from vimeo_toolkit.library.checking import checked_count

if TYPE_CHECKING:
    from vimeo_toolkit.library.model import Change, Segments

__all__ = ["Content"]


class Content(Core):
    """The asynchronous methods about videos' content; `_blocking.BlockingContent` has the blocking ones."""

    async def atranscript(
        self,
        video_id: str | int,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        language: str | None = None,
    ) -> Segments:
        """Return what is said in a video: the segments of its transcript, with start, end, text and, where Vimeo
        knows, speaker. The list is empty where the video has no transcript (yet). Two requests, seldom more.

        Args:
            video_id: its number, URI or link.
            language: in which it is read, such as `en`; the spoken one by default.

        Raises:
            InvalidInput: `video_id` names no video.
            NotFound, Forbidden: the video is not there, or is not the user's.
            VimeoToolkitError: as `aexecute_tool`.
        """
        from vimeo_toolkit.library.model import Segment, Segments

        identity = self._context.identity(connection_name, identifier)
        spec = CallSpec(
            identity,
            own_call("vimeo_video_segments"),
            {"video_id": video_number(video_id), "language": language},
        )
        result = await self._run(self._aemitting, spec)
        segments = Segments(Segment(*each) for each in result["segments"])
        segments.language = result["language"]
        segments.incomplete = tuple(result["incomplete"])
        return segments

    async def achanges(
        self,
        connection_name: str = DEFAULT_CONNECTION,
        *,
        identifier: str,
        since: int = 0,
        limit: int = 500,
    ) -> list[Change]:
        """Return what changed in a user's library, the oldest first: videos that are new, edited, deleted,
        captioned or transcoded. Syncs of `toolkit.library` write it, so it is as late as they are; what the first
        one finds has not changed. Nothing is sent.

        Args:
            since: the number of the last change that was seen.
            limit: how many at most, 1,000 or fewer.

        Raises:
            InvalidInput: one of these is not such a number.
            ConfigurationError: the toolkit was made without `library=`.
            NotConnected, Expired, Revoked: the user has no account that can be used.
            StoreError: the index cannot be read.
        """
        identity = self._context.identity(connection_name, identifier)
        after, most = checked_count("since", since, 0, 2**63 - 1), checked_count("limit", limit)
        account = await usable_account(self._context, self._async, identity)
        return await user_library(self._context, self._async, account).changes(after, most)
