"""Cut a transcript into passages: long enough to be understood, short enough to be cited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from vimeo_toolkit.library.model import Passage, Segment

__all__ = ["passages"]

WORDS: Final = 130
"""Words that a passage has at most: three quarters of a minute of speech."""
ENOUGH: Final = 100
"""From here on, a passage ends where a sentence or a speaker does."""
PAUSE: Final = 4.0
"""Seconds of silence at which something new begins."""

_SENTENCE: Final = re.compile(r"""[.!?…。！？]["'”’)\]]*$""")
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
        text += segment.text
    speakers = {segment.speaker for segment in held}
    return Passage(
        start=held[0].start,
        end=max(segment.end for segment in held),
        text=text,
        language=language,
        speaker=speakers.pop() if len(speakers) == 1 else "",
        times=tuple(times),
    )


def _length(text: str) -> int:
    return max(len(text.split()), len(_UNSPACED.findall(text)) // 2)
