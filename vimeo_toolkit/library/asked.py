"""A question in words, as the index is asked: which terms, which phrases, which beginnings of words."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from vimeo_toolkit.library.function_words import function_words, language_asked_in
from vimeo_toolkit.library.terms import stem, words

__all__ = ["Asked", "Phrase", "Wanted", "asked"]

_PHRASE: Final = re.compile(r'["“”„«]([^"“”„«»]+)["“”»]')
_PREFIX: Final = re.compile(r"(\w{2,})\*")
MOST_WORDS: Final = 32


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word of a question: the forms it may have in the index, its stems in the library's languages."""

    forms: tuple[str, ...]
    prefix: bool = False
    """All words that begin so; then the first of the forms is the beginning, and the others are its stems."""
    word: str = ""
    """As it was asked, folded."""

    def is_in(self, form: str, code: str) -> bool:
        """Return whether one of its forms is the one in a language, such as `en`: gingen is ginga in others."""
        return self.prefix or not self.word or form == stem(self.word, code)


Phrase = tuple[tuple[str, ...], ...]
"""The terms of words that follow each other, in each of the library's languages: one of these is looked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, read."""

    wanted: tuple[Wanted, ...]
    phrases: tuple[Phrase, ...] = ()
    """Each must be there, word after word."""
    language: str = ""
    """The code of the language that it is in, "" where its words do not tell."""


def asked(text: str, languages: Collection[str]) -> Asked:
    """Return a question as it is looked for.

    Words in quotation marks are a phrase, and `word*` is all words that begin so. Words that a question has for its
    grammar count only if it has no others.

    Args:
        text: what a person wrote.
        languages: codes of those in which the library's words are, such as `en`.
    """
    spoken = tuple(sorted(languages)) or ("",)
    phrases = []
    for found in _PHRASE.finditer(text):
        phrase = [word for word, _ in words(found[1])][:MOST_WORDS]
        if len(phrase) > 1:
            forms = (tuple(stem(word, language) for word in phrase) for language in spoken)
            phrases.append(tuple(dict.fromkeys(forms)))
    prefixes = {beginning for found in _PREFIX.finditer(text) for beginning, _ in words(found[1])}
    plain = list(dict.fromkeys(word for word, _ in words(text.replace("*", " "))))
    language = language_asked_in(plain, languages)
    grammar = function_words(language)
    telling = [word for word in plain if word in prefixes or word not in grammar] or plain
    wanted = tuple(_wanted(word, spoken, word in prefixes) for word in telling[:MOST_WORDS])
    return Asked(wanted, tuple(phrases), language)


def _wanted(word: str, languages: Collection[str], prefix: bool) -> Wanted:
    stems = sorted({stem(word, language) for language in languages})
    if prefix:
        return Wanted((word, *(each for each in stems if each != word)), prefix=True)
    return Wanted(tuple(stems), word=word)
