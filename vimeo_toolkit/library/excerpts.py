"""The part of a passage, with what is said around it, that shows why it was found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from vimeo_toolkit.library.asked import Asked, asked
from vimeo_toolkit.library.model import Hit
from vimeo_toolkit.library.terms import LETTERS, code_of, stem, words

__all__ = ["MARK", "excerpt"]

MARK: Final = "**"
"""Stands before and after words that were asked for."""
LED_UP_TO: Final = 0.3
"""Which share of an excerpt stands before the words that were found."""

_WORD: Final = re.compile(rf"{LETTERS}(?:['\u2019]{LETTERS})?")
_SPACED: Final = re.compile(r"\s")
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")

Span = tuple[int, int]


def excerpt(hit: Hit, question: str, length: int) -> str:
    """Return what is said where a passage was found: the passage, and the ones around it as far as there is room.

    Words that were asked for stand between marks, in whichever form they are said; "…" stands where more is said.

    Args:
        hit: the passage.
        question: as it was searched for.
        length: characters, about.
    """
    passage = hit.passage
    before = f"{hit.before} " if hit.before else ""
    # `words` counts characters of this form.
    text = unicodedata.normalize("NFC", f"{before}{passage.text}{f' {hit.after}' if hit.after else ''}")
    found = _offset(hit) + len(before)
    language = code_of(passage.language)
    spans = _spans(text, asked(question, (language,)), language)
    begin, end = _window(text, _near(spans, found, length), length)
    inside = [span for span in spans if begin <= span[0] and span[1] <= end]
    shown = _marked(text[begin:end], ((first - begin, last - begin) for first, last in inside))
    return f"{'… ' if begin else ''}{shown.strip()}{' …' if end < len(text) else ''}"


def _offset(hit: Hit) -> int:
    """Return the character of the passage at which the segment begins that was found."""
    begins = 0
    for place, seconds in hit.passage.times:
        if seconds > hit.second:
            break
        begins = place
    return begins


def _near(spans: list[Span], found: int, length: int) -> int:
    """Return the first of the words that were asked for in what was found; it may be late in a long segment."""
    return next((first for first, _ in spans if found <= first < found + 4 * length), found)


def _window(text: str, found: int, length: int) -> Span:
    """Return from where to where the text is shown, without cutting words."""
    if len(text) <= length:
        return 0, len(text)
    begin = max(min(found - int(length * LED_UP_TO), len(text) - length), 0)
    end = min(begin + length, len(text))
    if begin and not _UNSPACED.match(text, begin):
        space = _SPACED.search(text, begin, found)
        begin = space.end() if space else begin
    if end < len(text) and not _UNSPACED.match(text, end):
        space_before = text.rfind(" ", found, end)
        end = space_before if space_before > found else end
    return begin, end


def _spans(text: str, question: Asked, language: str) -> list[Span]:
    """Return from where to where the words of a question are said, in their order; words side by side are one."""
    forms = {form for wanted in question.wanted if not wanted.prefix for form in wanted.forms}
    beginnings = tuple(wanted.forms[0] for wanted in question.wanted if wanted.prefix)
    spans: list[Span] = []
    for word, first in words(text):
        if stem(word, language) not in forms and not (beginnings and word.startswith(beginnings)):
            continue
        last = _end(text, first, word)
        if spans and not text[spans[-1][1] : first].strip():
            spans[-1] = spans[-1][0], max(last, spans[-1][1])
        else:
            spans.append((first, last))
    return spans


def _end(text: str, first: int, word: str) -> int:
    """Return where a word ends in the text, which may have it with other signs than its folded form."""
    if _UNSPACED.match(text, first):
        return first + len(word)
    found = _WORD.match(text, first)
    return found.end() if found else first + len(word)


def _marked(text: str, spans: Iterable[Span]) -> str:
    parts: list[str] = []
    done = 0
    for first, last in spans:
        parts += [text[done:first], MARK, text[first:last], MARK]
        done = last
    return "".join([*parts, text[done:]])
