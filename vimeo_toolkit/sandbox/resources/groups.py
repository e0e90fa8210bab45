"""Groups."""

from __future__ import annotations

from vimeo_toolkit.sandbox.errors import not_found, refused
from vimeo_toolkit.sandbox.http import Answer, Call, endpoint
from vimeo_toolkit.sandbox.listing import Sorts, choice, page_of, searched, sorted_by
from vimeo_toolkit.sandbox.resources.common import COLLECTION_SORTS, own_video, text, video_list
from vimeo_toolkit.sandbox.resources.users import shape_in
from vimeo_toolkit.sandbox.shapes.places import group_shape
from vimeo_toolkit.sandbox.shapes.video import video_shape
from vimeo_toolkit.sandbox.state import Group

MEDIA = "application/vnd.vimeo.group+json"
SORTS: Sorts = {
    "alphabetical": (lambda group: group.name.lower(), "asc"),
    "date": (lambda group: group.created, "desc"),
    "members": (lambda group: len(group.members), "desc"),
    "videos": (lambda group: len(group.videos), "desc"),
}


def _group(call: Call) -> Group:
    for group in call.world.groups:
        if str(group.id) == call.path["group_id"]:
            return group
    raise not_found("group")


@endpoint("GET", "/groups")
def list_groups(call: Call) -> Answer:
    groups = call.world.groups
    choice(call, "filter", ("featured",))
    if call.query.get("sort") == "relevant":
        call.query.pop("sort")
    found = searched(groups, call.query.get("query"), lambda group: f"{group.name} {group.description}")
    return page_of(
        call, sorted_by(call, found, SORTS), lambda group: group_shape(group, call.token.user), "group"
    )


@endpoint("POST", "/groups", scope="create")
def create_group(call: Call) -> Answer:
    body = call.object()
    name = str(text(body, "name", 128, required=True))
    group = Group(
        call.world.next_id(), name, call.user, call.world.now(), text(body, "description", 5000), [call.user]
    )
    call.world.groups.append(group)
    return Answer(200, group_shape(group, call.user), MEDIA)


@endpoint("GET", "/groups/{group_id}")
def get_group(call: Call) -> Answer:
    return Answer(200, group_shape(_group(call), call.token.user), MEDIA)


@endpoint("DELETE", "/groups/{group_id}", scope="delete")
def delete_group(call: Call) -> Answer:
    group = _group(call)
    if group.user is not call.user:
        raise refused(403, 3200, "You can't delete this group: you don't own it.")
    call.world.groups.remove(group)
    return Answer(204)


@endpoint("GET", "/groups/{group_id}/users")
def list_group_users(call: Call) -> Answer:
    return page_of(call, _group(call).members, lambda user: shape_in(call, user), "user")


@endpoint("GET", "/groups/{group_id}/videos")
def list_group_videos(call: Call) -> Answer:
    return video_list(
        call, _group(call).videos, sorts=COLLECTION_SORTS, filters=("embeddable",), conditional=True
    )


@endpoint("PUT", "/groups/{group_id}/videos/{video_id}", scope="edit")
def add_group_video(call: Call) -> Answer:
    group, video = _group(call), own_video(call)
    if call.user not in group.members:
        raise refused(403, 3200, "You can't add videos to this group: you are no member.")
    if video not in group.videos:
        group.videos.append(video)
    return Answer(200, video_shape(video, call.user), "application/vnd.vimeo.video+json")
