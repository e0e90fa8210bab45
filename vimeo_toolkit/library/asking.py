"""Which of a question's words find passages, the same for every store."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from vimeo_toolkit.library.asked import Asked, Wanted
from vimeo_toolkit.library.ranking import Statistics
from vimeo_toolkit.library.terms import fold, is_unspaced, stem

__all__ = ["COMMON", "Way", "spoken_by", "ways", "widened"]

COMMON: Final = 1_000
"""A word that is in more passages than this finds none by itself while the question has rarer ones."""

Way = tuple[tuple[Wanted, ...], ...]
"""Passages with, of each of these, any word."""


def ways(question: Asked, known: Statistics) -> list[Way]:
    """Return how passages are looked for, one way after the other until enough are found.

    Any of the rarer words; where there are only common ones, all of them together, and then the rarest.
    """
    there = sorted(
        (wanted for wanted in question.wanted if known.having.get(wanted)),
        key=lambda each: known.having[each],
    )
    rare, room = [], COMMON
    for wanted in there:
        room -= known.having[wanted]
        if room < 0:
            break
        rare.append(wanted)
    if rare:
        return [(tuple(rare),)]
    together: Way = tuple((wanted,) for wanted in there)
    return [together, together[:1]][: len(there)]


def widened(question: Asked, known: Statistics) -> Asked:
    """Return a question in which a word that no passage has stands for all that begin with its stem.

    In German and its relatives people ask for a part of a compound: Maus, and said is Mausefalle.
    """
    return replace(
        question, wanted=tuple(_widened(each, question.language, known) for each in question.wanted)
    )


def _widened(wanted: Wanted, language: str, known: Statistics) -> Wanted:
    begins = stem(wanted.word, language)
    if known.having.get(wanted) or wanted.prefix or len(begins) < _SHORTEST or is_unspaced(begins):
        return wanted
    return Wanted((begins,), prefix=True, word=wanted.word)


_SHORTEST: Final = 4
"""Letters of a beginning that tells something."""


def spoken_by(names: str) -> str:
    """Return names in the form in which they are compared: a part of one is found in it by its whole words."""
    return f" {' '.join(fold(names.replace(';', ' ; ')).split())} " if names else ""
