"""Which words differ from one by a single letter that is wrong, missing, too much or exchanged with the next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final

from vimeo_toolkit.library.terms import stem

__all__ = ["similar_words"]

_ALPHABETS: Final = (
    "abcdefghijklmnopqrstuvwxyzß",
    "αβγδεζηθικλμνξοπρστυφχψως",
    "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ",
    "אבגדהוזחטיכלמנסעפצקרשתםןץףך",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئ",
)
_SHORTEST: Final = 4
"""A shorter word has too many neighbours that mean something else."""
_LONGEST: Final = 40


def similar_words(
    word: str, languages: Collection[str], passages_with: Callable[[Collection[str]], Mapping[str, int]]
) -> list[str]:
    """Return what a folded word may have been meant to be, of the words of a library, the most frequent first.

    Args:
        word: as it was asked.
        languages: codes of those in which the library's words are.
        passages_with: returns in how many passages each of these terms is, of those that are in any.
    """
    stems = {each: {stem(each, language) for language in languages} for each in _one_edit_away(word)}
    counts = passages_with({form for forms in stems.values() for form in forms})
    there = {each: sum(counts.get(form, 0) for form in forms) for each, forms in stems.items()}
    return sorted((each for each in there if there[each]), key=lambda each: (-there[each], each))


def _one_edit_away(word: str) -> set[str]:
    """Return what a folded word of a script with letters may have been meant to be; none of a short one."""
    alphabet = next((each for each in _ALPHABETS if word[:1] in each), "")
    if not alphabet or not _SHORTEST <= len(word) <= _LONGEST:
        return set()
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    missing = {head + letter + tail for head, tail in cuts for letter in alphabet}
    wrong = {head + letter + tail[1:] for head, tail in cuts if tail for letter in alphabet}
    too_much = {head + tail[1:] for head, tail in cuts if tail}
    exchanged = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    return (missing | wrong | too_much | exchanged) - {word}
