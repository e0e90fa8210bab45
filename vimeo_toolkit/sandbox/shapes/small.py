"""Comments and webhooks."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.shapes.common import connection, iso, key_of
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.state import Comment, User, Webhook

__all__ = ["comment_shape", "webhook_shape"]


def comment_shape(comment: Comment, viewer: User | None) -> dict[str, Any]:
    author = user_shape(comment.user, viewer)
    brief = {name: author[name] for name in ("uri", "name", "link", "pictures")}
    uri = comment.uri
    return {
        "uri": uri,
        "type": "video",
        "text": comment.text,
        "created_on": iso(comment.created),
        "link": f"https://vimeo.com/{comment.video.id}#comment_{comment.id}",
        "user": author,
        "metadata": {
            "connections": {
                "user": brief,
                "replies": connection(f"{uri}/replies", len(comment.replies), "GET", "POST"),
            }
        },
        "replies": [comment_shape(reply, viewer) for reply in comment.replies],
        "resource_key": key_of(uri),
    }


def webhook_shape(webhook: Webhook) -> dict[str, Any]:
    """Field names: an SDK generated from the current API document (2026). The secret comes back in clear."""
    return {
        "uri": webhook.uri,
        "app_uri": webhook.app.uri,
        "webhook_url": webhook.url,
        "webhook_type": webhook.type,
        "is_enabled": webhook.enabled,
        "secret": webhook.secret,
        "created_on": iso(webhook.created),
        "modified_on": iso(webhook.modified),
        "enabled_on": iso(webhook.created) if webhook.enabled else None,
        "disabled_on": None if webhook.enabled else iso(webhook.modified),
        "failure_rate_before_disabling": None,
        "last_request_time_before_disabling": None,
        "requests_executed_before_disabling": None,
        "requests_failed_before_disabling": None,
        "time_period_failure_rate": None,
    }
