"""A video as the API shows it."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.projection import later
from vimeo_toolkit.sandbox.shapes.category import category_shape
from vimeo_toolkit.sandbox.shapes.common import iso, key_of, picture
from vimeo_toolkit.sandbox.shapes.embed import embed_shape, player_link
from vimeo_toolkit.sandbox.shapes.places import folder_shape
from vimeo_toolkit.sandbox.shapes.small import tag_shape
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.shapes.videolinks import PRIVACIES, video_metadata
from vimeo_toolkit.sandbox.state import User, Video

__all__ = ["video_shape"]


def video_shape(video: Video, viewer: User | None) -> dict[str, Any]:
    """The video as `viewer` sees it. The owner alone sees its password, in clear."""
    own = viewer is video.user
    uri = f"/videos/{video.id}"
    link = f"https://vimeo.com/{video.id}" + (f"/{video.secret_hash}" if video.view == "unlisted" else "")
    shape: dict[str, Any] = {
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
        "embed": later(embed_shape, video),
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
        "pictures": later(picture, f"{uri}/pictures/{video.active_picture or video.id}"),
        "tags": [later(tag_shape, word) for word in video.tags],
        "stats": {"plays": video.plays},
        "categories": [later(category_shape, category) for category in video.categories],
        "uploader": later(_uploader, video.user, viewer),
        "metadata": later(video_metadata, video, viewer),
        "user": later(user_shape, video.user, viewer),
        "app": {"name": "Vimeo Site", "uri": "/apps/58479", "capabilities": {}},
        "context": {"action": "Uploaded by", "resource": None, "resource_type": ""},
        "allowed_privacies": PRIVACIES,
        "can_move_to_project": own,
        "status": video.status,
        "resource_key": key_of(uri),
        "upload": _upload(video, own=own),
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
        "has_chapters": False,
        "has_interactive": False,
        "has_text_tracks": bool(video.texttracks),
        "origin_variable_frame_resolution": False,
        "show_review_page": own and video.review_page,
        "show_svv_footer_banner": False,
        "show_svv_timecoded_comments": False,
        "spatial": {
            "director_timeline": [],
            "field_of_view": None,
            "projection": None,
            "stereo_format": None,
        },
        "vod": {"id": None},
        "files": [],
        "download": [],
    }
    if video.folder is not None and own:
        shape["parent_folder"] = later(folder_shape, video.folder, viewer)
    if own and video.password is not None:
        shape["password"] = video.password
    return shape


def _uploader(user: User, viewer: User | None) -> dict[str, Any]:
    whole = user_shape(user, viewer)
    return {name: whole[name] for name in ("link", "name", "pictures")}


def _upload(video: Video, *, own: bool) -> dict[str, Any]:
    """Only the owner learns how, and where to send the bytes while some are missing."""
    shape: dict[str, Any] = {"status": video.upload}
    if own and video.approach in ("post", "pull", "tus"):
        shape["approach"] = video.approach
    if own and video.size is not None:
        shape["size"] = video.size
    if own and video.upload_link is not None and video.upload == "in_progress":
        shape["upload_link"] = video.upload_link
    return shape
