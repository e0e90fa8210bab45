"""A video's connections to other resources, and what the viewer may do with it.

Names and nulls: recordings of the live API (2023). What does not apply is left out, as on the wire: clients read
from `interactions.edit` and `interactions.delete` whether the viewer may.
"""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.shapes.parts import connection, interaction, iso, key_of
from vimeo_toolkit.sandbox.state import User, Video

__all__ = ["PRIVACIES", "REPORT_REASONS", "video_metadata"]

PRIVACIES = ["anybody", "contacts", "disable", "nobody", "password", "unlisted", "users"]
RATINGS = ["language", "drugs", "violence", "nudity", "advertisement", "safe", "unrated"]
REPORT_REASONS = ["pornographic", "harassment", "ripoff", "incorrect rating", "spam", "causes harm", "csam"]


def video_metadata(video: Video, viewer: User | None) -> dict[str, Any]:
    return {
        "connections": _connections(video, own=viewer is video.user),
        "interactions": _interactions(video, viewer),
        "has_chapter_suggestions": False,
        "is_screen_record": False,
        "is_vimeo_create": False,
        "is_webinar": False,
        "is_zoom_upload": False,
    }


def _connections(video: Video, *, own: bool) -> dict[str, Any]:
    uri = f"/videos/{video.id}"
    write = ("GET", "POST") if own else ("GET",)
    versions: dict[str, Any] = {
        **connection(f"{uri}/versions", max(1, len(video.versions))),
        "has_interactive": False,
        "origin_variable_frame_resolution": False,
        "latest_incomplete_version": None,
    }
    if video.playable:
        current = next((each.id for each in video.versions if each.active), video.id * 10)
        versions["current_uri"] = f"{uri}/versions/{current}"
        versions["resource_key"] = key_of(f"{uri}/versions/{current}")
    return {
        # The total of the list at this URI (API document), which has comments and not the replies to them.
        "comments": connection(f"{uri}/comments", len(video.comments), *(("GET", "POST"))),
        "credits": connection(f"{uri}/credits", 0, *write),
        "likes": connection(f"{uri}/likes", len(video.liked_by)),
        "pictures": connection(f"{uri}/pictures", len(video.pictures), *write),
        "texttracks": connection(f"{uri}/texttracks", len(video.texttracks), *write),
        "related": None,
        "recommendations": {"uri": f"{uri}/recommendations", "options": ["GET"]},
        "albums": connection(
            f"{uri}/albums",
            sum(video in each.videos for each in video.user.showcases),
            *(("GET", "PATCH") if own else ("GET",)),
        ),
        "available_albums": connection(f"{uri}/available_albums", len(video.user.showcases) if own else 0),
        "available_channels": connection(f"{uri}/available_channels"),
        "users_with_access": connection(f"{uri}/users", 0),
        "ancestor_path": [],
        "versions": versions,
    }


def _interactions(video: Video, viewer: User | None) -> dict[str, Any]:
    uri, base = f"/videos/{video.id}", viewer.uri if viewer else "/me"
    own = viewer is video.user
    kept = viewer is not None and video in viewer.watchlater
    found: dict[str, Any] = {
        "watchlater": interaction(
            f"{base}/watchlater/{video.id}",
            "GET",
            "PUT",
            "DELETE",
            added=kept,
            added_time=iso(video.created) if kept else None,
        ),
        "report": interaction(f"{uri}/report", "POST", reason=REPORT_REASONS),
        "can_update_privacy_to_public": interaction(uri, "PATCH"),
    }
    if not own:
        liked = viewer is not None and video in viewer.likes
        found["like"] = interaction(
            f"{base}/likes/{video.id}",
            "GET",
            "PUT",
            "DELETE",
            added=liked,
            added_time=iso(video.created) if liked else None,
            show_count=True,
        )
        return found
    return {
        **found,
        "view_team_members": interaction(f"{uri}/teammembers", "GET"),
        "edit": interaction(uri, "PATCH", blocked_fields=[]),
        "edit_content_rating": interaction(uri, "PATCH", content_rating=RATINGS),
        "edit_privacy": interaction(
            uri,
            "PATCH",
            content_type="application/vnd.vimeo.video",
            content_rating=RATINGS,
            properties=[{"name": "privacy.view", "required": True, "options": PRIVACIES}],
        ),
        "delete": interaction(uri, "DELETE"),
        "invite": interaction(f"{video.user.uri}/team_user_clip_access_grants", "GET", "POST"),
        "trim": interaction(f"{uri}/cliptrim", "GET", "POST"),
        "validate": interaction(f"{uri}/validate"),
    }
