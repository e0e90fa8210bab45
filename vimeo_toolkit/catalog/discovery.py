"""Search over all of Vimeo, and its categories."""

from __future__ import annotations

from typing import Literal

from vimeo_toolkit.catalog.common import CATEGORY, OTHERS_VIDEOS, Direction, Paged, Query, SearchFilter
from vimeo_toolkit.catalog.toolsets import discover

__all__ = ["CategoriesList", "VideosSearch"]


@discover.get(
    "/videos",
    name="vimeo_videos_search",
    fields=OTHERS_VIDEOS,
    explain={503: "Vimeo's search is switched off or failing right now."},
)
class VideosSearch(Paged):
    """Search all public videos on Vimeo by keyword or Creative Commons license."""

    query: Query
    filter: SearchFilter | None = None
    sort: Literal["alphabetical", "comments", "date", "duration", "likes", "plays", "relevant"] | None = None
    direction: Direction | None = None


@discover.get("/categories", name="vimeo_categories_list", fields=CATEGORY)
class CategoriesList(Paged):
    """List Vimeo's video categories."""

    sort: Literal["last_video_featured_time", "name"] | None = None
    direction: Direction | None = None
