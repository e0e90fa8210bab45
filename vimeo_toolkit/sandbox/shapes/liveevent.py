"""A live event, as the API's document has it: no recording of one was found."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.projection import later
from vimeo_toolkit.sandbox.shapes.parts import connection, interaction, iso, key_of, picture
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.state import LiveEvent, User

__all__ = ["live_event_shape"]


def live_event_shape(event: LiveEvent, viewer: User | None) -> dict[str, Any]:
    """Return the event as its owner sees it, with the key that streams to it."""
    uri, link = event.uri, f"https://vimeo.com/event/{event.id}"
    made = key_of(uri)
    return {
        "uri": uri,
        "title": event.name,
        "stream_title": event.name,
        "stream_description": event.description,
        "stream_privacy": {"view": event.view, "embed": "public", "unlisted_hash": made[:10]},
        "stream_password": event.password,
        "stream_mode": "live",
        "stream_key": made[10:30],
        "rtmp_link": f"rtmp://rtmp-global.cloud.vimeo.com/live/{made[:12]}",
        "rtmps_link": f"rtmps://rtmp-global.cloud.vimeo.com:443/live/{made[:12]}",
        "rtmp_preview": False,
        "link": link,
        "view_link": link,
        "status": event.status,
        "created_time": iso(event.created),
        "completed_on": iso(event.created),
        "next_occurrence_time": None,
        "schedule": {"type": "single"},
        "time_zone": "UTC",
        "chat_enabled": event.chat,
        "allow_share_link": True,
        "allowed_privacies": ["anybody", "embed_only", "nobody", "password", "unlisted"],
        "auto_cc_enabled": False,
        "auto_cc_keywords": None,
        "auto_cc_language": None,
        "auto_cc_remaining": None,
        "unlimited_auto_cc": None,
        "automatically_title_stream": False,
        "content_rating": ["unrated"],
        "dvr": False,
        "latency": "standard",
        "low_latency": False,
        "lead_uuid": made[:32],
        "email_quota": {"capping": 400, "total": 0},
        "embed": {},
        "from_showcase": False,
        "from_webinar": False,
        "album": None,
        "webinar": None,
        "head_clip": None,
        "streamable_clip": None,
        "live_clips": [event.clip.uri] if event.clip else [],
        "live_destinations": [],
        "interaction_tools_settings": None,
        "parent_folder": None,
        "playlist_sort": "newest",
        "preferred_stream_method": "encoder",
        "scheduled_playback": False,
        "unlimited_duration": False,
        "pictures": picture(f"{uri}/pictures/{event.id}", custom=False),
        "metadata": {
            "connections": {"videos": connection(f"{uri}/videos", 1 if event.clip else 0)},
            "interactions": {
                "activate": interaction(f"{uri}/activate", "POST"),
                "delete": interaction(uri, "DELETE"),
                "edit": interaction(uri, "PATCH"),
            },
        },
        "user": later(user_shape, event.user, viewer),
    }
