"""An embedding model for tests: which of a few things a text is about, as numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

__all__ = ["ABOUT", "TopicEmbeddings", "of_topics"]

ABOUT: Final = (
    ("harbour", "port", "dock", "quay"),
    ("ship", "vessel", "boat", "ferry"),
    ("weather", "rain", "storm", "sky"),
    ("train", "railway", "station", "locomotive"),
    ("bread", "dough", "loaf", "baker"),
)
"""Words that mean much the same."""


def of_topics(text: str) -> list[float]:
    """Return a vector of a text: how much of it is about each of the things, and a little of every letter."""
    words = re.findall(r"\w+", text.lower())
    counts = [float(sum(word.startswith(several) for word in words)) for several in ABOUT]
    letters = [0.01 * math.sqrt(text.count(letter)) for letter in "aeiou"]
    return [*counts, *letters, 0.05]


class TopicEmbeddings:
    """What LangChain's `Embeddings` has, without being one."""

    def __init__(self, model: str = "topics") -> None:
        self.model = model
        self.embedded: list[str] = []

    def embed_documents(self, texts: Sequence[str]) -> list[list[float]]:
        """Return the vectors of texts."""
        self.embedded += texts
        return [of_topics(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        return of_topics(text)
