"""Where in a text the words of a question are: by looking at the few words that begin as they do, not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property
from typing import Final, NamedTuple

from vimeo_toolkit.library.asked import Asked, Wanted
from vimeo_toolkit.library.terms import LETTERS, code_of, fold, is_unspaced, terms, words

__all__ = ["Place", "Sought"]

_PREFIXING: Final = frozenset({"ar", "ga", "hi", "id", "ne", "nl", "ta", "yi"})
"""Languages whose stemmers may take something away from a word's beginning. In others a stem begins as its word."""
_LONG: Final = 4
"""Letters of a stem whose first two are those of its word; of a shorter one it is the first (dying, die)."""
_LETTERS: Final = (*range(0x21, 0x590), *range(0x1E00, 0x2000))
"""Of the scripts that have letters which are folded: Latin, Greek, Cyrillic and Armenian."""
_EVERY_WORD: Final = re.compile(LETTERS)


class Place(NamedTuple):
    """A word of a question in a text."""

    begin: int
    """Character."""
    end: int
    wanted: Wanted


class Sought:
    """The words of a question, to be found in many texts.

    Args:
        question: what is asked.
    """

    def __init__(self, question: Asked) -> None:
        self.language = question.language
        self._by_form: dict[str, list[Wanted]] = {}
        self._prefixes = [wanted for wanted in question.wanted if wanted.prefix]
        for wanted in question.wanted:
            for form in () if wanted.prefix else wanted.forms:
                self._by_form.setdefault(form, []).append(wanted)
        forms = [*self._by_form, *(wanted.forms[0] for wanted in self._prefixes)]
        signs = sorted(form for form in forms if is_unspaced(form))
        self._signs = re.compile(f"(?=({'|'.join(map(re.escape, signs))}))") if signs else None
        self._spaced = [form for form in forms if not is_unspaced(form)]
        self._around: dict[tuple[str, str], frozenset[Wanted]] = {}

    def places(self, text: str, language: str) -> list[Place]:
        """Return where in a text each of the words is, in the text's order.

        Args:
            text: with accents that are one with their letters (`terms.composed`).
            language: as a text track names it.
        """
        found = [*self._signs_in(text), *self._words_in(text, language)]
        return sorted(found, key=lambda place: place.begin)

    def anywhere(self, text: str, language: str) -> frozenset[Wanted]:
        """Return which of the words are in a text; many passages have the same one around them."""
        key = (text, language)
        if key not in self._around:
            self._around[key] = frozenset(place.wanted for place in self.places(text, language))
        return self._around[key]

    @cached_property
    def _plain_words(self) -> re.Pattern[str]:
        """Words of a text in ASCII; an article may be before one."""
        begins = {form[: 2 if len(form) >= _LONG else 1] for form in self._spaced if form.isascii()}
        either = "|".join(map(re.escape, sorted(begins))) or "(?!)"
        return re.compile(
            rf"(?<![a-z0-9])(?:[a-z0-9]{{1,2}}')?(?:{either})[a-z0-9]*", re.IGNORECASE | re.ASCII
        )

    @cached_property
    def _words(self) -> re.Pattern[str]:
        """Words of any text."""
        letters = {letter for form in self._spaced for letter in _unfolded().get(form[0], form[0])}
        begins = "".join(map(re.escape, sorted(letters)))
        return re.compile(rf"(?<![^\W_])(?:[^\W_]{{1,2}}['\u2019])?(?=[{begins}]){LETTERS}")

    def _signs_in(self, text: str) -> Iterator[Place]:
        if self._signs is not None and not text.isascii():
            for found in self._signs.finditer(text):
                for wanted in self._by_form.get(found[1], ()):
                    yield Place(found.start(1), found.end(1), wanted)

    def _words_in(self, text: str, language: str) -> Iterator[Place]:
        if not self._spaced:
            return
        code = code_of(language)
        spaced = self._plain_words if text.isascii() else self._words
        pattern = _EVERY_WORD if code in _PREFIXING else spaced
        for found in pattern.finditer(text):
            for term in terms(found[0], language):
                for wanted in self._by_form.get(term, ()):
                    if wanted.is_in(term, code):
                        yield Place(found.start(), found.end(), wanted)
            for wanted in self._prefixes:
                if any(word.startswith(wanted.forms[0]) for word, _ in words(found[0])):
                    yield Place(found.start(), found.end(), wanted)


@cache
def _unfolded() -> dict[str, str]:
    """Return letter → those that are folded to it or to something that begins with it."""
    found: dict[str, str] = {}
    for letter in map(chr, _LETTERS):
        folded = fold(letter)[:1] if letter.isalnum() else ""
        if folded:
            found[folded] = found.get(folded, "") + letter
    return found
