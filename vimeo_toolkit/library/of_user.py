"""One user's library, as the toolkit's methods and the tools use it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from vimeo_toolkit.identity import Owner
from vimeo_toolkit.library.index import Index, Libraries
from vimeo_toolkit.library.model import Change, Filters, IndexedVideo, LibraryStatus, Passage
from vimeo_toolkit.library.search import Found, search
from vimeo_toolkit.runtime.ports import IO

__all__ = ["UserLibrary"]

T = TypeVar("T")


class UserLibrary:
    """The library of the Vimeo account that is connected now.

    Args:
        libraries: where it is.
        io: what is acted through.
        owner: whose it is.
    """

    def __init__(self, libraries: Libraries, io: IO, owner: Owner) -> None:
        self._libraries = libraries
        self._io = io
        self._owner = owner

    async def search(self, question: str, filters: Filters | None = None, limit: int = 10) -> Found:
        """Return the passages that answer a question best, see `library.search.search`.

        Args:
            question: words, "phrases in quotation marks", beginnings of words such as compil*.
            filters: which videos and passages are searched; all by default.
            limit: how many passages at most.

        Raises:
            StoreError: the index cannot be read.
        """
        return await self._of(
            lambda index: search(index, question, filters=filters or Filters(), limit=limit)
        )

    async def status(self, filters: Filters | None = None) -> LibraryStatus:
        """Return what the index has, and how old it is.

        Raises:
            StoreError: the index cannot be read.
        """
        return await self._of(
            lambda index: LibraryStatus.of_state(index.coverage(filters or Filters()), index.state())
        )

    async def video(self, uri: str) -> IndexedVideo | None:
        """Return a video as the index knows it; None where it does not."""
        return await self._of(lambda index: index.video(uri))

    async def passages(self, uri: str) -> list[Passage]:
        """Return a video's spoken passages in their order."""
        return await self._of(lambda index: index.passages(uri))

    async def changes(self, since: int = 0, limit: int = 500) -> list[Change]:
        """Return what syncs saw change after the change of this number, the oldest first."""
        return await self._of(lambda index: index.changes(since, limit))

    async def _of(self, asked: Callable[[Index], T]) -> T:
        return await self._io.call(lambda: asked(self._libraries.index(self._owner)))
