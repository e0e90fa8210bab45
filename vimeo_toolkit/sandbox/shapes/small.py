"""Small things: comments, tags, thumbnails, text tracks, webhooks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from vimeo_toolkit.sandbox.projection import later
from vimeo_toolkit.sandbox.shapes.parts import connection, iso, key_of, picture, slug
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
                "replies": connection(f"{uri}/replies", len(comment.replies), "GET", "POST"),
            }
        },
        "replies": [comment_shape(reply, viewer) for reply in comment.replies],
        "resource_key": key_of(uri),
    }


def webhook_shape(webhook: Webhook) -> dict[str, Any]:
    """Return a webhook. Its field names are those of an SDK generated from the current API document (2026). The
    secret comes back in clear."""
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
    return picture(f"/videos/{video.id}/pictures/{number}", active=video.active_picture == number)


_LANGUAGES = {
    "bg": "Bulgarian",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "ja": "Japanese",
    "pt": "Portuguese",
    "sv": "Swedish",
}


def texttrack_shape(video: Video, track: TextTrack) -> dict[str, Any]:
    """Return a text track. Its links are signed and end; their times are Unix times on the wire."""
    uri = f"/videos/{video.id}/texttracks/{track.id}"
    ends = int((video.modified + timedelta(days=1)).timestamp())
    link = f"https://captions.cloud.vimeo.com/captions/{track.id}.vtt?expires={ends}&sig={key_of(uri)}"
    language, _, rest = track.language.partition("-")
    return {
        "uri": uri,
        "id": track.id,
        "active": track.active,
        "type": track.type,
        "language": track.language,
        "display_language": _LANGUAGES.get(language, track.language)
        + (" (auto-generated)" if rest == "x-autogen" else ""),
        "name": track.name or "",
        "provenance": track.provenance,
        "link": link,
        "link_expires_time": ends,
        "hls_link": f"{link}&hls=1",
        "hls_link_expires_time": ends,
    }
