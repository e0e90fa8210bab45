"""The public methods by which frameworks' retrievers and loaders reach what is said in a user's videos."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING, cast

from vimeo_toolkit.bound_library import BoundLibrary
from vimeo_toolkit.connection import DEFAULT_CONNECTION
from vimeo_toolkit.facade.core import Core
from vimeo_toolkit.facade.opened import require_libraries
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.library.documents import PassageDocument
from vimeo_toolkit.run_identity import Identify, whose_tools

if TYPE_CHECKING:
    from vimeo_toolkit.toolkit import VimeoToolkit

__all__ = ["Passages"]


class Passages(Core):
    """The asynchronous methods about passages; `_blocking.BlockingPassages` has the blocking ones."""

    def bind_library(
        self,
        connection_name: str = DEFAULT_CONNECTION,
        identifier: str | Identify = "",
        *,
        searched: bool = False,
    ) -> BoundLibrary:
        """Return the library of one user: what retrievers and loaders of every framework stand on.

        Args:
            connection_name: the registered Vimeo app.
            identifier: your product's id of the user, or a function that returns it for each run, see `Identify`
                and `BoundLibrary.for_run`.
            searched: refuse it now where this toolkit keeps no index to search.

        Raises:
            InvalidInput: the identifier is empty.
            ConfigurationError: there is no such connection; or with `searched`, and the toolkit was made without
                `library=`.
        """
        if searched:
            require_libraries(self._context)
        whose = whose_tools(self._context, connection_name, identifier, {})
        identity, of_run = (whose, None) if isinstance(whose, Identity) else (None, whose)
        return BoundLibrary(cast("VimeoToolkit", self), identity, of_run)

    def aiterate_passages(
        self,
        videos: Iterable[str | int] | None = None,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        language: str | None = None,
    ) -> AsyncIterator[PassageDocument]:
        """Return an iterator over what is said in a user's videos, passage by passage. It needs no index:
        a request for a hundred videos, and two for each that has captions. Where the toolkit was made with
        `library=`, videos that are as its last sync saw them cost none. A video without captions gives nothing; how
        many those were is logged at INFO.

        Args:
            videos: their numbers, URIs or links; all of the user's by default.
            language: a code such as `de`: the captions in it, and no others. The spoken language by default.

        Raises:
            InvalidInput: at once: one of `videos` names none.
            NotFound, Forbidden: when it is its turn: one of `videos` is not there, or is somebody else's.
            VimeoToolkitError: as `aexecute_tool`. What came before was given.
        """
        # the stemmers and models behind it load slowly, so at the first use
        from vimeo_toolkit.facade.loading import Loading

        identity = self._context.identity(connection_name, identifier)
        loading = Loading(self._context, self._run, identity, videos, language)

        async def documents() -> AsyncIterator[PassageDocument]:
            while (passages := await loading.following(self._aemitting)) is not None:
                for passage in passages:
                    yield passage

        return documents()
