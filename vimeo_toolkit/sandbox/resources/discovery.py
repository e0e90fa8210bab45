"""Categories."""

from __future__ import annotations

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.errors import not_found
from vimeo_toolkit.sandbox.listing import NEWEST_FIRST, Sorts, choice, page_of, sorted_by
from vimeo_toolkit.sandbox.resources.access import visible_video
from vimeo_toolkit.sandbox.resources.channels import SORTS as SORTS_OF_CHANNELS
from vimeo_toolkit.sandbox.resources.channels import channel_page
from vimeo_toolkit.sandbox.resources.videolists import COLLECTION_SORTS, video_list
from vimeo_toolkit.sandbox.resources.videos import listed
from vimeo_toolkit.sandbox.shapes.category import category_shape
from vimeo_toolkit.sandbox.state import Category

SORTS: Sorts = {
    "last_video_featured_time": (lambda category: category.last_featured, "desc"),
    "name": (lambda category: category.name.lower(), "asc"),
}


@endpoint("GET", "/categories")
def list_categories(call: Call) -> Answer:
    top = [category for category in call.world.categories if category.parent is None]
    return page_of(call, sorted_by(call, top, SORTS), category_shape, "category")


def find_category(call: Call) -> Category:
    for category in call.world.categories:
        if category.slug == call.path["category"]:
            return category
    raise not_found("category")


@endpoint("GET", "/categories/{category}")
def get_category(call: Call) -> Answer:
    return Answer(200, category_shape(find_category(call)), "application/vnd.vimeo.category+json")


@endpoint("GET", "/videos/{video_id}/categories")
def list_video_categories(call: Call) -> Answer:
    return page_of(call, visible_video(call).categories, category_shape, "category")


@endpoint("GET", "/categories/{category}/channels")
def list_category_channels(call: Call) -> Answer:
    category = find_category(call)
    channels = [channel for channel in call.world.channels if category in channel.categories]
    choice(call, "filter", ("featured",))
    return channel_page(call, channels, SORTS_OF_CHANNELS, NEWEST_FIRST)


@endpoint("GET", "/categories/{category}/videos")
def list_category_videos(call: Call) -> Answer:
    category = find_category(call)
    videos = [video for video in call.world.videos.values() if category in video.categories and listed(video)]
    return video_list(call, videos, sorts=IN_CATEGORY, filters=("conditional_featured", "embeddable"))


IN_CATEGORY: Sorts = {
    **COLLECTION_SORTS,
    "featured": (lambda video: video.plays, "desc"),
    "relevant": NEWEST_FIRST,
}
