"""Webhooks of an app, as an SDK generated from the current API document shows them (2026). What an app without
the capability is told is not verified; here it is a 403."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.errors import invalid_parameter, legacy, not_found
from vimeo_toolkit.sandbox.listing import page_of
from vimeo_toolkit.sandbox.resources.bodies import boolean, text
from vimeo_toolkit.sandbox.shapes.small import webhook_shape
from vimeo_toolkit.sandbox.state import App, Webhook

CAPABILITY = "CAPABILITY_WEBHOOK_SCOPE"
TYPES = [
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


def _app(call: Call) -> App:
    app = call.token.app
    if str(app.number) != call.path["app_id"]:
        raise legacy(403, "The token isn't one of this app.")
    if CAPABILITY not in app.capabilities or not call.has("private"):
        raise legacy(403, "The app doesn't have access to webhooks.")
    return app


def _webhook(call: Call) -> Webhook:
    app = _app(call)
    for webhook in call.world.webhooks:
        if webhook.app is app and str(webhook.id) == call.path["webhook_id"]:
            return webhook
    raise not_found("webhook")


@endpoint("GET", "/apps/{app_id}/webhooks")
def list_webhooks(call: Call) -> Answer:
    app = _app(call)
    return page_of(call, [each for each in call.world.webhooks if each.app is app], webhook_shape, "webhook")


@endpoint("POST", "/apps/{app_id}/webhooks")
def create_webhook(call: Call) -> Answer:
    app, body, now = _app(call), call.object(), call.world.now()
    enabled = bool(boolean(body, "is_enabled"))
    webhook = Webhook(
        id=call.world.next_id(),
        app=app,
        url=_url(body),
        type=_type(body),
        enabled=enabled,
        created=now,
        modified=now,
        secret=text(body, "secret", 128),
        enabled_on=now if enabled else None,
    )
    call.world.webhooks.append(webhook)
    return Answer(201, webhook_shape(webhook))


def _type(body: dict[str, Any]) -> str:
    return str(text(body, "webhook_type", 64, required=True, allowed=TYPES))


def _url(body: dict[str, Any]) -> str:
    url = str(text(body, "webhook_url", 2048, required=True))
    if not url.startswith(("http://", "https://")):
        raise invalid_parameter("webhook_url", "A URL is required.")
    return url


@endpoint("GET", "/apps/{app_id}/webhooks/{webhook_id}")
def get_webhook(call: Call) -> Answer:
    return Answer(200, webhook_shape(_webhook(call)))


@endpoint("PATCH", "/apps/{app_id}/webhooks/{webhook_id}")
def edit_webhook(call: Call) -> Answer:
    webhook, body, now = _webhook(call), call.object(), call.world.now()
    url = _url(body) if "webhook_url" in body else webhook.url
    kind = _type(body) if "webhook_type" in body else webhook.type
    enabled, secret = boolean(body, "is_enabled"), text(body, "secret", 128)
    webhook.url, webhook.type, webhook.modified = url, kind, now
    webhook.secret = webhook.secret if secret is None else secret
    if enabled is True and not webhook.enabled:
        webhook.enabled, webhook.enabled_on = True, now
    elif enabled is False and webhook.enabled:
        webhook.enabled, webhook.disabled_on = False, now
    return Answer(200, webhook_shape(webhook))


@endpoint("DELETE", "/apps/{app_id}/webhooks/{webhook_id}")
def delete_webhook(call: Call) -> Answer:
    call.world.webhooks.remove(_webhook(call))
    return Answer(204)
