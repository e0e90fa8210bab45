"""A user."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.projection import later
from vimeo_toolkit.sandbox.shapes.common import connection, connections, interaction, iso, key_of, picture
from vimeo_toolkit.sandbox.state import User

__all__ = ["quota", "user_shape"]

_CONNECTIONS = [
    "albums",
    "appearances",
    "categories",
    "channels",
    "connected_apps",
    "followers",
    "following",
    "groups",
    "likes",
    "moderated_channels",
    "pictures",
    "portfolios",
    "recommended_channels",
    "recommended_users",
    "shared",
    "videos",
    "watched_videos",
    "watchlater",
    "folders",
]

_ACCOUNTS = {"studio": "advanced", "premium": "live_premium"}
"""Plans whose name in the representation is another."""


def quota(user: User, *, own: bool) -> dict[str, Any]:
    """Upload space in bytes; of other users nothing is told."""
    most = user.quota_bytes if own else 0
    used = user.space_used if own else 0
    space = {"free": max(0, most - used), "max": most, "used": used}
    size = {"unit": "video_size"}
    return {
        "space": {**space, **size, "showing": "lifetime"},
        "periodic": {"free": None, "max": None, "used": None, **size, "period": None, "reset_date": None},
        "lifetime": {**space, **size},
    }


def _metadata(user: User, viewer: User | None) -> dict[str, Any]:
    own = viewer is user
    public = sum(video.view == "anybody" for video in user.videos)
    totals = {
        "albums": len(user.showcases) if own else sum(each.view == "anybody" for each in user.showcases),
        "folders": len(user.folders) if own else 0,
        "followers": len(user.followers),
        "following": len(user.following),
        "likes": len(user.likes),
        "videos": len(user.videos) if own else public,
        "watchlater": len(user.watchlater) if own else 0,
    }
    return {
        "connections": {
            **connections(user.uri, totals, _CONNECTIONS),
            "block": connection(f"{user.uri}/block", 0),
            "feed": {"uri": f"{user.uri}/feed", "options": ["GET"]},
            "folders_root": {"uri": f"{user.uri}/folders/root", "options": ["GET"]},
        },
        "interactions": {
            "follow": interaction(
                f"/me/following/{user.id}",
                added=viewer is not None and user in viewer.following,
            ),
            "block": interaction(f"/me/block/{user.id}", added=False, added_time=None),
            "report": interaction(f"{user.uri}/report", "POST", reason=["spam", "harassment"]),
            "connected_apps": interaction(
                f"{user.uri}/connected_apps", "GET", all_scopes={}, is_connected=False, needed_scopes={}
            ),
        },
        "public_videos": {"total": public},
    }


def user_shape(user: User, viewer: User | None) -> dict[str, Any]:
    """The user as `viewer` sees them. The owner alone sees the quota, and passwords in clear."""
    own = viewer is user
    shape: dict[str, Any] = {
        "uri": user.uri,
        "name": user.name,
        "link": f"https://vimeo.com/{user.username}",
        "capabilities": {},
        "location": user.location,
        "gender": user.gender,
        "bio": user.bio,
        "short_bio": user.short_bio,
        "created_time": iso(user.created),
        "pictures": later(picture, f"{user.uri}/pictures/{user.id}"),
        "websites": [],
        "metadata": later(_metadata, user, viewer),
        "location_details": {
            "formatted_address": user.location or "",
            "latitude": 0.0,
            "longitude": 0.0,
            "city": None,
            "state": None,
            "neighborhood": None,
            "sub_locality": None,
            "state_iso_code": None,
            "country": None,
            "country_iso_code": "",
        },
        "skills": [],
        "available_for_hire": False,
        "can_work_remotely": False,
        "clients": "",
        "is_expert": False,
        "has_invalid_email": False,
        "preferences": {"videos": {"rating": user.content_filter}},
        "resource_key": key_of(user.uri),
        "account": _ACCOUNTS.get(user.plan, user.plan),
    }
    if own:
        names = {
            "view": "view",
            "comments": "comments_by",
            "embed": "embed",
            "download": "download",
            "add": "add",
        }
        shape["preferences"]["videos"]["privacy"] = {
            name: user.defaults[attribute] for name, attribute in names.items() if attribute in user.defaults
        }
        if user.default_password is not None:
            shape["preferences"]["videos"]["password"] = user.default_password
    if viewer is not None and viewer.upload_access:
        # It appears only when the authenticated user has upload access: by its absence one can tell.
        shape["upload_quota"] = later(quota, user, own=own)
    return shape
