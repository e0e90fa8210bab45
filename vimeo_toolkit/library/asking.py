"""Which of a question's words find passages, the same for every store."""

from __future__ import annotations

from typing import Final

from vimeo_toolkit.library.asked import Asked, Wanted
from vimeo_toolkit.library.ranking import Statistics
from vimeo_toolkit.library.terms import fold

__all__ = ["COMMON", "Way", "spoken_by", "ways"]

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


def spoken_by(names: str) -> str:
    """Return names in the form in which they are compared: a part of one is found in it by its whole words."""
    return f" {' '.join(fold(names.replace(';', ' ; ')).split())} " if names else ""
