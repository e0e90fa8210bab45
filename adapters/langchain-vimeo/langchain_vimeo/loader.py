"""What is said in a user's videos as LangChain's loaders give it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator

from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document

from langchain_vimeo.retriever import document
from vimeo_toolkit import VimeoToolkit, default_toolkit

__all__ = ["VimeoTranscriptLoader"]


class VimeoTranscriptLoader(BaseLoader):
    """Load the transcripts of a user's videos: `VimeoTranscriptLoader(identifier="user_456").lazy_load()`.

    A document is a passage of some 100 words, with the metadata of `VimeoRetriever`'s, so that any vector store
    gives citations. Its id is the same at every load. No index is needed: two requests for each video that has
    captions, none where an index has read it already. What goes wrong at one video is raised when it is its turn.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user.
        videos: numbers, URIs or links of the videos; all of the user's by default.
        language: a code such as `de`: the captions in it. What is spoken by default.
        toolkit: one built by hand; by default the process's own, from the environment.

    Raises:
        InvalidInput: the identifier is empty.
        ConfigurationError: it is a function: nobody runs a loader.
    """

    def __init__(
        self,
        connection_name: str = "vimeo",
        identifier: str = "",
        *,
        videos: Iterable[str | int] | None = None,
        language: str | None = None,
        toolkit: VimeoToolkit | None = None,
    ) -> None:
        used = toolkit if toolkit is not None else default_toolkit()
        self._library = used.bind_library(connection_name, identifier)
        _ = self._library.whose  # a function in the identifier's place is refused here already
        self._videos = None if videos is None else list(videos)
        self._language = language

    def lazy_load(self) -> Iterator[Document]:
        """Return an iterator over the passages, a video at a time.

        Raises:
            VimeoToolkitError: see `VimeoToolkit.iterate_passages`.
        """
        return map(document, self._library.passages(self._videos, self._language))

    async def alazy_load(self) -> AsyncIterator[Document]:
        """Return an iterator over the passages as `lazy_load` does, without holding up the event loop."""
        async for passage in self._library.apassages(self._videos, self._language):
            yield document(passage)
