"""Which tools fit a request in a user's own words: by what is to be done, to which things.

No model and no network: the same words give the same tools. A request is read into things ("album" is a showcase),
actions ("get rid of" is to remove) and the words that are left (`search_words`); so is each tool, by its name, its
description and its inputs. A tool fits the better the rarer the things are that both have (BM25), if it does what
is asked, and the fewer things only one of them has. What no tool does stands in the same ranking, so that a request
for it finds that there is none.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.catalog.search_reading import Words, request_of, root_of, words_of
from vimeo_toolkit.catalog.search_words import LACKING, LIBRARY, TOOL_ACTIONS

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool

__all__ = ["Fitting", "fitting_tools"]

_NAME, _TEXT, _INPUT, _VALUE = 3.0, 2.0, 1.0, 0.5
"""The weight of a word in a tool's name, in its description, among its inputs' names and in their
enumerations."""

_K, _B = 1.2, 0.4
"""How soon a word's weight is enough, and how much long texts are held back: BM25's parameters."""

_ACTION: Final = 2.5
"""What it counts that a tool does what is asked; as much is taken off where it does something else."""
_NOT_ASKED: Final = 0.6
"""What is taken off for a thing in a tool's name that was not asked about, as a part of its rarity."""
_NOT_REMOVED: Final = 1.5
"""What is taken off where a tool removes something that was not named: a video from a showcase, not a showcase."""
_NOT_HAD: Final = 0.25
"""What is taken off for a thing that was asked about and the tool does not have."""
_GENERAL: Final = frozenset({"video", LIBRARY, "user"})
"""Things that nearly every request has: alone they do not tell what is wanted."""
_TELLING: Final = frozenset({"undo", "wait"})
"""Actions that need no thing beside them to be understood."""
_ATTRIBUTES: Final = frozenset({"date", "description", "duration", "language", "plays", "title"})
"""What things have, Vimeo's and others."""
_ENOUGH: Final = 0.25
"""How much of the best one's score a tool needs that is named beside it."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """What was found for a request."""

    tools: list[Tool]
    """Those that fit, the best first; none where no tool does it."""
    lacking: str = ""
    """What of Vimeo is asked for that no tool does; "" where that is not known."""


@dataclass(frozen=True, slots=True)
class _Profile:
    """A tool, or what no tool does, as it is compared with requests."""

    weights: Mapping[str, float]
    named: frozenset[str]
    """The things in its name."""
    action: str = ""
    object: str = ""
    """The last thing in its name: what it removes, where it removes something."""

    @property
    def length(self) -> float:
        return sum(self.weights.values())


def fitting_tools(query: str, tools: Mapping[str, Tool], most: int) -> Fitting:
    """Return the tools that fit the words best, the best first.

    Args:
        query: the request, or a tool's name.
        tools: what to choose from.
        most: how many at most.
    """
    named = [tools[name] for name in dict.fromkeys(re.findall(r"\w+", query.lower())) if name in tools]
    index, asked = _index(), request_of(query)
    profiles = {name: index.profiles.get(name) or _profile(tool) for name, tool in tools.items()}
    scores = {name: index.score(profile, asked) for name, profile in profiles.items()}
    lacking = max(index.lacking, key=lambda each: index.score(index.lacking[each], asked), default="")
    known = [name for name in scores if scores[name] > 0 and index.understood(profiles[name], asked)]
    ranked = sorted(known, key=lambda name: (-scores[name], name))
    best = scores[ranked[0]] if ranked else 0.0
    if not named and lacking and index.score(index.lacking[lacking], asked) > max(best, 0.0):
        return Fitting([], lacking)
    fit = [tools[name] for name in ranked if scores[name] >= _ENOUGH * best]
    return Fitting(list(dict.fromkeys([*named, *fit]))[:most])


class _Index:
    """All tools' profiles, and how rare each word is among them."""

    def __init__(self, tools: Iterable[Tool]) -> None:
        self.profiles = {tool.name: _profile(tool) for tool in tools}
        self.lacking = {about: _of_words(words) for about, words in LACKING.items()}
        every = [*self.profiles.values(), *self.lacking.values()]
        self._usual = sum(each.length for each in self.profiles.values()) / max(1, len(self.profiles))
        having = Counter(word for each in every for word in each.weights)
        self._unheard = math.log(1 + (len(every) + 0.5) / 0.5)
        """The rarity of a word that only a product's own tools have."""
        self._rarity = {
            word: math.log(1 + (len(every) - count + 0.5) / (count + 0.5)) for word, count in having.items()
        }

    def score(self, profile: _Profile, asked: Words) -> float:
        """Return how well the tool fits; 0 where it has none of the words."""
        damp = _K * (1 - _B + _B * profile.length / self._usual)
        shared, found = 0.0, False
        for word, share in asked.words.items():
            if word in profile.weights:
                weight = profile.weights[word]
                shared += share * self._rarity.get(word, self._unheard) * weight * (_K + 1) / (weight + damp)
                found = found or word not in ("my",)
        if not found:
            return 0.0
        more = profile.named - asked.words.keys() - {"video", LIBRARY}
        less = asked.things - profile.weights.keys() - _GENERAL - _ATTRIBUTES
        apart = _NOT_ASKED * self._rare(more) + _NOT_HAD * self._rare(less)
        if profile.action == "remove" and profile.object not in asked.words:
            apart += _NOT_REMOVED
        return shared + _ACTION * asked.does(profile.action) - apart

    def _rare(self, things: Iterable[str]) -> float:
        return sum(self._rarity.get(thing, 0.0) for thing in things)

    def understood(self, profile: _Profile, asked: Words) -> bool:
        """Return whether the tool has enough of what is asked about to say that it does it."""
        if profile.action in asked.actions & _TELLING:
            return True
        shared = {thing for thing in asked.things if thing in profile.weights}
        if shared - _GENERAL - _ATTRIBUTES:
            return True
        unheard = {word for word in asked.others if word not in self._rarity}
        if unheard & profile.weights.keys():  # of a product's own tool
            return True
        sure = not unheard
        return bool(shared and (sure or (asked.actions and shared - _ATTRIBUTES)))


@cache
def _index() -> _Index:
    from vimeo_toolkit.catalog import catalog

    return _Index(catalog(library=True).values())


def _profile(tool: Tool) -> _Profile:
    weights: dict[str, float] = {}

    def count(text: str, weight: float) -> Words:
        found = words_of(text)
        for word, share in found.words.items():
            weights[word] = weights.get(word, 0.0) + weight * share
        return found

    plain = tool.name.removeprefix("vimeo_").replace("_", " ")
    named = count(plain, _NAME)
    count(tool.description, _TEXT)
    for name, described in tool.whole_schema["properties"].items():
        count(name.replace("_", " "), _INPUT)
        count(str(described.get("description", "")), _INPUT)
        count(" ".join(_values(described)), _VALUE)
    action = TOOL_ACTIONS.get(plain.rpartition(" ")[2], "")
    last = next((thing for thing in reversed(list(named.words)) if thing in named.things), "")
    return _Profile(weights, frozenset(named.things), action, last)


def _of_words(text: str) -> _Profile:
    return _Profile(dict.fromkeys(map(root_of, text.split()), _NAME), frozenset())


def _values(described: Mapping[str, Any]) -> list[str]:
    items = described.get("items")
    enum = described.get("enum") or (items.get("enum") if isinstance(items, dict) else None)
    return [str(value) for value in enum or []]
