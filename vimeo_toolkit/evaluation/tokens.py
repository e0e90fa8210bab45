"""How many tokens a text is."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Callable
from pathlib import Path

__all__ = ["counter"]

_ENCODING = "o200k_base"
_VOCABULARY = f"https://openaipublic.blob.core.windows.net/encodings/{_ENCODING}.tiktoken"


def counter() -> tuple[Callable[[str], int], str]:
    """Return a function that counts a text's tokens, and the words that say how it counts.

    tiktoken counts where it is installed and its vocabulary is on this machine already: nothing is downloaded
    for a number at the end of a demo. Otherwise it is an estimate.
    """
    cache = _cache_with_vocabulary()
    if cache is not None and importlib.util.find_spec("tiktoken") is not None:
        before = os.environ.get("TIKTOKEN_CACHE_DIR")
        os.environ["TIKTOKEN_CACHE_DIR"] = str(cache)
        try:
            import tiktoken

            encoding = tiktoken.get_encoding(_ENCODING)
        except Exception:  # noqa: BLE001, RUF100 - a broken cache costs the exact number, nothing else
            return _estimate, "estimated as characters / 4"
        finally:
            if before is None:
                del os.environ["TIKTOKEN_CACHE_DIR"]
            else:
                os.environ["TIKTOKEN_CACHE_DIR"] = before
        return (lambda text: len(encoding.encode_ordinary(text))), _ENCODING
    return _estimate, "estimated as characters / 4"


def _estimate(text: str) -> int:
    return -(-len(text) // 4)


def _cache_with_vocabulary() -> Path | None:
    """Return the folder that holds the vocabulary: the user's own, or the one that llama-index-core ships."""
    folders = [Path(os.environ["TIKTOKEN_CACHE_DIR"])] if os.environ.get("TIKTOKEN_CACHE_DIR") else []
    try:
        found = importlib.util.find_spec("llama_index.core")
    except ImportError:
        found = None
    if found is not None and found.origin is not None:
        folders.append(Path(found.origin).parent / "_static" / "tiktoken_cache")
    # tiktoken names a cached file by the SHA-1 of its address.
    name = hashlib.sha1(_VOCABULARY.encode(), usedforsecurity=False).hexdigest()
    return next((folder for folder in folders if (folder / name).is_file()), None)
