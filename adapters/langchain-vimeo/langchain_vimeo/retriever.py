"""Passages of a user's videos as LangChain's retrievers give them."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableConfig, ensure_config
from pydantic import Field, PrivateAttr

from langchain_vimeo.thread import aclaim, claim
from vimeo_toolkit import (
    BoundLibrary,
    Filters,
    Identify,
    PassageDocument,
    VimeoToolkit,
    default_toolkit,
)

__all__ = ["VimeoRetriever", "document"]


class VimeoRetriever(BaseRetriever):
    """Find what is said in a user's videos: `VimeoRetriever(identifier="user_456").invoke("refunds")`.

    It asks the index of the toolkit's `library=`; nothing is sent to Vimeo, and what `toolkit.library.sync` has not
    seen yet is not found. A document is a passage; its metadata has `link` (to the second), `start`, `end`,
    `title`, `language`, `speaker`, `privacy`, `owner` and more, see `PassageDocument`.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user, or a function that takes the run's config and returns it, as in
            `get_tools`.
        toolkit: one built by hand; by default the process's own, from the environment.
        fields: `k`, `filters`, and what every retriever of LangChain has (`tags`, `metadata`). `invoke` takes `k`
            and `filters`, too.

    Raises:
        ConfigurationError: the toolkit was made without `library=`.
        InvalidInput: the identifier is empty.
    """

    k: int = Field(default=8, ge=1)
    """How many passages at most."""
    filters: Filters | None = None
    """Which videos and passages are searched; all by default."""

    # Private, so that no `repr` or trace contains the user.
    _library: BoundLibrary = PrivateAttr()

    def __init__(
        self,
        connection_name: str = "vimeo",
        identifier: str | Identify = "",
        *,
        toolkit: VimeoToolkit | None = None,
        **fields: Any,
    ) -> None:
        super().__init__(**fields)
        used = toolkit if toolkit is not None else default_toolkit()
        self._library = used.bind_library(connection_name, identifier, searched=True)

    def invoke(self, input: str, config: RunnableConfig | None = None, **kwargs: Any) -> list[Document]:  # noqa: A002
        """Return the passages that answer a question best; see LangChain's `BaseRetriever`.

        Raises:
            NotConnected, Expired, Revoked: the user has no account that can be used.
            ConfigurationError, WrongUser: the run is nobody's, or its thread is another user's.
        """
        return super().invoke(input, config, run=ensure_config(config), **kwargs)

    async def ainvoke(
        self,
        input: str,  # noqa: A002
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> list[Document]:
        """Return the passages that answer a question best as `invoke` does."""
        return await super().ainvoke(input, config, run=ensure_config(config), **kwargs)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        run: RunnableConfig | None = None,
        k: int | None = None,
        filters: Filters | None = None,
    ) -> list[Document]:
        library = self._library
        if library.run_identity is not None:
            library = library.for_run(run := ensure_config(run))
            claim(self._library, library, run)
        return [document(each) for each in library.search(query, k or self.k, filters or self.filters)]

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        run: RunnableConfig | None = None,
        k: int | None = None,
        filters: Filters | None = None,
    ) -> list[Document]:
        library = self._library
        if library.run_identity is not None:
            library = await library.afor_run(run := ensure_config(run))
            await aclaim(self._library, library, run)
        return [document(each) for each in await library.asearch(query, k or self.k, filters or self.filters)]


def document(passage: PassageDocument) -> Document:
    """Return a passage as LangChain's document."""
    return Document(id=passage.id, page_content=passage.text, metadata=passage.metadata)
