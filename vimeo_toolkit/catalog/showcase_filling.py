"""Change what a showcase holds: fill it, look at it afterwards, and put back what Vimeo lost.

A PUT of a list of videos was answered by 201 and left the showcase empty (vimeo.py issue 192). So no answer to a
write is believed here: what counts is what the list shows afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.showcase_contents import Contents, by_number, look_twice, read
from vimeo_toolkit.catalog.showcase_outcome import mismatch, result_of
from vimeo_toolkit.errors import (
    BadRequest,
    Forbidden,
    NotFound,
    RateLimited,
    UnexpectedResponse,
    VimeoError,
    VimeoToolkitError,
    VimeoUnavailable,
)
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["add", "replace"]

ONE_BY_ONE: Final = 10
"""Up to so many videos are added one by one: that cannot lose any, and replacing the whole list can."""


async def add(api: Api, path: str, uris: Iterable[str]) -> dict[str, Any]:
    """Add videos and keep those that are there, by the fewest requests that cannot lose any.

    A list of all replaces all, so it is used only where many are to be added and what is there was read as a
    whole. A video that somebody else adds between the reading and the replacing would be lost: seconds at most.

    Returns `{"success", "added", …}`; `missing` names what is not there afterwards.

    Raises:
        EffectMismatch: videos that were there are not there any more, and could not be put back.
        VimeoToolkitError: nothing, or not all, was added.
    """
    wanted = by_number(uris)
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

    after, still = await look_twice(api, path, before, all_there)
    left, foreign = after, not still or not after.videos.keys() <= target.keys()
    if not singly and not all_there(after) and not foreign:
        after = await _complete(api, path, target, after)
        api.note("After the list of videos was sent, some were not in the showcase: they were put in again.")
    if len(before.videos.keys() - after.videos.keys()) > after.unreadable:
        raise mismatch(target.values(), before, left, after, foreign=foreign)
    result = result_of(api, fresh, after)
    return {**result, "added": len(fresh) - len(result.get("missing", ()))}


async def replace(api: Api, path: str, uris: Iterable[str], *, may_read: bool) -> dict[str, Any]:
    """Let a showcase hold these videos and no others, and look whether it does.

    `may_read`: False when the token lacks the scope for looking; then the answer has to be believed, and the
    result says so.

    Raises:
        EffectMismatch: it does not, and what was there was put back, unless somebody else is changing it.
        VimeoToolkitError: nothing was changed, or it could not be looked at.
    """
    wanted = by_number(uris)
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

    after, still = await look_twice(api, path, before, exact)
    unchanged = list(after.videos) == list(before.videos)
    if failed is not None and unchanged and not exact(after):
        raise failed
    if exact(after):
        if not after.unreadable and list(after.videos) != list(wanted):
            api.note("Vimeo shows them in another order: a showcase sorts by its own setting.")
        return result_of(api, wanted, after, exactly=True)
    if before.videos.keys() <= after.videos.keys():
        if wanted.keys().isdisjoint(after.videos):
            raise mismatch(wanted.values(), before, after, after)
        return result_of(api, wanted, after, exactly=True)
    if not still or not after.videos.keys() <= before.videos.keys() | wanted.keys():
        raise mismatch(wanted.values(), before, after, after, foreign=True)
    final = await _put_back(api, path, before, after)
    raise mismatch(wanted.values(), before, after, final)


async def _put_back(api: Api, path: str, before: Contents, after: Contents) -> Contents:
    """Restore the videos that a showcase held; return what it holds then, as far as that can be known."""
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


async def _put_singly(api: Api, path: str, numbers: Iterable[str]) -> dict[str, VimeoToolkitError]:
    """Add videos one by one; return those that Vimeo refused, and why.

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
