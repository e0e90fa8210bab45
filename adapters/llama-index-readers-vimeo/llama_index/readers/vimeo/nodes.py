"""Passages as LlamaIndex's documents."""

from __future__ import annotations

from typing import Any, Final

from vimeo_toolkit import PassageDocument

__all__ = ["parts_of"]

READ_BY_MODELS: Final = frozenset({"title", "link", "speaker"})
"""Metadata that LlamaIndex puts before the text for a language model."""
EMBEDDED: Final = frozenset({"title", "speaker"})
"""And what it puts there for an embedding. Ids and addresses would only make passages alike."""


def parts_of(passage: PassageDocument) -> dict[str, Any]:
    """Return the fields of a LlamaIndex node or document for a passage."""
    return {
        "id_": passage.id,
        "text": passage.text,
        "metadata": passage.metadata,
        "excluded_llm_metadata_keys": sorted(passage.metadata.keys() - READ_BY_MODELS),
        "excluded_embed_metadata_keys": sorted(passage.metadata.keys() - EMBEDDED),
    }
