"""A user. Names, types and nulls: recordings of the live API (2023); the document (2024) where it has more."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.projection import later
from vimeo_toolkit.sandbox.shapes.parts import connection, interaction, iso, key_of, portrait
from vimeo_toolkit.sandbox.shapes.quota import quota
from vimeo_toolkit.sandbox.state import User

__all__ = ["user_shape"]

_ACCOUNTS = {"studio": "advanced", "premium": "live_premium"}
"""Plans whose name in the representation is another."""

_CAPABILITIES = dict.fromkeys(
    (
        "hasLiveSubscription",
        "hasEnterpriseLihp",
        "hasSvvTimecodedComments",
        "hasSimplifiedEnterpriseAccount",
    ),
    False,
)
_PLACE = (
    "latitude",
    "longitude",
    "city",
    "state",
    "neighborhood",
    "sub_locality",
    "state_iso_code",
    "country",
    "country_iso_code",
)
"""What Vimeo tells of a place that it could not find on the map: null."""

_SETTINGS = {
    "view": "view",
    "comments": "comments_by",
    "embed": "embed",
    "download": "download",
    "add": "add",
}


def _connections(user: User, *, own: bool) -> dict[str, Any]:
    uri = user.uri
    public = sum(video.view == "anybody" for video in user.videos)
    found = {
        "albums": connection(
            f"{uri}/albums",
            len(user.showcases) if own else sum(each.view == "anybody" for each in user.showcases),
        ),
        "appearances": connection(f"{uri}/appearances"),
        "channels": connection(f"{uri}/channels"),
        "feed": {"uri": f"{uri}/feed", "options": ["GET"]},
        "followers": connection(f"{uri}/followers", len(user.followers)),
        "following": connection(f"{uri}/following", len(user.following)),
        "groups": connection(f"{uri}/groups"),
        "likes": connection(f"{uri}/likes", len(user.likes)),
        "membership": {"uri": f"{uri}/membership/", "options": ["PATCH"]},
        "moderated_channels": connection(f"{uri}/channels?filter=moderated"),
        "portfolios": connection(f"{uri}/portfolios"),
        "videos": connection(f"{uri}/videos", len(user.videos) if own else public),
        "shared": connection(f"{uri}/shared/videos"),
        "pictures": connection(f"{uri}/pictures", 1, *(("GET", "POST") if own else ("GET",))),
        "folders_root": {"uri": f"{uri}/folders/root", "options": ["GET"]},
        "teams": connection(f"{uri}/teams", 1),
    }
    if not own:
        return found
    return {
        **found,
        "categories": connection(f"{uri}/categories"),
        "watchlater": connection(f"{uri}/watchlater", len(user.watchlater)),
        "watched_videos": connection("/me/watched/videos"),
        "folders": connection(f"{uri}/folders", len(user.folders), "GET", "POST"),
        "permission_policies": connection(f"{uri}/permission_policies", 6),
        "block": connection("/me/block"),
        "connected_apps": connection(f"{uri}/connected_apps"),
    }


def _interactions(user: User, viewer: User | None) -> dict[str, Any]:
    base = viewer.uri if viewer else "/me"
    follows = viewer is not None and user in viewer.following
    return {
        "follow": interaction(
            f"{base}/following/{user.id}",
            "GET",
            "PUT",
            "DELETE",
            added=follows,
            added_time=iso(user.created) if follows else None,
        ),
        "block": interaction(f"/me/block/{user.id}", "PUT", added=False, added_time=None),
        "report": interaction(
            f"{user.uri}/report",
            "POST",
            reason=[
                "inappropriate avatar",
                "spammy",
                "bad videos",
                "creepy",
                "not playing nice",
                "impersonation",
            ],
        ),
    }


def _metadata(user: User, viewer: User | None) -> dict[str, Any]:
    own = viewer is user
    found: dict[str, Any] = {"connections": _connections(user, own=own)}
    if not own:
        found["interactions"] = _interactions(user, viewer)
    return {**found, "public_videos": {"total": sum(video.view == "anybody" for video in user.videos)}}


def user_shape(user: User, viewer: User | None, *, nested: bool = True) -> dict[str, Any]:
    """Return the user as `viewer` sees them. The owner alone sees the quota, preferences, and passwords in clear.

    `nested`: within another representation, where the default privacy is a text; in an answer about the user
    it is an object.
    """
    shape: dict[str, Any] = {
        "uri": user.uri,
        "name": user.name,
        "link": f"https://vimeo.com/{user.username}",
        "capabilities": _CAPABILITIES,
        "location": user.location or "",
        "gender": user.gender or "",
        "bio": user.bio,
        "short_bio": user.short_bio,
        "created_time": iso(user.created),
        "pictures": later(portrait, user.picture),
        "websites": [],
        "metadata": later(_metadata, user, viewer),
        "location_details": {"formatted_address": user.location or "", **dict.fromkeys(_PLACE)},
        "skills": [],
        "available_for_hire": False,
        "can_work_remotely": False,
        "clients": "",
        "is_expert": False,
        "has_invalid_email": False,
        "resource_key": key_of(user.uri),
        "account": _ACCOUNTS.get(user.plan, user.plan),
    }
    if viewer is user:
        shape["preferences"] = _preferences(user, nested=nested)
        shape["content_filter"] = user.content_filter
        if user.upload_access:
            # It appears only when the user has upload access: by its absence one can tell.
            shape["upload_quota"] = later(quota, user)
    return shape


def _preferences(user: User, *, nested: bool) -> dict[str, Any]:
    privacy: Any = user.defaults["view"]
    if not nested:
        privacy = {
            **{name: user.defaults.get(attribute, True) for name, attribute in _SETTINGS.items()},
            "allow_share_link": True,
        }
    videos: dict[str, Any] = {"rating": user.content_filter, "privacy": privacy}
    if user.default_password is not None:
        videos["password"] = user.default_password
    return {"videos": videos, "webinar_registrant_lower_watermark_banner_dismissed": []}
