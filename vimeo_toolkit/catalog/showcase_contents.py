"""What a showcase holds: read to its end, filled, looked at afterwards, and put back where Vimeo lost some of it.

Two reports are behind this: a PUT of a list of videos was answered by 201 and left the showcase empty (vimeo.py
issue 192), and the `total` of a list is wrong (vimeo.js issue 111). So no answer to a write and no total is
believed here: lists are followed by `paging.next`, and what counts is what they show afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.catalog.pages import next_page
from vimeo_toolkit.errors import (
    BadRequest,
    EffectMismatch,
    Forbidden,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    UnexpectedResponse,
    VimeoError,
    VimeoToolkitError,
    VimeoUnavailable,
)
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.paging import count, next_query

__all__ = ["Contents", "add", "read", "replace"]

ONE_BY_ONE: Final = 10
"""So many videos are added singly: that cannot lose any, and a list of all can."""

MOST_PAGES: Final = 200
PAUSE: Final = 2.0
"""Seconds before a second look, in case that the list lags behind."""

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


def _by_number(uris: Iterable[str]) -> dict[str, str]:
    """The URIs by the numbers of their videos, each once, in order."""
    return {last_part(uri): uri for uri in uris}


async def read(api: Api, path: str) -> Contents:
    """Read a showcase's list of videos to its end.

    Raises:
        UnexpectedResponse: what came is not a list.
        VimeoToolkitError: the first page could not be read.
    """
    request: ApiRequest | None = ApiRequest("GET", path, _FIRST, fields="uri")
    asked: list[Mapping[str, str]] = []
    videos: dict[str, str] = {}
    unreadable, total, cut = 0, 0, False
    while request is not None:
        if request.query in asked or len(asked) >= MOST_PAGES:
            cut = True
            break
        asked.append(request.query)
        try:
            listed = await api.send(request)
        except (BadRequest, NotFound):
            if len(asked) == 1:
                raise
            cut = True  # a page past the end, though a link led there
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
            else:
                unreadable += 1
        total = max(total, count(listed.get("total")) or 0)
        following = next_page(request, listed)
        # A page without entries and with another behind it: what is there is not known.
        cut = not listed["data"] and next_query(listed, path, request.query) is not None
        request = following
    whole = not cut and not unreadable and total <= len(videos)
    return Contents(videos, unreadable, whole, cut)


async def _put_singly(api: Api, path: str, numbers: Iterable[str]) -> dict[str, VimeoToolkitError]:
    """Add videos one by one; those that Vimeo refused, and why.

    Raises:
        VimeoToolkitError: it makes no sense to go on: the hint says how many were added.
    """
    refused: dict[str, VimeoToolkitError] = {}
    added = 0
    for number in numbers:
        try:
            await api.send(ApiRequest("PUT", f"{path}/{number}", fields="uri"))
            added += 1
        except VimeoToolkitError as error:
            of_this_one = isinstance(error, VimeoError) and not isinstance(error, RateLimited)
            if of_this_one and (added or len(refused) < 2):
                refused[number] = error
                continue
            if added:
                error.hint += f" {added} videos were added before this; adding them again is safe."
            raise
    return refused


async def add(api: Api, path: str, uris: Iterable[str]) -> dict[str, Any]:
    """Add videos and keep those that are there, by the fewest requests that cannot lose any.

    A list of all replaces all, so it is used only where many are to be added and what is there was read as a
    whole. A video that somebody else adds between the reading and the replacing would be lost: seconds at most.

    Returns `{"success", "added", …}`; `missing` names what is not there afterwards.

    Raises:
        EffectMismatch: videos that were there are not there any more, and could not be put back.
        VimeoToolkitError: nothing, or not all, was added.
    """
    wanted = _by_number(uris)
    before = await read(api, path)
    fresh = {number: uri for number, uri in wanted.items() if number not in before.videos}
    if not fresh:
        return {"success": True, "added": 0, "total": len(before.videos) + before.unreadable}
    refused: dict[str, VimeoToolkitError] = {}
    singly = len(fresh) <= ONE_BY_ONE or not before.whole
    if singly:
        refused = await _put_singly(api, path, fresh)
        if len(refused) == len(fresh):
            raise next(iter(refused.values()))
    else:
        await _put_list(api, path, [*before.videos.values(), *fresh.values()])
    target = {**before.videos, **fresh}

    def all_there(contents: Contents) -> bool:
        missing = target.keys() - contents.videos.keys() - refused.keys()
        return len(missing) <= contents.unreadable

    after, still = await _looked(api, path, before, all_there)
    left, foreign = after, not still or not after.videos.keys() <= target.keys()
    if not singly and not all_there(after) and not foreign:
        after = await _complete(api, path, target, after)
        api.note("After the list of videos was sent, some were not in the showcase: they were put in again.")
    if len(before.videos.keys() - after.videos.keys()) > after.unreadable:
        raise _mismatch(target.values(), before, left, after, foreign=foreign)
    result = _result(api, fresh, after)
    return {**result, "added": len(fresh) - len(result.get("missing", ()))}


async def replace(api: Api, path: str, uris: Iterable[str], *, may_read: bool) -> dict[str, Any]:
    """Let a showcase hold these videos and no others, and look whether it does.

    `may_read`: False when the token lacks the scope for looking; then the answer has to be believed, and the
    result says so.

    Raises:
        EffectMismatch: it does not, and what was there was put back, unless somebody else is changing it.
        VimeoToolkitError: nothing was changed, or it could not be looked at.
    """
    wanted = _by_number(uris)
    if not may_read:
        await api.send(_list_request(path, wanted.values()))
        api.note('Whether the showcase holds them was not looked at: that needs the "private" scope.')
        return {"success": True, "message": "Vimeo accepted the list of videos."}
    before = await read(api, path)
    failed = await _put_list(api, path, wanted.values())

    def exact(contents: Contents) -> bool:
        missing = wanted.keys() - contents.videos.keys()
        known = not contents.cut and contents.videos.keys() <= wanted.keys()
        return known and len(missing) <= contents.unreadable

    after, still = await _looked(api, path, before, exact)
    unchanged = list(after.videos) == list(before.videos)
    if failed is not None and unchanged and not exact(after):
        raise failed
    if exact(after):
        if not after.unreadable and list(after.videos) != list(wanted):
            api.note("Vimeo shows them in another order: a showcase sorts by its own setting.")
        return _result(api, wanted, after, exactly=True)
    if before.videos.keys() <= after.videos.keys():
        if wanted.keys().isdisjoint(after.videos):
            raise _mismatch(wanted.values(), before, after, after)
        return _result(api, wanted, after, exactly=True)
    if not still or not after.videos.keys() <= before.videos.keys() | wanted.keys():
        raise _mismatch(wanted.values(), before, after, after, foreign=True)
    final = await _put_back(api, path, before, after)
    raise _mismatch(wanted.values(), before, after, final)


async def _put_back(api: Api, path: str, before: Contents, after: Contents) -> Contents:
    """Give a showcase the videos that it held; what it holds then, as far as that can be known."""
    after = await _complete(api, path, before.videos, after)
    with suppress(VimeoToolkitError):
        for number in after.videos.keys() - before.videos.keys():
            await api.send(ApiRequest("DELETE", f"{path}/{number}"))
        after = await read(api, path)
    return after


async def _complete(api: Api, path: str, target: dict[str, str], after: Contents) -> Contents:
    """Put in what is missing, by one request if that works, else one by one; what the showcase holds then, as far
    as that can be known. Nothing raises here: who calls tells what is missing."""
    api.more_time()
    with suppress(VimeoToolkitError):
        if len(target.keys() - after.videos.keys()) > ONE_BY_ONE:
            await _put_list(api, path, target.values())
            after = await read(api, path)
        for number in [number for number in target if number not in after.videos]:
            api.more_time()
            with suppress(BadRequest, Forbidden, NotFound):
                await api.send(ApiRequest("PUT", f"{path}/{number}", fields="uri"))
    with suppress(VimeoToolkitError):
        after = await read(api, path)
    return after


def _list_request(path: str, uris: Iterable[str]) -> ApiRequest:
    return ApiRequest("PUT", path, body={"videos": ",".join(uris)}, fields="uri")


async def _put_list(api: Api, path: str, uris: Iterable[str]) -> VimeoToolkitError | None:
    """Send the list. The error is given back where the list may have been taken all the same.

    Raises:
        VimeoToolkitError: Vimeo refused it.
    """
    try:
        await api.send(_list_request(path, uris))
    except (VimeoUnavailable, UnexpectedResponse) as error:
        return error
    return None


async def _looked(
    api: Api, path: str, before: Contents, good: Callable[[Contents], bool]
) -> tuple[Contents, bool]:
    """Read what a write left, twice where it is not good at once.

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
            f"{error.message.rstrip('.')}. Before, it held {_some(list(before.videos.values()))}.",
            hint="Look with vimeo_showcase_videos_list before anything is sent again.",
        ) from None
    return second, good(second) or list(second.videos) == list(first.videos)


def _result(api: Api, wanted: dict[str, str], after: Contents, *, exactly: bool = False) -> dict[str, Any]:
    """What was looked at; what differs from what was asked is said in a note, too."""
    missing = [uri for number, uri in wanted.items() if number not in after.videos]
    more = [uri for number, uri in after.videos.items() if number not in wanted] if exactly else []
    if after.unreadable:
        api.note(f"{after.unreadable} of the entries in Vimeo's list have no address and cannot be compared.")
        missing = missing if len(missing) > after.unreadable else []
    if missing:
        api.note(
            f"{len(wanted)} videos were asked for, and {len(wanted) - len(missing)} are in the showcase: "
            f"{_some(missing)} did not come in."
        )
    if more:
        api.note(f"The showcase also holds {_some(more)}, which were not asked for.")
    result: dict[str, Any] = {"success": not missing and not more}
    result["total"] = len(after.videos) + after.unreadable
    if missing:
        result["missing"] = missing
    if exactly and result["success"] and not after.unreadable:
        result["message"] = "The showcase holds exactly these videos."
    return result


def _mismatch(
    asked: Iterable[str], before: Contents, left: Contents, now: Contents, *, foreign: bool = False
) -> EffectMismatch:
    """The error, by what was asked for, what was there, what the write left, and what is there now."""
    asked, held, holds = list(asked), list(before.videos.values()), list(now.videos.values())
    there = sum(number in left.videos for number in _by_number(asked))
    message = f"The videos were sent, and afterwards the showcase held {there} of the {len(asked)} asked for."
    restored = list(now.videos) == list(before.videos)
    hint = "Add the videos in small numbers, with vimeo_showcase_videos_add."
    if restored and list(left.videos) == list(before.videos):
        message += " It holds what it held before."
    elif restored:
        message += f" What it held before was put back: {len(held)} videos."
    else:
        message += " Somebody else is changing it, so nothing was put back." if foreign else ""
        message += f" It held {_some(held)}. Now it holds {_some(holds)}."
        hint = "Compare the two lists, and add what is missing with vimeo_showcase_videos_add."
    return EffectMismatch(message, hint=hint, asked=asked, before=held, found=holds, restored=restored)


def _some(uris: list[str]) -> str:
    shown = ", ".join(uris[:20])
    return (f"{shown} and {len(uris) - 20} more" if len(uris) > 20 else shown) or "nothing"
