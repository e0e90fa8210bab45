"""A valid input for every tool, taken from the sandbox's own library."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.media import FILM, PNG
from vimeo_toolkit import StoreBusy, VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.changes.model import Edit, Plan, PlannedVideo
from vimeo_toolkit.changes.rows import Plans
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox.recorded import Recorded
from vimeo_toolkit.sandbox.resources.webhooks import TYPES
from vimeo_toolkit.sandbox.state import Comment, Group, LiveEvent, Webhook

__all__ = ["REMOTE", "UPLOADS", "example_input", "keep_example", "posts", "writes"]

REMOTE = sorted(name for name, tool in catalog().items() if not tool.local)
"""The tools that send something."""


UPLOADS = Path(tempfile.mkdtemp(prefix="vimeo-toolkit-uploads-"))
"""The folder that tests' toolkits let agents upload from."""
atexit.register(shutil.rmtree, UPLOADS, ignore_errors=True)
(UPLOADS / "harbour.mp4").write_bytes(FILM + b"A film of a harbour. " * 50)
(UPLOADS / "cover.png").write_bytes(PNG)
EXAMPLE_PLAN = "p0000feed"
FILES = {"video": "harbour.mp4", "image": "cover.png"}


def writes(vimeo: Sandbox) -> list[Recorded]:
    """The requests that may change something: what a person is asked about is looked at before."""
    return [request for request in vimeo.requests if request.method != "GET"]


def posts(vimeo: Sandbox) -> list[str]:
    """The paths of the API that were posted to; authorization posts to others."""
    return [
        request.path
        for request in vimeo.requests
        if request.method == "POST" and not request.path.startswith("/oauth")
    ]


def keep_example(toolkit: VimeoToolkit, identifier: str) -> None:
    """An earlier result of this user, which the example of vimeo_result_read reads, and an applied plan, which that
    of vimeo_changes_undo takes back."""
    data = {"data": [{"uri": f"/videos/{number}", "name": "A video"} for number in range(9)]}
    account = run_sync(toolkit._context.vault.load(toolkit._blocking, Identity("vimeo", identifier)))
    generation = account.generation if account else ""
    toolkit._engine.results.keep(
        Owner(Identity("vimeo", identifier), generation), "example", data, (), now=1e12
    )
    if account is not None:
        plans = Plans(toolkit._context.vault, toolkit._blocking, Owner(account.identity, generation), 600.0)
        named = Edit("name", "Before the plan", "Coastal Walk: Part One", done=True)
        video = PlannedVideo("/videos/100001", "Before the plan", (named,), state="done")
        with suppress(StoreBusy):  # of an earlier call of this
            run_sync(plans.save(Plan(EXAMPLE_PLAN, "asked", "Rename a video", 1.0, (video,), agreed=True)))


def _id(things: Sequence[Any]) -> str:
    """The id of the first, or of none when an earlier example deleted the last."""
    return str(things[0].id) if things else "1"


def example_input(tool: str, vimeo: Sandbox) -> dict[str, Any]:
    """An input with most of the tool's arguments, which succeeds on a freshly seeded sandbox."""
    owner = vimeo.user
    mine = next(video for video in owner.videos if video.view == "anybody" and video.folder)
    assert mine.folder
    other = next(
        video
        for video in vimeo.world.videos.values()
        if video.user is not owner and video.view == "anybody" and video not in owner.likes
    )
    stranger = next(user for user in vimeo.users if user is not owner and user not in owner.following)
    showcase, folder = owner.showcases[0], owner.folders[0]
    page = {"page": 1, "per_page": 5}
    by_date = {**page, "sort": "date", "direction": "desc"}
    comment = {"video_id": str(owner.videos[-7].id), "comment_id": _id(owner.videos[-7].comments[-1:])}
    own_comment = Comment(vimeo.world.next_id(), other, owner, "Mine.", vimeo.world.now())
    chaptered = owner.videos[-7]
    group = vimeo.world.groups[0]
    if tool == "vimeo_group_delete":
        group = Group(vimeo.world.next_id(), "Mine", owner, vimeo.world.now(), None, [owner])
        vimeo.world.groups.append(group)
    if tool in ("vimeo_video_comment_update", "vimeo_comment_delete"):
        other.comments.append(own_comment)
    if tool.startswith("vimeo_embed_domain"):
        mine.embed, mine.embed_domains = "whitelist", ["example.com"]
    if tool == "vimeo_analytics_get":
        owner.plan = "enterprise"
    hidden = next(video for video in owner.videos if video.view == "unlisted")
    if tool.startswith("vimeo_video_viewer"):
        hidden.viewers = [stranger] if tool.endswith("remove") else []
    if tool.startswith("vimeo_live_event"):
        event = LiveEvent(vimeo.world.next_id(), "Open studio", owner, vimeo.world.now(), "With Ines.")
        if tool.endswith("end"):
            event.status, event.clip = "started", owner.videos[0]
        vimeo.world.live_events.append(event)
        event_id = {"live_event_id": str(event.id)}
    else:
        event_id = {}
    if tool == "vimeo_video_tag_remove":
        mine.tags = ["sea", "a/b"]
    chapter = {"video_id": str(chaptered.id), "chapter_id": _id(chaptered.chapters)}
    many = [video.uri for video in owner.videos[:5]]
    examples: dict[str, dict[str, Any]] = {
        "vimeo_video_create": {
            "file_link": "https://files.example.com/harbour.mp4",
            "name": "Pulled",
            "description": "From afar",
            "privacy_view": "nobody",
            "folder_uri": folder.uri,
        },
        "vimeo_video_upload": {"path": FILES["video"], "name": "Sent", "folder_uri": folder.uri},
        "vimeo_upload_files_list": {"name_contains": "a"},
        "vimeo_video_wait_ready": {"video_id": str(mine.id), "max_seconds": 0},
        "vimeo_video_version_add": {"video_id": str(mine.id), "path": FILES["video"]},
        "vimeo_video_versions_list": {**page, "video_id": str(mine.id)},
        "vimeo_video_texttracks_list": {"video_id": str(owner.videos[0].id)},
        "vimeo_video_texttrack_create": {
            "video_id": str(mine.id),
            "type": "captions",
            "language": "de",
            "name": "Deutsch",
            "active": False,
        },
        "vimeo_video_texttrack_edit": {
            "video_id": str(owner.videos[0].id),
            "texttrack_id": _id(owner.videos[0].texttracks),
            "active": False,
            "name": "Other",
        },
        "vimeo_video_texttrack_delete": {
            "video_id": str(owner.videos[0].id),
            "texttrack_id": _id(owner.videos[0].texttracks),
        },
        "vimeo_video_captions_add": {
            "video_id": str(mine.id),
            "language": "en-US",
            "text": "1\n00:00:01,000 --> 00:00:02,500\nHello\n",
        },
        "vimeo_video_pictures_list": {**page, "video_id": str(mine.id)},
        "vimeo_video_picture_create": {"video_id": str(mine.id), "time": 3, "active": True},
        "vimeo_video_picture_edit": {
            "video_id": str(mine.id),
            "picture_id": str((mine.pictures or [1])[0]),
            "active": True,
        },
        "vimeo_video_picture_delete": {
            "video_id": str(mine.id),
            "picture_id": str((mine.pictures or [1])[0]),
        },
        "vimeo_video_thumbnail_upload": {"video_id": str(mine.id), "path": FILES["image"]},
        "vimeo_videos_get": {"videos": many},
        "vimeo_video_tags_add": {"video_id": str(mine.id), "tags": ["sea", "north wind"]},
        "vimeo_video_tag_remove": {"video_id": str(mine.id), "tag": "sea"},
        "vimeo_showcase_get": {"album_id": str(showcase.id)},
        "vimeo_showcase_edit": {
            "album_id": str(showcase.id),
            "name": "Another name",
            "description": "Other words",
            "privacy": "password",
            "password": "hunter-23",
            "sort": "newest",
            "layout": "player",
            "theme": "dark",
            "brand_color": "#112233",
        },
        "vimeo_showcase_delete": {"album_id": str(showcase.id)},
        "vimeo_showcase_video_remove": {
            "album_id": str(showcase.id),
            "video_id": _id(showcase.videos),
        },
        "vimeo_showcase_videos_set": {"album_id": str(showcase.id), "videos": many},
        "vimeo_showcase_videos_add": {"album_id": str(showcase.id), "videos": many},
        "vimeo_folder_get": {"folder_id": str(folder.id)},
        "vimeo_folder_rename": {"folder_id": str(folder.id), "name": "Another name"},
        "vimeo_folder_delete": {"folder_id": str(folder.id), "delete_videos": False},
        "vimeo_folder_video_remove": {"folder_id": str(mine.folder.id), "video_id": str(mine.id)},
        "vimeo_folder_videos_add": {"folder_id": str(folder.id), "videos": many},
        "vimeo_folder_items_list": {**by_date, "folder_id": str(folder.id), "filter": "video"},
        "vimeo_watchlater_remove": {"video_id": _id(owner.watchlater)},
        "vimeo_video_unlike": {"video_id": _id(owner.likes)},
        "vimeo_video_likes_list": {**page, "video_id": str(mine.id)},
        "vimeo_video_comment_update": {
            "video_id": str(other.id),
            "comment_id": own_comment.uri,
            "text": "Better words",
        },
        "vimeo_comment_delete": {"video_id": str(other.id), "comment_id": str(own_comment.id)},
        "vimeo_comment_replies_list": {**page, **comment},
        "vimeo_comment_reply_add": {**comment, "text": "Thank you!"},
        "vimeo_user_unfollow": {"follow_user_id": _id(owner.following)},
        "vimeo_user_followers_list": {**by_date, "user_id": str(owner.id), "query": "a"},
        "vimeo_users_search": {**page, "query": "a", "sort": "relevant"},
        "vimeo_user_update": {
            "user_id": "me",
            "name": "Another name",
            "bio": "A longer story",
            "location": "Bergen",
            "content_filter": ["safe"],
            "default_privacy_view": "nobody",
            "default_privacy_embed": "public",
            "default_privacy_comments": "nobody",
            "default_privacy_download": False,
            "default_privacy_add": False,
        },
        "vimeo_category_get": {"category": "animation"},
        "vimeo_category_videos_list": {**by_date, "category": "animation", "query": "a"},
        "vimeo_tag_videos_list": {**page, "word": other.tags[0] if other.tags else "sea"},
        "vimeo_content_ratings_list": {},
        "vimeo_languages_list": {**page, "filter": "texttracks"},
        "vimeo_channel_get": {"channel_id": "staffpicks"},
        "vimeo_my_channels_list": {**by_date, "query": "a"},
        "vimeo_groups_list": {**by_date, "query": "a"},
        "vimeo_group_get": {"group_id": str(group.id)},
        "vimeo_group_users_list": {**page, "group_id": str(group.id), "query": "a"},
        "vimeo_group_videos_list": {**page, "group_id": str(group.id), "query": "a", "sort": "date"},
        "vimeo_group_create": {"name": "A group", "description": "Of many"},
        "vimeo_group_delete": {"group_id": str(group.id)},
        "vimeo_group_video_add": {"group_id": str(group.id), "video_id": str(mine.id)},
        "vimeo_video_chapters_list": {**page, "video_id": str(chaptered.id)},
        "vimeo_video_chapter_create": {"video_id": str(chaptered.id), "title": "The end", "timecode": 9},
        "vimeo_video_chapter_edit": {**chapter, "title": "Begin", "timecode": 1},
        "vimeo_video_chapter_delete": chapter,
        "vimeo_embed_domains_list": {**page, "video_id": str(mine.id)},
        "vimeo_embed_domain_add": {"video_id": str(mine.id), "domain": "shop.example.org"},
        "vimeo_embed_domain_remove": {"video_id": str(mine.id), "domain": "example.com"},
        "vimeo_embed_presets_list": page,
        "vimeo_embed_preset_apply": {"video_id": str(mine.id), "preset_id": _id(owner.presets)},
        "vimeo_video_downloads_list": {"video_id": str(mine.id)},
        "vimeo_video_viewers_list": {**page, "video_id": str(hidden.id)},
        "vimeo_video_viewer_add": {"video_id": str(hidden.id), "user_id": str(stranger.id)},
        "vimeo_video_viewer_remove": {"video_id": str(hidden.id), "user_id": str(stranger.id)},
        "vimeo_live_events_list": {**by_date, "query": "studio", "type": "one_time"},
        "vimeo_live_event_get": event_id,
        "vimeo_live_event_create": {
            "title": "Open studio",
            "description": "With Ines.",
            "privacy": "password",
            "password": "hunter-24",
            "chat": False,
        },
        "vimeo_live_event_edit": {
            **event_id,
            "title": "Closed studio",
            "description": "Without.",
            "privacy": "nobody",
            "chat": False,
        },
        "vimeo_live_event_end": event_id,
        "vimeo_live_event_delete": event_id,
        "vimeo_feed_list": {**page, "type": "uploads"},
        "vimeo_analytics_get": {
            **page,
            "dimension": "video",
            "since": "2026-10-01",
            "until": "2026-11-01",
            "time_interval": "none",
            "direction": "desc",
        },
        "vimeo_changes_list": page,
        "vimeo_changes_undo": {"plan_id": EXAMPLE_PLAN},
        "vimeo_result_read": {"result": "example", "start": 2, "fields": ["name"]},
        "vimeo_videos_change": {
            "videos": [mine.uri, str(vimeo.user.videos[1].id)],
            "set_name": "{name} {n}",
            "set_description": "{description} More.",
            "set_privacy": "nobody",
            "set_license": "by-nc",
            "add_tags": ["example"],
            "remove_tags": ["rust"],
            "move_to_folder": str(folder.id),
            "add_to_showcases": [str(vimeo.user.showcases[0].id)],
            "watch_later": True,
            "apply": True,
        },
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
        "vimeo_my_comments_find": {
            "query": "light",
            "unanswered": True,
            "from_date": "2001-01-01",
            "until_date": "2199-01-01T12:00:00Z",
            "timezone": "Europe/Stockholm",
            "replies": True,
            "videos": [str(mine.id)],
            "limit": 50,
            "max_requests": 10,
            "start": f"{mine.id}/1",
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
