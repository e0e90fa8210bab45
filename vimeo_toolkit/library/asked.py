"""A question in words, as the index is asked: which terms, which phrases, which beginnings of words."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from vimeo_toolkit.library.terms import FUNCTION_WORDS, stem, words

__all__ = ["Asked", "Wanted", "asked"]

_PHRASE: Final = re.compile(r'["“”„«]([^"“”„«»]+)["“”»]')
_PREFIX: Final = re.compile(r"(\w{2,})\*")
MOST_WORDS: Final = 32


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word of a question: the forms it may have in the index, its stems in the library's languages."""

    forms: tuple[str, ...]
    prefix: bool = False
    """All words that begin so; then `forms` is the beginning alone."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, read."""

    wanted: tuple[Wanted, ...]
    phrases: tuple[tuple[Wanted, ...], ...] = ()
    """Each must be there, word after word."""


def asked(text: str, languages: Collection[str]) -> Asked:
    """Return a question as it is looked for.

    Words in quotation marks are a phrase, and `word*` is all words that begin so. Words that a question has for its
    grammar count only if it has no others.

    Args:
        text: what a person wrote.
        languages: codes of those in which the library's words are, such as `en`.
    """
    phrases = []
    for found in _PHRASE.finditer(text):
        phrase = tuple(_wanted(word, languages) for word, _ in words(found[1]))
        if len(phrase) > 1:
            phrases.append(phrase[:MOST_WORDS])
    prefixes = {beginning for found in _PREFIX.finditer(text) for beginning, _ in words(found[1])}
    plain = list(dict.fromkeys(word for word, _ in words(text.replace("*", " "))))
    telling = [word for word in plain if word in prefixes or word not in FUNCTION_WORDS] or plain
    return Asked(
        tuple(
            Wanted((word,), prefix=True) if word in prefixes else _wanted(word, languages)
            for word in telling[:MOST_WORDS]
        ),
        tuple(phrases),
    )


def _wanted(word: str, languages: Collection[str]) -> Wanted:
    return Wanted(
        tuple(sorted({stem(word, language) for language in languages} | ({word} if not languages else set())))
    )
