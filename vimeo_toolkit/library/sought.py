"""Where in a text the words of a question are: by looking at the few words that begin as they do, not at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache, cached_property
from typing import Final, NamedTuple

from vimeo_toolkit.library.asked import Asked, Wanted
from vimeo_toolkit.library.terms import LETTERS, code_of, fold, is_unspaced, terms_from, terms_of_words, words

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
    number: int
    """Of the word in the question."""


class Sought:
    """The words and phrases of a question, to be found in many texts.

    Args:
        question: what is asked.
    """

    def __init__(self, question: Asked) -> None:
        self.language = question.language
        self._by_form: dict[str, list[tuple[int, Wanted]]] = {}
        self._prefixes: list[tuple[int, str]] = []
        for number, wanted in enumerate(question.wanted):
            if wanted.prefix:
                self._prefixes.append((number, wanted.forms[0]))
                continue
            for form in wanted.forms:
                self._by_form.setdefault(form, []).append((number, wanted))
        forms = [*self._by_form, *(prefix for _, prefix in self._prefixes)]
        self._signs = frozenset(filter(is_unspaced, forms))
        self._beginnings = _Beginnings(forms)
        self._phrases = [
            [(_Beginnings([spoken[0]]), list(spoken)) for spoken in phrase] for phrase in question.phrases
        ]
        self._around: dict[tuple[str, str], frozenset[int]] = {}

    def places(self, text: str, language: str) -> list[Place]:
        """Return where in a text each of the words is, in the text's order.

        Args:
            text: with accents that are one with their letters (`terms.composed`).
            language: as a text track names it.
        """
        code, known, asked = code_of(language), terms_of_words(language), self._by_form
        found: list[Place] = []
        for begin, end in self._beginnings.of(text, code):
            word = text[begin:end]
            # Signs have been looked for as they are.
            for term in (word,) if word in self._signs else known[word]:
                if term in asked:
                    found += (
                        Place(begin, end, number) for number, each in asked[term] if each.is_in(term, code)
                    )
            for number, prefix in self._prefixes:
                if any(folded.startswith(prefix) for folded, _ in words(word)):
                    found.append(Place(begin, end, number))
        return sorted(found)

    def anywhere(self, text: str, language: str) -> frozenset[int]:
        """Return the numbers of the words that are in a text; many passages have the same one around them."""
        key = (text, language)
        if key not in self._around:
            self._around[key] = frozenset(place.number for place in self.places(text, language))
        return self._around[key]

    def has_phrases(self, texts: Collection[str], language: str) -> bool:
        """Return whether each of the phrases is in one of the texts."""
        return all(
            any(
                terms_from(text, begin, language, len(spoken)) == spoken
                for text in texts
                for beginnings, spoken in phrase
                for begin, _ in beginnings.of(text, code_of(language))
            )
            for phrase in self._phrases
        )


class _Beginnings:
    """Where the words of a text are that begin as some terms do, and a few more.

    Args:
        forms: the terms.
    """

    def __init__(self, forms: Iterable[str]) -> None:
        listed = sorted(set(forms))
        self._spaced = [form for form in listed if not is_unspaced(form)]
        self._signs = [form for form in listed if is_unspaced(form)]

    def of(self, text: str, code: str) -> Iterator[tuple[int, int]]:
        """Yield where each begins and ends; `code`: of the text's language."""
        if self._signs and not text.isascii():
            for sign in self._signs:
                place = text.find(sign)
                while place >= 0:
                    yield place, place + len(sign)
                    place = text.find(sign, place + 1)
        if self._spaced:
            if code in _PREFIXING:
                pattern = _EVERY_WORD
            else:
                pattern = self._of_plain_words if text.isascii() else self._of_words
            for found in pattern.finditer(text):
                yield found.span()

    @cached_property
    def _of_plain_words(self) -> re.Pattern[str]:
        """Words of a text in ASCII; an article may be before one."""
        begins = {form[: 2 if len(form) >= _LONG else 1] for form in self._spaced if form.isascii()}
        either = "|".join(map(re.escape, sorted(begins))) or "(?!)"
        return re.compile(
            rf"(?<![a-z0-9])(?:[a-z0-9]{{1,2}}')?(?:{either})[a-z0-9]*", re.IGNORECASE | re.ASCII
        )

    @cached_property
    def _of_words(self) -> re.Pattern[str]:
        """Words of any text."""
        letters = {letter for form in self._spaced for letter in _unfolded().get(form[0], form[0])}
        begins = "".join(map(re.escape, sorted(letters)))
        return re.compile(rf"(?<![^\W_])(?:[^\W_]{{1,2}}['\u2019])?(?=[{begins}]){LETTERS}")


@cache
def _unfolded() -> dict[str, str]:
    """Return letter → those that are folded to it or to something that begins with it."""
    found: dict[str, str] = {}
    for letter in map(chr, _LETTERS):
        folded = fold(letter)[:1] if letter.isalnum() else ""
        if folded:
            found[folded] = found.get(folded, "") + letter
    return found
