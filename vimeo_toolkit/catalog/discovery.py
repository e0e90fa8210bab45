"""Search over all of Vimeo, and its categories."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.catalog.ids import CategoryId, UserId
from vimeo_toolkit.catalog.inputs import (
    ALL,
    VIMEO_CHOOSES,
    Direction,
    Paged,
    Query,
    SearchFilter,
)
from vimeo_toolkit.catalog.list_columns import fields_shown
from vimeo_toolkit.catalog.marks import Help
from vimeo_toolkit.catalog.projections import CATEGORY, OTHERS_VIDEOS
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import discover
from vimeo_toolkit.catalog.video_parts import folded
from vimeo_toolkit.catalog.videos import TagWord, check_video_sort
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = [
    "CategoriesList",
    "CategoryGet",
    "CategoryVideosList",
    "ContentRatingsList",
    "LanguagesList",
    "TagVideosList",
    "VideosSearch",
]


_OF_ALL: Final = ("comments", "relevant")
"""What only a search over all of Vimeo is sorted by."""


@discover.get(
    "/videos",
    name="vimeo_videos_search",
    fields=OTHERS_VIDEOS,
    error_hints={503: "Vimeo's search is switched off or failing right now."},
)
class VideosSearch(Paged):
    """Look for videos by others on Vimeo: films, tutorials or footage about something or by somebody, for
    inspiration.
    """

    user_id: Annotated[
        UserId | None,
        Help(
            'Whose videos, by id, name, URI or link: "Jo Doe", "123", "/users/123" or "https://vimeo.com/name"; '
            "the newest first, unless sort says otherwise.",
            "Everybody's are searched when it is left out.",
        ),
    ] = None
    """Or name; query may be \"\"."""
    query: Annotated[
        str,
        Field(max_length=1000),
        Help(
            "Words that Vimeo looks for, 1,000 characters at most; with user_id it may be empty, or that person's "
            "name: then all of their videos come."
        ),
    ]
    filter: SearchFilter | None = None
    sort: Annotated[
        Literal["alphabetical", "comments", "date", "duration", "likes", "plays", "relevant"] | None,
        Help(
            "What to sort by: alphabetical is by title, relevant by how well it fits the query.",
            VIMEO_CHOOSES,
        ),
    ] = None
    direction: Direction | None = None

    @model_validator(mode="before")
    @classmethod
    def _a_name_is_not_sought_in_titles(cls, given: Any) -> Any:
        """Read a query that repeats whose videos are meant as none, models fill in what is required; and none where
        that says enough."""
        if not isinstance(given, Mapping):
            return given
        query, person = given.get("query"), given.get("user_id")
        alike = isinstance(query, str) and isinstance(person, str) and folded(query) == folded(person)
        return {**given, "query": ""} if alike or (person and query is None) else given

    @field_validator("query")
    @classmethod
    def _something_is_sought(cls, query: str, others: ValidationInfo) -> str:
        if not query.strip() and others.data.get("user_id") is None:
            raise ValueError("say what is looked for, or give user_id for one person's videos")
        return query

    @model_validator(mode="after")
    def _of_all_or_of_one(self) -> Self:
        if self.user_id is None:
            return self
        if self.filter is not None:
            raise ValueError("filter is for searches over all of Vimeo: leave it out beside user_id")
        if self.sort in _OF_ALL:
            raise ValueError(f"sort: Vimeo does not sort one person's videos by {self.sort}")
        check_video_sort(self.sort, self.direction)
        return self

    def request(self, account: AccountRecord) -> ApiRequest:
        made = super().request(account)
        if self.user_id is None:
            return made
        asked = {name: value for name, value in made.query.items() if name != "user_id" and value.strip()}
        query = asked if self.sort else {**asked, "sort": "date", "direction": self.direction or "desc"}
        path = f"/users/{self.user_id}/videos"
        return replace(made, path=path, query=query, fields=fields_shown(path, self.tool.fields, query))


@discover.get("/categories", name="vimeo_categories_list", fields=CATEGORY)
class CategoriesList(Paged):
    """List all categories: which genres there are."""

    sort: Annotated[
        Literal["last_video_featured_time", "name"] | None,
        Help("What to sort by: name, or when Vimeo last featured a video of it.", VIMEO_CHOOSES),
    ] = None
    direction: Direction | None = None


@discover.get("/categories/{category}", name="vimeo_category_get", fields=CATEGORY)
class CategoryGet(ToolInput):
    """Get one category and its subcategories."""

    category: CategoryId


@discover.get("/categories/{category}/videos", name="vimeo_category_videos_list", fields=OTHERS_VIDEOS)
class CategoryVideosList(Paged):
    """Show videos of a category (genre)."""

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
    """List all public videos with a tag."""

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
    """List the codes of languages, such as en or pt-BR."""

    filter: Annotated[
        Literal["audiotracks", "texttracks"] | None,
        Help("Only languages for sound (audiotracks), or for captions and subtitles (texttracks).", ALL),
    ] = None
