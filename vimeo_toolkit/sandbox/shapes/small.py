"""Small things: comments, tags, thumbnails, text tracks, webhooks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from vimeo_toolkit.sandbox.projection import later
from vimeo_toolkit.sandbox.shapes.common import connection, iso, key_of, picture, slug
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.state import Comment, TextTrack, User, Video, Webhook

__all__ = ["comment_shape", "picture_shape", "tag_shape", "texttrack_shape", "webhook_shape"]


def comment_shape(comment: Comment, viewer: User | None) -> dict[str, Any]:
    uri = comment.uri
    return {
        "uri": uri,
        "type": "video",
        "text": comment.text,
        "created_on": iso(comment.created),
        "link": f"https://vimeo.com/{comment.video.id}#comment_{comment.id}",
        "user": later(user_shape, comment.user, viewer),
        "metadata": {
            "connections": {
                "user": later(_brief, comment.user, viewer),
                "replies": connection(f"{uri}/replies", len(comment.replies), "GET", "POST"),
            }
        },
        "replies": [comment_shape(reply, viewer) for reply in comment.replies],
        "resource_key": key_of(uri),
    }


def _brief(user: User, viewer: User | None) -> dict[str, Any]:
    whole = user_shape(user, viewer)
    return {name: whole[name] for name in ("uri", "name", "link", "pictures")}


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
        "enabled_on": iso(webhook.enabled_on) if webhook.enabled_on else None,
        "disabled_on": iso(webhook.disabled_on) if webhook.disabled_on else None,
        "failure_rate_before_disabling": None,
        "last_request_time_before_disabling": None,
        "requests_executed_before_disabling": None,
        "requests_failed_before_disabling": None,
        "time_period_failure_rate": None,
    }


def tag_shape(word: str) -> dict[str, Any]:
    canonical = slug(word)
    uri = f"/tags/{canonical}"
    return {
        "uri": uri,
        "name": word,
        "tag": word,
        "canonical": canonical,
        "metadata": {"connections": {"videos": connection(f"{uri}/videos", 0)}},
        "resource_key": key_of(uri),
    }


def picture_shape(video: Video, number: int) -> dict[str, Any]:
    uri = f"/videos/{video.id}/pictures/{number}"
    return {**picture(uri, active=video.active_picture == number), "link": f"https://i.vimeocdn.com/{number}"}


def texttrack_shape(video: Video, track: TextTrack) -> dict[str, Any]:
    uri = f"/videos/{video.id}/texttracks/{track.id}"
    return {
        "uri": uri,
        "id": track.id,
        "active": track.active,
        "type": track.type,
        "language": track.language,
        "display_language": track.language,
        "name": track.name or "",
        "link": f"https://captions.cloud.vimeo.com/captions/{track.id}.vtt",
        "link_expires_time": iso(video.modified + timedelta(days=1)),
        "hls_link": f"https://captions.cloud.vimeo.com/captions/{track.id}.hls.vtt",
        "hls_link_expires_time": iso(video.modified + timedelta(days=1)),
    }
