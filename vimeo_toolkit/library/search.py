"""Ask an index: read the question, rank what it finds, and say what could not be searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from vimeo_toolkit.library.asked import asked
from vimeo_toolkit.library.model import Hit
from vimeo_toolkit.library.ranking import ranked
from vimeo_toolkit.library.sqlite import SqliteIndex

__all__ = ["Found", "search"]

A_VIDEO: Final = 3
"""Passages of one video that are given at most, unless fewer videos have any."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives."""

    hits: tuple[Hit, ...]
    """The best first."""


def search(
    index: SqliteIndex, question: str, *, limit: int = 10, where: str = "", given: Sequence[Any] = ()
) -> Found:
    """Return the passages that answer a question best.

    Args:
        index: of the user's library.
        question: words, "phrases in quotation marks", beginnings of words such as compil*.
        limit: how many passages at most.
        where: see `SqliteIndex.candidates`.
        given: see there.
    """
    read = asked(question, index.languages())
    known = index.statistics(read)
    best = ranked(index.candidates(read, known, where, given), read, known)[: limit * A_VIDEO]
    rows = index.found([each.key for each in best])
    hits: list[Hit] = []
    of_video: dict[str, int] = {}
    for each in best:
        video, passage, before, after = rows[each.key]
        if of_video.get(video.uri, 0) >= A_VIDEO:
            continue
        of_video[video.uri] = of_video.get(video.uri, 0) + 1
        hits.append(Hit(video, passage, passage.second_of(each.offset), each.score, before, after))
    return Found(tuple(hits[:limit]))
