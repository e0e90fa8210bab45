"""The result of a showcase's change, or the error about what was lost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.showcase_contents import Contents, by_number, some
from vimeo_toolkit.errors import EffectMismatch

__all__ = ["mismatch", "result_of"]


def result_of(api: Api, wanted: dict[str, str], after: Contents, *, exactly: bool = False) -> dict[str, Any]:
    """Return the result of looking at the showcase; a note says what differs from the request."""
    missing = [uri for number, uri in wanted.items() if number not in after.videos]
    more = [uri for number, uri in after.videos.items() if number not in wanted] if exactly else []
    if after.unreadable:
        api.note(f"{after.unreadable} of the entries in Vimeo's list have no address and cannot be compared.")
        missing = missing if len(missing) > after.unreadable else []
    if missing:
        api.note(
            f"{len(wanted)} videos were asked for, and {len(wanted) - len(missing)} are in the showcase: "
            f"{some(missing)} did not come in."
        )
    if more:
        api.note(f"The showcase also holds {some(more)}, which were not asked for.")
    result: dict[str, Any] = {"success": not missing and not more}
    result["total"] = len(after.videos) + after.unreadable
    if missing:
        result["missing"] = missing
    if exactly and result["success"] and not after.unreadable:
        result["message"] = "The showcase holds exactly these videos."
    return result


def mismatch(
    asked: Iterable[str], before: Contents, left: Contents, now: Contents, *, foreign: bool = False
) -> EffectMismatch:
    """Return the error, by what was asked for, what was there, what the write left, and what is there now."""
    asked, held, holds = list(asked), list(before.videos.values()), list(now.videos.values())
    there = sum(number in left.videos for number in by_number(asked))
    message = f"The videos were sent, and afterwards the showcase held {there} of the {len(asked)} asked for."
    restored = list(now.videos) == list(before.videos)
    hint = "Add the videos in small numbers, with vimeo_showcase_videos_add."
    if restored and list(left.videos) == list(before.videos):
        message += " It holds what it held before."
    elif restored:
        message += f" What it held before was put back: {len(held)} videos."
    else:
        message += " Somebody else is changing it, so nothing was put back." if foreign else ""
        message += f" It held {some(held)}. Now it holds {some(holds)}."
        hint = "Compare the two lists, and add what is missing with vimeo_showcase_videos_add."
    return EffectMismatch(message, hint=hint, asked=asked, before=held, found=holds, restored=restored)
