"""Which of the passages that have some of the words is the best answer. The same for every store."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vimeo_toolkit.library.asked import Asked, Wanted
from vimeo_toolkit.library.terms import stem, words

__all__ = ["Candidate", "Ranked", "Statistics", "ranked"]

_K1: Final = 1.2
_B: Final = 0.75
"""BM25's usual constants."""
_NEAR: Final = 0.35
"""How much more a passage is worth that has all the words close together."""
_AROUND: Final = 0.4
"""How much a word counts that only the video's title, tags, chapters or description have."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may be an answer, as a store gives it."""

    key: int
    text: str
    language: str
    around: str
    """Title, tags, chapter and description of its video."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """What of a library its words are weighed by."""

    passages: int
    average: float
    """Words a passage."""
    having: Mapping[Wanted, int]
    """In how many passages each word of the question is."""

    def weight(self, wanted: Wanted) -> float:
        """Return how much a word tells: the rarer, the more."""
        having = min(self.having.get(wanted, 0), self.passages)
        return math.log(1 + (self.passages - having + 0.5) / (having + 0.5))


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its rank."""

    key: int
    score: float
    offset: int
    """The character of the passage's text where the words that were found are closest together."""


def ranked(candidates: Sequence[Candidate], question: Asked, known: Statistics) -> list[Ranked]:
    """Return the candidates, the best first; without those that lack a phrase that was asked for."""
    found = [
        each for each in (_rank(candidate, question, known) for candidate in candidates) if each is not None
    ]
    return sorted(found, key=lambda each: (-each.score, each.key))


def _rank(candidate: Candidate, question: Asked, known: Statistics) -> Ranked | None:
    language = candidate.language
    terms = [(word, stem(word, language), begins) for word, begins in words(candidate.text)]
    places: dict[Wanted, list[int]] = {wanted: [] for wanted in question.wanted}
    by_form = {form: wanted for wanted in question.wanted if not wanted.prefix for form in wanted.forms}
    prefixes = [wanted for wanted in question.wanted if wanted.prefix]
    for place, (word, term, _) in enumerate(terms):
        if term in by_form:
            places[by_form[term]].append(place)
        for wanted in prefixes:
            if word.startswith(wanted.forms[0]):
                places[wanted].append(place)
    if not all(_has_phrase([term for _, term, _ in terms], phrase) for phrase in question.phrases):
        return None
    around = {stem(word, language) for word, _ in words(candidate.around)}
    length = 1 - _B + _B * len(terms) / max(known.average, 1)
    score = best = 0.0
    for wanted, at in places.items():
        weight = known.weight(wanted)
        best += weight
        if at:
            score += weight * len(at) * (_K1 + 1) / (len(at) + _K1 * length)
        elif around.intersection(wanted.forms):
            score += weight * _AROUND
    if not score:
        return None
    begin, near = _closest([(place, wanted) for wanted, at in places.items() for place in at], known)
    if best:
        score *= 1 + _NEAR * near / best
    return Ranked(candidate.key, score, terms[begin][2] if terms else 0)


def _closest(found: list[tuple[int, Wanted]], known: Statistics) -> tuple[int, float]:
    """Return where the stretch of twelve words begins whose words tell most, and how much they tell."""
    found.sort(key=lambda each: each[0])
    best, begin = 0.0, 0
    for number, (place, _) in enumerate(found):
        seen: set[Wanted] = set()
        for other, wanted in found[number:]:
            if other - place > _STRETCH:
                break
            seen.add(wanted)
        told = sum(map(known.weight, seen))
        if told > best + 1e-9:
            best, begin = told, place
    return begin, best


_STRETCH: Final = 12


def _has_phrase(terms: Sequence[str], phrase: Sequence[Wanted]) -> bool:
    size = len(phrase)
    return any(
        all(terms[place + step] in phrase[step].forms for step in range(size))
        for place in range(len(terms) - size + 1)
    )
