"""What was found in a library, as rows: few where little fits, shorter ones where much does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.catalog.timecodes import clock_of
from vimeo_toolkit.token_estimate import tokens_in

if TYPE_CHECKING:
    from vimeo_toolkit.library.model import Hit

__all__ = ["MOST", "SHOWN", "rows_of"]

SHOWN: Final = 25
MOST: Final = 50
"""Passages that are shown where nothing is said of how many, and at most."""
WEAK: Final = 0.4
"""Which share of the best passage's score another one needs to be shown unasked."""
TOKENS: Final = 3_000
ROW: Final = 75
"""Tokens of all rows, and of what one has beside what is said."""
SHORTEST: Final = 160
LONGEST: Final = 600
"""Characters of what is said, of one row."""

_KINDS: Final = {"spoken": "speech", "about": "title, description, tags", "chapter": "chapter"}


def rows_of(hits: Sequence[Hit], question: str, limit: int | None, max_tokens: int) -> dict[str, Any]:
    """Return the passages as rows, with how many there are in how many videos.

    Args:
        hits: what was found, the best first, those of one video together.
        question: the words that are marked in it.
        limit: how many to show; None leaves out those that fit far less than the best one.
        max_tokens: of the whole result.
    """
    best = max((hit.score for hit in hits), default=0.0)
    strong = [hit for hit in hits if limit is not None or hit.score >= WEAK * best]
    shown = _each_video_first(strong, limit or SHOWN)
    told: dict[str, Any] = {"total": len(strong), "videos": len({hit.video.uri for hit in strong})}
    if len(shown) < len(strong):
        told["shown"] = len(shown)
    more = []
    if len(strong) > len(shown) or len(hits) > len(strong):
        more.append(f"limit={MOST} shows {len(hits) - len(shown)} more that fit less")
    if len(hits) >= MOST:
        more.append("there may be others: narrow the search by more words, a date, a folder or a showcase")
    if more:
        told["more"] = f"{'; '.join(more)}."
    length = _length(shown, max_tokens)
    named = any(hit.passage.speaker for hit in shown)
    return told | {"data": [_row(hit, question, length, named=named) for hit in shown]}


def _each_video_first(hits: Sequence[Hit], most: int) -> list[Hit]:
    """Return so many of the passages, in their order: the best of every video before the second of any."""
    turns: dict[str, int] = {}
    turn = []
    for hit in hits:
        turns[hit.video.uri] = turns.get(hit.video.uri, 0) + 1
        turn.append(turns[hit.video.uri])
    chosen = sorted(range(len(hits)), key=lambda place: (turn[place], place))[:most]
    return [hits[place] for place in sorted(chosen)]


def _length(hits: Sequence[Hit], max_tokens: int) -> int:
    """Return how many characters of what is said one row may have."""
    if not hits:
        return LONGEST
    room = min(TOKENS, max_tokens * 3 // 4) // len(hits) - ROW
    text = max((hit.passage.text[:LONGEST] for hit in hits), key=len)
    # Signs of some scripts are a token each.
    signs = len(text) / max(tokens_in(text), 1)
    return max(SHORTEST, min(int(room * signs), LONGEST))


def _row(hit: Hit, question: str, length: int, *, named: bool) -> dict[str, Any]:
    from vimeo_toolkit.library.excerpts import excerpt  # its stemmers are for those who have a library

    timed = hit.passage.kind != "about"
    return {
        "uri": hit.video.uri,
        "name": hit.video.name,
        "at": clock_of(hit.second) if timed else None,
        "link": hit.link,
        "start_seconds": round(hit.passage.start, 1) if timed else None,
        "end_seconds": round(hit.passage.end, 1) if timed else None,
        "found_in": _KINDS[hit.passage.kind],
        **({"speaker": hit.passage.speaker or None} if named else {}),
        "passage": excerpt(hit, question, length),
    }
