"""What is said in a user's videos as LlamaIndex's readers give it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.readers.base import BasePydanticReader
from llama_index.core.schema import Document
from llama_index.readers.vimeo.nodes import parts_of

from vimeo_toolkit import BoundLibrary, VimeoToolkit, default_toolkit

__all__ = ["VimeoReader"]


class VimeoReader(BasePydanticReader):
    """Read the transcripts of a user's videos: `VimeoReader(identifier="user_456").load_data()`.

    A document is a passage of some 100 words. Its metadata has `link` (to the second), `start`, `end`, `title`,
    `language`, `speaker`, `privacy`, `owner` and more, see `PassageDocument`, so that any vector store gives
    citations. Its id is the same at every load. No index is needed: two requests for each video that has
    captions, none where an index has read it already.

    Args:
        connection_name: the registered Vimeo app.
        identifier: your product's id of the user.
        toolkit: one built by hand; by default the process's own, from the environment.

    Raises:
        InvalidInput: the identifier is empty.
        ConfigurationError: it is a function: nobody runs a reader.
    """

    is_remote: bool = True

    # Private, so that nothing that is serialised or traced contains the user.
    _library: BoundLibrary = PrivateAttr()

    def __init__(
        self,
        connection_name: str = "vimeo",
        identifier: str = "",
        *,
        toolkit: VimeoToolkit | None = None,
        **fields: Any,
    ) -> None:
        super().__init__(**fields)
        used = toolkit if toolkit is not None else default_toolkit()
        self._library = used.bind_library(connection_name, identifier)
        _ = self._library.whose  # a function in the identifier's place is refused here already

    @classmethod
    def class_name(cls) -> str:
        """Return the name by which LlamaIndex knows the class."""
        return "VimeoReader"

    def lazy_load_data(
        self, videos: Iterable[str | int] | None = None, language: str | None = None
    ) -> Iterator[Document]:
        """Return an iterator over the passages, a video at a time.

        Args:
            videos: numbers, URIs or links of the videos; all of the user's by default.
            language: a code such as `de`: the captions in it. What is spoken by default.

        Raises:
            VimeoToolkitError: see `VimeoToolkit.iterate_passages`.
        """
        return (_document(passage) for passage in self._library.passages(videos, language))

    async def aload_data(
        self, videos: Iterable[str | int] | None = None, language: str | None = None
    ) -> list[Document]:
        """Return the passages as `load_data` does, without holding up the event loop."""
        return [_document(passage) async for passage in self._library.apassages(videos, language)]

    async def alazy_load_data(
        self, videos: Iterable[str | int] | None = None, language: str | None = None
    ) -> list[Document]:
        """Return the passages as `aload_data` does: LlamaIndex expects what a plain `for` can walk."""
        return await self.aload_data(videos, language)


def _document(passage: Any) -> Document:
    return Document(**parts_of(passage))
