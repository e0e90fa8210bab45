"""Webhooks: Vimeo tells a URL when something happens.

Vimeo keeps them per app (`/apps/{app_id}/webhooks`), one event type each, as an SDK generated from its current
document shows (2026); its 2024 document has none. By one account they need an Enterprise plan, an app with the
webhook capability and a `webhooks` scope, which is not verified: a refusal says so.
"""

from typing import Annotated, Any, Final, Literal, get_args

from pydantic import (
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.effects import Asked, differences
from vimeo_toolkit.catalog.ids import WebhookId
from vimeo_toolkit.catalog.inputs import Paged
from vimeo_toolkit.catalog.looks import Look
from vimeo_toolkit.catalog.marks import Help, Shown
from vimeo_toolkit.catalog.projections import WEBHOOK
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import webhooks
from vimeo_toolkit.catalog.urls import MAX_URL, checked_url
from vimeo_toolkit.errors import VimeoToolkitError
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["WebhookCreate", "WebhookDelete", "WebhooksList"]

_ACCESS: Final = (
    "Vimeo offers webhooks to apps with the webhook capability only (reportedly with an Enterprise plan): "
    "ask Vimeo's support, or poll vimeo_video_get for the transcode status instead."
)
_EXPLAIN: Final = {403: _ACCESS, 404: "Check webhook_id with vimeo_webhooks_list. " + _ACCESS}

_WEBHOOK: Final = Look(
    "webhook",
    "/apps/{app_id}/webhooks/{webhook_id}",
    "uri,webhook_url,webhook_type,is_enabled",
    kind="server",
    title="webhook_url",
    scopes=frozenset({"private"}),
)

ALIASES: Final = {
    "video.upload.complete": (
        "video-created",
        "video.upload.complete became video-created, the nearest that Vimeo has.",
    ),
    "video.transcode.complete": ("video-transcode-complete", ""),
    "video.privacy.change": (
        "video-updated",
        "video.privacy.change became video-updated, which tells of every change of a video.",
    ),
}
"""Event names that other tools use → Vimeo's own, and what to say of the difference."""

# What each means is in Vimeo's document of 2026, as SDKs that are generated from it repeat: a video is created
# before it is playable; fully playable is in all resolutions up to the source's.
Event = Literal[
    "automatic-thumbnail-available",
    "content-scan-completed",
    "live-event-archive-available",
    "live-event-clip-created",
    "live-event-deleted",
    "live-event-ended",
    "live-event-started",
    "live-event-updated",
    "transcript-status-complete",
    "transcript-status-updated",
    "video-created",
    "video-deleted",
    "video-transcode-complete",
    "video-transcode-fully-playable",
    "video-transcode-playable",
    "video-updated",
    "video-upload-failed",
]
OtherWords = Literal["video.upload.complete", "video.transcode.complete", "video.privacy.change"]


def _event(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    try:
        return validate(value)
    except ValidationError:
        raise ValueError(f"Input should be one of {', '.join(get_args(Event))}") from None


EventType = Annotated[
    Literal[Event, OtherWords],
    WrapValidator(_event),
    WithJsonSchema({"type": "string", "enum": list(get_args(Event))}),
]
"""The schema has Vimeo's own names; those that other tools use are taken all the same."""


@webhooks.post(
    "/apps/{app_id}/webhooks",
    name="vimeo_webhook_create",
    scopes={"private"},
    fields=WEBHOOK,
    error_hints=_EXPLAIN,
    visible_to_others=True,
    undo="vimeo_webhook_delete deletes each.",
    asks="Let Vimeo tell the server {url} of {event_types}?",
)
class WebhookCreate(ToolInput):
    """Notify my server or app when a video is uploaded, ready or changed."""

    url: Annotated[
        str,
        Field(max_length=MAX_URL, pattern=r"^https?://[!-~]+$"),
        Shown(None),
        Help("The web address (http or https) that Vimeo calls when something happens."),
    ]
    event_types: Annotated[
        list[EventType],
        Field(min_length=1, max_length=20),
        Shown(None),
        Help(
            "Which events to tell of, 20 at most, a webhook each: video-created comes when a video is made, "
            "video-transcode-playable when it can be watched. For names with dots Vimeo's nearest is taken."
        ),
    ]
    """video-created is before it is playable."""

    def _requests(self, app_request: ApiRequest) -> list[tuple[str, ApiRequest]]:
        native: dict[str, None] = dict.fromkeys(ALIASES.get(name, (name, ""))[0] for name in self.event_types)
        return [
            (
                event,
                ApiRequest(
                    "POST",
                    app_request.path,
                    # Without is_enabled a new webhook is off.
                    body={"webhook_url": self.url, "webhook_type": event, "is_enabled": True},
                    fields=app_request.fields,
                ),
            )
            for event in native
        ]

    async def run(self, api: Api) -> Any:
        """Send one POST for each event type; those that worked are kept and returned, whatever happened to the
        others."""
        checked_url("url", self.url, allow_private=api.allow_private_urls)
        for name in self.event_types:
            if name in ALIASES and ALIASES[name][1]:
                api.note(ALIASES[name][1])
        created: list[Any] = []
        errors: list[dict[str, Any]] = []
        for event, request in self._requests(self.request(api.account)):
            try:
                made = await api.send(request)
                created.append(made)
                asked = [Asked(f"{name} of {event}", value, name) for name, value in request.body.items()]
                for note in differences(asked, made):
                    api.note(note)
            except VimeoToolkitError as error:
                if not created and not errors:
                    raise
                errors.append({"webhook_type": event, **error.to_dict()})
        result: dict[str, Any] = {"total": len(created), "data": created}
        if errors:
            result["errors"] = errors
        return result


@webhooks.get(
    "/apps/{app_id}/webhooks",
    name="vimeo_webhooks_list",
    scopes={"private"},
    fields=WEBHOOK,
    error_hints=_EXPLAIN,
)
class WebhooksList(Paged):
    """List my webhooks (callbacks, notifications)."""


@webhooks.delete(
    "/apps/{app_id}/webhooks/{webhook_id}",
    name="vimeo_webhook_delete",
    scopes={"private"},
    success_message="The webhook was deleted.",
    error_hints=_EXPLAIN,
    visible_to_others=True,
    asks="Permanently stop the notifications to {webhook}?",
    looks=(_WEBHOOK,),
)
class WebhookDelete(ToolInput):
    """Delete a webhook: stop notifying my server, stop its callbacks."""

    webhook_id: WebhookId
