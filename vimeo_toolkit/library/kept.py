"""What is kept of a video and its passages, the same in every store."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Final

from vimeo_toolkit.library.index import Index
from vimeo_toolkit.library.model import IndexedVideo, Passage
from vimeo_toolkit.library.passages import described, headed
from vimeo_toolkit.library.terms import terms

__all__ = [
    "MOST_CHANGES",
    "Prepared",
    "around_of",
    "json_of",
    "passages_to_keep",
    "prepared",
    "terms_of",
    "video_of",
]

MOST_CHANGES: Final = 20_000
"""Changes that are kept."""

Prepared = tuple[Passage, list[str]]
"""A passage and its terms."""


def prepared(passages: Iterable[Passage]) -> list[Prepared]:
    """Return passages with their terms, which take longer to make than to write."""
    return [(passage, terms_of(passage.heading, passage.text, passage.language)) for passage in passages]


def terms_of(heading: str, text: str, language: str) -> list[str]:
    """Return what a passage is found by: its words, and those of its heading before them."""
    return terms(f"{heading}\n{text}" if heading else text, language)


def passages_to_keep(
    index: Index, video: IndexedVideo, spoken: Iterable[Passage] | None
) -> tuple[list[Prepared], list[Prepared] | None]:
    """Return the passages that are made of a video itself, and those that are spoken, as `Index.put` keeps them.

    The spoken ones are None where those that are there stay as they are.

    Args:
        index: what is there.
        video: as it is now.
        spoken: see `Index.put`.
    """
    former = index.video(video.uri) if spoken is None else None
    if former is not None and (
        former.chapters != video.chapters or (former.name != video.name and index.vectors().having)
    ):  # the titles that passages are under are in their headings and in their vectors
        spoken = index.passages(video.uri)
    said = None if spoken is None else prepared(headed(spoken, video))
    heard = said[0][0].language if said else ""
    if not said and not video.language:
        heard = next((each.language for each in index.passages(video.uri)), "")
    return prepared(described(video, heard)), said


def around_of(video: IndexedVideo) -> str:
    """Return the words that stand around all of a video's passages."""
    return f"{video.name} {' '.join(video.tags)} {video.description[:500]}"


def json_of(video: IndexedVideo) -> str:
    """Return a video as it is kept."""
    return json.dumps(asdict(video), ensure_ascii=False)


def video_of(body: str) -> IndexedVideo:
    """Return the video that was kept."""
    value = json.loads(body)
    value["tags"] = tuple(value["tags"])
    value["chapters"] = tuple((begins, title) for begins, title in value["chapters"])
    return IndexedVideo(**value)
