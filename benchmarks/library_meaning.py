"""The index of a library of a thousand hours that is searched by meaning, beside the same by words alone."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.library import OTHERS, QUESTIONS, Counted, fill_others, p99, questions, talks
from benchmarks.measure import Row, Section, seconds
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.library.index import Index, Stamp
from vimeo_toolkit.library.meaning import Meaning
from vimeo_toolkit.library.model import Filters
from vimeo_toolkit.library.search import search
from vimeo_toolkit.library.sqlite_libraries import SqliteLibraries

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["measure"]

MODEL = "of nothing"
NUMBERS = 384
"""Of a vector, as a small sentence model makes them."""
BATCH = 256
TOPICS = 2_000
KINDS = ("three rare words", "two words of middle frequency", "three common words")


def measure(hours: int = 1_000, others: int = OTHERS, asked: int = QUESTIONS) -> Section:
    """Index a library of so many videos of an hour, give each passage a vector, and ask it both ways."""
    section = Section("Ask a library by meaning")
    with tempfile.TemporaryDirectory() as folder:
        libraries = SqliteLibraries(Path(folder, "libraries"))
        index, words = libraries.index(Owner(Identity("vimeo", "large"), "first")), Counted()
        for video, spoken in talks(hours, hours):
            words.add(spoken)
            index.put(video, Stamp("s", 0.0), spoken)
        libraries.close()
        before, vectors = index.path.stat().st_size / 1e6, _Vectors()
        kept = seconds(lambda: _embed(index, vectors))
        libraries.close()
        after, count = index.path.stat().st_size / 1e6, index.vectors().having
        section.rows += [
            Row(f"{count:,} vectors of {NUMBERS} numbers kept", kept, "s"),
            Row("size without vectors", before, "MB"),
            Row("size with them", after, "MB", "without", after / before),
        ]
        beside = [
            libraries.index(Owner(Identity("vimeo", f"other {number}"), "first")) for number in range(others)
        ]
        fill_others(beside)
        for other in beside:
            _embed(other, vectors)
        each = questions(words, asked)
        for kind in KINDS:
            section.rows += _asked(kind, each[kind], index, beside, vectors)
        section.rows += _nearest(index, vectors)
        section.notes.append(
            f"A library of {hours:,} videos of an hour each, as `Sandbox.add_library` makes it, with vectors "
            f"around {TOPICS:,} points; the model's own time is not in it. {others} others are asked in turn with "
            f"it. Of the ten nearest passages by all numbers, {_recall(index, vectors):.0%} are among the ten that "
            "are found."
        )
        libraries.close()
    return section


class _Vectors:
    """Vectors around some points, as those of texts are that are about some things; the same at every run."""

    def __init__(self) -> None:
        self._dice = np.random.default_rng(3)
        self._points = self._dice.normal(size=(TOPICS, NUMBERS))

    def some(self, count: int) -> NDArray[np.float32]:
        """Return so many."""
        chosen = self._dice.integers(0, TOPICS, count)
        spread = self._dice.normal(size=(count, NUMBERS))
        return (self._points[chosen] + spread).astype(np.float32)


def _embed(index: Index, vectors: _Vectors) -> None:
    after = 0
    while listed := index.vectors_missing(MODEL, BATCH, after):
        after = listed[-1].key
        made = vectors.some(len(listed))
        index.put_vectors(MODEL, [(each.key, vector) for each, vector in zip(listed, made, strict=True)])


def _asked(
    kind: str, asked: Sequence[str], index: Index, others: Sequence[Index], vectors: _Vectors
) -> list[Row]:
    """Ask all questions in both ways, another tenant's library between two of them."""
    alone, both = [], []
    for number, question in enumerate(asked):
        meaning = Meaning(MODEL, vectors.some(1)[0].tolist())
        search(others[number % len(others)], question, meaning=meaning)
        alone.append(seconds(lambda: search(index, question)) * 1e3)  # noqa: B023
        both.append(seconds(lambda: search(index, question, meaning=meaning)) * 1e3)  # noqa: B023
    floor, median = statistics.median(alone), statistics.median(both)
    return [
        Row(f"{kind}, words alone, median", floor, "ms"),
        Row(f"{kind}, words and meaning, median", median, "ms", "words alone", median / floor),
        Row(f"{kind}, words and meaning, p99", p99(both), "ms", at_most=50),
    ]


def _nearest(index: Index, vectors: _Vectors) -> list[Row]:
    taken = [
        seconds(lambda: index.nearest(MODEL, vector.tolist(), Filters(), 48)) * 1e3  # noqa: B023
        for vector in vectors.some(100)
    ]
    return [
        Row("the nearest passages, median", statistics.median(taken), "ms", at_most=15),
        Row("the nearest passages, p99", p99(taken), "ms", at_most=50),
    ]


def _recall(index: Index, vectors: _Vectors, asked: int = 30) -> float:
    """Return which share of the ten nearest passages is found, beside a comparison of all numbers."""
    found = []
    for vector in vectors.some(asked):
        some, every = (
            {each.key for each in index.nearest(MODEL, vector.tolist(), Filters(), limit)[:10]}
            for limit in (10, index.vectors().having)
        )
        found.append(len(some & every) / 10)
    return statistics.mean(found)
