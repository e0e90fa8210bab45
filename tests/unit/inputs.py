"""The smallest valid input of every tool, made from its schema."""

from __future__ import annotations

from typing import Any

from tests.examples import EXAMPLE_PLAN
from vimeo_toolkit.catalog import catalog

_BY_NAME = {
    "url": "https://hooks.example.com/x",
    "event_types": ["video-created"],
    "text": "Hello",
    "query": "harbour",
    "name": "A name",
    "file_link": "https://files.example.com/a.mp4",
    "path": "harbour.mp4",
    "plan_id": "p0000feed",
    "language": "en",
    "type": "captions",
    "active": True,
    "videos": ["123"],
    "tags": ["sea"],
    "domain": "example.com",
    "dimension": "total",
    "since": "2026-10-01",
    "until": "2026-11-01",
}


def minimal(tool: str) -> dict[str, Any]:
    required = catalog(library=True)[tool].input_schema.get("required", [])
    values = {name: _BY_NAME.get(name, "123") for name in required}
    if tool in ("vimeo_video_edit", "vimeo_showcase_edit", "vimeo_user_update"):
        values["name"] = "A name"
    if tool == "vimeo_changes_undo":
        values["plan_id"] = EXAMPLE_PLAN
    if tool == "vimeo_videos_change":
        values |= {"videos": ["123"], "set_name": "A name"}
    if tool in ("vimeo_comment_delete", "vimeo_comment_reply_add"):
        values |= {"video_id": "123", "comment_id": "123"}
    if tool == "vimeo_video_transcript_get":
        values["video_id"] = "123"
    if tool == "vimeo_comment_reply_add":
        values["text"] = "Hello"
    if tool == "vimeo_video_wait_ready":
        values["max_seconds"] = 0
    if tool == "vimeo_video_captions_add":
        values |= {"language": "en", "text": "WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n"}
    if tool == "vimeo_video_thumbnail_upload":
        values["path"] = "cover.png"
    if tool == "vimeo_video_version_add":
        values["file_link"] = "https://files.example.com/a.mp4"
    if tool == "vimeo_video_texttrack_edit":
        values["active"] = True
    if tool == "vimeo_live_event_edit":
        values["title"] = "A title"
    if tool == "vimeo_video_chapter_create":
        values |= {"title": "A title", "timecode": 3}
    if tool == "vimeo_video_chapter_edit":
        values["title"] = "A title"
    return values


def described(tool: str, field: str) -> dict[str, Any]:
    """What a model is told of an input: there, or by the tool whose input it is."""
    of = "vimeo_my_videos_find" if field in catalog(library=True)[tool].input_model.known_inputs else tool
    if field == "set_license":
        of, field = "vimeo_video_edit", "license"
    return dict(catalog(library=True)[of].whole_schema["properties"][field])
