"""A valid input for every tool, taken from the sandbox's own library."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox.resources.webhooks import TYPES
from vimeo_toolkit.sandbox.state import Webhook

__all__ = ["REMOTE", "example_input", "keep_example"]

REMOTE = sorted(name for name, tool in catalog().items() if not tool.local)
"""The tools that send something."""


def keep_example(toolkit: VimeoToolkit, identifier: str) -> None:
    """An earlier result of this user, which the example of vimeo_result_read reads."""
    data = {"data": [{"uri": f"/videos/{number}", "name": "A video"} for number in range(9)]}
    toolkit._results.keep(("vimeo", identifier), "example", data, (), 1, now=1e12)


def example_input(tool: str, vimeo: Sandbox) -> dict[str, Any]:
    """An input with most of the tool's arguments, which succeeds on a freshly seeded sandbox."""
    owner = vimeo.user
    mine = next(video for video in owner.videos if video.view == "anybody" and video.folder)
    other = next(
        video
        for video in vimeo.world.videos.values()
        if video.user is not owner and video.view == "anybody" and video not in owner.likes
    )
    stranger = next(user for user in vimeo.users if user is not owner and user not in owner.following)
    showcase, folder = owner.showcases[0], owner.folders[0]
    page = {"page": 1, "per_page": 5}
    by_date = {**page, "sort": "date", "direction": "desc"}
    examples: dict[str, dict[str, Any]] = {
        "vimeo_result_read": {"result": "example", "start": 2, "fields": ["name"]},
        "vimeo_my_videos_find": {
            "from_date": "2001-01-01",
            "until_date": "2199-01-01T12:00:00Z",
            "by": "modified",
            "timezone": "Europe/Stockholm",
            "min_duration": 1,
            "max_duration": 100_000,
            "privacy": "anybody",
            "folder_id": str(folder.id),
            "query": "a",
            "limit": 50,
            "max_requests": 3,
        },
        "vimeo_connection_check": {},
        "vimeo_tools_search": {"query": "put a video into an album"},
        "vimeo_video_transcript_get": {
            "video_id": str(next(video for video in owner.videos if len(video.texttracks) > 1).id),
            "language": "en",
            "query": "light",
            "timestamps": True,
            "max_tokens": 200,
            "start": 1,
        },
        "vimeo_my_videos_list": {**by_date, "query": "a", "filter": "playable"},
        "vimeo_video_get": {"video_id": str(mine.id)},
        "vimeo_video_edit": {
            "video_id": mine.uri,
            "name": "A new name",
            "description": "A new description",
            "privacy_view": "anybody",
            "privacy_embed": "public",
            "privacy_download": False,
            "privacy_add": True,
            "privacy_comments": "contacts",
            "license": "by-nc",
            "content_rating": "safe",
        },
        "vimeo_video_delete": {"video_id": str(mine.id)},
        "vimeo_videos_search": {**page, "query": "tutorial", "sort": "plays", "direction": "desc"},
        "vimeo_video_tags_list": {"video_id": str(mine.id)},
        "vimeo_user_videos_list": {**by_date, "user_id": str(stranger.id)},
        "vimeo_showcase_create": {
            "name": "A showcase",
            "description": "Of many things",
            "privacy": "password",
            "password": "hunter-22",
            "sort": "added_first",
            "brand_color": "00adef",
            "hide_nav": True,
            "hide_upcoming": False,
            "review_mode": False,
        },
        "vimeo_showcases_list": {**by_date, "query": "Portfolio"},
        "vimeo_showcase_video_add": {"album_id": str(showcase.id), "video_id": str(mine.id)},
        "vimeo_showcase_videos_list": {**by_date, "album_id": showcase.uri},
        "vimeo_folder_create": {"name": "A folder", "parent_folder_uri": folder.uri},
        "vimeo_folders_list": {**by_date, "query": "Clients"},
        "vimeo_folder_video_add": {"folder_id": str(folder.id), "video_id": str(mine.id)},
        "vimeo_folder_videos_list": {**by_date, "folder_id": str(folder.id), "query": "a", "filter": "live"},
        "vimeo_channels_list": {**page, "query": "film", "sort": "relevant", "filter": "featured"},
        "vimeo_channel_videos_list": {**by_date, "channel_id": "staffpicks", "filter": "embeddable"},
        "vimeo_me_get": {},
        "vimeo_user_get": {"user_id": stranger.username},
        "vimeo_user_follow": {"follow_user_id": str(stranger.id)},
        "vimeo_following_list": {**by_date, "query": "a"},
        "vimeo_video_like": {"video_id": str(other.id)},
        "vimeo_liked_videos_list": {**by_date, "filter": "embeddable"},
        "vimeo_video_comment_add": {"video_id": str(other.id), "text": "What a view!"},
        "vimeo_video_comments_list": {**page, "video_id": str(owner.videos[-7].id), "direction": "asc"},
        "vimeo_watchlater_add": {"video_id": str(other.id)},
        "vimeo_watchlater_list": {**by_date, "filter": "embeddable"},
        "vimeo_categories_list": {**page, "sort": "name", "direction": "asc"},
        "vimeo_webhook_create": {
            "url": "https://hooks.example.com/vimeo",
            "event_types": ["video.upload.complete", "video.transcode.complete", "video.privacy.change"],
        },
        "vimeo_webhooks_list": page,
        "vimeo_webhook_delete": {"webhook_id": _webhook(vimeo) if tool == "vimeo_webhook_delete" else ""},
    }
    return examples[tool]


def _webhook(vimeo: Sandbox) -> str:
    now = vimeo.world.now()
    webhook = Webhook(vimeo.world.next_id(), vimeo.app, "https://hooks.example.com", TYPES[0], True, now, now)
    vimeo.world.webhooks.append(webhook)
    return webhook.uri
