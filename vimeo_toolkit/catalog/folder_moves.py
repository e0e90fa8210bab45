"""Move videos between folders: look where each is, move it, and look again.

A video is in one folder or in none, and Vimeo does not say which one it leaves. So the result says it: a move can
be taken back only by who knows where each video was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.audience import in_folder, view_of
from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.catalog.extra_reads import try_get
from vimeo_toolkit.catalog.ids import NO_FOLDER, collection_path
from vimeo_toolkit.errors import NotFound, OutcomeUnknown, VimeoToolkitError
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.paging import checked_items

__all__ = ["move_many", "move_one"]

AT_ONCE: Final = 100
"""Videos of one request, which keeps the address short enough for any server."""

PAUSE: Final = 2.0
"""Seconds before a second look, in case what Vimeo shows lags behind."""

_PLACE: Final = "privacy.view,parent_folder.uri,parent_folder.name,parent_folder.privacy.view"

Video = Mapping[str, Any]
Place = dict[str, Any]
"""A folder as results have it: its `uri` and `name`, or `{"uri": "none"}`."""


async def move_one(api: Api, video: str, folder: str) -> dict[str, Any]:
    """Move a video into a folder, or out of the one that it is in; return from where to where it went.

    Args:
        video: its number.
        folder: as `FolderOrNone` has it.

    Raises:
        NotFound: it is to leave its folder, and cannot be seen.
        VimeoToolkitError: it was not moved.
    """
    fields = f"uri,name,{_PLACE}"
    may_look = "private" in api.account.granted_scopes  # Vimeo shows a video's folder to its owner only
    if folder == NO_FOLDER:
        before = (await _read(api, [f"/videos/{video}"])).get(video)
        if before is None:
            raise NotFound(
                "The video is not there, or not visible to this user.", hint="Look with vimeo_video_get."
            )
        await _send(api, [f"/videos/{video}"], folder, {video: before})
    else:
        before = await try_get(api, f"/videos/{video}", fields) if may_look else None
        await api.send(ApiRequest("PUT", f"{_path(api, folder)}/videos/{video}", fields="uri"))
    origin = None if before is None else _place(before)
    after = await _seen_there(api, video, folder, fields) if may_look else None
    target = {"uri": folder} if after is None else _place(after)
    arrived = after is None or _is_in(after, folder)
    if not arrived:
        api.note("Vimeo took the move, and shows the video in another place: look with vimeo_video_get.")
    elif after is not None:
        _note_audience(api, [after])
    shown = after or before or {}
    result = {
        "success": arrived,
        "message": _said(origin, folder),
        "uri": shown.get("uri", f"/videos/{video}"),
    }
    result |= {"name": shown["name"]} if shown.get("name") else {}
    result |= {} if origin is None else {"from_folder": origin}
    return {**result, "to_folder": target}


async def _seen_there(api: Api, video: str, folder: str, fields: str) -> dict[str, Any] | None:
    """Return the video as it is shown after its move; None where it cannot be seen."""
    shown = await try_get(api, f"/videos/{video}", fields)
    if shown is not None and not _is_in(shown, folder):
        await api.sleep(PAUSE)
        shown = await try_get(api, f"/videos/{video}", fields)
    return shown


def _note_audience(api: Api, videos: Iterable[Video]) -> None:
    """Note who can reach what is not public, in a folder that others can open."""
    listed = [video for video in videos if isinstance(video.get("uri"), str)]
    view = next((view_of(video.get("parent_folder")) for video in listed), None)
    if said := in_folder(view, {video["uri"]: view_of(video) for video in listed}):
        api.note(said)


def _said(origin: Place | None, folder: str) -> str:
    here = "in no folder" if folder == NO_FOLDER else "in the folder"
    if origin is None:
        return f"The video is {here}; it could not be seen where it was before."
    if last_part(origin["uri"]) == last_part(folder):
        return f"The video was {here} already."
    if origin["uri"] == NO_FOLDER:
        return f"The video is {here}; it was in none before."
    return f"The video is {here}, and no longer in the one it was in before."


async def move_many(api: Api, videos: Iterable[str], folder: str) -> dict[str, Any]:
    """Move videos into a folder, or out of those that they are in, a hundred with each request; return how many
    went where, and from where.

    Args:
        videos: their URIs.
        folder: as `FolderOrNone` has it.

    Raises:
        OutcomeUnknown: they were sent, and it could not be looked at where they are.
        VimeoToolkitError: not all were moved; the hint says how many were.
    """
    uris = list({last_part(uri): uri for uri in videos}.values())
    may_look = "private" in api.account.granted_scopes
    before: dict[str, Video] = {}
    after: dict[str, Video] = {}
    if not may_look:
        api.note('Where the videos were and are was not looked at: that needs the "private" scope.')
    for start in range(0, len(uris), AT_ONCE):
        part = uris[start : start + AT_ONCE]
        try:
            seen = await _before(api, part, folder) if may_look else {}
            await _send(api, part, folder, seen)
        except VimeoToolkitError as error:
            if start:
                error.hint += f" The first {start} videos were moved before this failed; moving all is safe."
            raise
        before |= seen
        after |= await _after(api, part) if may_look else {}
    there = {number for number, video in after.items() if _is_in(video, folder)}
    missing = [uri for uri in uris if may_look and last_part(uri) not in there]
    already = [uri for uri in uris if (was := before.get(last_part(uri))) and _is_in(was, folder)]
    came = [uri for uri in uris if uri not in missing and uri not in already]
    if missing:
        named = ", ".join(missing[:20]) + (" and more" if len(missing) > 20 else "")
        where = "out of their folders" if folder == NO_FOLDER else "in the folder"
        api.note(f"{len(uris)} videos were asked for, and {len(there)} are {where}: {named} did not move.")
    _note_audience(api, [after[number] for number in there])
    result: dict[str, Any] = {"success": not missing, "moved": len(came)}
    result |= {"already_there": len(already)} if already else {}
    result |= {"missing": missing} if missing else {}
    left = _grouped(came, before)
    return {**result, "from_folders": left} if left else result


async def _before(api: Api, uris: list[str], folder: str) -> dict[str, Video]:
    """Return the videos before the move. Only one out of all folders cannot do without it."""
    if api.planning and folder != NO_FOLDER:
        return {}
    try:
        return await _read(api, uris)
    except VimeoToolkitError:
        if folder == NO_FOLDER:
            raise
        api.note("It could not be seen in which folders the videos were before.")
        return {}


async def _send(api: Api, uris: list[str], folder: str, before: Mapping[str, Video]) -> None:
    if folder != NO_FOLDER:
        query = {"uris": ",".join(uris)}
        await api.send(ApiRequest("PUT", f"{_path(api, folder)}/videos", query, fields="uri"))
        return
    for group in _grouped(uris, before):
        if group["uri"] != NO_FOLDER:
            # Always said: without it, what Vimeo does with the videos themselves is not documented.
            query = {"uris": ",".join(group["videos"]), "should_delete_clips": "false"}
            await api.send(ApiRequest("DELETE", f"{_path(api, group['uri'])}/videos", query))


async def _after(api: Api, uris: list[str]) -> dict[str, Video]:
    """Return the videos after the move.

    Raises:
        OutcomeUnknown: it could not be looked at.
    """
    try:
        return await _read(api, uris)
    except VimeoToolkitError as error:
        raise OutcomeUnknown(
            "The videos were sent, and where they are now could not be looked at: "
            f"{error.message.rstrip('.')}.",
            hint="Look with vimeo_folder_videos_list; moving them again is safe.",
        ) from None


async def _read(api: Api, uris: list[str]) -> dict[str, Video]:
    """Return each video with its folder, by its number; those that cannot be seen are left out."""
    query = {"uris": ",".join(uris), "per_page": str(AT_ONCE)}
    listed = await api.send(ApiRequest("GET", "/videos", query, fields=f"uri,name,{_PLACE}"))
    found = [each for each in checked_items(listed) if isinstance(each, dict) and each.get("uri")]
    return {last_part(str(video["uri"])): video for video in found}


def _is_in(video: Video, folder: str) -> bool:
    return last_part(_place(video)["uri"]) == last_part(folder)


def _place(video: Video) -> Place:
    folder = video.get("parent_folder")
    if not isinstance(folder, dict) or not isinstance(folder.get("uri"), str):
        return {"uri": NO_FOLDER}
    return {name: folder[name] for name in ("uri", "name") if folder.get(name)}


def _grouped(uris: Iterable[str], seen: Mapping[str, Video]) -> list[dict[str, Any]]:
    """Return the folders that videos were in, each with them."""
    groups: dict[str, dict[str, Any]] = {}
    for uri in uris:
        if video := seen.get(last_part(uri)):
            place = _place(video)
            groups.setdefault(place["uri"], {**place, "videos": []})["videos"].append(uri)
    return list(groups.values())


def _path(api: Api, folder: str) -> str:
    number = last_part(folder)
    whole = folder.replace("/folders/", "/projects/") if folder.startswith("/") else number
    return collection_path("folder", whole, api.account.vimeo_uri)
