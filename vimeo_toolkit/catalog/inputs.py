"""Input types that several resources share. Enumerations: the API's OpenAPI document (2024)."""

from typing import Annotated, Any, Literal

from pydantic import Field, GetPydanticSchema
from pydantic_core import core_schema

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.ids import VideoUri
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.wire.paging import checked_items

__all__ = [
    "CollectionSort",
    "Description",
    "Direction",
    "Name",
    "Page",
    "Paged",
    "Password",
    "PerPage",
    "PrivacyComments",
    "PrivacyEmbed",
    "PrivacyView",
    "Query",
    "Rating",
    "SearchFilter",
    "VideoFilter",
    "VideoSort",
    "VideoUris",
]

Direction = Literal["asc", "desc"]
Page = Annotated[int, Field(ge=1, le=1_000_000)]
PerPage = Annotated[int, Field(ge=1, le=100)]
Query = Annotated[str, Field(min_length=1, max_length=1000)]
Name = Annotated[str, Field(min_length=1, max_length=128)]
Description = Annotated[str, Field(max_length=5000)]


def _secret_text(_source: Any, _handler: Any) -> core_schema.CoreSchema:
    text = core_schema.str_schema(min_length=1, max_length=32)
    return core_schema.no_info_before_validator_function(
        # LangChain validates twice, the second time the result of the first.
        lambda value: value.reveal() if isinstance(value, Secret) else value,
        core_schema.no_info_after_validator_function(Secret, text),
        serialization=core_schema.plain_serializer_function_ser_schema(str),
    )


Password = Annotated[Secret, GetPydanticSchema(_secret_text)]
"""A text to models; here it shows neither in a `repr` nor in a dump, and is not pickled."""

VideoFilter = Literal[
    "app_only",
    "cold_privacy",
    "cold_storage",
    "embeddable",
    "featured",
    "live",
    "no_placeholder",
    "nolive",
    "playable",
    "screen_recorded",
]
VideoSort = Literal[
    "alphabetical",
    "date",
    "default",
    "duration",
    "last_user_action_event_date",
    "likes",
    "modified_time",
    "plays",
]
SearchFilter = Literal[
    "CC",
    "CC-BY",
    "CC-BY-NC",
    "CC-BY-NC-ND",
    "CC-BY-NC-SA",
    "CC-BY-ND",
    "CC-BY-SA",
    "CC0",
    "categories",
    "duration",
    "in-progress",
    "minimum_likes",
    "trending",
    "upload_date",
]


VideoUris = Annotated[list[VideoUri], Field(min_length=1, max_length=500)]
"""Many videos, each as an id, a URI or a link."""

PrivacyView = Literal["anybody", "contacts", "disable", "nobody", "password", "unlisted", "users"]
PrivacyEmbed = Literal["private", "public", "whitelist"]
PrivacyComments = Literal["anybody", "contacts", "nobody"]
Rating = Literal["advertisement", "drugs", "language", "nudity", "safe", "unrated", "violence"]
CollectionSort = Literal["alphabetical", "comments", "date", "duration", "likes", "plays"]


class Paged(ToolInput):
    """Inputs of every list that is paged."""

    page: Page | None = None
    per_page: PerPage | None = None

    async def run(self, api: Api) -> Any:
        """Return one page. An answer that is not a list is refused rather than shown as an empty one.

        Raises:
            UnexpectedResponse: Vimeo's answer has something else in the list's place, such as null.
        """
        answer = await super().run(api)
        checked_items(answer)
        return answer
