"""Read what a showcase holds, by its list of videos and not by a total.

The `total` of a list is wrong (vimeo.js issue 111), so lists are followed by `paging.next`, and what counts is what
they show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.audience import view_of
from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.catalog.pages import PageReader
from vimeo_toolkit.errors import BadRequest, NotFound, OutcomeUnknown, UnexpectedResponse, VimeoToolkitError
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.paging import count, next_query

__all__ = ["Contents", "by_number", "look_twice", "read", "some"]

MOST_PAGES: Final = 200
PAUSE: Final = 2.0
"""Seconds before a second look, in case the list lags behind."""

_URI: Final = re.compile(r"/videos/([0-9]{1,20})(?::[0-9A-Za-z]{1,64})?", re.ASCII)
_FIRST: Final = {"sort": "manual", "page": "1", "per_page": "100"}


@dataclass(frozen=True, slots=True)
class Contents:
    """The videos of a showcase as its list shows them: number → URI, in order."""

    videos: dict[str, str]
    unreadable: int = 0
    """Entries that are null or have no URI."""
    whole: bool = True
    """Nothing hints at videos that the list does not show."""
    cut: bool = False
    """There is a page behind those that could be read."""
    views: Mapping[str, str | None] = field(default_factory=dict)
    """Number → who may see the video, its `privacy.view`."""


def by_number(uris: Iterable[str]) -> dict[str, str]:
    """Return the URIs by the numbers of their videos, each once, in order."""
    return {last_part(uri): uri for uri in uris}


async def read(api: Api, path: str) -> Contents:
    """Read a showcase's list of videos to its end.

    Raises:
        UnexpectedResponse: what came is not a list.
        VimeoToolkitError: the first page could not be read.
    """
    asked: list[Mapping[str, str]] = []
    videos: dict[str, str] = {}
    views: dict[str, str | None] = {}
    unreadable, total, cut = 0, 0, False
    with closing(
        PageReader(api, ApiRequest("GET", path, _FIRST, fields="uri,privacy.view"), MOST_PAGES)
    ) as pages:
        while (request := pages.request) is not None:
            if request.query in asked or len(asked) >= MOST_PAGES:
                cut = True
                break
            asked.append(request.query)
            try:
                listed = await pages.read()
            except (BadRequest, NotFound):
                if len(asked) == 1:
                    raise
                cut = True  # a link led past the end
                break
            if not isinstance(listed, dict) or not isinstance(listed.get("data"), list):
                raise UnexpectedResponse(
                    "What Vimeo sent as the list of the showcase's videos is not a list.",
                    hint="Look at the showcase with vimeo_showcase_videos_list.",
                )
            for entry in listed["data"]:
                uri = entry.get("uri") if isinstance(entry, dict) else None
                found = _URI.fullmatch(uri) if isinstance(uri, str) else None
                if found:
                    videos.setdefault(found[1], found[0])
                    views.setdefault(found[1], view_of(entry))
                else:
                    unreadable += 1
            total = max(total, count(listed.get("total")) or 0)
            # An empty page with a next one: its entries are unknown.
            cut = not listed["data"] and next_query(listed, path, request.query) is not None
    whole = not cut and not unreadable and total <= len(videos)
    return Contents(videos, unreadable, whole, cut, views)


async def look_twice(
    api: Api, path: str, before: Contents, good: Callable[[Contents], bool]
) -> tuple[Contents, bool]:
    """Read the result of a write, and once more if it is not right at first.

    Returns what is there, and whether it stands still: False when somebody is changing it.

    Raises:
        OutcomeUnknown: it could not be read.
    """
    try:
        first = await read(api, path)
        if good(first):
            return first, True
        await api.sleep(PAUSE)
        second = await read(api, path)
        if second.cut and not good(second):
            raise UnexpectedResponse("Vimeo's list of its videos breaks off.")
    except VimeoToolkitError as error:
        raise OutcomeUnknown(
            "The videos were sent, and what the showcase holds could not be looked at: "
            f"{error.message.rstrip('.')}. Before, it held {some(list(before.videos.values()))}.",
            hint="Look with vimeo_showcase_videos_list before anything is sent again.",
        ) from None
    return second, good(second) or list(second.videos) == list(first.videos)


def some(uris: list[str]) -> str:
    """Return the first of the URIs as a text, and how many more there are."""
    shown = ", ".join(uris[:20])
    return (f"{shown} and {len(uris) - 20} more" if len(uris) > 20 else shown) or "nothing"
