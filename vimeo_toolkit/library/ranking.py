"""Which of the passages that have some of the words is the best answer. The same for every store."""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from vimeo_toolkit.library.asked import Asked, Wanted
from vimeo_toolkit.library.model import Kind, Near
from vimeo_toolkit.library.sought import Place, Sought
from vimeo_toolkit.library.terms import code_of, length

__all__ = ["MOST_CANDIDATES", "Candidate", "Ranked", "Statistics", "fused", "ranked"]

MOST_CANDIDATES: Final = 48
"""Passages that are ranked; each takes about a twentieth of a millisecond."""

_K1: Final = 1.2
_B: Final = 0.75
"""BM25's usual constants."""
_NEAR: Final = 0.35
"""How much more a passage is worth that has all the words close together."""
_STRETCH: Final = 70
"""Within how many characters words are close together: a dozen words."""
_HEADING: Final = 1.0
"""How often a word is said that the title of the passage's chapter has: once more."""
_AROUND: Final = 0.3
"""The same of a word that the video's title, tags or description have."""
_GRAMMAR: Final = 0.3
"""How much signs count that Japanese has for its grammar, mostly."""
_HIRAGANA: Final = re.compile("[\u3040-\u309f]+")
_FOREIGN: Final = 0.7
"""What a passage is worth in another language than the question's: its words may mean something else there."""
_MEANING: Final = 0.1
"""What each spread is worth by which a passage is nearer in meaning than others, where all words of the question,
said once, are worth about 1. Chosen by half of the questions with known answers; it is as good for the others."""
_STANDS_OUT: Final = 1.0
"""Spreads by which a passage is nearer than others that is found by its meaning alone: something is always near."""
_KINDS: Final[Mapping[Kind, float]] = {"spoken": 1.0, "chapter": 0.7, "about": 0.4}
"""What is said answers better than what a video is called."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may be an answer, as a store gives it."""

    key: int
    text: str
    language: str
    around: str
    """Title, tags and description of its video."""
    kind: Kind = "spoken"
    heading: str = ""
    """The titles of its chapters."""


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
        rare = math.log(1 + (self.passages - having + 0.5) / (having + 0.5))
        return rare * _GRAMMAR if _HIRAGANA.fullmatch(wanted.forms[0]) else rare


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its rank."""

    key: int
    score: float
    offset: int
    """The character of the passage's text where the words that were found are closest together."""
    marks: tuple[tuple[int, int], ...]
    """Where in the text each word that was found begins and ends."""


def ranked(candidates: Sequence[Candidate], question: Asked, known: Statistics) -> list[Ranked]:
    """Return the candidates, the best first; without those that lack a phrase that was asked for."""
    weights = [known.weight(wanted) for wanted in question.wanted]
    sought = Sought(question)
    having = (each for each in candidates if sought.has_phrases((each.text, each.heading), each.language))
    scored = (_scored(candidate, sought, weights, known.average) for candidate in having)
    return sorted((each for each in scored if each is not None), key=lambda each: (-each.score, each.key))


def fused(
    by_words: Sequence[Ranked], near: Sequence[Near], question: Asked, known: Statistics
) -> list[Ranked]:
    """Return the passages that were found by words or by their meaning, the best first.

    Places in two lists would not tell how sure each list is of them, so scores are added: of the words, the share
    of what the question tells; of the meaning, by how many spreads of the nearest passages one stands out of them.
    A passage with all of a question's words stays first, and one whose meaning alone stands out goes before those
    with one word of many.

    Args:
        by_words: those found by words, see `ranked`.
        near: those whose meaning is nearest, the nearest first.
        question: what is asked.
        known: what its words are weighed by.
    """
    told = sum(map(known.weight, question.wanted)) or 1.0
    scores = {each.key: each.score / told for each in by_words}
    if near:
        far = near[-1].similarity
        spread = statistics.pstdev(each.similarity for each in near)
        for each in near:
            stands_out = ((each.similarity - far) / spread if spread else 1.0) * _KINDS[each.kind]
            if each.key in scores or stands_out >= _STANDS_OUT:
                scores[each.key] = scores.get(each.key, 0.0) + _MEANING * stands_out
    words = {each.key: each for each in by_words}
    made = (
        replace(words[key], score=score) if key in words else Ranked(key, score, 0, ())
        for key, score in scores.items()
    )
    return sorted(made, key=lambda each: (-each.score, each.key))


def _scored(candidate: Candidate, sought: Sought, weights: Sequence[float], average: float) -> Ranked | None:
    language = candidate.language
    places = sought.places(candidate.text, language)
    heading = sought.anywhere(candidate.heading, language) if candidate.heading else frozenset()
    around = sought.anywhere(candidate.around, language)
    size = max(length(candidate.text), average)  # what is short answers no better for it
    least = _K1 * (1 - _B + _B * size / max(average, 1))
    said = Counter(place.number for place in places)
    score = 0.0
    for number, weight in enumerate(weights):
        times = said[number] + _HEADING * (number in heading) + _AROUND * (number in around)
        score += weight * times * (_K1 + 1) / (times + least)
    if not score:
        return None
    begin, near = _closest(places, weights)
    score *= 1 + _NEAR * near / (sum(weights) or 1)
    marks = dict.fromkeys((place.begin, place.end) for place in places)
    score *= _KINDS[candidate.kind]
    if sought.language and code_of(language) not in ("", sought.language):
        score *= _FOREIGN
    return Ranked(candidate.key, score, begin, tuple(marks))


def _closest(places: Sequence[Place], weights: Sequence[float]) -> tuple[int, float]:
    """Return the character at which the stretch begins whose words tell most, and how much they tell; of those that
    tell as much, the shortest."""
    best, begin, width = 0.0, places[0].begin if places else 0, 0
    for number, first in enumerate(places):
        seen: set[int] = set()
        end = first.begin
        for other in places[number:]:
            if other.begin - first.begin > _STRETCH:
                break
            if other.number not in seen:
                seen.add(other.number)
                end = other.begin
        told, wide = sum(map(weights.__getitem__, seen)), end - first.begin
        if told > best + 1e-9 or (told > best - 1e-9 and wide < width):
            best, begin, width = told, first.begin, wide
    return begin, best
