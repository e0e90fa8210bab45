"""By which tool the same takes fewer requests: for those who came to a user's limit by many calls of one tool."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.tool import Tool

__all__ = ["FOR_MANY", "INSTEAD", "fewer_requests"]

FOR_MANY: Final[Mapping[str, str]] = {
    "vimeo_my_comments_find": "reads the comments on all of the user's videos by one call",
    "vimeo_my_videos_find": "reads a hundred of the user's videos by one request, with what show= names",
    "vimeo_videos_get": "gets a hundred videos by one request",
    "vimeo_videos_change": "changes many videos by one call, in the fewest requests, and goes on after the limit",
    "vimeo_folder_videos_add": "moves many videos by one call",
    "vimeo_showcase_videos_add": "adds many videos by one call",
    "vimeo_library_search": "searches what is said in all of the user's videos without a request",
}
"""Tools for many things at once, and what they do."""

_CHANGE: Final = ("vimeo_videos_change",)
_FIND: Final = ("vimeo_my_videos_find",)
_COMMENTS: Final = ("vimeo_my_comments_find",)

INSTEAD: Final[Mapping[str, tuple[str, ...]]] = {
    "vimeo_video_get": ("vimeo_videos_get", *_FIND),
    "vimeo_video_tags_list": _FIND,
    "vimeo_video_texttracks_list": _FIND,
    "vimeo_video_transcript_get": ("vimeo_library_search",),
    "vimeo_my_videos_list": _FIND,
    "vimeo_folder_videos_list": _FIND,
    "vimeo_video_comments_list": _COMMENTS,
    "vimeo_comment_replies_list": _COMMENTS,
    "vimeo_video_edit": _CHANGE,
    "vimeo_video_delete": _CHANGE,
    "vimeo_video_tags_add": _CHANGE,
    "vimeo_video_tag_remove": _CHANGE,
    "vimeo_video_like": _CHANGE,
    "vimeo_video_unlike": _CHANGE,
    "vimeo_watchlater_add": _CHANGE,
    "vimeo_watchlater_remove": _CHANGE,
    "vimeo_embed_domain_add": _CHANGE,
    "vimeo_embed_domain_remove": _CHANGE,
    "vimeo_folder_video_add": ("vimeo_folder_videos_add", *_CHANGE),
    "vimeo_folder_video_remove": _CHANGE,
    "vimeo_showcase_video_add": ("vimeo_showcase_videos_add", *_CHANGE),
    "vimeo_showcase_video_remove": _CHANGE,
}
"""A tool for one thing → tools that do it for many, the best first."""


def fewer_requests(
    tool: Tool, allowed: Collection[str] | None, granted: Collection[str], *, library: bool = False
) -> str:
    """Return a sentence that says how the same takes fewer requests, "" where there is no way.

    Args:
        tool: by which the limit was reached.
        allowed: the names of the only tools that the caller may use; all for None.
        granted: the scopes that the user has granted.
        library: users' libraries are indexed.
    """
    there = catalog(library=library)
    for name in INSTEAD.get(tool.name, ()):
        if name not in there or not (allowed is None or name in allowed):
            continue
        if there[name].scopes <= frozenset(granted):
            return f"For many: {name} {FOR_MANY[name]}."
    if "per_page" in tool.input_model.model_fields:
        return "A page of per_page=100 costs no more than a small one."
    return ""
