"""A text about tools, read into what is to be done, the things that it is done to, and the words that are left."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final

from vimeo_toolkit.catalog.search_words import ACTIONS, LIBRARY, NEAR_ACTIONS, PHRASES, STOP, THINGS

__all__ = ["Words", "request_of", "root_of", "words_of"]

_MINE: Final = frozenset({"i", "me", "mine", "my", "our", "us", "we"})
_ASKING: Final = frozenset(
    {
        *("what", "whats", "which", "who", "whos", "whom", "whose", "how", "where", "when", "why", "any"),
        *("is", "are", "was", "were", "do", "does", "did", "has", "have"),
    }
)
"""Words that a question begins with."""
_ONLY_NAMED: Final = 0.4


@dataclass(frozen=True, slots=True)
class Words:
    """A text, read into things and other words, and a request also into what is to be done."""

    words: Mapping[str, float]
    """Thing or root of a word → how surely it is meant."""
    things: frozenset[str]
    others: frozenset[str]
    """Roots of the words that are neither a thing nor a verb."""
    actions: frozenset[str] = frozenset()

    def does(self, action: str) -> float:
        """Return 1 where the action is what is asked, -1 where something else is, between them where it comes
        near, and 0 where it is not known. Who only names a thing mostly wants to see it."""
        if not self.actions:
            return _ONLY_NAMED if action == "read" else 0.0
        if not action:
            return 0.0
        return max(
            1.0 if action == each else NEAR_ACTIONS.get(each, {}).get(action, -1.0) for each in self.actions
        )


def words_of(text: str) -> Words:
    """Read a text of a tool: its name with blanks, its description, its inputs."""
    return _read(_words(text), 0.0)


def request_of(text: str) -> Words:
    """Read a request. Which videos are meant is not always said: several are often one's own."""
    words = _words(text)
    read = _read(words, 0.5)
    return replace(read, actions=_actions(words))


def _read(said: Sequence[str], several: float) -> Words:
    words: dict[str, float] = {}
    things: set[str] = set()
    others: set[str] = set()

    def count(thing: str, share: float) -> None:
        words[thing] = max(words.get(thing, 0.0), share)
        things.add(thing)

    for place, word in enumerate(said):
        if word in _MINE:
            words["my"] = 0.4
        if word in STOP or word in _ASKING or word in _MINE:
            continue
        root = root_of(word)
        meant = _meanings().get(root, frozenset())
        for thing in meant:
            count(thing, 1.0 if root_of(thing) == root else 0.8)
            if word.endswith("s"):
                words[f"{thing}s"] = 0.4
        if "video" in meant and word.endswith("s"):
            mine = bool(_MINE & set(said[max(0, place - 3) : place]))
            if mine or several:
                count(LIBRARY, 1.0 if mine else several)
        if LIBRARY in meant:
            count("video", 0.6)
        if not meant and word not in _verbs():
            others.add(root)
        words.setdefault(root, 0.3 if meant else 0.5 if word in _verbs() else 1.0)
    return Words(words, frozenset(things), frozenset(others))


def _actions(said: Sequence[str]) -> frozenset[str]:
    """Return what is to be done: a question wants to read, and else the first verb tells."""
    if said and said[0] in _ASKING:
        return frozenset({"read"})
    if "stop" in said:
        return frozenset({"remove"})
    return next((_verbs()[word] for word in said if word in _verbs()), frozenset())


def _words(text: str) -> list[str]:
    plain = re.sub(r"['\u2019]s\b", "", text.lower())
    return re.findall(r"[a-z0-9]+", _phrases(re.sub(r"['\u2019]", "", plain)))


@cache
def _phrase_pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    by_phrase = {phrase.strip(): word for word, phrases in PHRASES.items() for phrase in phrases.split(",")}
    longest = sorted(by_phrase, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(longest)})\b"), by_phrase


def _phrases(text: str) -> str:
    pattern, words = _phrase_pattern()
    return pattern.sub(lambda found: words[found[0]], text)


@cache
def _meanings() -> dict[str, frozenset[str]]:
    meanings: dict[str, set[str]] = {}
    for thing, others in THINGS.items():
        for word in (thing, *others.split()):
            meanings.setdefault(root_of(word), set()).add(thing)
    return {word: frozenset(things) for word, things in meanings.items()}


@cache
def _verbs() -> dict[str, frozenset[str]]:
    verbs: dict[str, set[str]] = {}
    for action, words in ACTIONS.items():
        for word in words.split():
            verbs.setdefault(word, set()).add(action)
    return {word: frozenset(actions) for word, actions in verbs.items()}


def root_of(word: str) -> str:
    """Return a rough root of a word in lower case."""
    # Words come from models, too, so only some are remembered, and none that is longer than any real word.
    return _root(word) if len(word) <= 24 else word


@lru_cache(maxsize=4096)
def _root(word: str) -> str:
    """Return a rough root, the same for the forms of a word: videos, video; tagged, tags, tag; categories,
    category."""
    if len(word) > 4 and word.endswith("ies"):
        word = f"{word[:-3]}y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if len(word) > len(ending) + 2 and word.endswith(ending):
            word = word[: -len(ending)]
            break
    word = word.removesuffix("e") if len(word) > 3 else word
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
