"""The groups that tools come in, by what a user wants to do."""

from __future__ import annotations

from typing import Final

from vimeo_toolkit.catalog.declaring import Toolset
from vimeo_toolkit.catalog.selection import TOOL_CALL, TOOL_SEARCH

library = Toolset("library", "See one's own profile and videos.")
publish = Toolset("publish", "Change and delete one's own videos.")
organize = Toolset("organize", "Showcases and folders.")
engage = Toolset("engage", "Likes, comments, follows and Watch Later.")
discover = Toolset("discover", "Search Vimeo; look at other users, channels and categories.")
webhooks = Toolset("webhooks", "Tell another system when something happens.")
upload = Toolset("upload", "Bring new videos, versions, captions and thumbnails to Vimeo.")
admin = Toolset("admin", "Embedding, versions, analytics, the profile and the connection itself.")

TOOLSETS: Final = {
    toolset.name: toolset
    for toolset in (library, publish, organize, engage, discover, webhooks, upload, admin)
}

_TASKS: Final = {
    "find, list, count and report, also within a folder or showcase": (
        "vimeo_my_videos_find",
        "vimeo_video_get",
    ),
    "edit, tag, move, like and delete videos, and take it back": (
        "vimeo_video_edit",
        "vimeo_videos_change",
        "vimeo_video_delete",
        "vimeo_video_tags_add",
        "vimeo_folder_video_add",
        "vimeo_showcase_video_add",
        "vimeo_video_like",
        "vimeo_changes_undo",
        "vimeo_changes_list",
    ),
    "showcases": ("vimeo_showcases_list", "vimeo_showcase_create", "vimeo_showcase_delete"),
    "folders": ("vimeo_folders_list", "vimeo_folder_create", "vimeo_folder_delete"),
    "comments": (
        "vimeo_my_comments_find",
        "vimeo_video_comment_add",
        "vimeo_comment_reply_add",
        "vimeo_comment_delete",
    ),
    "captions, and what is said": (
        "vimeo_video_transcript_get",
        "vimeo_video_texttracks_list",
        "vimeo_video_captions_add",
        "vimeo_video_texttrack_delete",
    ),
    "upload by link": ("vimeo_video_create",),
    "other people": ("vimeo_videos_search", "vimeo_user_follow", "vimeo_user_unfollow"),
    "whatever else there is": ("vimeo_tools_search",),
    "the account, the connection and long results": (
        "vimeo_me_get",
        "vimeo_connection_check",
        "vimeo_result_read",
    ),
}
"""What people ask of an agent that looks after their videos → the fewest tools that do it, and take it back."""

DEFAULT: Final = frozenset(name for names in _TASKS.values() for name in names)
"""The default tools: few enough for a model to choose well. The others come by toolset or by name."""

LIBRARY_SEARCH: Final = "vimeo_library_search"
_FOR_LIBRARY: Final = frozenset({"vimeo_video_texttracks_list", "vimeo_video_texttrack_delete"})
DEFAULT_WITH_LIBRARY: Final = DEFAULT - _FOR_LIBRARY | {LIBRARY_SEARCH}
"""The default tools where users' libraries are indexed. A search of all that is said is asked for more often than
the tracks of one video are looked at or deleted, and with both a model would be sent more tokens: these two are
called by name then."""

HOSTED31: Final = frozenset(
    {
        "vimeo_categories_list",
        "vimeo_channel_videos_list",
        "vimeo_channels_list",
        "vimeo_folder_create",
        "vimeo_folder_video_add",
        "vimeo_folder_videos_list",
        "vimeo_folders_list",
        "vimeo_following_list",
        "vimeo_liked_videos_list",
        "vimeo_me_get",
        "vimeo_my_videos_list",
        "vimeo_showcase_create",
        "vimeo_showcase_video_add",
        "vimeo_showcase_videos_list",
        "vimeo_showcases_list",
        "vimeo_user_follow",
        "vimeo_user_get",
        "vimeo_user_videos_list",
        "vimeo_video_comment_add",
        "vimeo_video_comments_list",
        "vimeo_video_delete",
        "vimeo_video_edit",
        "vimeo_video_get",
        "vimeo_video_like",
        "vimeo_video_tags_list",
        "vimeo_videos_search",
        "vimeo_watchlater_add",
        "vimeo_watchlater_list",
        "vimeo_webhook_create",
        "vimeo_webhook_delete",
        "vimeo_webhooks_list",
    }
)
"""The tools that the hosted connector's page lists first, by its names."""

HOSTED59: Final = HOSTED31 | {
    "vimeo_category_get",
    "vimeo_category_videos_list",
    "vimeo_channel_get",
    "vimeo_comment_delete",
    "vimeo_comment_replies_list",
    "vimeo_folder_delete",
    "vimeo_group_create",
    "vimeo_group_delete",
    "vimeo_group_get",
    "vimeo_group_users_list",
    "vimeo_group_video_add",
    "vimeo_group_videos_list",
    "vimeo_groups_list",
    "vimeo_user_followers_list",
    "vimeo_user_unfollow",
    "vimeo_user_update",
    "vimeo_users_search",
    "vimeo_video_comment_update",
    "vimeo_video_create",
    "vimeo_video_likes_list",
    "vimeo_video_picture_create",
    "vimeo_video_pictures_list",
    "vimeo_video_tag_remove",
    "vimeo_video_tags_add",
    "vimeo_video_texttrack_create",
    "vimeo_video_texttrack_delete",
    "vimeo_video_texttracks_list",
    "vimeo_video_unlike",
}
"""All tools of the hosted connector."""

CHOICES: Final = {"default": DEFAULT | {TOOL_CALL}, "hosted31": HOSTED31, "hosted59": HOSTED59}
"""Choices from all groups, which are asked for like a group."""
CHOICES_WITH_LIBRARY: Final = {**CHOICES, "default": DEFAULT_WITH_LIBRARY | {TOOL_CALL}}
"""The same where users' libraries are indexed."""

BEGIN_WITH: Final = (
    TOOL_SEARCH,
    "vimeo_my_videos_find",
    "vimeo_video_get",
    "vimeo_videos_search",
    "vimeo_result_read",
)
"""The tools that an agent begins with where tools are loaded on demand."""
