"""The public methods of `toolkit.library`: bring the index of a user's library up to date, ask it, delete it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vimeo_toolkit.accounts.belongings import forget_library
from vimeo_toolkit.connection import DEFAULT_CONNECTION
from vimeo_toolkit.facade.core import Part
from vimeo_toolkit.facade.opened import require_libraries, user_library, video_number

if TYPE_CHECKING:
    from vimeo_toolkit.library.model import Filters, LibraryStatus, Passage
    from vimeo_toolkit.library.search import Found

__all__ = ["Library"]


class Library(Part):
    """The indexes of users' libraries; `_blocking.BlockingLibrary` has the blocking methods.

    A toolkit has them where it was made with `library=`; else all of these raise `ConfigurationError`.
    """

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
            limit: how many passages at most.

        Returns what was found, by video, each hit with a link to its second, and what could not be searched.

        Raises:
            ConfigurationError: the toolkit was made without `library=`.
            NotConnected, Expired, Revoked: the user has no account that can be used.
            StoreError: the index cannot be read.
        """
        identity = self._context.identity(connection_name, identifier)
        library = await user_library(self._context, self._async, identity)
        return await library.search(question, filters, limit)

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
        library = await user_library(self._context, self._async, identity)
        return await library.status(filters)

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
        library = await user_library(self._context, self._async, identity)
        return await library.passages(uri)

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
