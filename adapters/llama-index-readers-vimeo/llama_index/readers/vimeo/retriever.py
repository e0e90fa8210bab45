"""Passages of a user's videos as LlamaIndex's retrievers give them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from llama_index.readers.vimeo.nodes import parts_of

from vimeo_toolkit import Filters, Identify, PassageDocument, VimeoToolkit, default_toolkit

__all__ = ["VimeoRetriever"]


class VimeoRetriever(BaseRetriever):
    """Find what is said in a user's videos: `VimeoRetriever(identifier="user_456").retrieve("refunds")`.

    It asks the index of the toolkit's `library=`; nothing is sent to Vimeo, and what `toolkit.library.sync` has not
    seen yet is not found. A node is a passage; its metadata has `link` (to the second), `start`, `end`, `title`,
    `language`, `speaker`, `privacy`, `owner` and more, see `PassageDocument`.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user, or a function that returns it. LlamaIndex tells a retriever
            nothing of a run, so it is called with None, and finds the user in a context variable of yours.
        toolkit: one built by hand; by default the process's own, from the environment.
        similarity_top_k: how many passages at most.
        filters: which videos and passages are searched; all by default.
        base: what every retriever of LlamaIndex takes, such as `callback_manager`.

    Raises:
        ConfigurationError: the toolkit was made without `library=`.
        InvalidInput: the identifier is empty.
    """

    def __init__(
        self,
        connection_name: str = "vimeo",
        identifier: str | Identify = "",
        *,
        toolkit: VimeoToolkit | None = None,
        similarity_top_k: int = 8,
        filters: Filters | None = None,
        **base: Any,
    ) -> None:
        super().__init__(**base)
        used = toolkit if toolkit is not None else default_toolkit()
        self._library = used.bind_library(connection_name, identifier, searched=True)
        self._limit = similarity_top_k
        self._filters = filters

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        library = self._library.for_run(None)
        return _nodes(library.search(query_bundle.query_str, self._limit, self._filters))

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        library = await self._library.afor_run(None)
        return _nodes(await library.asearch(query_bundle.query_str, self._limit, self._filters))


def _nodes(found: Iterable[PassageDocument]) -> list[NodeWithScore]:
    return [NodeWithScore(node=TextNode(**parts_of(passage)), score=passage.score) for passage in found]
