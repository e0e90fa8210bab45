"""Live events: made, changed, ended and deleted. They are on paid plans; others find none (404)."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.errors import invalid_parameter, not_found, refused
from vimeo_toolkit.sandbox.listing import Sorts, choice, page_of, searched, sorted_by
from vimeo_toolkit.sandbox.resources.access import own_user
from vimeo_toolkit.sandbox.resources.bodies import boolean, text
from vimeo_toolkit.sandbox.resources.videos import VIDEO_MEDIA
from vimeo_toolkit.sandbox.shapes.liveevent import live_event_shape
from vimeo_toolkit.sandbox.shapes.video import video_shape
from vimeo_toolkit.sandbox.state import LiveEvent

MEDIA = "application/vnd.vimeo.live.event.recurring+json"
ONE = ("/me/live_events/{live_event_id}", "/users/{user_id}/live_events/{live_event_id}")
VIEWS = ("anybody", "embed_only", "nobody", "password", "unlisted")
SORTS: Sorts = {
    "alphabetical": (lambda event: event.name.lower(), "asc"),
    "date": (lambda event: event.created, "desc"),
}
WITHOUT = ("free", "basic")


def _events(call: Call) -> list[LiveEvent]:
    """The user's events.

    Raises:
        ApiError: 404, their plan has none; 403, another user's.
    """
    user = own_user(call)
    if user.plan in WITHOUT:
        raise not_found("page")
    return [event for event in call.world.live_events if event.user is user]


def _event(call: Call, *scopes: str) -> LiveEvent:
    for scope in ("private", *scopes):
        if not call.has(scope):
            raise refused(403, 3200, f"The token lacks the {scope} scope.")
    for event in _events(call):
        if str(event.id) == call.path["live_event_id"]:
            return event
    raise refused(404, 5000, "No such event or user exists.")


@endpoint("GET", "/me/live_events", "/users/{user_id}/live_events")
def list_live_events(call: Call) -> Answer:
    kind = choice(call, "type", ("all", "one_time", "recurring"))
    choice(call, "filter", ("not_in_folder", "not_in_showcase", "not_in_webinar"))
    events = _events(call) if call.has("private") and kind != "recurring" else []
    found = searched(events, call.query.get("query"), lambda event: event.name)
    return page_of(
        call, sorted_by(call, found, SORTS), lambda event: live_event_shape(event, call.user), "event"
    )


@endpoint("POST", "/me/live_events", "/users/{user_id}/live_events", scope="create")
def create_live_event(call: Call) -> Answer:
    _events(call)
    title = str(text(call.object(), "title", 128, required=True))
    event = LiveEvent(call.world.next_id(), title, call.user, call.world.now())
    _apply(event, call.object())
    call.world.live_events.append(event)
    return Answer(200, live_event_shape(event, call.user), MEDIA)


@endpoint("GET", *ONE)
def get_live_event(call: Call) -> Answer:
    return Answer(200, live_event_shape(_event(call), call.user), MEDIA)


@endpoint("PATCH", *ONE, scope="edit")
def edit_live_event(call: Call) -> Answer:
    event = _event(call)
    _apply(event, call.object())
    return Answer(200, live_event_shape(event, call.user), MEDIA)


@endpoint("DELETE", *ONE, scope="delete")
def delete_live_event(call: Call) -> Answer:
    call.world.live_events.remove(_event(call))
    return Answer(204)


@endpoint("POST", *(f"{path}/end" for path in ONE), scope="create")
def end_live_event(call: Call) -> Answer:
    event = _event(call)
    if event.status != "started" or event.clip is None:
        raise refused(400, 10004, "The event isn't being streamed.")
    event.status = "ended"
    return Answer(200, video_shape(event.clip, call.user), VIDEO_MEDIA)


def _apply(event: LiveEvent, body: dict[str, Any]) -> None:
    title, about = text(body, "title", 128), text(body, "stream_description", 5000)
    chat = boolean(body, "chat_enabled")
    privacy = body.get("stream_privacy")
    view = text(privacy, "view", 20, allowed=VIEWS) if isinstance(privacy, dict) else None
    password = text(body, "stream_password", 32)
    if view == "password" and not password:
        raise invalid_parameter("stream_password", "A password is required.")
    event.name = title or event.name
    event.description = event.description if about is None else about
    event.chat = event.chat if chat is None else chat
    event.view = view or event.view
    event.password = password or event.password
