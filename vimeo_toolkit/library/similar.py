"""Which words differ from one by a single letter that is wrong, missing, too much or exchanged with the next."""

from __future__ import annotations

from typing import Final

__all__ = ["one_edit_away"]

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


def one_edit_away(word: str) -> set[str]:
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
