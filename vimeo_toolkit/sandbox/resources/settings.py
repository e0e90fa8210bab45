"""What can be set of a video. Bounds and names: the API's OpenAPI document (2024)."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.endpoints import Call
from vimeo_toolkit.sandbox.errors import invalid_parameter, refused
from vimeo_toolkit.sandbox.resources.bodies import boolean, text
from vimeo_toolkit.sandbox.resources.lookups import LICENSES, RATINGS
from vimeo_toolkit.sandbox.state import Video

__all__ = ["apply", "checked_settings", "privacy_in", "ratings_in"]

VIEWS = ("anybody", "contacts", "disable", "nobody", "password", "unlisted", "users")
EMBEDS = ("private", "public", "whitelist")
COMMENTS = ("anybody", "contacts", "nobody")


def checked_settings(call: Call, video: Video, body: dict[str, Any]) -> dict[str, Any]:
    """Return new values for attributes of `Video`. Everything is checked before anything is changed.

    Raises:
        ApiError: 400/2204.
    """
    changes: dict[str, Any] = {
        "name": text(body, "name", 128),
        "license": text(body, "license", 20, allowed=tuple(LICENSES)),
        "language": text(body, "locale", 20),
        "password": text(body, "password", 32),
        "custom_url": text(body, "custom_url", 255),
        "hide_from_vimeo": boolean(body, "hide_from_vimeo"),
        **privacy_in(body, plan=call.user.plan),
    }
    changes = {name: value for name, value in changes.items() if value is not None}
    if "description" in body:
        # An explicit null clears the text, which is how a careless client loses it.
        changes["description"] = text(body, "description", 5000) or None
    if "content_rating" in body:
        changes["content_rating"] = ratings_in(body, "content_rating")
    if isinstance(body.get("review_page"), dict) and "active" in body["review_page"]:
        changes["review_page"] = boolean(body["review_page"], "active")
    if isinstance(body.get("embed"), dict):
        changes["embed_settings"] = _merged(video.embed_settings, body["embed"])
    if changes.get("name") == "":
        raise invalid_parameter("name", "A text is required.")
    if changes.get("view") == "password" and not (changes.get("password") or video.password):
        raise invalid_parameter("password", "A password is required for this privacy setting.")
    if changes.get("view") == "disable" and "embed" in body:
        raise refused(403, 3200, "You can't set embed options of a video whose privacy is disable.")
    return {**changes, **_domains(video, body, changes.get("embed", video.embed))}


def apply(video: Video, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(video, name, value)


def privacy_in(body: dict[str, Any], *, plan: str) -> dict[str, Any]:
    """Return the object `privacy` as attributes of `Video`; absent ones are None.

    Raises:
        ApiError: 400/2204.
    """
    privacy = body.get("privacy", {})
    if not isinstance(privacy, dict):
        raise invalid_parameter("privacy", "An object is required.")
    within = {f"privacy.{name}": value for name, value in privacy.items()}
    if "privacy.download" in within and plan in ("free", "basic"):
        raise invalid_parameter("privacy.download", "Your plan doesn't have this setting.")
    return {
        "view": text(within, "privacy.view", 20, allowed=VIEWS),
        "embed": text(within, "privacy.embed", 20, allowed=EMBEDS),
        "comments_by": text(within, "privacy.comments", 20, allowed=COMMENTS),
        "download": boolean(within, "privacy.download"),
        "add": boolean(within, "privacy.add"),
    }


def ratings_in(body: dict[str, Any], name: str) -> list[str]:
    """Return a list of content ratings.

    Raises:
        ApiError: 400/2204.
    """
    ratings = body[name]
    if not isinstance(ratings, list) or not ratings or not all(rating in RATINGS for rating in ratings):
        raise invalid_parameter(name, f"A list is required, of: {', '.join(RATINGS)}.")
    return list(ratings)


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for name, value in new.items():
        below = merged.get(name)
        if isinstance(value, dict):
            value = _merged(below if isinstance(below, dict) else {}, value)
        merged[name] = value
    return merged


def _domains(video: Video, body: dict[str, Any], embed: str) -> dict[str, Any]:
    """Where the video may be embedded: a whole list, or some to add and some to take away."""
    names = [name for name in ("embed_domains", "embed_domains_add", "embed_domains_delete") if name in body]
    for name in names:
        if not isinstance(body[name], list) or not all(isinstance(each, str) for each in body[name]):
            raise invalid_parameter(name, "A list of domains is required.")
        if embed != "whitelist":
            raise invalid_parameter(name, "The embed permission isn't `whitelist`.")
    if not names:
        return {}
    domains = [*body.get("embed_domains", video.embed_domains), *body.get("embed_domains_add", [])]
    gone = body.get("embed_domains_delete", [])
    return {"embed_domains": [domain for domain in dict.fromkeys(domains) if domain not in gone]}
