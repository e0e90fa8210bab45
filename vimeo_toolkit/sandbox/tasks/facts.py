"""What an answer has to say: facts, each with the ways in which it may be written."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = ["Fact", "count", "length", "says", "told"]

Fact = str | tuple[str, ...]
"""A text that has to be in the answer, or several of which one has to be."""

_WORDS: Final = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_MINUTES: Final = (" min", " mins", " minutes", " minute", "-minute", "m", "min", "'")
_HOURS: Final = (
    "h",
    "h ",
    " h ",
    " hr ",
    " hour ",
    " hours ",
    " hour and ",
    " hours and ",
    " hour, ",
    " hours, ",
)
_QUOTES: Final = str.maketrans("\u2018\u2019\u201c\u201d\u2010\u2011\u2013\u2014", "''\"\"----")
_BETWEEN_THOUSANDS: Final = re.compile(r"(?<=\d)[,' \u00a0\u202f](?=\d{3}(?!\d))")


def count(number: int) -> Fact:
    """Return a number as a fact, in digits or as a word."""
    return (str(number), _WORDS[number]) if number < len(_WORDS) else str(number)


def length(seconds: int) -> Fact:
    """Return a length of time as a fact, to the second or rounded to minutes."""
    hours, rest = divmod(seconds, 3600)
    ways = [f"{seconds // 60}:{seconds % 60:02}", str(seconds)]
    if hours:
        ways = [f"{hours}:{rest // 60:02}:{rest % 60:02}", *ways]
        ways += [f"{seconds / 3600:.{digits}f} {word}" for digits in (1, 2) for word in ("h", "hours")]
    for whole in dict.fromkeys((seconds // 60, round(seconds / 60))):
        ways += [f"{whole}{unit}" for unit in _MINUTES]
        for hour in _HOURS if whole >= 60 else ():
            ways += [f"{whole // 60}{hour}{whole % 60}", f"{whole // 60}{hour}{whole % 60:02}"]
            ways += [f"{whole // 60}{hour}{whole % 60}m", f"{whole // 60}{hour}{whole % 60}min"]
    return tuple(ways)


def told(fact: Fact) -> str:
    """Return the first way in which a fact can be written."""
    return fact if isinstance(fact, str) else fact[0]


def says(answer: str, fact: Fact) -> bool:
    """Tell whether an answer says a fact: upper and lower case, kinds of quotes and dashes, Markdown and separators
    between thousands make no difference, and a number is not found within another one."""
    text = _plain(answer)
    ways = (fact,) if isinstance(fact, str) else fact
    return any(_within(_plain(way), text) for way in ways)


def _within(way: str, text: str) -> bool:
    before = r"(?<![\w.:])" if way[:1].isdigit() else r"(?<!\w)" if way[:1].isalpha() else ""
    after = r"(?![\w]|[.:]\d)" if way[-1:].isdigit() else r"(?!\w)" if way[-1:].isalpha() else ""
    return re.search(before + re.escape(way) + after, text) is not None


def _plain(text: str) -> str:
    flat = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    flat = _BETWEEN_THOUSANDS.sub("", re.sub(r"[*_`]+", "", flat))
    return re.sub(r"\s+", " ", flat).strip()
