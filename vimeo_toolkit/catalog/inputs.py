"""Input types that several resources share, with what people read of them.

Enumerations and what their words mean: the API's OpenAPI document (2024) and an SDK made of the one of 2026.
"""

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, GetPydanticSchema
from pydantic_core import core_schema

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.coercion import EMPTY
from vimeo_toolkit.catalog.ids import OwnVideoUri, VideoUri
from vimeo_toolkit.catalog.list_columns import search_note, with_matches
from vimeo_toolkit.catalog.marks import Help
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.wire.paging import checked_items

__all__ = [
    "ALL",
    "NOTHING_TO_CHANGE",
    "RATINGS",
    "VIMEO_CHOOSES",
    "WHO_COMMENTS",
    "WHO_EMBEDS",
    "WHO_WATCHES",
    "CollectionSort",
    "Description",
    "Direction",
    "EmbeddableFilter",
    "FoundSort",
    "ItemSort",
    "Name",
    "NewDescription",
    "OwnVideoUris",
    "Page",
    "Paged",
    "Password",
    "PeopleSort",
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
    "at_most",
    "check_password",
    "secret_text",
]

VIMEO_CHOOSES: Final = "Vimeo chooses when it is left out."
NOTHING_TO_CHANGE: Final = f'give at least one thing to change; "{EMPTY}" clears a text'
ALL: Final = "All are listed when it is left out."

Direction = Annotated[
    Literal["asc", "desc"],
    Help(
        "Which end of the list comes first: asc (smallest, oldest, A) or desc (largest, newest, Z).",
        VIMEO_CHOOSES,
    ),
]
Page = Annotated[
    int,
    Field(ge=1, le=1_000_000),
    Help("Which page of the list to get, counted from 1.", "The first page comes when it is left out."),
]


def at_most(most: int) -> AfterValidator:
    """Return a check that a number, or a list's length, is not above this, of which the schema for models says
    nothing: it is hardly ever met, and each list of the schema would pay for it."""

    def check(value: Any) -> Any:
        if isinstance(value, int) and value > most:
            raise ValueError(f"it is {value}, and {most} at most can be asked for")
        if isinstance(value, list) and len(value) > most:
            raise ValueError(f"there are {len(value)}, and {most} at most can be given")
        return value

    return AfterValidator(check)


PerPage = Annotated[
    int,
    Field(ge=1),
    at_most(100),
    Help("How many items one page has, 100 at most.", "A page has 25 when it is left out."),
]
Query = Annotated[
    str,
    Field(min_length=1, max_length=1000),
    Help("Words to search for, 1,000 characters at most: only what matches them is listed.", ALL),
]
Name = Annotated[
    str, Field(min_length=1, max_length=128), Help("The name that people see, 128 characters at most.")
]
Description = Annotated[
    str,
    Field(max_length=5000),
    Help(
        "The text that people read about it, 5,000 characters at most.",
        "There is no text when it is left out.",
    ),
]
NewDescription = Annotated[
    Description, Help("The text that people read about it, 5,000 characters at most; (empty) clears it.")
]
"""In place of one that is there."""


def secret_text(text: core_schema.CoreSchema, read: Callable[[Any], Any] = lambda value: value) -> Any:
    """Return the mark of an input that is a text to models, and here a `Secret`.

    Args:
        text: what the text may be.
        read: makes the text of what a model wrote.
    """
    schema = core_schema.no_info_before_validator_function(
        # LangChain validates twice, the second time the result of the first.
        lambda value: value.reveal() if isinstance(value, Secret) else read(value),
        core_schema.no_info_after_validator_function(Secret, text),
        serialization=core_schema.plain_serializer_function_ser_schema(str),
    )
    return GetPydanticSchema(lambda source, handler: schema)


Password = Annotated[
    Secret,
    secret_text(core_schema.str_schema(min_length=1, max_length=32)),
    Help(
        "What people have to enter where the privacy is password, 1 to 32 characters.",
        "None is set when it is left out.",
    ),
]
"""A text to models; here it shows neither in a `repr` nor in a dump, and is not pickled."""

VideoFilter = Annotated[
    Literal[
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
    ],
    Help(
        "Only one kind: nolive (not live), no_placeholder (with a file), cold_privacy (the plan made them "
        "private), cold_storage (it froze them), or what the word says.",
        ALL,
    ),
]
VideoSort = Annotated[
    Literal[
        "alphabetical",
        "date",
        "default",
        "duration",
        "last_user_action_event_date",
        "likes",
        "modified_time",
        "plays",
    ],
    Help(
        "What to sort by. last_user_action_event_date: when somebody last acted on it; default: Vimeo's own "
        "order; likes and plays go downwards only.",
        VIMEO_CHOOSES,
    ),
]
ItemSort = Annotated[
    Literal["alphabetical", "date", "default", "duration", "last_user_action_event_date"],
    Help(
        "What to sort by. last_user_action_event_date: when somebody last acted on it; default: Vimeo's own "
        "order.",
        VIMEO_CHOOSES,
    ),
]
SearchFilter = Annotated[
    Literal[
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
    ],
    Help(
        "Only one kind of video: CC (any Creative Commons license), CC-BY and so on (that license), CC0 "
        "(public domain), or what the word says; Vimeo explains no more.",
        ALL,
    ),
]
EmbeddableFilter = Annotated[
    Literal["embeddable"], Help("Only videos that may be embedded on other sites.", ALL)
]
FoundSort = Annotated[
    Literal["alphabetical", "date", "followers", "relevant", "videos"],
    Help(
        "What to sort by: name, date of creation, number of followers or of videos, or relevant, which is "
        "how well it fits the query and needs one.",
        VIMEO_CHOOSES,
    ),
]
PeopleSort = Annotated[
    Literal["alphabetical", "date"],
    Help("What to sort by: alphabetical by name, date by when they were followed.", VIMEO_CHOOSES),
]

VideoUris = Annotated[
    list[VideoUri],
    Field(min_length=1),
    at_most(500),
    Help("The videos, each by its id, URI or link, 500 at most."),
]
"""Many videos, each as an id, a URI or a link."""
OwnVideoUris = Annotated[
    list[OwnVideoUri],
    Field(min_length=1),
    at_most(500),
    Help("The videos, each by its id, URI or link, or one of the user's own by its title, 500 at most."),
]
"""The same, or titles of the user's own videos."""

WHO_WATCHES: Final = (
    "anybody, nobody (but the owner), unlisted (by its link), password, contacts (followers), users (Vimeo "
    "members), disable (embedded only)"
)
WHO_EMBEDS: Final = "public (every site), private (none) or whitelist (the domains that were added)"
WHO_COMMENTS: Final = "anybody, nobody, or contacts (the owner's)"
RATINGS: Final = "safe, unrated, or any of advertisement, drugs, language, nudity and violence"

PrivacyView = Annotated[
    Literal["anybody", "contacts", "disable", "nobody", "password", "unlisted", "users"],
    Help(f"Who may watch: {WHO_WATCHES}.", "The account's default applies when left out."),
]
PrivacyEmbed = Annotated[
    Literal["private", "public", "whitelist"], Help(f"Which sites may embed the video: {WHO_EMBEDS}.")
]
PrivacyComments = Annotated[
    Literal["anybody", "contacts", "nobody"], Help(f"Who may comment: {WHO_COMMENTS}.")
]
Rating = Literal["advertisement", "drugs", "language", "nudity", "safe", "unrated", "violence"]
CollectionSort = Annotated[
    Literal["alphabetical", "comments", "date", "duration", "likes", "plays"],
    Help(
        "What to sort the videos by: alphabetical by title, date by when they were made, the others by their "
        "numbers.",
        VIMEO_CHOOSES,
    ),
]


def check_password(name: str, privacy: str | None, password: Secret | None, *, new: bool) -> None:
    """Refuse a privacy of password without one, and a password that nobody would be asked for.

    Vimeo wants the password beside this privacy whenever it is set (API document). It takes a password without the
    privacy, too, and what was meant to be protected is open to everybody.

    Args:
        name: the input that has the privacy.
        new: it is made now, so it has no privacy of before.

    Raises:
        ValueError: it is so; the text says what to add.
    """
    if privacy == "password" and password is None:
        raise ValueError(f'{name}="password" needs a password: add password')
    if password is not None and (new if privacy is None else privacy != "password"):
        raise ValueError(
            f'nobody is asked for a password without {name}="password": add it, or leave password out'
        )


class Paged(ToolInput):
    """Inputs of every list that is paged."""

    page: Page | None = None
    per_page: PerPage | None = None

    async def run(self, api: Api) -> Any:
        """Return one page. An answer that is not a list is refused rather than shown as an empty one.

        Raises:
            UnexpectedResponse: Vimeo's answer has something else in the list's place, such as null.
        """
        request = self.request(api.account)
        answer = await api.read(request)
        checked_items(answer)
        query = request.query.get("query")
        if note := search_note(request.path, self.tool.fields, query, answer):
            api.note(note)
        return with_matches(answer, self.tool.fields, query)
