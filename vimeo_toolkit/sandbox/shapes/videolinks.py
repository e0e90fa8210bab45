"""A video's connections to other resources, and what the viewer may do with it."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.shapes.common import connection, connections, interaction, iso, key_of
from vimeo_toolkit.sandbox.state import User, Video

__all__ = ["PRIVACIES", "video_metadata"]

PRIVACIES = ["anybody", "contacts", "disable", "nobody", "password", "unlisted", "users"]

_PLAIN_INTERACTIONS = [
    "album",
    "ask_ai",
    "ask_ai_viewer",
    "can_update_privacy_to_public",
    "channel",
    "create_editor",
    "delete",
    "has_restricted_privacy_options",
    "highlights",
    "invite",
    "legal_hold",
    "team_mentions",
    "transcript_video_editor",
    "trim",
    "validate",
    "view_privacy",
    "view_team_members",
]


def video_metadata(video: Video, viewer: User | None) -> dict[str, Any]:
    uri = f"/videos/{video.id}"
    watch = {"added": False, "added_time": iso(video.created)}
    return {
        "connections": {
            **connections(
                uri,
                {
                    "comments": sum(1 + len(comment.replies) for comment in video.comments),
                    "likes": len(video.liked_by),
                    "pictures": len(video.pictures),
                    "texttracks": len(video.texttracks),
                    "versions": 1,
                },
                [
                    "available_channels",
                    "comments",
                    "likes",
                    "pictures",
                    "texttracks",
                    "users_with_access",
                ],
            ),
            "ancestor_path": [],
            "credits": connection(f"{uri}/credits", 0),
            "recommendations": {"uri": f"{uri}/recommendations", "options": ["GET"]},
            "related": {"uri": f"{uri}/videos?filter=related", "options": ["GET"]},
            "resource_creator_team_user": {"uri": video.user.uri},
            "season": {"name": "", "options": ["GET"], "uri": ""},
            "ondemand": {"options": ["GET"], "resource_key": key_of(uri), "uri": ""},
            "trailer": {"options": ["GET"], "resource_key": key_of(uri), "uri": ""},
            "team_permissions": {"options": ["GET"]},
            "versions": {
                **connection(f"{uri}/versions", 1),
                "has_interactive": False,
                "origin_variable_frame_resolution": False,
            },
        },
        "interactions": {
            **{name: interaction(f"{uri}/{name}") for name in _PLAIN_INTERACTIONS},
            "buy": {
                "currency": None,
                "display_price": None,
                "download": "unavailable",
                "drm": False,
                "link": None,
                "price": None,
                "purchase_time": None,
                "stream": "unavailable",
                "uri": None,
            },
            "rent": {
                "currency": None,
                "display_price": None,
                "drm": False,
                "expires_time": None,
                "link": None,
                "price": None,
                "purchase_time": None,
                "stream": "unavailable",
                "uri": None,
            },
            "can_request_team_role_upgrade": interaction(
                f"{uri}/team",
                properties={
                    "folder_uri": {"required": False, "value": ""},
                    "status": {"required": False, "value": ""},
                    "upgrade_to_role": {"required": False, "value": 0},
                },
            ),
            "edit": interaction(uri, "PATCH", blocked_fields=[]),
            "edit_privacy": interaction(
                uri,
                "PATCH",
                content_rating=["unrated"],
                properties=[{"name": "privacy.view", "options": PRIVACIES, "required": True}],
            ),
            "like": interaction(
                f"/me/likes/{video.id}",
                added=viewer is not None and video in viewer.likes,
                added_time=iso(video.created),
                show_count=True,
            ),
            "report": interaction(f"{uri}/report", "POST", reason=["spam"]),
            "set_content_rating": interaction(uri, "PATCH", content_rating=["unrated"]),
            "summary": interaction(f"{uri}/summary", "GET", disabled=True, reason=None),
            "watched": interaction(f"/me/watched/videos/{video.id}", "DELETE", **watch),
            "watchlater": interaction(
                f"/me/watchlater/{video.id}",
                added=viewer is not None and video in viewer.watchlater,
                added_time=iso(video.created),
            ),
        },
        "has_chapter_suggestions": False,
        "is_screen_record": False,
        "is_vimeo_create": False,
        "is_webinar": False,
        "is_zoom_upload": False,
    }
