"""The feed, and analytics."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.errors import invalid_parameter, legacy, past_the_end, refused
from vimeo_toolkit.sandbox.listing import choice, chosen, page_of
from vimeo_toolkit.sandbox.resources.access import own_user, visible
from vimeo_toolkit.sandbox.shapes.parts import iso
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.shapes.video import video_shape
from vimeo_toolkit.sandbox.state import Video

TYPES = (
    "appears",
    "category_featured",
    "channel",
    "facebook_feed",
    "following",
    "group",
    "likes",
    "ondemand_publish",
    "share",
    "tagged_with",
    "twitter_timeline",
    "uploads",
)
DIMENSIONS = ("country", "device_type", "embed_domain", "total", "video")
INTERVALS = ("day", "month", "none", "week", "year")
SORTS = (
    "average_percent_watched",
    "average_time_watched",
    "comments",
    "country",
    "default",
    "device_type",
    "downloads",
    "embed_domain",
    "finishes",
    "impressions",
    "like",
    "time",
    "total_time_watched",
    "unique_impressions",
    "unique_viewers",
    "video",
    "views",
)
WITH_ANALYTICS = ("enterprise",)
"""Plans; by one account only these, once Vimeo's support has switched it on."""


@endpoint("GET", "/me/feed", "/users/{user_id}/feed", scope="private")
def list_feed(call: Call) -> Answer:
    """Return new videos of those whom the user follows; the sandbox has no other kinds of events."""
    wanted, user = choice(call, "type", TYPES), own_user(call)
    videos = [video for other in user.following for video in other.videos if visible(video, user)]
    videos.sort(key=lambda video: video.created, reverse=True)
    if wanted not in (None, "following", "uploads"):
        videos = []
    return _by_offset(call, videos)


def _by_offset(call: Call, videos: list[Video]) -> Answer:
    """A page of the feed: no `total`, no `last`; `next` carries the offset, the id of the last video shown."""
    per_page, page = chosen(call, "per_page", 25, 1, 100), chosen(call, "page", 1, 1, 10**9)
    offset = chosen(call, "offset", 0, 0, 10**12)
    place = next((at for at, video in enumerate(videos) if video.id == offset), -1) + 1 if offset else 0
    if not offset and page > 1:
        place = (page - 1) * per_page
    shown = videos[place : place + per_page]
    if page > 1 and not shown:
        raise past_the_end()

    def link(number: int, **more: str) -> str:
        kept = {name: value for name, value in call.query.items() if name != "offset"}
        return f"{call.url_path}?{urlencode({**kept, 'page': str(number), **more})}"

    more = place + per_page < len(videos)
    paging = {
        "next": link(page + 1, offset=str(shown[-1].id)) if more else None,
        "previous": link(page - 1) if page > 1 else None,
        "first": link(1),
    }
    body = {
        "page": page,
        "per_page": per_page,
        "paging": paging,
        "data": [_event(call, video) for video in shown],
    }
    return Answer(200, body, "application/vnd.vimeo.activity+json")


def _event(call: Call, video: Video) -> dict[str, Any]:
    return {
        "uri": None,
        "type": "upload",
        "time": iso(video.created),
        "clip": video_shape(video, call.user),
        "user": user_shape(video.user, call.user),
        "metadata": {"connections": {"related": {"uri": f"/me/feed?offset={video.id}", "options": ["GET"]}}},
    }


@endpoint("GET", "/me/analytics", "/users/{user_id}/analytics", scope="stats")
def get_analytics(call: Call) -> Answer:
    user = own_user(call)
    if user.plan in ("free", "basic"):
        raise legacy(404, "The requested page couldn't be found.")
    if user.plan not in WITH_ANALYTICS:
        raise refused(403, 3200, "Your plan doesn't have analytics.")
    dimension = choice(call, "dimension", DIMENSIONS)
    if dimension is None:
        raise invalid_parameter("dimension", "A dimension is required.")
    choice(call, "time_interval", INTERVALS)
    choice(call, "sort", SORTS)
    choice(call, "direction", ("asc", "desc"))
    begin, end = _day(call, "from"), _day(call, "to")
    if end < begin:
        raise invalid_parameter("to", "It is before `from`.")
    rows: list[dict[str, Any]]
    if dimension == "video":
        videos = sorted(user.videos, key=lambda video: -video.plays)
        rows = [_row(begin, end, video.plays, video=video) for video in videos]
    else:
        plays = sum(video.plays for video in user.videos)
        rows = [_row(begin, end, plays)]
    return page_of(call, rows, lambda row: row, "analytics")


def _day(call: Call, name: str) -> date:
    try:
        return datetime.fromisoformat(call.query.get(name, "")).date()
    except ValueError:
        raise invalid_parameter(name, "A date is required.") from None


def _row(begin: date, end: date, plays: int, video: Video | None = None) -> dict[str, Any]:
    """A total: the sandbox knows plays, and neither countries nor devices."""
    uri = video.uri if video else ""
    return {
        "start_date": iso(datetime.fromisoformat(f"{begin}T00:00:00+00:00")),
        "end_date": iso(datetime.fromisoformat(f"{end}T00:00:00+00:00") + timedelta(days=1)),
        "views": plays,
        "impressions": plays * 3,
        "unique_viewers": plays,
        "unique_impressions": plays * 2,
        "finishes": plays // 2,
        "downloads": 0,
        "average_percent_watched": 50 if plays else 0,
        "average_time_watched": (video.duration // 2) if video and plays else 0,
        "total_time_watched": (video.duration // 2) * plays if video else 0,
        "country": {"code": "ALL", "name": "All"},
        "device_type": "all",
        "embed_domain": "",
        "metadata": {
            "connections": {
                "video": {
                    "uri": uri,
                    "options": ["GET"],
                    "title": video.name if video else "",
                    "duration": video.duration if video else 0,
                }
            }
        },
    }
