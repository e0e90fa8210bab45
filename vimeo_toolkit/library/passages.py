"""Cut a transcript into passages: long enough to be understood, short enough to be cited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from vimeo_toolkit.library.function_words import guessed_language
from vimeo_toolkit.library.model import IndexedVideo, Passage, Segment
from vimeo_toolkit.library.terms import composed, words

__all__ = ["described", "headed", "passages"]

WORDS: Final = 130
"""Words that a passage has at most: three quarters of a minute of speech."""
ENOUGH: Final = 100
"""From here on, a passage ends where a sentence or a speaker does."""
PAUSE: Final = 4.0
"""Seconds of silence at which something new begins."""

_SENTENCE: Final = re.compile("[.!?\u2026\u3002\uff01\uff1f][\"'\u201d\u2019)\\]]*$")
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")


def passages(segments: Iterable[Segment], language: str = "") -> Iterator[Passage]:
    """Yield the passages of a transcript in their order. Every segment is in exactly one.

    Args:
        segments: in the order in which they are spoken.
        language: of the transcript, as a code such as `en`.
    """
    held: list[Segment] = []
    count = 0
    for segment in segments:
        length = _length(segment.text)
        if held and (count + length > WORDS or _ends(held, segment, count)):
            yield _passage(held, language)
            held, count = [], 0
        held.append(segment)
        count += length
    if held:
        yield _passage(held, language)


def described(video: IndexedVideo, spoken: str = "") -> Iterator[Passage]:
    """Yield the passages that a video has beside its transcript: what it is about, and the titles of its chapters.

    Where there are words, these are found by the titles (`headed`), which then have none of their own.

    Their language is the one of the text, as far as it can be known, or else the video's.

    Args:
        video: the video.
        spoken: the language of its transcript, for a video of which Vimeo says none.
    """
    language = video.language or spoken or "en"
    text = composed("\n".join(filter(None, (video.name, ", ".join(video.tags), video.description))))
    yield Passage(0.0, video.duration, text, _language(text, language), kind="about")
    if video.words == "captions":
        return
    for begins, ends, title in _chapters(video):
        yield Passage(begins, ends, title, _language(title, language), kind="chapter")


def headed(spoken: Iterable[Passage], video: IndexedVideo) -> Iterator[Passage]:
    """Yield passages with the titles of the chapters in which a quarter of each or more is."""
    chapters = _chapters(video)
    for passage in spoken:
        yield replace(passage, heading=_heading(passage, chapters))


def _heading(passage: Passage, chapters: Iterable[tuple[float, float, str]]) -> str:
    enough = (passage.end - passage.start) / 4
    return "\n".join(
        title
        for begins, ends, title in chapters
        if min(ends, passage.end) - max(begins, passage.start) >= enough
    )


def _chapters(video: IndexedVideo) -> list[tuple[float, float, str]]:
    """Return where each chapter begins and ends, and its title."""
    listed = sorted(video.chapters)
    ends = [*(begins for begins, _ in listed[1:]), video.duration]
    return [
        (begins, max(begins, end), composed(title))
        for (begins, title), end in zip(listed, ends, strict=False)
    ]


def _language(text: str, otherwise: str) -> str:
    return guessed_language(word for word, _ in words(text)) or otherwise


def _ends(held: list[Segment], following: Segment, count: int) -> bool:
    last = held[-1]
    if following.start - last.end > PAUSE and count >= ENOUGH // 5:
        return True
    if count < ENOUGH:
        return False
    return following.speaker != last.speaker or _SENTENCE.search(last.text) is not None


def _passage(held: list[Segment], language: str) -> Passage:
    text, times = "", []
    for segment in held:
        if text:
            text += " "
        times.append((len(text), segment.start))
        text += composed(segment.text)
    speakers = dict.fromkeys(segment.speaker for segment in held if segment.speaker)
    return Passage(
        start=min(segment.start for segment in held),
        end=max(segment.end for segment in held),
        text=text,
        language=language,
        speaker="; ".join(speakers),
        times=tuple(times),
    )


def _length(text: str) -> int:
    return max(len(text.split()), len(_UNSPACED.findall(text)) // 2)
