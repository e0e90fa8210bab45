"""Change what a showcase holds: fill it, look at it afterwards, and put back what Vimeo lost.

A PUT of a list of videos was answered by 201 and left the showcase empty (vimeo.py issue 192). So no answer to a
write is believed here: what counts is what the list shows afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.audience import in_showcase, view_of
from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.catalog.extra_reads import try_get
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
from vimeo_toolkit.wire.paging import checked_items

__all__ = ["ONE_BY_ONE", "OTHER_ORDER", "add", "fill_new", "note_audience", "replace"]

AT_ONCE: Final = 100
"""Videos that one request asks for."""
ONE_BY_ONE: Final = 10
"""Up to so many videos are added one by one: that cannot lose any, and replacing a list that holds some can."""
OTHER_ORDER: Final = "vimeo_showcase_videos_set gives its videos another order."


async def fill_new(api: Api, made: Any, uris: Iterable[str]) -> Any:
    """Put videos into a showcase that was just made; return it as Vimeo showed it, with what came in.

    Nothing raises here: an error would say that the showcase was not made, and another one would be. What is
    missing is a note, with how to go on.

    Args:
        made: Vimeo's answer to the making.
        uris: the videos.
    """
    uri = made.get("uri") if isinstance(made, dict) else None
    number = last_part(uri) if isinstance(uri, str) else ""
    if not number.isdigit():
        api.note(
            "The videos were not put in, because Vimeo's answer does not name the showcase: look for it."
        )
        return made
    try:
        filled = await add(api, f"/me/albums/{number}/videos", uris, before=Contents({}), view=view_of(made))
    except VimeoToolkitError as error:
        api.note(
            f"The showcase {uri} was made, and not all videos are in it: {error.message.rstrip('.')}. Do not make "
            f"it again: go on with vimeo_showcase_videos_add, album_id={number} and the same videos."
        )
        return {**made, "success": False}
    connections = made.get("metadata", {}).get("connections", {})
    if isinstance(connections.get("videos"), dict):  # as it was before they came in
        connections["videos"]["total"] = filled["total"]
    if filled["total"] > 1 and made.get("sort") == "arranged":
        api.note(OTHER_ORDER)
    return {**made, **filled}


async def add(
    api: Api,
    path: str,
    uris: Iterable[str],
    *,
    before: Contents | None = None,
    view: str | None = None,
) -> dict[str, Any]:
    """Add videos and keep those that are there, by the fewest requests that cannot lose any.

    A list of all replaces all, so it is used only where many are to be added and what is there was read as a
    whole. A video that somebody else adds between the reading and the replacing would be lost: seconds at most.

    Returns `{"success", "added", …}`; `missing` names what is not there afterwards.

    Args:
        path: the showcase's list of videos.
        uris: the videos to add.
        before: what the showcase holds; it is read if this is left out.
        view: its `privacy.view`, the same.

    Raises:
        EffectMismatch: videos that were there are not there any more, and could not be put back.
        VimeoToolkitError: nothing, or not all, was added.
    """
    wanted = by_number(uris)
    before = before or await read(api, path)
    fresh = {number: uri for number, uri in wanted.items() if number not in before.videos}
    if not fresh:
        return {"success": True, "added": 0, "total": len(before.videos) + before.unreadable}
    refused: dict[str, VimeoToolkitError] = {}
    few = len(fresh) <= ONE_BY_ONE and (before.videos or len(fresh) == 1)
    singly = few or not before.whole
    if singly:
        refused = await _put_singly(api, path, fresh)
        if len(refused) == len(fresh):
            raise next(iter(refused.values()))
    else:
        refused = await _put_those_that_exist(api, path, before.videos, fresh)
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
    await note_audience(api, path, {uri: after.views.get(number) for number, uri in fresh.items()}, view)
    return {**result, "added": len(fresh) - len(result.get("missing", ()))}


async def note_audience(
    api: Api, path: str, views: Mapping[str, str | None], view: str | None = None
) -> None:
    """Note who can watch those of the videos in a showcase that are not public.

    Args:
        path: the showcase's list of videos.
        views: the `privacy.view` of each video by its URI.
        view: that of the showcase, which is read if this is left out.
    """
    if not in_showcase("anybody", views):
        return
    if view is None:
        view = view_of(await try_get(api, path.removesuffix("/videos"), "uri,privacy.view"))
    if said := in_showcase(view, views):
        api.note(said)


async def replace(
    api: Api, path: str, uris: Iterable[str], *, may_read: bool, view: str | None = None
) -> dict[str, Any]:
    """Let a showcase hold these videos and no others, and look whether it does.

    Args:
        path: the showcase's list of videos.
        uris: the videos.
        may_read: False when the token lacks the scope for looking; then the answer has to be believed, and the
            result says so.
        view: its `privacy.view`, which is read if this is left out.

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
        await note_audience(api, path, {uri: after.views.get(number) for number, uri in wanted.items()}, view)
        taken = [uri for number, uri in before.videos.items() if number not in after.videos]
        return result_of(api, wanted, after, exactly=True) | ({"taken_out": taken} if taken else {})
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


async def _put_those_that_exist(
    api: Api, path: str, held: dict[str, str], fresh: dict[str, str]
) -> dict[str, VimeoToolkitError]:
    """Send the list of what is held and what is to come in; return what cannot come in, and why. Vimeo refuses a
    list as a whole for one video that it does not have, so the list is sent again without those.

    Raises:
        VimeoToolkitError: the list was refused for another reason.
    """
    try:
        await _put_list(api, path, [*held.values(), *fresh.values()])
    except (BadRequest, Forbidden, NotFound) as error:
        unknown = await _not_there(api, fresh)
        if not unknown or len(unknown) == len(fresh):
            raise
        there = [uri for number, uri in fresh.items() if number not in unknown]
        await _put_list(api, path, [*held.values(), *there])
        return dict.fromkeys(unknown, error)
    return {}


async def _not_there(api: Api, videos: dict[str, str]) -> list[str]:
    """Return the numbers of the videos that Vimeo does not show."""
    uris, shown = list(videos.values()), set()
    for start in range(0, len(uris), AT_ONCE):
        query = {"uris": ",".join(uris[start : start + AT_ONCE]), "per_page": str(AT_ONCE)}
        listed = await api.send(ApiRequest("GET", "/videos", query, fields="uri"))
        shown |= {last_part(str(each.get("uri"))) for each in checked_items(listed) if isinstance(each, dict)}
    return [number for number in videos if number not in shown]


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
