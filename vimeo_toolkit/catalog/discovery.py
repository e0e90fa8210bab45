"""Search over all of Vimeo, and its categories."""

from typing import Annotated, Literal

from vimeo_toolkit.catalog.ids import CategoryId
from vimeo_toolkit.catalog.inputs import ALL, VIMEO_CHOOSES, Direction, Paged, Query, SearchFilter
from vimeo_toolkit.catalog.marks import Help
from vimeo_toolkit.catalog.projections import CATEGORY, OTHERS_VIDEOS
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import discover
from vimeo_toolkit.catalog.videos import TagWord

__all__ = [
    "CategoriesList",
    "CategoryGet",
    "CategoryVideosList",
    "ContentRatingsList",
    "LanguagesList",
    "TagVideosList",
    "VideosSearch",
]


@discover.get(
    "/videos",
    name="vimeo_videos_search",
    fields=OTHERS_VIDEOS,
    error_hints={503: "Vimeo's search is switched off or failing right now."},
)
class VideosSearch(Paged):
    """Search all of Vimeo for other people's public videos about something, also Creative Commons (free to
    reuse)."""

    query: Query
    filter: SearchFilter | None = None
    sort: Annotated[
        Literal["alphabetical", "comments", "date", "duration", "likes", "plays", "relevant"] | None,
        Help(
            "What to sort by: alphabetical is by title, relevant by how well it fits the query.",
            VIMEO_CHOOSES,
        ),
    ] = None
    direction: Direction | None = None


@discover.get("/categories", name="vimeo_categories_list", fields=CATEGORY)
class CategoriesList(Paged):
    """List which video categories (genres) Vimeo has."""

    sort: Annotated[
        Literal["last_video_featured_time", "name"] | None,
        Help("What to sort by: name, or when Vimeo last featured a video of it.", VIMEO_CHOOSES),
    ] = None
    direction: Direction | None = None


@discover.get("/categories/{category}", name="vimeo_category_get", fields=CATEGORY)
class CategoryGet(ToolInput):
    """Get one video category and its subcategories."""

    category: CategoryId


@discover.get("/categories/{category}/videos", name="vimeo_category_videos_list", fields=OTHERS_VIDEOS)
class CategoryVideosList(Paged):
    """List the videos that are in one category (genre)."""

    category: CategoryId
    query: Query | None = None
    sort: Annotated[
        Literal["alphabetical", "comments", "date", "duration", "featured", "likes", "plays", "relevant"]
        | None,
        Help(
            "What to sort by: alphabetical is by title, featured by whether Vimeo features it, relevant by "
            "how well it fits the query.",
            VIMEO_CHOOSES,
        ),
    ] = None
    direction: Direction | None = None


@discover.get("/tags/{word}/videos", name="vimeo_tag_videos_list", fields=OTHERS_VIDEOS)
class TagVideosList(Paged):
    """List public videos tagged with a word (keyword)."""

    word: TagWord
    sort: Annotated[
        Literal["created_time", "duration", "name"] | None,
        Help("What to sort by: created_time (when it was made), duration or name.", VIMEO_CHOOSES),
    ] = None
    direction: Direction | None = None


@discover.get("/contentratings", name="vimeo_content_ratings_list", fields="code,name")
class ContentRatingsList(ToolInput):
    """List the content ratings that a video can have."""


@discover.get("/languages", name="vimeo_languages_list", fields="code,name")
class LanguagesList(Paged):
    """List the language codes for captions and audio."""

    filter: Annotated[
        Literal["audiotracks", "texttracks"] | None,
        Help("Only languages for sound (audiotracks), or for captions and subtitles (texttracks).", ALL),
    ] = None
