"""Words that were found in a transcript: where they are said, and the links that play from there."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.errors import Forbidden, NotFound, RateLimited
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["HOW", "MARK", "MOST_HITS", "hit_rows", "link_of", "page_of", "passages"]

MARK: Final = ">> "
"""Stands before a line with the words, among the lines around it."""
HOW: Final = (
    "Only whole words are found, in capital or small letters, where all of them are said close together: other "
    'forms of a word ("glazes" for "glaze") are other words.'
)
"""How words are compared, for who has found nothing."""
MOST_HITS: Final = 20
"""How many hits of one part have a link."""
_OWN_PAGE: Final = re.compile(r"https://(?:www\.)?vimeo\.com/[\w/.-]+", re.ASCII)


def passages(texts: Sequence[str], query: str) -> tuple[dict[int, int], list[int]]:
    """Return the places of the texts that have all the words (with the text that follows), each with the place of
    the last text that is needed, and these places with what is around them."""
    wanted = set(_words(query))
    if not wanted:
        return {}, []
    words = [set(_words(text)) for text in texts]
    hits: dict[int, int] = {}
    for place, own in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else set()
        # A sentence runs on from segment to segment; what the next one has alone is that one's own hit.
        if wanted <= own or (wanted <= own | following and not wanted <= following):
            hits[place] = place if wanted <= own else place + 1
    around = {near for hit in hits for near in range(hit - 1, hit + 3) if 0 <= near < len(texts)}
    return hits, sorted(around)


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


def hit_rows(link: str, times: Iterable[tuple[float, float]]) -> list[dict[str, Any]]:
    """Return for each hit the whole seconds between which it is said, and the link that plays from there (Vimeo's
    player reads `#t=`).

    Args:
        link: of the video's page.
        times: start and end of each hit, in seconds.
    """
    return [
        {"start_seconds": int(start), "end_seconds": math.ceil(end), "link": f"{link}#t={int(start)}s"}
        for start, end in islice(times, MOST_HITS)
    ]
