"""Whether a video is in a place, and lists of which this library has nothing: appearances, credits."""

from __future__ import annotations

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.errors import not_found, refused
from vimeo_toolkit.sandbox.listing import choice, page_of
from vimeo_toolkit.sandbox.resources.access import named_user, own_video, visible_video
from vimeo_toolkit.sandbox.resources.channels import find_channel
from vimeo_toolkit.sandbox.resources.discovery import find_category
from vimeo_toolkit.sandbox.resources.videolists import COLLECTION_SORTS, video_list
from vimeo_toolkit.sandbox.resources.videos import VIDEO_MEDIA
from vimeo_toolkit.sandbox.shapes.places import showcase_shape
from vimeo_toolkit.sandbox.shapes.video import video_shape
from vimeo_toolkit.sandbox.state import Channel, Video

CHANNEL_VIDEO = "/channels/{channel_id}/videos/{video_id}"


def _shown(call: Call, videos: list[Video]) -> Answer:
    """The video of the path, if it is among these.

    Raises:
        ApiError: 404.
    """
    video = visible_video(call)
    if video not in videos:
        raise not_found("video")
    return Answer(200, video_shape(video, call.token.user), VIDEO_MEDIA)


@endpoint("GET", "/categories/{category}/videos/{video_id}")
def get_category_video(call: Call) -> Answer:
    category = find_category(call)
    return _shown(call, [each for each in call.world.videos.values() if category in each.categories])


@endpoint("GET", CHANNEL_VIDEO)
def get_channel_video(call: Call) -> Answer:
    return _shown(call, find_channel(call).videos)


def _moderated(call: Call) -> Channel:
    channel = find_channel(call)
    if call.user not in (channel.user, *channel.moderators):
        raise refused(403, 3200, "You don't moderate the channel.")
    return channel


@endpoint("PUT", CHANNEL_VIDEO, scope="edit")
def add_channel_video(call: Call) -> Answer:
    channel, video = _moderated(call), visible_video(call)
    if video not in channel.videos:
        channel.videos.append(video)
        channel.changed = call.world.now()
    return Answer(204)


@endpoint("DELETE", CHANNEL_VIDEO, scope="edit")
def remove_channel_video(call: Call) -> Answer:
    channel, video = _moderated(call), visible_video(call)
    if video not in channel.videos:
        raise not_found("video")
    channel.videos.remove(video)
    channel.changed = call.world.now()
    return Answer(204)


@endpoint("GET", "/videos/{video_id}/albums")
def list_showcases_of_video(call: Call) -> Answer:
    video = own_video(call)
    showcases = [each for each in video.user.showcases if video in each.videos]
    return page_of(call, showcases, lambda each: showcase_shape(each, call.user), "album")


@endpoint("GET", "/videos/{video_id}/credits")
def list_credits(call: Call) -> Answer:
    visible_video(call)
    choice(call, "sort", ("alphabetical", "date"))
    choice(call, "direction", ("asc", "desc"))
    return page_of(call, [], dict, "credit")


@endpoint("GET", "/me/appearances", "/users/{user_id}/appearances")
def list_appearances(call: Call) -> Answer:
    named_user(call)
    return video_list(call, [], sorts=COLLECTION_SORTS, filters=("embeddable",))
