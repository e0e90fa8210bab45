"""Channels."""

from __future__ import annotations

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.errors import invalid_parameter, legacy, not_found, refused
from vimeo_toolkit.sandbox.listing import (
    FIRST_TO_LAST,
    NEWEST_FIRST,
    Sort,
    Sorts,
    choice,
    page_of,
    searched,
    sorted_by,
)
from vimeo_toolkit.sandbox.resources.access import named_user
from vimeo_toolkit.sandbox.resources.bodies import text
from vimeo_toolkit.sandbox.resources.relations import PEOPLE_SORTS
from vimeo_toolkit.sandbox.resources.videolists import COLLECTION_SORTS, VIDEO_SORTS, video_list
from vimeo_toolkit.sandbox.shapes.places import channel_shape
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.state import Channel

MEDIA = "application/vnd.vimeo.channel+json"
MY_SORTS: Sorts = {
    "alphabetical": (lambda channel: channel.name.lower(), "asc"),
    "date": (lambda channel: channel.created, "desc"),
    "followers": (lambda channel: len(channel.followers), "desc"),
    "videos": (lambda channel: len(channel.videos), "desc"),
}
SORTS: Sorts = {**MY_SORTS, "default": NEWEST_FIRST, "relevant": NEWEST_FIRST}


@endpoint("GET", "/channels")
def list_channels(call: Call) -> Answer:
    channels = call.world.channels
    if choice(call, "filter", ("featured",)):
        channels = [channel for channel in channels if channel.featured]
    if choice(call, "sort", SORTS) == "relevant" and not call.query.get("query"):
        raise legacy(400, "The relevant sort has no search query.")
    return channel_page(call, channels, SORTS, NEWEST_FIRST)


@endpoint("GET", "/me/channels", "/users/{user_id}/channels")
def list_my_channels(call: Call) -> Answer:
    user = named_user(call)
    moderated = [each for each in call.world.channels if user is each.user or user in each.moderators]
    if choice(call, "filter", ("moderated",)):
        channels = moderated
    else:
        channels = [each for each in call.world.channels if user in each.followers or each in moderated]
    if user is call.token.user and not call.has("private"):
        channels = []
    return channel_page(call, channels, MY_SORTS, MY_SORTS["date"])


def channel_page(call: Call, channels: list[Channel], sorts: Sorts, default: Sort) -> Answer:
    found = searched(channels, call.query.get("query"), lambda each: f"{each.name} {each.description}")
    found = sorted_by(call, found, sorts, default)
    return page_of(call, found, lambda channel: channel_shape(channel, call.token.user), "channel")


def find_channel(call: Call) -> Channel:
    for channel in call.world.channels:
        if call.path["channel_id"] in (str(channel.id), channel.slug):
            return channel
    raise not_found("channel")


@endpoint("GET", "/channels/{channel_id}")
def get_channel(call: Call) -> Answer:
    return Answer(200, channel_shape(find_channel(call), call.token.user), MEDIA)


@endpoint("POST", "/channels", scope="create")
def create_channel(call: Call) -> Answer:
    """Answer 200, as recorded in 2015 and 2023."""
    name, privacy = _words(call, required=True), call.object().get("privacy")
    if privacy not in (None, "anybody", "moderators", "user"):
        raise invalid_parameter("privacy", "It is not one of anybody, moderators, user.")
    number, description = call.world.next_id(), text(call.object(), "description", 5000)
    channel = Channel(number, str(number), str(name), call.user, call.world.now(), description)
    channel.followers.append(call.user)
    call.world.channels.append(channel)
    return Answer(200, channel_shape(channel, call.user), MEDIA)


def _words(call: Call, *, required: bool) -> str | None:
    return text(call.object(), "name", 128, required=required)


def _moderated(call: Call) -> Channel:
    channel = find_channel(call)
    if channel.user is not call.user:
        raise refused(403, 3200, "You don't own the channel.")
    return channel


@endpoint("PATCH", "/channels/{channel_id}", scope="edit")
def edit_channel(call: Call) -> Answer:
    channel = _moderated(call)
    channel.name = _words(call, required="name" in call.object()) or channel.name
    if "description" in call.object():
        channel.description = text(call.object(), "description", 5000)
    return Answer(200, channel_shape(channel, call.user), MEDIA)


@endpoint("DELETE", "/channels/{channel_id}", scope="delete")
def delete_channel(call: Call) -> Answer:
    call.world.channels.remove(_moderated(call))
    return Answer(204)


@endpoint("GET", "/me/channels/{channel_id}", "/users/{user_id}/channels/{channel_id}")
def follows(call: Call) -> Answer:
    if named_user(call) not in find_channel(call).followers:
        raise not_found("channel subscription")
    return Answer(204)


@endpoint("PUT", "/me/channels/{channel_id}", scope="interact")
def subscribe(call: Call) -> Answer:
    channel = find_channel(call)
    if call.user not in channel.followers:
        channel.followers.append(call.user)
    return Answer(204)


@endpoint("DELETE", "/me/channels/{channel_id}", scope="interact")
def unsubscribe(call: Call) -> Answer:
    channel = find_channel(call)
    if call.user in channel.followers:
        channel.followers.remove(call.user)
    return Answer(204)


@endpoint("GET", "/channels/{channel_id}/users")
def list_channel_users(call: Call) -> Answer:
    channel = find_channel(call)
    moderators = choice(call, "filter", ("moderators",))
    people = [channel.user, *channel.moderators] if moderators else channel.followers
    found = searched(people, call.query.get("query"), lambda user: f"{user.name} {user.username}")
    found = sorted_by(call, found, PEOPLE_SORTS)
    return page_of(call, found, lambda user: user_shape(user, call.token.user), "user")


@endpoint("GET", "/channels/{channel_id}/videos")
def list_channel_videos(call: Call) -> Answer:
    channel = find_channel(call)
    if call.query.get("sort") == "default" and call.query.get("direction"):
        raise legacy(400, "The sort field is default, but the direction field has a value.")
    order = {video: position for position, video in enumerate(channel.videos)}
    sorts: Sorts = {
        **COLLECTION_SORTS,
        "added": (lambda video: order[video], "desc"),
        "default": FIRST_TO_LAST,
        "manual": FIRST_TO_LAST,
        "modified_time": VIDEO_SORTS["modified_time"],
    }
    return video_list(
        call,
        channel.videos,
        sorts=sorts,
        filters=("embeddable",),
        default=FIRST_TO_LAST,
        changed=() if channel.changed is None else (channel.changed,),
    )
