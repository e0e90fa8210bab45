"""Groups."""

from __future__ import annotations

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.errors import legacy, not_found, refused
from vimeo_toolkit.sandbox.listing import NEWEST_FIRST, Sorts, choice, page_of, searched, sorted_by
from vimeo_toolkit.sandbox.resources.access import named_user, own_video, visible_video
from vimeo_toolkit.sandbox.resources.bodies import text
from vimeo_toolkit.sandbox.resources.relations import PEOPLE_SORTS
from vimeo_toolkit.sandbox.resources.videolists import COLLECTION_SORTS, video_list
from vimeo_toolkit.sandbox.shapes.places import group_shape
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.shapes.video import video_shape
from vimeo_toolkit.sandbox.state import Group

MEDIA = "application/vnd.vimeo.group+json"
_BY_ANY: Sorts = {
    "alphabetical": (lambda group: group.name.lower(), "asc"),
    "date": (lambda group: group.created, "desc"),
    "videos": (lambda group: len(group.videos), "desc"),
}
SORTS: Sorts = {**_BY_ANY, "followers": (lambda group: len(group.members), "desc"), "relevant": NEWEST_FIRST}
MY_SORTS: Sorts = {**_BY_ANY, "members": (lambda group: len(group.members), "desc")}


def _group(call: Call) -> Group:
    for group in call.world.groups:
        if str(group.id) == call.path["group_id"]:
            return group
    raise not_found("group")


@endpoint("GET", "/groups")
def list_groups(call: Call) -> Answer:
    choice(call, "filter", ("featured",))  # all of the sandbox's groups are
    return _page(call, call.world.groups, SORTS)


@endpoint("GET", "/me/groups", "/users/{user_id}/groups")
def list_my_groups(call: Call) -> Answer:
    user = named_user(call)
    if choice(call, "filter", ("moderated",)):
        groups = [each for each in call.world.groups if user is each.user]
    else:
        groups = [each for each in call.world.groups if user in each.members]
    hidden = user is call.token.user and not call.has("private")
    return _page(call, [] if hidden else groups, MY_SORTS)


def _page(call: Call, groups: list[Group], sorts: Sorts) -> Answer:
    found = searched(groups, call.query.get("query"), lambda group: f"{group.name} {group.description}")
    found = sorted_by(call, found, sorts)
    return page_of(call, found, lambda group: group_shape(group, call.token.user), "group")


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


@endpoint("GET", "/me/groups/{group_id}", "/users/{user_id}/groups/{group_id}")
def is_member(call: Call) -> Answer:
    if named_user(call) not in _group(call).members:
        raise not_found("group")
    return Answer(204)


@endpoint("PUT", "/me/groups/{group_id}", scope="interact")
def join(call: Call) -> Answer:
    group = _group(call)
    if call.user not in group.members:
        group.members.append(call.user)
    return Answer(204)


@endpoint("DELETE", "/me/groups/{group_id}", scope="interact")
def leave(call: Call) -> Answer:
    group = _group(call)
    if group.user is call.user:
        raise legacy(403, "You can't leave this group: you own it.")
    if call.user in group.members:
        group.members.remove(call.user)
    return Answer(204)


@endpoint("GET", "/groups/{group_id}/users")
def list_group_users(call: Call) -> Answer:
    group = _group(call)
    people = [group.user] if choice(call, "filter", ("moderators",)) else group.members
    found = searched(people, call.query.get("query"), lambda user: f"{user.name} {user.username}")
    found = sorted_by(call, found, PEOPLE_SORTS)
    return page_of(call, found, lambda user: user_shape(user, call.token.user), "user")


@endpoint("GET", "/groups/{group_id}/videos")
def list_group_videos(call: Call) -> Answer:
    group = _group(call)
    changed = () if group.changed is None else (group.changed,)
    newest = list(reversed(group.videos))
    return video_list(call, newest, sorts=COLLECTION_SORTS, filters=("embeddable",), changed=changed)


@endpoint("GET", "/groups/{group_id}/videos/{video_id}")
def get_group_video(call: Call) -> Answer:
    group, video = _group(call), visible_video(call)
    if video not in group.videos:
        raise not_found("video")
    return Answer(200, video_shape(video, call.token.user), "application/vnd.vimeo.video+json")


@endpoint("PUT", "/groups/{group_id}/videos/{video_id}", scope="edit")
def add_group_video(call: Call) -> Answer:
    """Add a video. Any member may, as on the site; the document says that the user must own the group."""
    group, video = _group(call), own_video(call)
    if call.user not in group.members:
        raise refused(403, 3200, "You can't add videos to this group: you are not a member.")
    if video in group.videos:
        raise legacy(403, "The video is already in the group.")
    group.videos.append(video)
    group.changed = call.world.now()
    return Answer(200, video_shape(video, call.user), "application/vnd.vimeo.video+json")


@endpoint("DELETE", "/groups/{group_id}/videos/{video_id}", scope="delete")
def remove_group_video(call: Call) -> Answer:
    group, video = _group(call), own_video(call)
    if video not in group.videos:
        raise not_found("video")
    group.videos.remove(video)
    group.changed = call.world.now()
    return Answer(204)
