"""What happened: the user's feed, and how often their videos were watched."""

from typing import Annotated, Final, Literal

from pydantic import Field

from vimeo_toolkit.catalog.date_ranges import FirstDay, LastDay
from vimeo_toolkit.catalog.inputs import ALL, Direction, Page, Paged
from vimeo_toolkit.catalog.marks import BodyPath, Help
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import admin, discover

__all__ = ["AnalyticsGet", "FeedList"]

_METRICS: Final = (
    "start_date,end_date,views,impressions,unique_viewers,unique_impressions,finishes,downloads,"
    "average_time_watched,average_percent_watched,total_time_watched,country.name,device_type,embed_domain,"
    "metadata.connections.video.uri"
)


@discover.get(
    "/me/feed",
    name="vimeo_feed_list",
    scopes={"private"},
    fields="type,time,clip.uri,clip.name,clip.link,clip.user.name",
    untrusted=True,
)
class FeedList(Paged):
    """List what is new from the people I follow: my feed, what they have posted."""

    offset: Annotated[
        str | None,
        Field(pattern=r"^[0-9A-Za-z_.:=+\-]{1,200}$"),
        Help(
            "Where to go on: what the page before gave as next_offset.",
            "The feed is read from its newest entry when it is left out.",
        ),
    ] = None
    """next_offset of the page before."""

    type: Annotated[
        Literal[
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
        ]
        | None,
        Help(
            "Only entries of one kind: appears (the user is in the video), following (from people they "
            "follow), ondemand_publish (On Demand), or what the word says.",
            ALL,
        ),
    ] = None


@admin.get("/me/analytics", name="vimeo_analytics_get", scopes={"stats"}, fields=_METRICS)
class AnalyticsGet(ToolInput):
    """Show statistics (analytics) of views: plays by country, which devices viewers use, how my videos
    performed by day. Some plans only.
    """

    dimension: Annotated[
        Literal["country", "device_type", "embed_domain", "total", "video"],
        Help(
            "What gets a row of its own: each country, device_type, embed_domain (site with the player) or "
            "video; total counts all together."
        ),
    ]
    since: Annotated[FirstDay, BodyPath("from")]
    until: Annotated[LastDay, BodyPath("to")]
    time_interval: Annotated[
        Literal["day", "month", "none", "week", "year"] | None,
        Help(
            "Whether each day, week, month or year is counted on its own, or none of them is (none).",
            "The whole time is counted at once when it is left out.",
        ),
    ] = None
    direction: Direction | None = None
    page: Page | None = None
    per_page: Annotated[
        int | None,
        Field(ge=1, le=1000),
        Help("How many rows one page has, 1,000 at most.", "A page has 50 when it is left out."),
    ] = None
