"""What is said in a user's Vimeo videos, for LlamaIndex, over `vimeo_toolkit`.

from llama_index.readers.vimeo import VimeoReader, VimeoRetriever

documents = VimeoReader(identifier="user_456").load_data()
nodes = VimeoRetriever(identifier="user_456").retrieve("refunds")
"""

from vimeo_toolkit import MissingExtra

try:
    import llama_index.core as _llama_index_core  # noqa: F401
except ImportError:
    raise MissingExtra("llama_index.readers.vimeo", "llama-index-core", "llama-index") from None

from llama_index.readers.vimeo.reader import VimeoReader
from llama_index.readers.vimeo.retriever import VimeoRetriever

__all__ = ["VimeoReader", "VimeoRetriever"]
