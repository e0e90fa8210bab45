"""Which of the passages that have some of the words is the best answer. The same for every store."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from vimeo_toolkit.library.asked import Asked, Phrase, Wanted
from vimeo_toolkit.library.model import Kind
from vimeo_toolkit.library.terms import spans, terms_with, words

__all__ = ["MOST_CANDIDATES", "Candidate", "Ranked", "Statistics", "ranked"]

MOST_CANDIDATES: Final = 48
"""Passages that are ranked; each takes about a twentieth of a millisecond."""

_K1: Final = 1.2
_B: Final = 0.75
"""BM25's usual constants."""
_NEAR: Final = 0.35
"""How much more a passage is worth that has all the words close together."""
_STRETCH: Final = 12
"""How many words are close together."""
_HEADING: Final = 1.0
"""How often a word is said that the title of the passage's chapter has: once more."""
_AROUND: Final = 0.3
"""The same of a word that the video's title, tags or description have."""
_GRAMMAR: Final = 0.3
"""How much signs count that Japanese has for its grammar, mostly."""
_HIRAGANA: Final = re.compile("[\u3040-\u309f]+")
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
    text: str = field(repr=False)
    begin: int
    """The word of the text where those that were found are closest together."""
    at: tuple[int, ...]
    """The words that were found."""

    def located(self) -> tuple[int, tuple[tuple[int, int], ...]]:
        """Return the character where those that were found are closest together, and where each begins and ends."""
        places = spans(self.text)
        return places[self.begin][0] if places else 0, tuple(places[place] for place in self.at)


def ranked(candidates: Sequence[Candidate], question: Asked, known: Statistics) -> list[Ranked]:
    """Return the candidates, the best first; without those that lack a phrase that was asked for."""
    weights = {wanted: known.weight(wanted) for wanted in question.wanted}
    scored = (_scored(candidate, question, weights, known.average) for candidate in candidates)
    return sorted((each for each in scored if each is not None), key=lambda each: (-each.score, each.key))


def _scored(
    candidate: Candidate, question: Asked, weights: Mapping[Wanted, float], average: float
) -> Ranked | None:
    initials = {form[0] for form in _forms(question)}
    spoken, heading, around = (
        terms_with(text, candidate.language, initials)
        for text in (candidate.text, candidate.heading, candidate.around)
    )
    if not all(_has_phrase(spoken, phrase) or _has_phrase(heading, phrase) for phrase in question.phrases):
        return None
    places = _places(candidate.text, spoken, question)
    titled, described = frozenset(heading), frozenset(around)
    size = max(len(spoken), average)  # what is short answers no better for it
    length = 1 - _B + _B * size / max(average, 1)
    score = 0.0
    for wanted, at in places.items():
        times = len(at) + _HEADING * (not titled.isdisjoint(wanted.forms))
        times += _AROUND * (not described.isdisjoint(wanted.forms))
        score += weights[wanted] * times * (_K1 + 1) / (times + _K1 * length)
    if not score:
        return None
    found = sorted(
        ((place, wanted) for wanted, at in places.items() for place in at), key=lambda each: each[0]
    )
    begin, near = _closest(found, weights)
    score *= 1 + _NEAR * near / (sum(weights.values()) or 1)
    score *= _KINDS[candidate.kind]
    return Ranked(
        candidate.key, score, candidate.text, begin, tuple(dict.fromkeys(place for place, _ in found))
    )


def _forms(question: Asked) -> Iterator[str]:
    for wanted in question.wanted:
        yield from wanted.forms
    for phrase in question.phrases:
        for each in phrase:
            yield from each


def _places(text: str, spoken: Sequence[str], question: Asked) -> dict[Wanted, list[int]]:
    """Return where in a passage each of a question's words is."""
    places: dict[Wanted, list[int]] = {wanted: [] for wanted in question.wanted}
    by_form: dict[str, list[Wanted]] = {}
    for wanted in question.wanted:
        for form in () if wanted.prefix else wanted.forms:
            by_form.setdefault(form, []).append(wanted)
    for place in [place for place, term in enumerate(spoken) if term in by_form]:
        for wanted in by_form[spoken[place]]:
            places[wanted].append(place)
    prefixes = [wanted for wanted in question.wanted if wanted.prefix]
    if prefixes:
        for place, (word, _) in enumerate(words(text)):
            for wanted in prefixes:
                if word.startswith(wanted.forms[0]):
                    places[wanted].append(place)
    return places


def _closest(found: Sequence[tuple[int, Wanted]], weights: Mapping[Wanted, float]) -> tuple[int, float]:
    """Return where the stretch begins whose words tell most, and how much they tell."""
    best, begin = 0.0, 0
    for number, (place, _) in enumerate(found):
        seen: set[Wanted] = set()
        for other, wanted in found[number:]:
            if other - place > _STRETCH:
                break
            seen.add(wanted)
        told = sum(map(weights.__getitem__, seen))
        if told > best + 1e-9:
            best, begin = told, place
    return begin, best


def _has_phrase(terms: Sequence[str], phrase: Phrase) -> bool:
    size = len(phrase[0])
    looked = {tuple(terms[place : place + size]) for place in range(len(terms) - size + 1)}
    return not looked.isdisjoint(phrase)
