"""A video, and what hangs on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from vimeo_toolkit.sandbox.shapes.category import category_shape
from vimeo_toolkit.sandbox.shapes.common import connection, connections, interaction, iso, key_of, picture
from vimeo_toolkit.sandbox.shapes.places import folder_shape
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.state import TextTrack, User, Video

__all__ = ["picture_shape", "tag_shape", "texttrack_shape", "video_shape"]

_PRIVACIES = ["anybody", "contacts", "disable", "nobody", "password", "unlisted", "users"]

_FORM: dict[str, Any] = {
    "uri": "",
    "id": 0,
    "clip_id": 0,
    "created_time": "",
    "custom_fields": [],
    "custom_logo": 0,
    "custom_message": "",
    "email_lists": [],
    "hidden_fields": [],
    "position": "after-video",
    "privacy_policy": "",
    "skippable": True,
    "timecode": "0",
}
"""The video asks its viewers for no address."""

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


def tag_shape(word: str) -> dict[str, Any]:
    canonical = "".join(character for character in word.lower() if character.isalnum())
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


def video_shape(video: Video, viewer: User | None) -> dict[str, Any]:
    """The video as `viewer` sees it. The owner alone sees its password, in clear."""
    own = viewer is video.user
    uri = f"/videos/{video.id}"
    link = f"https://vimeo.com/{video.id}" + (f"/{video.secret_hash}" if video.view == "unlisted" else "")
    player = f"https://player.vimeo.com/video/{video.id}?h={video.secret_hash}"
    owner = user_shape(video.user, viewer)
    thumbnail = picture(f"{uri}/pictures/{video.active_picture or video.id}")
    on_off = dict.fromkeys(
        [
            "airplay",
            "audio_tracks",
            "autopip",
            "chapters",
            "chromecast",
            "closed_captions",
            "has_cards",
            "interactive",
            "pip",
            "playbar",
            "quality_selector",
            "speed",
            "transcript",
            "volume",
        ],
        True,
    )
    watch = {"added": False, "added_time": iso(video.created)}
    shape: dict[str, Any] = {
        "uri": video.uri,
        "name": video.name,
        "description": video.description,
        "description_html": video.description,
        "type": "video",
        "link": link,
        "player_embed_url": player,
        "custom_url": None,
        "duration": video.duration,
        "width": video.width,
        "height": video.height,
        "language": video.language,
        "embed": {
            **on_off,
            "html": f'<iframe src="{player}" allowfullscreen></iframe>',
            "title": {"name": "show", "owner": "show", "portrait": "show"},
            "badges": {
                "hdr": False,
                "live": {"archived": False, "streaming": False},
                "staff_pick": {
                    "best_of_the_month": False,
                    "best_of_the_year": False,
                    "normal": False,
                    "premiere": False,
                },
                "vod": False,
                "weekend_challenge": False,
            },
            "buttons": {
                "embed": True,
                "fullscreen": True,
                "hd": True,
                "like": True,
                "reaction": None,
                "scaling": True,
                "share": True,
                "watchlater": True,
            },
            "cards": [],
            "color": "00adef",
            "colors": {
                "color_one": "000000",
                "color_two": "00adef",
                "color_three": "ffffff",
                "color_four": "000000",
            },
            "email_capture_form": _FORM,
            "end_screen": {"type": "empty"},
            "event_schedule": False,
            "logos": {
                "custom": {"active": False, "link": None, "sticky": False, "url": None, "use_link": False},
                "vimeo": True,
            },
            "outro_type": "nothing",
            "play_button": {"position": "auto"},
            "show_timezone": False,
        },
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
        "pictures": thumbnail,
        "tags": [tag_shape(word) for word in video.tags],
        "stats": {"plays": video.plays},
        "categories": [category_shape(category) for category in video.categories],
        "uploader": {"link": owner["link"], "name": owner["name"], "pictures": owner["pictures"]},
        "metadata": {
            "connections": {
                **connections(
                    uri,
                    {
                        "comments": sum(1 + len(comment.replies) for comment in video.comments),
                        "likes": len(video.liked_by),
                        "pictures": max(1, len(video.pictures)),
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
                    properties=[{"name": "privacy.view", "options": _PRIVACIES, "required": True}],
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
        },
        "user": owner,
        "app": {"name": "Vimeo Site", "uri": "/apps/58479", "capabilities": {}},
        "context": {"action": "Uploaded by", "resource": None, "resource_type": ""},
        "allowed_privacies": _PRIVACIES,
        "can_move_to_project": own,
        "status": video.status,
        "resource_key": key_of(uri),
        "upload": {"status": video.upload},
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
        "show_review_page": own,
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
        shape["parent_folder"] = folder_shape(video.folder, viewer)
    if own and video.password is not None:
        shape["password"] = video.password
    return shape
