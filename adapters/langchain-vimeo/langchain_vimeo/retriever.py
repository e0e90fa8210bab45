"""Passages of a user's videos as LangChain's retrievers give them."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableConfig, ensure_config
from pydantic import Field, PrivateAttr

from langchain_vimeo.run import abound_for, bound_for, for_the_developer
from vimeo_toolkit import (
    BoundLibrary,
    ConfigurationError,
    Filters,
    Identify,
    PassageDocument,
    VimeoToolkit,
    WrongUser,
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
        library = self._of(run)
        return [document(each) for each in library.search(query, **self._asked(k, filters))]

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        run: RunnableConfig | None = None,
        k: int | None = None,
        filters: Filters | None = None,
    ) -> list[Document]:
        library = await self._aof(run)
        return [document(each) for each in await library.asearch(query, **self._asked(k, filters))]

    def _asked(self, k: int | None, filters: Filters | None) -> dict[str, Any]:
        return {
            "limit": self.k if k is None else k,
            "filters": self.filters if filters is None else filters,
        }

    def _of(self, config: RunnableConfig | None) -> BoundLibrary:
        """Return the library of the user of a run, whose thread it is noted to be."""
        try:
            return bound_for(self._library, config)
        except (ConfigurationError, WrongUser) as error:
            raise for_the_developer(error, config) from error.__cause__

    async def _aof(self, config: RunnableConfig | None) -> BoundLibrary:
        try:
            return await abound_for(self._library, config)
        except (ConfigurationError, WrongUser) as error:
            raise for_the_developer(error, config) from error.__cause__


def document(passage: PassageDocument) -> Document:
    """Return a passage as LangChain's document."""
    return Document(id=passage.id, page_content=passage.text, metadata=passage.metadata)
