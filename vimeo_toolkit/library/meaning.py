"""A question's meaning: its vector, and of which passages there is one to compare it with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from vimeo_toolkit.library.embedding import Embedding, NoVectors
from vimeo_toolkit.library.index import Index

__all__ = ["Meaning", "meaning_of"]


class Meaning(NamedTuple):
    """What a question means, as an embedding model has it."""

    model: str
    """The name under which its vectors are kept."""
    vector: Sequence[float]


def meaning_of(index: Index, question: str, embedding: Embedding, now: float) -> tuple[Meaning | None, str]:
    """Return a question's meaning, and a sentence on what cannot be compared with it; "" where all can.

    Args:
        index: of the user's library.
        question: what is asked.
        embedding: the model.
        now: see `Embedding.question`.
    """
    kept = index.vectors()
    if not kept.having_of(embedding.name):
        if not kept.passages:
            return None, ""
        return None, "No passage was compared by its meaning: a sync makes their vectors."
    try:
        vector = embedding.question(question, now)
    except NoVectors as error:
        return None, f"{error} Words alone were searched."
    if len(vector) != kept.dimensions:
        return None, (
            f"The embedding model gives {len(vector)} numbers for a text and the index has {kept.dimensions}: "
            "words alone were searched."
        )
    lacking = kept.passages - kept.having
    told = f"{lacking} of {kept.passages} passages were not compared by their meaning yet: a sync does it."
    return Meaning(embedding.name, vector), told if lacking > 0 else ""
