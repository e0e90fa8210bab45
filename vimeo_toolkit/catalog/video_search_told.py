"""What is said of found videos beside their rows: how many there are, and who shares the last place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.catalog.ids import collection_path
from vimeo_toolkit.catalog.video_conditions import VideoConditions
from vimeo_toolkit.catalog.video_order import SORTS
from vimeo_toolkit.catalog.video_parts import Video

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.video_search_pages import Found, PageSearch

__all__ = ["MANY", "counted", "less_shown", "of_a_part", "part_first", "searched", "tied"]

FIRST_FEW: Final = "These are the first of this order; those after them were not read."
MANY: Final = 20
"""Videos up to which a model is shown all columns of each."""
_NAMED: Final = 10
"""Videos that share the last place and are named."""
_UNITS: Final = {"duration": "seconds"}
"""A column → what it counts, where that is another word."""


def counted(search: PageSearch, found: Found, *, every: bool) -> dict[str, Any]:
    """Return how many videos meet the conditions, and whether that is all of them. `total` is the number of all,
    and null where nobody knows it: then `at_least` is how many were found.

    Args:
        search: that found them.
        found: what it found.
        every: every video of the list is meant, so that Vimeo has counted those that were not read.
    """
    if search.stopped == "limit" and search.listed and every:
        return {"total": search.listed, "complete": True}
    if not found.incomplete:
        return {"total": len(found.videos), "complete": True}
    return {"total": None, "at_least": len(found.videos), "complete": False}


def searched(asked: VideoConditions, own: str | None, listed: int | None) -> str:
    """Return where nothing was found: a name may be that of another folder than was meant.

    Args:
        asked: the conditions.
        own: the connected user's URI.
        listed: how many videos Vimeo says that there are, with the words of `query`.
    """
    where = "the whole library"
    if asked.place is not None:
        path = collection_path(asked.place, asked.folder_id or asked.showcase_id or "", own)
        path = f"{own or '/me'}{path.removeprefix('/me')}" if path.startswith("/me/") else path
        where = f"the {asked.place} {path}"
    if asked.folder_id is not None:
        below = "and" if asked.subfolders else "not"
        where += f", {below} the folders below it{'' if asked.subfolders else ' (subfolders)'}"
    if listed is None:
        return f"{where}."
    videos = f"{listed} video{'' if listed == 1 else 's'}{' with the words of query' if asked.query else ''}"
    return f"{where}: {videos}{', none of which meets the other conditions' if listed else ''}."


def part_first(told: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of a part with that first: a model reads it before the numbers."""
    return {
        name: told[name] for name in ("complete", "incomplete") if name in told and not told["complete"]
    } | told


def of_a_part(what: str, search: PageSearch, most: int) -> str:
    """Return what to say where not all videos were read, of what needs all of them.

    Args:
        what: the beginning of a sentence about them.
        search: that ended before all were read.
        most: requests that a search may take.
    """
    more = (
        f"repeat with max_requests={most}"
        if search.requests < most and search.requests >= search.most_requests
        else "repeat it later, or ask for parts with from_date and until_date"
    )
    return f"{search.stopped.rstrip('.')}. {what} the first {search.looked_at} videos that were read: {more}."


def tied(videos: Sequence[Video], shown: int, sort: str, *, more: bool) -> dict[str, Any]:
    """Return how many videos have the same number as the last one that is shown, and which; {} for none. Of those
    that share a place, which one is shown is chance.

    Args:
        videos: all that were found, in their order.
        shown: how many of them are shown.
        sort: a name of `SORTS`.
        more: others, which come after these, were not read.
    """
    value = SORTS[sort].value
    last = value(videos[shown - 1]) if 0 < shown <= len(videos) else None
    if not isinstance(last, float):
        return {}
    others = [video for video in videos[shown:] if value(video) == last]
    open_end = more and value(videos[-1]) == last
    if not others and not open_end:
        return {}
    column = SORTS[sort].column
    unit = _UNITS.get(column, column)
    if not others:
        return {"tied": f"Others that were not read may have {last:.0f} {unit}, too, like the last of these."}
    count = f"{'at least ' if open_end else ''}{len(others)} more"
    have = "has" if len(others) == 1 and not open_end else "have"
    told: dict[str, Any] = {"tied": f"{count} {have} {last:.0f} {unit}, too, like the last of these."}
    told["tied_videos"] = [{name: video.get(name) for name in ("uri", "name")} for video in others[:_NAMED]]
    return told


def less_shown(hidden: Sequence[str]) -> str:
    """Return what to say where a model is shown less of each of many videos. `hidden`: names of columns."""
    return f"Of each of so many, only what was asked about is shown: show= adds {', '.join(hidden)} and more."
