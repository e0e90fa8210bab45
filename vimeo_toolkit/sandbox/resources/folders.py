"""Folders."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.errors import invalid_parameter, not_found, refused
from vimeo_toolkit.sandbox.listing import Sorts, choice, flag, page_of, searched, sorted_by
from vimeo_toolkit.sandbox.resources.access import library_folder, library_of, library_video, videos_in
from vimeo_toolkit.sandbox.resources.bodies import number_in, text
from vimeo_toolkit.sandbox.resources.videolists import VIDEO_SORTS, video_list
from vimeo_toolkit.sandbox.shapes.places import folder_shape
from vimeo_toolkit.sandbox.shapes.video import video_shape
from vimeo_toolkit.sandbox.state import Folder, Video

MAX_DEPTH = 10
SORTS: Sorts = {
    "date": (lambda folder: folder.created, "desc"),
    "default": (lambda folder: folder.created, "desc"),
    "modified_time": (lambda folder: folder.modified, "desc"),
    "name": (lambda folder: folder.name.lower(), "asc"),
    "pinned_on": (lambda folder: folder.created, "desc"),
}
IN_FOLDER: Sorts = {
    name: VIDEO_SORTS[name]
    for name in ("alphabetical", "date", "default", "duration", "last_user_action_event_date")
}
ITEM_SORTS: Sorts = {
    "alphabetical": (lambda item: item.name.lower(), "asc"),
    "date": (lambda item: item.created, "desc"),
    "default": (lambda item: item.created, "desc"),
    "duration": (lambda item: item.duration if isinstance(item, Video) else 0, "desc"),
    "last_user_action_event_date": (lambda item: item.modified, "desc"),
}
FOLDERS = ("/me/projects", "/users/{user_id}/projects")
OTHER_NAMES = ("/me/folders", "/users/{user_id}/folders")
"""By these the list answers, too, and takes new folders."""
FOLDER = tuple(f"{path}/{{project_id}}" for path in FOLDERS)
ITEMS = tuple(f"{path}/items" for path in FOLDER)
VIDEOS = tuple(f"{path}/videos" for path in FOLDER)
VIDEO = tuple(f"{path}/{{video_id}}" for path in VIDEOS)


# ---- folders ----


@endpoint("GET", *FOLDERS, *OTHER_NAMES)
def list_folders(call: Call) -> Answer:
    folders = library_of(call).folders if call.has("private") else []
    kept = searched(folders, call.query.get("query"), lambda folder: folder.name)
    kept = sorted_by(call, kept, SORTS, SORTS["default"])
    return page_of(call, kept, lambda folder: folder_shape(folder, call.user), "folder")


@endpoint("POST", *FOLDERS, *OTHER_NAMES, scope="create")
def create_folder(call: Call) -> Answer:
    user, body = library_of(call), call.object()
    if not body:
        raise refused(400, 2205, "The input is empty.")
    name = text(body, "name", 128, required=True)
    parent = None
    if body.get("parent_folder_uri"):
        number = number_in(body["parent_folder_uri"], "projects")
        parent = next((folder for folder in user.folders if folder.id == number), None)
        if parent is None:
            raise invalid_parameter("parent_folder_uri", "No such folder exists.")
        if parent.depth >= MAX_DEPTH:
            raise refused(403, 3701, "The maximum folder depth has been exceeded.")
    now = call.world.now()
    folder = Folder(call.world.next_id(), user, str(name), now, now, parent)
    user.folders.append(folder)
    return Answer(201, folder_shape(folder, call.user))


@endpoint("GET", *FOLDER)
def get_folder(call: Call) -> Answer:
    return Answer(200, folder_shape(library_folder(call), call.user))


@endpoint("PATCH", *FOLDER, scope="edit")
def edit_folder(call: Call) -> Answer:
    folder = library_folder(call)
    if not call.object():
        raise refused(400, 2205, "The input is empty.")
    folder.name = str(text(call.object(), "name", 128, required=True))
    folder.modified = call.world.now()
    return Answer(200, folder_shape(folder, call.user))


@endpoint("DELETE", *FOLDER, scope="delete")
def delete_folder(call: Call) -> Answer:
    """Delete a folder; `should_delete_clips=true` deletes its videos, too, otherwise they stay in the library."""
    folder, with_videos = library_folder(call), flag(call, "should_delete_clips")
    for each in _with_subfolders(folder):
        _empty(call, each, delete=bool(with_videos))
        library_of(call).folders.remove(each)
    return Answer(204)


def _with_subfolders(folder: Folder) -> list[Folder]:
    found = [folder]
    for each in found:
        found.extend(child for child in folder.user.folders if child.parent is each)
    return found


def _empty(call: Call, folder: Folder, *, delete: bool) -> None:
    """Take the videos out; `delete`: out of the library, too."""
    for video in folder.videos:
        video.folder = None
        if delete:
            call.world.remove_video(video)


# ---- their items ----


@endpoint("GET", *ITEMS)
def list_items(call: Call) -> Answer:
    folder = library_folder(call)
    wanted = choice(call, "filter", ("folder", "live_event", "video"))
    items: list[Folder | Video] = []
    if call.has("private") and wanted in (None, "folder"):
        items += [each for each in library_of(call).folders if each.parent is folder]
    if call.has("private") and wanted in (None, "video"):
        items += folder.videos
    items = sorted_by(call, items, ITEM_SORTS, ITEM_SORTS["default"])
    return page_of(call, items, lambda item: _item(call, item), "project.item")


def _item(call: Call, item: Folder | Video) -> dict[str, Any]:
    if isinstance(item, Folder):
        return {"type": "folder", "folder": folder_shape(item, call.user)}
    return {"type": "video", "video": video_shape(item, call.user)}


@endpoint("DELETE", *ITEMS, scope="interact")
def remove_items(call: Call) -> Answer:
    """Delete a folder: its videos leave it and subfolders move to the top; `should_delete_items=true` deletes
    both."""
    folder, delete = library_folder(call), flag(call, "should_delete_items")
    uris = [uri.strip() for uri in call.query.get("uris", "").split(",") if uri.strip()]
    numbers = {number_in(uri, "projects") for uri in uris if "/projects/" in uri}
    below = [each for each in library_of(call).folders if each.parent is folder and each.id in numbers]
    clips = ",".join(uri for uri in uris if "/projects/" not in uri)
    videos = videos_in(call, clips, folder.user) if clips or not uris else []
    if len(below) < len(numbers) or any(video.folder is not folder for video in videos):
        raise not_found("item")
    for video in videos:
        video.folder = None
        if delete:
            call.world.remove_video(video)
    for each in below:
        each.parent = None
        for gone in _with_subfolders(each) if delete else []:
            _empty(call, gone, delete=True)
            library_of(call).folders.remove(gone)
    return Answer(204)


# ---- their videos ----


@endpoint("GET", *VIDEOS)
def list_folder_videos(call: Call) -> Answer:
    folder = library_folder(call)
    inside = _with_subfolders(folder) if flag(call, "include_subfolders") else [folder]
    videos = [video for each in inside for video in each.videos] if call.has("private") else []
    # This endpoint has no parameter `filter`: what Vimeo does with one is not known, here it is ignored.
    return video_list(call, videos, sorts=IN_FOLDER, filters=(), default=VIDEO_SORTS["default"])


@endpoint("PUT", *VIDEO, scope="interact")
def add_video(call: Call) -> Answer:
    """Move a video into a folder: it leaves the one that it was in."""
    folder, video = library_folder(call), library_video(call)
    video.folder = folder
    folder.modified = call.world.now()
    return Answer(204)


@endpoint("DELETE", *VIDEO, scope="delete")
def remove_video(call: Call) -> Answer:
    folder, video = library_folder(call), library_video(call)
    if video.folder is not folder:
        raise not_found("video")
    video.folder = None
    return Answer(204)


@endpoint("PUT", *VIDEOS, scope="interact")
def add_videos(call: Call) -> Answer:
    folder = library_folder(call)
    for video in videos_in(call, call.query.get("uris"), folder.user):
        video.folder = folder
    folder.modified = call.world.now()
    return Answer(204)


@endpoint("DELETE", *VIDEOS, scope="interact")
def remove_videos(call: Call) -> Answer:
    """Remove videos from a folder; `should_delete_clips=true` deletes them, too."""
    folder = library_folder(call)
    videos = videos_in(call, call.query.get("uris"), folder.user)
    delete = flag(call, "should_delete_clips")
    for video in videos:
        if video.folder is folder:
            video.folder = None
            if delete:
                call.world.remove_video(video)
    return Answer(204)
