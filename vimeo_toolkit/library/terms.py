"""What of a text is compared with what of a question: folded, stemmed words, in any language.

A word is folded before it is stemmed, so that "cafe" and "café" are one term whoever leaves out the accent. Scripts
without spaces are cut into pairs of signs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final

import snowballstemmer

__all__ = ["FUNCTION_WORDS", "Word", "fold", "languages", "stem", "terms", "words"]

Word = tuple[str, int]
"""A folded word, and the character at which it begins."""

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese."""
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
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

FUNCTION_WORDS: Final[frozenset[str]] = frozenset(
    # Words that a question has for its grammar; of a question of nothing else, all count.
    [
        "a",
        "about",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "me",
        "my",
        "of",
        "on",
        "or",
        "our",
        "say",
        "says",
        "said",
        "should",
        "so",
        "some",
        "talk",
        "talks",
        "talking",
        "tell",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "us",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
        "video",
        "videos",
        "aber",
        "als",
        "am",
        "auf",
        "aus",
        "bei",
        "da",
        "das",
        "dass",
        "dem",
        "den",
        "der",
        "des",
        "die",
        "ein",
        "eine",
        "einem",
        "einen",
        "einer",
        "er",
        "es",
        "fur",
        "hat",
        "ich",
        "ihr",
        "im",
        "in",
        "ist",
        "kann",
        "man",
        "mein",
        "meine",
        "mit",
        "nach",
        "nicht",
        "oder",
        "sagt",
        "sie",
        "sind",
        "so",
        "uber",
        "um",
        "und",
        "uns",
        "von",
        "war",
        "was",
        "wann",
        "warum",
        "welche",
        "welchem",
        "welchen",
        "welcher",
        "wer",
        "wie",
        "wird",
        "wo",
        "wir",
        "zu",
        "zum",
        "zur",
        "au",
        "aux",
        "avec",
        "ce",
        "ces",
        "comment",
        "dans",
        "de",
        "des",
        "dit",
        "du",
        "elle",
        "en",
        "est",
        "et",
        "il",
        "ils",
        "je",
        "la",
        "le",
        "les",
        "leur",
        "mais",
        "mes",
        "mon",
        "nous",
        "ont",
        "ou",
        "par",
        "pas",
        "pour",
        "pourquoi",
        "quand",
        "que",
        "quel",
        "quelle",
        "quels",
        "qui",
        "sa",
        "se",
        "ses",
        "son",
        "sont",
        "sur",
        "un",
        "une",
        "vous",
        "al",
        "como",
        "con",
        "cual",
        "cuando",
        "de",
        "del",
        "donde",
        "el",
        "ella",
        "en",
        "es",
        "esta",
        "este",
        "la",
        "las",
        "lo",
        "los",
        "mas",
        "mi",
        "mis",
        "no",
        "o",
        "para",
        "pero",
        "por",
        "porque",
        "que",
        "quien",
        "se",
        "si",
        "son",
        "su",
        "sus",
        "un",
        "una",
        "y",
        "yo",
        "ai",
        "che",
        "chi",
        "come",
        "cosa",
        "da",
        "del",
        "della",
        "di",
        "dove",
        "e",
        "gli",
        "ha",
        "i",
        "il",
        "io",
        "ne",
        "nel",
        "non",
        "o",
        "per",
        "perche",
        "piu",
        "quale",
        "quando",
        "sono",
        "un",
        "una",
        "uno",
        "ao",
        "com",
        "como",
        "da",
        "das",
        "do",
        "dos",
        "e",
        "em",
        "eu",
        "foi",
        "isso",
        "mais",
        "na",
        "no",
        "nos",
        "o",
        "os",
        "ou",
        "para",
        "por",
        "qual",
        "quando",
        "quem",
        "se",
        "sua",
        "um",
        "uma",
        "aan",
        "dat",
        "de",
        "een",
        "en",
        "er",
        "het",
        "hoe",
        "ik",
        "in",
        "is",
        "je",
        "met",
        "mijn",
        "niet",
        "of",
        "om",
        "op",
        "te",
        "van",
        "voor",
        "waar",
        "waarom",
        "wat",
        "we",
        "wie",
        "zijn",
        "att",
        "av",
        "den",
        "det",
        "dig",
        "du",
        "en",
        "ett",
        "for",
        "hur",
        "i",
        "inte",
        "jag",
        "med",
        "min",
        "mina",
        "nar",
        "och",
        "om",
        "pa",
        "som",
        "till",
        "vad",
        "var",
        "vem",
        "vi",
        "ar",
    ]
)


def fold(text: str) -> str:
    """Return a text in lower case without diacritics."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(_LETTERS)


def words(text: str) -> Iterator[Word]:
    """Yield the folded words of a text in their order; of unspaced scripts, pairs of signs."""
    for found in _WORD.finditer(unicodedata.normalize("NFC", text)):
        word, begins = found[0], found.start()
        if word.isascii():
            yield _plain(word.lower()), begins
            continue
        place = 0
        for run in _UNSPACED.finditer(word):
            if run.start() > place:
                yield _plain(fold(word[place : run.start()])), begins + place
            signs = run[0]
            for number in range(max(len(signs) - 1, 1)):
                yield signs[number : number + 2], begins + run.start() + number
            place = run.end()
        if place < len(word):
            yield _plain(fold(word[place:])), begins + place


def _plain(word: str) -> str:
    """Without an apostrophe: what stands before it in English and French is seldom what is looked for."""
    head, sign, tail = word.replace("’", "'").partition("'")
    if not sign:
        return word
    return tail if len(head) <= 2 else head


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Return a folded word's stem in a language, such as `en`; the word itself in one that has no stemmer."""
    algorithm = _ALGORITHMS.get(language)
    if algorithm is None or len(word) < 4 or word[0].isdigit():
        return word
    return fold(str(_stemmer(algorithm).stemWord(word))) or word


def terms(text: str, language: str) -> list[str]:
    """Return what a text is found by, in its order."""
    return [stem(word, language) for word, _ in words(text)]


def languages() -> frozenset[str]:
    """Return the codes of the languages whose words are stemmed."""
    return frozenset(_ALGORITHMS)


@cache
def _stemmer(algorithm: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(algorithm)
