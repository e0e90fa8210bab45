"""Folders."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.errors import invalid_parameter, not_found, refused
from vimeo_toolkit.sandbox.http import Answer, Call, endpoint
from vimeo_toolkit.sandbox.listing import Sorts, choice, page_of, searched, sorted_by
from vimeo_toolkit.sandbox.resources.common import (
    VIDEO_SORTS,
    number_in,
    own_folder,
    own_video,
    text,
    video_list,
)
from vimeo_toolkit.sandbox.shapes.places import folder_shape
from vimeo_toolkit.sandbox.shapes.video import video_shape
from vimeo_toolkit.sandbox.state import Folder

MAX_DEPTH = 10
SORTS: Sorts = {
    "date": (lambda folder: folder.created, "desc"),
    "modified_time": (lambda folder: folder.modified, "desc"),
    "name": (lambda folder: folder.name.lower(), "asc"),
    "pinned_on": (lambda folder: folder.created, "desc"),
}


@endpoint("GET", "/me/projects", "/users/{user_id}/projects")
def list_folders(call: Call) -> Answer:
    folders = call.user.folders if call.has("private") else []
    kept = searched(folders, call.query.get("query"), lambda folder: folder.name)
    return page_of(
        call, sorted_by(call, kept, SORTS), lambda folder: folder_shape(folder, call.user), "folder"
    )


@endpoint("POST", "/me/projects", "/users/{user_id}/projects", scope="create")
def create_folder(call: Call) -> Answer:
    body = call.object()
    if not body:
        raise refused(400, 2205, "The input is empty.")
    name = text(body, "name", 128, required=True)
    parent = None
    if body.get("parent_folder_uri"):
        number = number_in(body["parent_folder_uri"], "projects")
        parent = next((folder for folder in call.user.folders if folder.id == number), None)
        if parent is None:
            raise invalid_parameter("parent_folder_uri", "No such folder exists.")
        if parent.depth >= MAX_DEPTH:
            raise refused(403, 3701, "The maximum folder depth has been exceeded.")
    now = call.world.now()
    folder = Folder(call.world.next_id(), call.user, str(name), now, now, parent)
    call.user.folders.append(folder)
    return Answer(201, folder_shape(folder, call.user))


@endpoint("GET", "/me/projects/{project_id}", "/users/{user_id}/projects/{project_id}")
def get_folder(call: Call) -> Answer:
    return Answer(200, folder_shape(own_folder(call), call.user))


@endpoint("PATCH", "/me/projects/{project_id}", "/users/{user_id}/projects/{project_id}", scope="edit")
def edit_folder(call: Call) -> Answer:
    folder = own_folder(call)
    folder.name = str(text(call.object(), "name", 128, required=True))
    folder.modified = call.world.now()
    return Answer(200, folder_shape(folder, call.user))


@endpoint("DELETE", "/me/projects/{project_id}", "/users/{user_id}/projects/{project_id}", scope="delete")
def delete_folder(call: Call) -> Answer:
    """`should_delete_clips=true` deletes the videos, too; else they stay in the library."""
    folder = own_folder(call)
    below = [folder]
    for each in below:
        below.extend(child for child in call.user.folders if child.parent is each)
    for each in below:
        for video in each.videos:
            if call.query.get("should_delete_clips") in ("true", "1"):
                call.world.remove_video(video)
            else:
                video.folder = None
        call.user.folders.remove(each)
    return Answer(204)


@endpoint("GET", "/me/projects/{project_id}/videos", "/users/{user_id}/projects/{project_id}/videos")
def list_folder_videos(call: Call) -> Answer:
    folder = own_folder(call)
    names = ("alphabetical", "date", "duration", "last_user_action_event_date")
    videos = folder.videos if call.has("private") else []
    call.query.pop("filter", None)  # no parameter of this endpoint: ignored
    return video_list(call, videos, sorts={name: VIDEO_SORTS[name] for name in names})


@endpoint("GET", "/me/projects/{project_id}/items", "/users/{user_id}/projects/{project_id}/items")
def list_items(call: Call) -> Answer:
    folder = own_folder(call)
    wanted = choice(call, "filter", ("folder", "live_event", "video"))
    items: list[dict[str, Any]] = []
    if call.has("private") and wanted in (None, "folder"):
        items += [
            {"type": "folder", "folder": folder_shape(each, call.user)}
            for each in call.user.folders
            if each.parent is folder
        ]
    if call.has("private") and wanted in (None, "video"):
        items += [{"type": "video", "video": video_shape(each, call.user)} for each in folder.videos]
    return page_of(call, items, lambda item: item, "project.item")


@endpoint(
    "PUT",
    "/me/projects/{project_id}/videos/{video_id}",
    "/users/{user_id}/projects/{project_id}/videos/{video_id}",
    scope="interact",
)
def add_video(call: Call) -> Answer:
    folder, video = own_folder(call), own_video(call)
    video.folder = folder
    folder.modified = call.world.now()
    return Answer(204)


@endpoint(
    "PUT",
    "/me/projects/{project_id}/videos",
    "/users/{user_id}/projects/{project_id}/videos",
    scope="interact",
)
def add_videos(call: Call) -> Answer:
    folder = own_folder(call)
    videos = []
    for uri in filter(None, call.query.get("uris", "").split(",")):
        video = call.world.videos.get(number_in(uri, "videos") or 0)
        if video is None or video.user is not call.user:
            raise not_found("video")
        videos.append(video)
    if not videos:
        raise invalid_parameter("uris", "A list of URIs separated by commas is required.")
    for video in videos:
        video.folder = folder
    folder.modified = call.world.now()
    return Answer(204)


@endpoint(
    "DELETE",
    "/me/projects/{project_id}/videos/{video_id}",
    "/users/{user_id}/projects/{project_id}/videos/{video_id}",
    scope="delete",
)
def remove_video(call: Call) -> Answer:
    folder, video = own_folder(call), own_video(call)
    if video.folder is not folder:
        raise not_found("video")
    video.folder = None
    return Answer(204)
