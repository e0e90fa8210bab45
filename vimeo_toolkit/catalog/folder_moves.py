"""Move videos between folders: look where each is, move it, and look again.

A video is in one folder or in none, and Vimeo does not say which one it leaves. So the result says it: a move can
be taken back only by who knows where each video was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.catalog.extra_reads import try_get
from vimeo_toolkit.catalog.ids import NO_FOLDER, collection_path
from vimeo_toolkit.errors import InvalidInput, OutcomeUnknown, VimeoToolkitError
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.paging import checked_items

__all__ = ["move_many", "move_one"]

AT_ONCE: Final = 100
"""Videos of one request, which keeps the address short enough for any server."""

_PLACE: Final = "parent_folder.uri,parent_folder.name"

Place = dict[str, Any]
"""A folder as results have it: its `uri` and `name`, or `{"uri": "none"}`."""


async def move_one(api: Api, video: str, folder: str) -> dict[str, Any]:
    """Move a video into a folder, or out of the one that it is in; return from where to where it went.

    Args:
        video: its number.
        folder: as `FolderOrNone` has it.

    Raises:
        InvalidInput: it is to leave its folder, and it cannot be seen in which one it is.
        VimeoToolkitError: it was not moved.
    """
    fields = f"uri,name,{_PLACE}"
    before = await try_get(api, f"/videos/{video}", fields)
    origin = None if before is None else _place(before)
    if folder != NO_FOLDER:
        path = f"{_path(api, folder)}/videos/{video}"
        await api.send(ApiRequest("PUT", path, fields="uri"))
    elif origin is None:
        raise InvalidInput(
            "folder_id: it cannot be seen in which folder the video is.",
            hint="vimeo_folder_video_remove takes it out of a folder that you name.",
        )
    elif origin["uri"] != NO_FOLDER:
        await api.send(ApiRequest("DELETE", f"{_path(api, origin['uri'])}/videos/{video}"))
    after = await try_get(api, f"/videos/{video}", fields)
    target = {"uri": folder} if after is None else _place(after)
    arrived = last_part(target["uri"]) == last_part(folder)
    if not arrived:
        api.note("Vimeo took the move, and shows the video in another place: look with vimeo_video_get.")
    shown = after or before or {}
    result = {
        "success": arrived,
        "message": _said(origin, folder),
        "uri": shown.get("uri", f"/videos/{video}"),
    }
    result |= {"name": shown["name"]} if shown.get("name") else {}
    result |= {} if origin is None else {"from_folder": origin}
    return {**result, "to_folder": target}


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
    moved: list[str] = []
    origins: dict[str, Place] = {}
    if not may_look:
        api.note('Where the videos were and are was not looked at: that needs the "private" scope.')
    for start in range(0, len(uris), AT_ONCE):
        part = uris[start : start + AT_ONCE]
        try:
            before = await _before(api, part, folder) if may_look else {}
            await _send(api, part, folder, before)
        except VimeoToolkitError as error:
            if start:
                error.hint += f" The first {start} videos were moved before this failed; moving all is safe."
            raise
        origins |= before
        moved += await _arrived(api, part, folder) if may_look else part
    missing = [uri for uri in uris if uri not in moved]
    if missing:
        named = ", ".join(missing[:20]) + (" and more" if len(missing) > 20 else "")
        where = "out of their folders" if folder == NO_FOLDER else "in the folder"
        api.note(f"{len(uris)} videos were asked for, and {len(moved)} are {where}: {named} did not move.")
    result: dict[str, Any] = {"success": not missing, "moved": len(moved)}
    result |= {"missing": missing} if missing else {}
    left = _grouped(moved, origins)
    return {**result, "from_folders": left} if left else result


async def _before(api: Api, uris: list[str], folder: str) -> dict[str, Place]:
    """Return where the videos are before the move. Only one out of all folders cannot do without it."""
    try:
        return await _places(api, uris)
    except VimeoToolkitError:
        if folder == NO_FOLDER:
            raise
        api.note("It could not be seen in which folders the videos were before.")
        return {}


async def _send(api: Api, uris: list[str], folder: str, before: Mapping[str, Place]) -> None:
    if folder != NO_FOLDER:
        query = {"uris": ",".join(uris)}
        await api.send(ApiRequest("PUT", f"{_path(api, folder)}/videos", query, fields="uri"))
        return
    for group in _grouped(uris, before):
        if group["uri"] != NO_FOLDER:
            # Always said: without it, what Vimeo does with the videos themselves is not documented.
            query = {"uris": ",".join(group["videos"]), "should_delete_clips": "false"}
            await api.send(ApiRequest("DELETE", f"{_path(api, group['uri'])}/videos", query))


async def _arrived(api: Api, uris: list[str], folder: str) -> list[str]:
    """Return those of the videos that are in the folder now.

    Raises:
        OutcomeUnknown: it could not be looked at.
    """
    try:
        places = await _places(api, uris)
    except VimeoToolkitError as error:
        raise OutcomeUnknown(
            "The videos were sent, and where they are now could not be looked at: "
            f"{error.message.rstrip('.')}.",
            hint="Look with vimeo_folder_videos_list; moving them again is safe.",
        ) from None
    there = {number for number, place in places.items() if last_part(place["uri"]) == last_part(folder)}
    return [uri for uri in uris if last_part(uri) in there]


async def _places(api: Api, uris: list[str]) -> dict[str, Place]:
    """Return in which folder each video is, by its number; those that cannot be seen are left out."""
    query = {"uris": ",".join(uris), "per_page": str(AT_ONCE)}
    listed = await api.send(ApiRequest("GET", "/videos", query, fields=f"uri,{_PLACE}"))
    found = [each for each in checked_items(listed) if isinstance(each, dict) and each.get("uri")]
    return {last_part(str(video["uri"])): _place(video) for video in found}


def _place(video: Mapping[str, Any]) -> Place:
    folder = video.get("parent_folder")
    if not isinstance(folder, dict) or not isinstance(folder.get("uri"), str):
        return {"uri": NO_FOLDER}
    return {name: folder[name] for name in ("uri", "name") if folder.get(name)}


def _grouped(uris: Iterable[str], places: Mapping[str, Place]) -> list[dict[str, Any]]:
    """Return the folders that videos were in, each with them."""
    groups: dict[str, dict[str, Any]] = {}
    for uri in uris:
        if place := places.get(last_part(uri)):
            groups.setdefault(place["uri"], {**place, "videos": []})["videos"].append(uri)
    return list(groups.values())


def _path(api: Api, folder: str) -> str:
    number = last_part(folder)
    whole = folder.replace("/folders/", "/projects/") if folder.startswith("/") else number
    return collection_path("folder", whole, api.account.vimeo_uri)
