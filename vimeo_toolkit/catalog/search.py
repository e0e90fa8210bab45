"""Which tools fit a request in a user's own words: BM25 over names, descriptions, inputs and enumerations.

No model and no network: the same words give the same tools. Words that users have for the things and the deeds of
Vimeo's API ("album", "bookmark", "hide") are taken for the catalogue's own, at a little less weight.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool

__all__ = ["best_tools"]

_SYNONYMS: Final = {
    "add": "put move place include insert write post say",
    "analytics": "statistics stats performance insights audience viewership",
    "caption": "subtitle cc subtitles captions texttrack vtt srt",
    "categories": "genre genres topic topics themes",
    "chapter": "section segment marker",
    "check": "diagnose verify wrong broken problem work allowed permission scope why",
    "comment": "reply response remark feedback note say write wrote",
    "count": "many number total",
    "create": "make new start build open",
    "delete": "remove erase trash destroy discard drop undo",
    "description": "details info information about summary",
    "domain": "website site whitelist",
    "download": "save",
    "duration": "length long short minutes hours longer shorter seconds",
    "edit": "change update modify rename set adjust fix title make turn",
    "embed": "iframe player website",
    "find": "filter locate",
    "folder": "project directory subfolder",
    "follow": "subscribe fan",
    "follower": "subscribers fans",
    "following": "subscriptions subscribed",
    "like": "heart favourite favorite love thumbs",
    "liked": "hearted favourites favorites loved",
    "list": "show what which who see all every view display inside",
    "modified": "changed edited updated touched",
    "month": "week today yesterday year days recent recently lately date",
    "my": "own",
    "permission": "scope access rights allowed grant",
    "picture": "thumbnail poster cover image still",
    "plan": "subscription account tier membership",
    "plays": "popular viewed views watched",
    "privacy": "private public hide hidden visible visibility unlisted nobody password protect protected lock",
    "profile": "bio account name",
    "quota": "space storage limit full gigabytes room left",
    "search": "look looking browse",
    "showcase": "album collection playlist gallery portfolio reel",
    "status": "transcode processing ready playable finished done",
    "tags": "keyword keywords label labels hashtag",
    "transcript": "said spoken speech mention talk quote caption subtitle read text",
    "tool": "capability function action feature",
    "upload": "import",
    "uploaded": "posted published added",
    "user": "person people creator author member someone",
    "version": "replace",
    "video": "clip film movie recording footage",
    "watchlater": "bookmark bookmarked queue later",
    "webhook": "callback notify notified notification notifications hook alert subscription endpoint ping",
}
"""Words of the catalogue → words that users have for them."""

_STOP: Final = frozenset(
    re.findall(
        r"\w+",
        """a an and any are as at be been by can could did do does for from get give had has have how in into is it
        its just let may more of on onto or out please so some that the their them then there these they this those
        to up want was were when where will with would you your tell need help called named vimeo""",
    )
)

_ASKING: Final = frozenset({"what", "which", "who"})
"""Words that mean a list in a request and nothing in a description."""

_MINE: Final = {"i": "my", "me": "my", "mine": "my", "our": "my", "us": "my", "we": "my"}

_NAME, _TEXT, _INPUT, _VALUE = 3.0, 2.0, 1.0, 0.5
"""The weight of a word in a tool's name, in its description, among its inputs' names and in their
enumerations."""

_SYNONYM: Final = 0.55
_IMPLIED: Final = 0.4
"""The weight of a description's word for the words that it is a synonym of."""

_K, _B = 1.2, 0.4


def best_tools(query: str, tools: Mapping[str, Tool], most: int) -> list[Tool]:
    """Return the tools that fit the words best, the best first; none where no word fits.

    Args:
        tools: what to choose from.
        most: how many at most.
    """
    index = _index()
    words = _weighted(query)
    named = set(re.findall(r"\w+", query.lower()))
    scored = [
        (-index.score(tool.name, words) - 100.0 * (tool.name in named), tool.name, tool)
        for tool in tools.values()
    ]
    return [tool for score, _, tool in sorted(scored, key=lambda each: each[:2]) if score < 0][:most]


class _Index:
    """How much each word counts in each tool."""

    def __init__(self, tools: Collection[Tool]) -> None:
        self._weights = {tool.name: _words_of(tool) for tool in tools}
        self._lengths = {name: sum(weights.values()) for name, weights in self._weights.items()}
        self._usual = sum(self._lengths.values()) / max(1, len(self._lengths))
        having = Counter(word for weights in self._weights.values() for word in weights)
        self._rarity = {
            word: math.log(1 + (len(tools) - count + 0.5) / (count + 0.5)) for word, count in having.items()
        }

    def score(self, name: str, words: Mapping[str, dict[str, float]]) -> float:
        weights, total = self._weights.get(name, {}), 0.0
        damp = _K * (1 - _B + _B * self._lengths.get(name, 0.0) / self._usual)
        for meanings in words.values():
            # Each word counts once, with the meaning that fits best.
            total += max(
                (
                    share * self._rarity[word] * weights[word] * (_K + 1) / (weights[word] + damp)
                    for word, share in meanings.items()
                    if word in weights
                ),
                default=0.0,
            )
        return total


@cache
def _index() -> _Index:
    from vimeo_toolkit.catalog import catalog

    return _Index(catalog().values())


@cache
def _meanings() -> dict[str, set[str]]:
    meanings: dict[str, set[str]] = {}
    for own, others in _SYNONYMS.items():
        for other in others.split():
            meanings.setdefault(_stem(other), set()).add(_stem(own))
    return meanings


def _weighted(query: str) -> dict[str, dict[str, float]]:
    """Return each word of a request, with the words of the catalogue that it may mean and their weights."""
    found = {}
    for word in _split(query):
        if word not in _STOP:
            stem = _stem(word)
            found[stem] = {**dict.fromkeys(sorted(_meanings().get(stem, ())), _SYNONYM), stem: 1.0}
    return found


def _words_of(tool: Tool) -> dict[str, float]:
    """Return the words of a tool, each with its weight."""
    weights: dict[str, float] = {}

    def count(text: str, weight: float) -> None:
        stems = {_stem(word) for word in _split(text) if word not in _STOP | _ASKING}
        for stem in stems:
            weights[stem] = weights.get(stem, 0.0) + weight
        for stem in {meaning for each in stems for meaning in _meanings().get(each, ())} - stems:
            weights[stem] = weights.get(stem, 0.0) + weight * _IMPLIED

    count(tool.name.removeprefix("vimeo_"), _NAME)
    count(tool.description, _TEXT)
    for name, described in tool.input_schema["properties"].items():
        count(name, _INPUT)
        count(str(described.get("description", "")), _INPUT)
        count(" ".join(_values(described)), _VALUE)
    return weights


def _values(described: Mapping[str, Any]) -> list[str]:
    items = described.get("items")
    enum = described.get("enum") or (items.get("enum") if isinstance(items, dict) else None)
    return [str(value) for value in enum or []]


def _split(text: str) -> list[str]:
    """Return the words in lower case; Vimeo writes one of its lists in two words."""
    plain = text.lower().replace("watch later", "watchlater").replace("'", "")
    return [_MINE.get(word, word) for word in re.findall(r"[a-z0-9]+", plain)]


def _stem(word: str) -> str:
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
