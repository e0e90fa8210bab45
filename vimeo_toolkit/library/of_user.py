"""One user's library, as the toolkit's methods and the tools use it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

from vimeo_toolkit.accounts.vault import Vault, disconnected
from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.errors import StoreError
from vimeo_toolkit.identity import Owner
from vimeo_toolkit.library.embedding import Embedding
from vimeo_toolkit.library.index import Index, Libraries
from vimeo_toolkit.library.meaning import meaning_of
from vimeo_toolkit.library.model import Change, Filters, IndexedVideo, LibraryStatus, Passage
from vimeo_toolkit.library.search import Found, search
from vimeo_toolkit.library.sync_report import SyncOptions, SyncReport
from vimeo_toolkit.library.syncing import sync
from vimeo_toolkit.observe.events import Event
from vimeo_toolkit.runtime.ports import IO

__all__ = ["UserLibrary"]

DEFAULTS: Final = SyncOptions()

T = TypeVar("T")


class UserLibrary:
    """The library of the Vimeo account that is connected now.

    Args:
        libraries: where it is.
        io: what is acted through.
        owner: whose it is.
        vault: has the account.
        embedding: the model by which meanings are compared, where there is one.
    """

    def __init__(
        self, libraries: Libraries, io: IO, owner: Owner, vault: Vault, embedding: Embedding | None = None
    ) -> None:
        self._libraries = libraries
        self._io = io
        self._owner = owner
        self._vault = vault
        self._embedding = embedding

    async def sync(self, api: Api, options: SyncOptions = DEFAULTS) -> SyncReport:
        """Bring the index up to date, or report how far another caller is who does.

        Args:
            api: sends the requests.
            options: what is looked at.

        Raises:
            NotConnected: the account was disconnected meanwhile; nothing is kept.
            StoreError: the index cannot be written.
            VimeoToolkitError: a request failed; the next sync goes on from there.
        """
        index = await self._io.call(lambda: self._libraries.index(self._owner))
        await self._require_account()  # it may have been deleted, with its index, before this one was begun
        try:
            report = await sync(api, self._io, index, options, self._embedding)
        except StoreError:
            await self._require_account()
            raise
        if not report.elsewhere:
            told = {"videos": report.of, "read": report.read, "removed": report.removed}
            await self._io.emit(Event.about("library.synced", self._owner.identity, told))
        return report

    async def _require_account(self) -> None:
        """Refuse to go on for an account that was deleted or is another Vimeo user's, and leave nothing of it.

        Raises:
            NotConnected: it is so.
        """
        identity = self._owner.identity
        account = await self._vault.load(self._io, identity)
        if account is None:
            await self._io.call(lambda: self._libraries.forget(identity))
        if account is None or account.generation != self._owner.generation:
            raise disconnected(identity)

    async def search(self, question: str, filters: Filters | None = None, limit: int = 10) -> Found:
        """Return the passages that answer a question best, see `library.search.search`.

        Args:
            question: words, "phrases in quotation marks", beginnings of words such as compil*.
            filters: which videos and passages are searched; all by default.
            limit: how many passages at most.

        Raises:
            StoreError: the index cannot be read.
        """
        now = self._io.monotonic()

        def found(index: Index) -> Found:
            meaning, lacking = None, ""
            if self._embedding is not None:
                meaning, lacking = meaning_of(index, question, self._embedding, now)
            found = search(index, question, filters=filters or Filters(), limit=limit, meaning=meaning)
            return replace(found, not_compared=lacking)

        return await self._of(found)

    async def status(self, filters: Filters | None = None) -> LibraryStatus:
        """Return what the index has, and how old it is.

        Raises:
            StoreError: the index cannot be read.
        """
        return await self._of(
            lambda index: LibraryStatus.of_state(
                index.coverage(filters or Filters()), index.state(), self._vectors(index)
            )
        )

    def _vectors(self, index: Index) -> tuple[int, int] | None:
        if self._embedding is None:
            return None
        kept = index.vectors()
        return kept.having_of(self._embedding.name), kept.passages

    async def video(self, uri: str) -> IndexedVideo | None:
        """Return a video as the index knows it; None where it does not."""
        return await self._of(lambda index: index.video(uri))

    async def passages(self, uri: str) -> list[Passage]:
        """Return a video's spoken passages in their order."""
        return await self._of(lambda index: index.passages(uri))

    async def passages_of(self, shown: IndexedVideo) -> list[Passage] | None:
        """Return the spoken passages of a video that is still as it was when its words were read; None where it is
        not, or where it had none.

        Args:
            shown: as Vimeo shows it now, see `listing.shown_video`.
        """
        known = await self.video(shown.uri)
        if known is None or known.words != "captions":
            return None
        same = (known.modified, dict(known.more)) == (shown.modified, dict(shown.more))
        return await self.passages(shown.uri) if same else None

    async def changes(self, since: int = 0, limit: int = 500) -> list[Change]:
        """Return what syncs saw change after the change of this number, the oldest first."""
        return await self._of(lambda index: index.changes(since, limit))

    async def _of(self, asked: Callable[[Index], T]) -> T:
        return await self._io.call(lambda: asked(self._libraries.index(self._owner)))
