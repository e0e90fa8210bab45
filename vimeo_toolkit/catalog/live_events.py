"""Live events. Where an encoder sends its stream, and its key, are secrets: no tool gives them.

Paths, inputs and scopes: the API's OpenAPI document (2024). No recording of an event was found.
"""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from vimeo_toolkit.catalog.ids import LiveEventId
from vimeo_toolkit.catalog.inputs import (
    ALL,
    NOTHING_TO_CHANGE,
    Description,
    Direction,
    NewDescription,
    Paged,
    Password,
    Query,
    check_password,
)
from vimeo_toolkit.catalog.looks import Look
from vimeo_toolkit.catalog.marks import BodyPath, Help
from vimeo_toolkit.catalog.projections import LIVE_EVENT
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import admin

__all__ = [
    "LiveEventCreate",
    "LiveEventDelete",
    "LiveEventEdit",
    "LiveEventEnd",
    "LiveEventGet",
    "LiveEventsList",
]

_EVENT_NOW: Final = Look(
    "event",
    "/me/live_events/{live_event_id}",
    "uri,title,status,stream_title,stream_description,stream_privacy.view,chat_enabled",
    kind="live event",
    title="title",
    scopes=frozenset({"private"}),
)
_PLAN: Final = {
    404: "There is no such live event, or the user's plan has none: vimeo_live_events_list lists those there are.",
}
_NO_PLAN: Final = {404: "The user's plan at Vimeo has no live events. Tell the user so."}

Title = Annotated[
    str, Field(min_length=1, max_length=128), Help("The title that people see, 128 characters at most.")
]
Privacy = Annotated[
    Literal["anybody", "embed_only", "nobody", "password", "unlisted"],
    Help(
        "Who may watch: anybody, embed_only (on sites that embed it), nobody (but the owner), password or unlisted "
        "(by its link).",
        "Vimeo chooses when it is left out.",
    ),
]
Chat = Annotated[bool, Help("Whether viewers can chat.", "Vimeo chooses when it is left out.")]


@admin.get(
    "/me/live_events",
    name="vimeo_live_events_list",
    scopes={"private"},
    fields=LIVE_EVENT,
    error_hints=_NO_PLAN,
)
class LiveEventsList(Paged):
    """List my live events (livestreams): upcoming streams."""

    query: Query | None = None
    type: Annotated[Literal["all", "one_time", "recurring"] | None, Help("Only events of one kind.", ALL)] = (
        None
    )
    sort: Annotated[
        Literal["alphabetical", "date"] | None,
        Help("What to sort by: the title, or when it was made.", "Vimeo chooses when it is left out."),
    ] = None
    direction: Direction | None = None


@admin.get(
    "/me/live_events/{live_event_id}",
    name="vimeo_live_event_get",
    scopes={"private"},
    fields=LIVE_EVENT,
    error_hints=_PLAN,
)
class LiveEventGet(ToolInput):
    """Get a live event (livestream): is the livestream running."""

    live_event_id: LiveEventId


@admin.post(
    "/me/live_events",
    name="vimeo_live_event_create",
    scopes={"create"},
    fields="uri,title,link",
    visible_to_others=True,
    undo="vimeo_live_event_delete deletes it.",
    asks="Make the live event {title}?",
    error_hints=_NO_PLAN,
)
class LiveEventCreate(ToolInput):
    """Schedule a livestream (live event), to go live. Its page at Vimeo says where to send the stream."""

    title: Title
    description: Annotated[Description | None, BodyPath("stream_description")] = None
    privacy: Annotated[Privacy | None, BodyPath("stream_privacy.view")] = None
    password: Annotated[Password | None, BodyPath("stream_password")] = None
    chat: Annotated[Chat | None, BodyPath("chat_enabled")] = None

    @model_validator(mode="after")
    def _checked(self) -> Self:
        check_password("privacy", self.privacy, self.password, new=True)
        return self


@admin.patch(
    "/me/live_events/{live_event_id}",
    name="vimeo_live_event_edit",
    scopes={"edit", "private"},
    fields="uri,title,link",
    destructive=True,
    visible_to_others=True,
    undo="vimeo_live_event_edit with the former values.",
    asks="Edit {event}?",
    looks=(_EVENT_NOW,),
    error_hints=_PLAN,
)
class LiveEventEdit(ToolInput):
    """Change the settings of a live event (livestream): the stream's title and chat."""

    live_event_id: LiveEventId
    title: Title | None = None
    description: Annotated[NewDescription | None, BodyPath("stream_description")] = None
    """(empty) clears it."""
    privacy: Annotated[Privacy | None, BodyPath("stream_privacy.view")] = None
    password: Annotated[Password | None, BodyPath("stream_password")] = None
    chat: Annotated[Chat | None, BodyPath("chat_enabled")] = None

    @model_validator(mode="after")
    def _checked(self) -> Self:
        check_password("privacy", self.privacy, self.password, new=False)
        if (self.title, self.description, self.privacy, self.password, self.chat) == (None,) * 5:
            raise ValueError(NOTHING_TO_CHANGE)
        return self


@admin.post(
    "/me/live_events/{live_event_id}/end",
    name="vimeo_live_event_end",
    scopes={"create", "private"},
    fields="uri,name,link",
    destructive=True,
    visible_to_others=True,
    asks="End the stream of {event} for everybody who watches?",
    looks=(_EVENT_NOW,),
    error_hints=_PLAN,
)
class LiveEventEnd(ToolInput):
    """End a live event: stop the livestream (broadcast) that is on."""

    live_event_id: LiveEventId


@admin.delete(
    "/me/live_events/{live_event_id}",
    name="vimeo_live_event_delete",
    scopes={"delete", "private"},
    success_message="The live event was deleted.",
    visible_to_others=True,
    asks="Permanently delete {event}?",
    looks=(_EVENT_NOW,),
    error_hints=_PLAN,
)
class LiveEventDelete(ToolInput):
    """Delete a live event: cancel the livestream."""

    live_event_id: LiveEventId
