"""What is said in one user's videos, as retrievers and loaders of every framework ask for it: what their adapters
share."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.library.documents import PassageDocument, document_of_hit
from vimeo_toolkit.library.model import Filters
from vimeo_toolkit.run_identity import RunIdentity

if TYPE_CHECKING:
    from vimeo_toolkit.accounts.model import ConnectedAccount
    from vimeo_toolkit.library.search import Found
    from vimeo_toolkit.toolkit import VimeoToolkit

__all__ = ["BoundLibrary"]

_log = logging.getLogger("vimeo_toolkit.library")


@dataclass(frozen=True, slots=True)
class BoundLibrary:
    """The library of one user: what is said in their videos. `VimeoToolkit.bind_library` makes it; it is cheap and
    never changed."""

    toolkit: VimeoToolkit = field(repr=False)
    identity: Identity | None = field(repr=False)
    """Whose it is; in no `repr`, so that no framework's trace holds it."""
    run_identity: RunIdentity | None = field(default=None, repr=False)
    """Names the user of each search, where only a run says who it is."""

    def for_identity(self, identity: Identity) -> BoundLibrary:
        """Return another user's library."""
        return replace(self, identity=identity, run_identity=None)

    def for_run(self, run: Any) -> BoundLibrary:
        """Return the library of the user of this run, where the identifier is a function; else the same.

        Args:
            run: what that function takes: of LangChain the config; None where the framework tells nothing of a run.

        Raises:
            ConfigurationError: the function is an `async def`, failed, or named nobody.
        """
        return self if self.run_identity is None else self.for_identity(self.run_identity.of(run))

    async def afor_run(self, run: Any) -> BoundLibrary:
        """Return the library of the user of this run, see `for_run`; the function may be an `async def`."""
        return self if self.run_identity is None else self.for_identity(await self.run_identity.aof(run))

    @property
    def whose(self) -> dict[str, Any]:
        """The user, as the toolkit's methods take it.

        Raises:
            ConfigurationError: only a run tells who it is.
        """
        if self.identity is None:
            raise ConfigurationError(
                "This library is bound to no user, but to a function that names one for each run.",
                hint="A loader or reader needs the user's id itself as its identifier. Your own code calls what "
                "library.for_run(run) returns.",
            )
        return {
            "connection_name": self.identity.connection_name,
            "identifier": self.identity.identifier,
        }

    def search(self, question: str, limit: int, filters: Filters | None = None) -> list[PassageDocument]:
        """Return the passages that answer a question best, as documents.

        Raises:
            VimeoToolkitError: as `toolkit.library.search`.
        """
        found = self.toolkit.library.search(question, **self.whose, filters=filters, limit=limit)
        return _documents(found, self.toolkit.get_connected_account(**self.whose))

    async def asearch(
        self, question: str, limit: int, filters: Filters | None = None
    ) -> list[PassageDocument]:
        """Return the passages that answer a question best as `search` does, without holding up the event loop."""
        found = await self.toolkit.library.asearch(question, **self.whose, filters=filters, limit=limit)
        return _documents(found, await self.toolkit.aget_connected_account(**self.whose))

    def passages(
        self, videos: Iterable[str | int] | None = None, language: str | None = None
    ) -> Iterator[PassageDocument]:
        """Return an iterator over what is said in the user's videos, see `VimeoToolkit.iterate_passages`."""
        return self.toolkit.iterate_passages(videos, language=language, **self.whose)

    def apassages(
        self, videos: Iterable[str | int] | None = None, language: str | None = None
    ) -> AsyncIterator[PassageDocument]:
        """Return an iterator over what is said in the user's videos, see `VimeoToolkit.aiterate_passages`."""
        return self.toolkit.aiterate_passages(videos, language=language, **self.whose)


def _documents(found: Found, owner: ConnectedAccount) -> list[PassageDocument]:
    if not found.coverage.videos:
        _log.warning(
            "None of the videos that were to be searched are in the index: "
            "toolkit.library.sync(identifier=…) brings it up to date."
        )
    return [document_of_hit(hit, owner) for hit in found.hits]
