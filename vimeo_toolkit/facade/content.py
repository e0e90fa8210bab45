"""The public methods about what is in users' videos: what changes in a library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vimeo_toolkit.connection import DEFAULT_CONNECTION
from vimeo_toolkit.facade.core import Core
from vimeo_toolkit.facade.opened import user_library

if TYPE_CHECKING:
    from vimeo_toolkit.library.model import Change

__all__ = ["Content"]


class Content(Core):
    """The asynchronous methods about videos' content; `_blocking.BlockingContent` has the blocking ones."""

    async def achanges(
        self,
        connection_name: str = DEFAULT_CONNECTION,
        *,
        identifier: str,
        since: int = 0,
        limit: int = 500,
    ) -> list[Change]:
        """Return what changed in a user's library, the oldest first: videos that are new, edited, deleted,
        captioned or transcoded. Syncs of `toolkit.library` write it, so it is as late as they are. Nothing is sent.

        Args:
            since: the number of the last change that was seen.
            limit: how many at most.

        Raises:
            ConfigurationError: the toolkit was made without `library=`.
            NotConnected, Expired, Revoked: the user has no account that can be used.
            StoreError: the index cannot be read.
        """
        identity = self._context.identity(connection_name, identifier)
        library = await user_library(self._context, self._async, identity)
        return await library.changes(since, limit)
