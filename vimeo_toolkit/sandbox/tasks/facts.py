"""What an answer has to say: facts, each with the ways in which it may be written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["Fact", "Length", "count", "length", "says", "told"]


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time, or a moment in a video."""

    seconds: int


Fact = str | tuple[str, ...] | Length
"""A text that has to be in the answer, or several of which one has to be, or a length of time."""

_WORDS: Final = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_HOURS: Final = r"(?:hours?|hrs?|h)"
_MINUTES: Final = r"(?:minutes?|mins?|m|'(?!'))"
_SECONDS: Final = r"(?:seconds?|secs?|s|''|\")"
_THEN: Final = r"(?:\s*(?:,|,? and|&)?\s*)"
_CLOCK: Final = re.compile(rf"(?<![\w.:])(\d+):(\d\d)(?::(\d\d))?(?![:\w]|\.\d)(?=(\s*{_HOURS}\b)?)")
_SPOKEN: Final = re.compile(
    rf"(?<![\w.:])(?:pt)?(?:"
    rf"(?P<h>\d+(?:[.,]\d+)?)[\s-]*{_HOURS}(?:{_THEN}(?P<hm>\d+)(?:[\s-]*{_MINUTES}(?:{_THEN}(?P<hs>\d+)[\s-]*{_SECONDS})?)?)?"
    rf"|(?P<m>\d+(?:[.,]\d+)?)[\s-]*{_MINUTES}(?:{_THEN}(?P<ms>\d+)[\s-]*{_SECONDS})?"
    rf"|(?P<s>\d+)(?:[\s-]*{_SECONDS})?"
    rf")(?![\w:]|\.\d)"
)
_QUOTES: Final = str.maketrans(
    "\u2018\u2019\u201c\u201d\u2010\u2011\u2013\u2014\u2032\u2033\u00ba", "''\"\"----'\"\u00b0"
)
_BETWEEN_THOUSANDS: Final = re.compile(r"(?<=\d)[,' \u00a0\u202f](?=\d{3}(?!\d))")
_DOT_BETWEEN_THOUSANDS: Final = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")


def count(number: int) -> Fact:
    """Return a number as a fact, in digits or as a word."""
    return (str(number), _WORDS[number]) if number < len(_WORDS) else str(number)


def length(seconds: int) -> Fact:
    """Return a length of time as a fact: to the second, or cut or rounded to what is written."""
    return Length(seconds)


def told(fact: Fact) -> str:
    """Return the first way in which a fact can be written."""
    if isinstance(fact, Length):
        hours, rest = divmod(fact.seconds, 3600)
        return f"{hours}:{rest // 60:02}:{rest % 60:02}"
    return fact if isinstance(fact, str) else fact[0]


def says(answer: str, fact: Fact) -> bool:
    """Tell whether an answer says a fact: upper and lower case, kinds of quotes and dashes, punctuation within a
    title, Markdown and separators between thousands make no difference, and a number is not found within another
    one."""
    text = _plain(answer)
    if isinstance(fact, Length):
        return any(
            0 <= fact.seconds - said < step or abs(fact.seconds - said) <= step / 2
            for said, step in _lengths(text)
        )
    return any(_said(_plain(way), text) for way in ((fact,) if isinstance(fact, str) else fact))


def _lengths(text: str) -> Iterator[tuple[float, float]]:
    """Yield the lengths of time in a text, in seconds, each with the step to which it is written."""
    for first, second, third, hours in _CLOCK.findall(text):
        if third:
            yield int(first) * 3600 + int(second) * 60 + int(third), 1
        else:
            yield (int(first) * 3600 + int(second) * 60, 60) if hours else (int(first) * 60 + int(second), 1)
    for found in _SPOKEN.finditer(text):
        h, hm, hs, m, ms, s = found.group("h", "hm", "hs", "m", "ms", "s")
        largest, unit = (h, 3600) if h else (m, 60) if m else (s, 1)
        digits = len(largest.replace(",", ".").partition(".")[2])
        smaller = int(hm or 0) * 60 + int(hs or ms or 0)
        # "an hour" for one of 69 minutes says too little
        step = 1 if hs or ms else 60 if hm or (not digits and h) else unit / 10**digits
        yield float(largest.replace(",", ".")) * unit + smaller, step


def _said(way: str, text: str) -> bool:
    if _within(way, text):
        return True
    if way.isdigit():
        return len(way) > 3 and _within(way, _DOT_BETWEEN_THOUSANDS.sub("", text))
    flat = _words(way)
    return way[:1].isalpha() and len(flat) > 1 and _within(" ".join(flat), " ".join(_words(text)))


def _words(text: str) -> list[str]:
    return re.split(r"[\s,:;-]+", text)


def _within(way: str, text: str) -> bool:
    before = r"(?<![\w.:])" if way[:1].isdigit() else r"(?<!\w)" if way[:1].isalpha() else ""
    after = r"(?![\w]|[.:]\d)" if way[-1:].isdigit() else r"(?!\w)" if way[-1:].isalpha() else ""
    return re.search(before + re.escape(way) + after, text) is not None


def _plain(text: str) -> str:
    flat = unicodedata.normalize("NFKC", text.translate(_QUOTES)).casefold()
    flat = _BETWEEN_THOUSANDS.sub("", re.sub(r"[*_`]+", "", flat))
    return re.sub(r"\s+", " ", flat).strip()
