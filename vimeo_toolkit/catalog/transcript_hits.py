"""Words that were found in a transcript: where they are said, and the links that play from there."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.errors import Forbidden, NotFound, RateLimited
from vimeo_toolkit.library.model import Segment
from vimeo_toolkit.token_estimate import tokens_in
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["HOW", "OF_A_ROW", "found_in", "hit_rows", "link_of", "page_of"]

MARK: Final = "**"
"""Stands before and after a hit among the words around it."""
AROUND: Final = 80
"""Characters of a hit with the words around it, which tell what a short one is about. A longer one stands alone."""
FEWEST: Final = 15
"""Characters before and after a hit below which they tell nothing."""
OF_A_ROW: Final = 20
"""Tokens of what stands beside a hit's words."""
HOW: Final = (
    "Only whole words are found, in capital or small letters, where all of them are said close together: other "
    'forms of a word ("glazes" for "glaze") are other words.'
)
"""How words are compared, for who has found nothing."""
_OWN_PAGE: Final = re.compile(r"https://(?:www\.)?vimeo\.com/[\w/.-]+", re.ASCII)


def found_in(texts: Sequence[str], query: str) -> dict[int, int]:
    """Return the places of the texts that have all the words (with the text that follows), each with the place of
    the last text that is needed."""
    wanted = set(_words(query))
    if not wanted:
        return {}
    words = [set(_words(text)) for text in texts]
    hits: dict[int, int] = {}
    for place, own in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else set()
        # A sentence runs on from segment to segment; what the next one has alone is that one's own hit.
        if wanted <= own or (wanted <= own | following and not wanted <= following):
            hits[place] = place if wanted <= own else place + 1
    return hits


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


async def link_of(api: Api, number: str) -> str:
    """Return the link of a video's page, which has the hash of an unlisted one; without it where Vimeo does not
    show it now."""
    try:
        video = await api.send(ApiRequest("GET", f"/videos/{number}", fields="link"))
    except (Forbidden, NotFound, RateLimited):
        video = None
    return page_of(video, number)


def page_of(video: Any, number: str) -> str:
    """Return the link of a video's page as Vimeo shows it; one made of its number where it does not."""
    link = video.get("link") if isinstance(video, Mapping) else None
    if isinstance(link, str) and _OWN_PAGE.fullmatch(link):
        return link
    return f"https://vimeo.com/{number}"


def hit_rows(
    segments: Sequence[Segment], hits: Mapping[int, int], link: str, begin: int, room: int
) -> tuple[list[dict[str, Any]], int | None]:
    """Return for each hit the whole seconds between which it is said, the link that plays from there (Vimeo's
    player reads `#t=`), and its words among those around them; and the place of the first one that is left out.

    One is always given, so that every part gets further.

    Args:
        segments: of the transcript.
        hits: the places where each begins and ends, in their order.
        link: of the video's page.
        begin: the first place that is meant.
        room: tokens for all rows.
    """
    rows: list[dict[str, Any]] = []
    for place, last in hits.items():
        if place < begin:
            continue
        text = _among_others(segments, place, last)
        room -= tokens_in(text) + OF_A_ROW
        if room < 0 and rows:
            return rows, place
        start = int(segments[place].start)
        rows.append(
            {
                "start_seconds": start,
                "end_seconds": math.ceil(segments[last].end),
                "link": f"{link}#t={start}s",
                "text": text,
            }
        )
    return rows, None


def _among_others(segments: Sequence[Segment], place: int, last: int) -> str:
    """Return what is said there, between marks where words before and after it stand beside it."""
    own = " ".join(segment.text for segment in segments[place : last + 1])
    each = (AROUND - len(own)) // 2
    if each < FEWEST:
        return own
    before = _nearest(" ".join(segment.text for segment in segments[max(place - 2, 0) : place])[::-1], each)
    after = _nearest(" ".join(segment.text for segment in segments[last + 1 : last + 3]), each)
    return f"{before[::-1]} {MARK}{own}{MARK} {after}".strip()


def _nearest(text: str, most: int) -> str:
    """Return the whole words at the beginning of a text; with … where it goes on."""
    if len(text) <= most:
        return text
    words = text[: most + 1].rpartition(" ")[0]
    return f"{words}…" if words else ""
