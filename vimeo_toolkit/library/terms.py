"""What of a text is compared with what of a question: folded, stemmed words, in any language.

A word is folded before it is stemmed, so that "cafe" and "café" are one term whoever leaves out the accent. Scripts
without spaces are cut into pairs of signs.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Final

import snowballstemmer

from vimeo_toolkit.library.spelling import one_spelling

__all__ = [
    "LETTERS",
    "TERMS_FORMAT",
    "Word",
    "code_of",
    "codes_of",
    "composed",
    "fold",
    "is_unspaced",
    "languages",
    "length",
    "stem",
    "terms",
    "terms_from",
    "terms_of_words",
    "words",
]

TERMS_FORMAT: Final = 3
"""Of how terms are made, beside the version of the stemmers: a store makes them anew when it has moved."""

Word = tuple[str, int]
"""A folded word, and the character at which it begins."""

_MARKS: Final = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f\u0951-\u0957"
    "\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a4d\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b4d"
    "\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c4d\u0c81-\u0c83\u0cbc-\u0ccd\u0d00-\u0d03\u0d3b-\u0d4d\u0e31\u0e34-\u0e3a"
    "\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b4-\u17d3"
)
"""Signs that are parts of a word without being letters, such as the vowels of Hindi, Hebrew and Thai."""
LETTERS: Final = rf"[^\W_]+(?:[{_MARKS}]+[^\W_]*)*"
"""A pattern for letters and digits that follow each other."""
_WORD: Final = re.compile(rf"{LETTERS}(?:['\u2019]{LETTERS})?")
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]+"
)
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese, and Korean, whose words have their grammar joined to them."""
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "\u0131": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)
"""Letters that have no other form in Unicode, as people write them without."""

_ALGORITHMS: Final = {
    "ar": "arabic",
    "hy": "armenian",
    "eu": "basque",
    "ca": "catalan",
    "da": "danish",
    "nl": "dutch",
    "en": "english",
    "et": "estonian",
    "fi": "finnish",
    "fr": "french",
    "de": "german",
    "el": "greek",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "ga": "irish",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "no": "norwegian",
    "nb": "norwegian",
    "nn": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "es": "spanish",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}


def is_unspaced(text: str) -> bool:
    """Return whether a text is in a script whose words are pairs of signs here, all of it."""
    return _UNSPACED.fullmatch(text) is not None


def fold(text: str) -> str:
    """Return a text in lower case without diacritics."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(_LETTERS)


def words(text: str) -> Iterator[Word]:
    """Yield the folded words of a text in their order; of unspaced scripts, pairs of signs."""
    for found in _WORD.finditer(composed(text)):
        start = found.start()
        for word, begins, _ in _parts_of(found[0]):
            yield word, start + begins


def terms(text: str, language: str) -> list[str]:
    """Return what a text is found by, in its order, one for each of its words.

    Args:
        text: any text.
        language: as a text track names it.
    """
    known = _of_language(code_of(language))
    return list(chain.from_iterable(map(known.__getitem__, _WORD.findall(composed(text)))))


def terms_from(text: str, begin: int, language: str, count: int) -> list[str]:
    """Return as many terms of a text that is `composed`, from a character on."""
    known = _of_language(code_of(language))
    return list(islice(chain.from_iterable(known[found[0]] for found in _WORD.finditer(text, begin)), count))


def length(text: str) -> int:
    """Return about how many terms a text has, as fast as that can be told."""
    spaced = text.count(" ") + 1
    return spaced if text.isascii() else spaced + sum(map(len, _UNSPACED.findall(text)))


def composed(text: str) -> str:
    """Return a text whose accents are one with their letters (NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


_Part = tuple[str, int, int]
"""A folded word, and where it begins and ends."""


def _parts_of(sequence: str) -> Sequence[_Part]:
    return _parts(sequence) if len(sequence) > _LONGEST else _known_parts(sequence)


def _parts(sequence: str) -> Sequence[_Part]:
    """Return the words of a sequence of letters; those of unspaced scripts are pairs of signs."""
    if sequence.isascii():
        return ((_plain(sequence.lower()), 0, len(sequence)),)
    made: list[_Part] = []
    place = 0
    for run in _UNSPACED.finditer(sequence):
        if run.start() > place:
            made.append((_plain(fold(sequence[place : run.start()])), place, run.start()))
        made += _signs(sequence, run.start(), run.end())
        place = run.end()
    if place < len(sequence):
        made.append((_plain(fold(sequence[place:])), place, len(sequence)))
    return tuple(part for part in made if part[0])  # signs that only stand on letters fold to nothing


def _signs(sequence: str, begin: int, end: int) -> Iterator[_Part]:
    """Yield pairs of signs, and before each the first of them where it is a word by itself, as in Chinese."""
    for place in range(begin, end):
        if end - begin == 1 or "\u3400" <= sequence[place] <= "\u9fff":
            yield sequence[place], place, place + 1
        if place + 1 < end:
            yield sequence[place : place + 2], place, place + 2


@lru_cache(maxsize=50_000)
def _known_parts(sequence: str) -> Sequence[_Part]:
    return _parts(sequence)


class _Terms(dict[str, Sequence[str]]):
    """Sequence of letters → its terms, of one language: a text has few that no text before it had."""

    def __init__(self, code: str) -> None:
        self._code = code

    def __missing__(self, sequence: str) -> Sequence[str]:
        made = tuple(stem(word, self._code) for word, _, _ in _parts(sequence))
        if len(sequence) <= _LONGEST:
            if len(self) >= _MOST_KNOWN:
                self.clear()
            self[sequence] = made
        return made


_MOST_KNOWN: Final = 50_000


@lru_cache(maxsize=len(_ALGORITHMS))
def _of_language(code: str) -> _Terms:
    return _Terms(code)


def terms_of_words(language: str) -> Mapping[str, Sequence[str]]:
    """Return word → its terms, for any word of a text."""
    return _of_language(code_of(language))


def _plain(word: str) -> str:
    """Without an apostrophe: what stands before it in English and French is seldom what is looked for."""
    head, sign, tail = word.replace("\u2019", "'").partition("'")
    if not sign:
        return word
    return tail if len(head) <= 2 else head


_LONGEST: Final = 60
"""Letters of a word that is stemmed."""


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """Return a folded word's stem in a language, such as `en`; the word itself in one that has no stemmer."""
    algorithm = _ALGORITHMS.get(language)
    if algorithm is None or not 4 <= len(word) <= _LONGEST or word[0].isdigit():
        return word
    if language == "en":
        word = one_spelling(word)
    return fold(str(_stemmer(algorithm).stemWord(word))) or word


def code_of(language: str) -> str:
    """Return the language of a track, such as `en` of `en-US` and of `en-x-autogen`."""
    return language.partition("-")[0].partition("_")[0].casefold()


def codes_of(languages: Iterable[str]) -> tuple[str, ...]:
    """Return the languages of tracks, each once, in their order."""
    return tuple(sorted({code_of(language) for language in languages}))


def languages() -> frozenset[str]:
    """Return the codes of the languages whose words are stemmed."""
    return frozenset(_ALGORITHMS)


class _Stemmers(threading.local):
    """A thread's own: a stemmer keeps the word it is at work on, and those of two threads would be mixed up."""

    def __init__(self) -> None:
        self.made: dict[str, snowballstemmer.stemmer] = {}


_STEMMERS: Final = _Stemmers()


def _stemmer(algorithm: str) -> snowballstemmer.stemmer:
    made = _STEMMERS.made
    if algorithm not in made:
        made[algorithm] = snowballstemmer.stemmer(algorithm)
    return made[algorithm]
