"""A video as the API shows it."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.projection import later
from vimeo_toolkit.sandbox.shapes.category import category_shape
from vimeo_toolkit.sandbox.shapes.embed import embed_shape, player_link
from vimeo_toolkit.sandbox.shapes.files import player_files, upload_shape, video_files
from vimeo_toolkit.sandbox.shapes.parts import iso, key_of, picture, portrait
from vimeo_toolkit.sandbox.shapes.places import folder_shape
from vimeo_toolkit.sandbox.shapes.preset import preset_shape
from vimeo_toolkit.sandbox.shapes.small import tag_shape
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.shapes.videolinks import PRIVACIES, video_metadata
from vimeo_toolkit.sandbox.state import User, Video

__all__ = ["video_shape"]


def video_shape(video: Video, viewer: User | None) -> dict[str, Any]:
    """Return the video as `viewer` sees it. The owner alone sees its password, in clear."""
    own = viewer is video.user
    uri = f"/videos/{video.id}"
    link = f"https://vimeo.com/{video.id}" + (f"/{video.secret_hash}" if video.view == "unlisted" else "")
    return {
        "uri": video.uri,
        "name": video.name,
        "description": video.description,
        "description_html": video.description,
        "type": "video",
        "link": link,
        "player_embed_url": player_link(video),
        "custom_url": video.custom_url,
        "duration": video.duration,
        "width": video.width,
        "height": video.height,
        "language": video.language,
        "embed": later(embed_shape, video, own=own),
        "created_time": iso(video.created),
        "modified_time": iso(video.modified),
        "release_time": iso(video.created),
        "content_rating": video.content_rating,
        "content_rating_class": "safe"
        if video.content_rating == ["safe"]
        else "unrated"
        if video.content_rating == ["unrated"]
        else "explicit",
        "rating_mod_locked": False,
        "license": video.license,
        "privacy": {
            "view": video.view,
            "embed": video.embed,
            "download": video.download,
            "add": video.add,
            "comments": video.comments_by,
            "allow_share_link": True,
        },
        "pictures": later(_cover, video),
        "tags": [later(tag_shape, word) for word in video.tags],
        "stats": {"plays": video.plays},
        "categories": [later(category_shape, category) for category in video.categories],
        "uploader": later(_uploader, video.user),
        "metadata": later(video_metadata, video, viewer),
        "user": later(user_shape, video.user, viewer),
        "app": {"name": "Vimeo Site", "uri": "/apps/58479"} if own else None,
        "context": {"action": "Uploaded by", "resource": None, "resource_type": ""},
        "allowed_privacies": PRIVACIES,
        "can_move_to_project": own,
        "status": video.status,
        "resource_key": key_of(uri),
        "play": {"status": "playable" if video.playable else "unavailable"},
        "upload": upload_shape(video, own=own),
        "transcode": {"status": video.transcode},
        "version_transcode_status": {
            "is_complete": video.transcode == "complete",
            "is_fully_playable": video.playable,
            "is_playable": video.playable,
        },
        "transcript": {"language": None},
        "is_playable": video.playable,
        "is_copyright_restricted": False,
        "has_audio": True,
        "has_audio_tracks": False,
        "has_chapters": bool(video.chapters),
        "has_interactive": False,
        "has_text_tracks": bool(video.texttracks),
        "origin_variable_frame_resolution": False,
        "show_review_page": own and video.review_page,
        "show_svv_footer_banner": False,
        "show_svv_timecoded_comments": False,
        **(_for_owner(video, viewer) if own else {}),
    }


def _for_owner(video: Video, viewer: User | None) -> dict[str, Any]:
    """What the owner alone is told: links that open the video to others, and its password in clear."""
    key = key_of(f"{video.uri}/review")[:10]
    review = f"https://vimeo.com/user{video.user.id}/review/{video.id}/{key}"
    shape: dict[str, Any] = {
        "manage_link": f"/manage/videos/{video.id}",
        "parent_folder": later(folder_shape, video.folder, viewer) if video.folder else None,
        "last_user_action_event_date": iso(video.modified),
        "review_page": {"active": video.review_page, "link": review, "is_shareable": True},
        "review_link": review,
        "embed_presets": later(preset_shape, video.user, video.preset) if video.preset else None,
    }
    if video.user.plan not in ("free", "basic"):
        shape["play"] = later(player_files, video)
        shape["files"] = later(video_files, video) if video.playable else []
        shape["download"] = later(video_files, video, download=True) if video.playable else []
    if video.password is not None:
        shape["password"] = video.password
    return shape


def _cover(video: Video) -> dict[str, Any]:
    """Its thumbnail; a grey one until Vimeo has made one."""
    if video.active_picture is None or video.status == "uploading":
        return {**picture("", active=False, custom=False), "uri": None}
    return picture(video.thumbnail)


def _uploader(user: User) -> dict[str, Any]:
    return {
        "link": f"https://vimeo.com/{user.username}",
        "name": user.name,
        "pictures": portrait(user.picture),
    }
