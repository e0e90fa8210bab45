"""Channels."""

from __future__ import annotations

from vimeo_toolkit.sandbox.errors import legacy, not_found
from vimeo_toolkit.sandbox.http import Answer, Call, endpoint
from vimeo_toolkit.sandbox.listing import Sorts, choice, page_of, searched, sorted_by
from vimeo_toolkit.sandbox.resources.common import COLLECTION_SORTS, VIDEO_SORTS, video_list
from vimeo_toolkit.sandbox.shapes.places import channel_shape
from vimeo_toolkit.sandbox.state import Channel

SORTS: Sorts = {
    "alphabetical": (lambda channel: channel.name.lower(), "asc"),
    "date": (lambda channel: channel.created, "desc"),
    "followers": (lambda channel: len(channel.followers), "desc"),
    "videos": (lambda channel: len(channel.videos), "desc"),
}


@endpoint("GET", "/channels")
def list_channels(call: Call) -> Answer:
    channels = call.world.channels
    if choice(call, "filter", ("featured",)):
        channels = [channel for channel in channels if channel.featured]
    if choice(call, "sort", (*SORTS, "default", "relevant")) == "relevant":
        if not call.query.get("query"):
            raise legacy(400, "The relevant sort has no search query.")
        call.query.pop("sort")
    return _page(call, channels, SORTS)


@endpoint("GET", "/me/channels", "/users/{user_id}/channels")
def list_my_channels(call: Call) -> Answer:
    user = call.user
    moderated = [each for each in call.world.channels if user is each.user or user in each.moderators]
    if choice(call, "filter", ("moderated",)):
        channels = moderated
    else:
        channels = [each for each in call.world.channels if user in each.followers or each in moderated]
    return _page(call, channels if call.has("private") else [], SORTS, "date")


def _page(call: Call, channels: list[Channel], sorts: Sorts, default: str | None = None) -> Answer:
    found = searched(channels, call.query.get("query"), lambda each: f"{each.name} {each.description}")
    return page_of(
        call,
        sorted_by(call, found, sorts, default),
        lambda channel: channel_shape(channel, call.token.user),
        "channel",
    )


def _channel(call: Call) -> Channel:
    for channel in call.world.channels:
        if call.path["channel_id"] in (str(channel.id), channel.slug):
            return channel
    raise not_found("channel")


@endpoint("GET", "/channels/{channel_id}")
def get_channel(call: Call) -> Answer:
    shape = channel_shape(_channel(call), call.token.user)
    return Answer(200, shape, "application/vnd.vimeo.channel+json")


@endpoint("GET", "/channels/{channel_id}/videos")
def list_channel_videos(call: Call) -> Answer:
    channel = _channel(call)
    if call.query.get("sort") == "default" and call.query.get("direction"):
        raise legacy(400, "The sort field is default, but the direction field has a value.")
    order = {video: position for position, video in enumerate(channel.videos)}
    sorts: Sorts = {
        **COLLECTION_SORTS,
        "added": (lambda video: order[video], "desc"),
        "manual": (lambda video: order[video], "asc"),
        "modified_time": VIDEO_SORTS["modified_time"],
    }
    return video_list(call, channel.videos, sorts=sorts, filters=("embeddable",), conditional=True)
