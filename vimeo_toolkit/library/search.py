"""Ask an index: read the question, rank what it finds, and say what could not be searched."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from vimeo_toolkit.errors import StoreBusy
from vimeo_toolkit.library.asked import Asked, asked
from vimeo_toolkit.library.asking import widened
from vimeo_toolkit.library.function_words import function_words
from vimeo_toolkit.library.index import Index
from vimeo_toolkit.library.meaning import Meaning
from vimeo_toolkit.library.model import Coverage, Filters, Hit, IndexedVideo
from vimeo_toolkit.library.ranking import MOST_CANDIDATES, Ranked, Statistics, fused, ranked
from vimeo_toolkit.library.terms import stem, words

__all__ = ["Found", "search"]

A_VIDEO: Final = 3
"""Passages of one video that are given at most."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives."""

    hits: tuple[Hit, ...]
    """The best first."""
    coverage: Coverage
    """Of the videos that the filters let through: those without captions were searched by their titles."""
    corrected: Mapping[str, str] = field(default_factory=dict)
    """Words of the question with which nothing was found → those taken instead, which differ by one letter."""
    not_compared: str = ""
    """Why passages were searched by words alone, or which, although there is an embedding model: a sentence."""

    @property
    def videos(self) -> tuple[tuple[IndexedVideo, tuple[Hit, ...]], ...]:
        """The hits by video, in the order of each one's best."""
        grouped: dict[str, list[Hit]] = {}
        for hit in self.hits:
            grouped.setdefault(hit.video.uri, []).append(hit)
        return tuple((listed[0].video, tuple(listed)) for listed in grouped.values())

    def to_dict(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        return {
            "hits": [hit.to_dict() for hit in self.hits],
            "coverage": self.coverage.to_dict(),
            "corrected": dict(self.corrected),
            "not_compared": self.not_compared,
        }


NO_FILTERS: Final = Filters()
_TRIES: Final = 3


def search(
    index: Index,
    question: str,
    *,
    filters: Filters = NO_FILTERS,
    limit: int = 10,
    meaning: Meaning | None = None,
) -> Found:
    """Return the passages that answer a question best.

    Where nothing has its words, words of the library that differ from them by one letter are taken instead.

    Args:
        index: of the user's library.
        question: words, "phrases in quotation marks", beginnings of words such as compil*.
        filters: which videos and passages are searched.
        limit: how many passages at most.
        meaning: of the question. Passages near to it are found, too, unless a phrase is asked for.
    """
    seek = partial(_found, index, question, filters, limit, meaning)
    try:
        with index.moment():
            return seek()
    except StoreBusy:  # a damaged index has been replaced, or a server was not there for a moment
        with index.moment():
            return seek()


def _found(index: Index, question: str, filters: Filters, limit: int, meaning: Meaning | None) -> Found:
    coverage = index.coverage(filters)
    hits: tuple[Hit, ...] = ()
    corrected: Mapping[str, str] = {}
    for _ in range(_TRIES):
        best, corrected = _best(index, question, filters, meaning)
        hits, whole = _shown(index, best, limit)
        if whole:  # or else a sync has replaced some meanwhile
            break
    return Found(hits, coverage, corrected)


def _best(
    index: Index, question: str, filters: Filters, meaning: Meaning | None
) -> tuple[list[Ranked], Mapping[str, str]]:
    """Return the passages, the best first, and which words were taken for others."""
    by_words, read, known = _by_words(index, question, filters)
    corrected: Mapping[str, str] = {}
    if not by_words:
        corrected = _corrections(index, question)
        if corrected:
            by_words, read, known = _by_words(index, _with(question, corrected), filters)
    if meaning is not None and not read.phrases:
        near = index.nearest(meaning.model, meaning.vector, filters, MOST_CANDIDATES)
        return fused(by_words, near, read, known), corrected if by_words else {}
    return by_words, corrected if by_words else {}


def _by_words(index: Index, question: str, filters: Filters) -> tuple[list[Ranked], Asked, Statistics]:
    read = asked(question, index.languages())
    known = index.statistics(read)
    wider = widened(read, known)
    if wider != read:
        read, known = wider, index.statistics(wider)
    return ranked(index.candidates(read, known, filters), read, known), read, known


def _shown(index: Index, best: Sequence[Ranked], limit: int) -> tuple[tuple[Hit, ...], bool]:
    """Return hits of so many passages, and whether all of them were still there."""
    hits: list[Hit] = []
    of_video: dict[str, int] = {}
    whole = True
    for begin in range(0, len(best), max(limit, 1)):
        part = best[begin : begin + limit]
        rows = index.found([each.key for each in part])
        whole = whole and len(rows) == len(part)
        for each in part:
            row = rows.get(each.key)
            if row is None or of_video.get(row.video.uri, 0) >= A_VIDEO or len(hits) >= limit:
                continue
            of_video[row.video.uri] = of_video.get(row.video.uri, 0) + 1
            second = row.passage.second_of(each.offset)
            hits.append(Hit(row.video, row.passage, second, each.score, row.before, row.after, each.marks))
        if len(hits) >= limit:
            break
    return tuple(hits), whole


def _corrections(index: Index, question: str) -> dict[str, str]:
    languages = index.languages()
    known = index.statistics(asked(question, languages))
    corrected = {}
    for wanted, count in known.having.items():
        if count or wanted.prefix:
            continue
        similar = [each for each in index.similar_words(wanted.word) if not _is_grammar(each, languages)]
        if similar:
            # Few people miss the first letter.
            corrected[wanted.word] = min(similar, key=lambda each: each[0] != wanted.word[0])
    return corrected


def _is_grammar(word: str, languages: Collection[str]) -> bool:
    return any(stem(word, language) in function_words(language) for language in languages)


def _with(question: str, corrected: Mapping[str, str]) -> str:
    made, last = "", 0
    for word, begins in words(question):
        if word in corrected:
            made += question[last:begins] + corrected[word]
            last = begins + len(word)
    return made + question[last:]
