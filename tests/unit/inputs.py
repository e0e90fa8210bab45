"""The smallest valid input of every tool, made from its schema."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.catalog import catalog

_BY_NAME = {
    "url": "https://hooks.example.com/x",
    "event_types": ["video-created"],
    "text": "Hello",
    "query": "harbour",
    "name": "A name",
}


def minimal(tool: str) -> dict[str, Any]:
    required = catalog()[tool].input_schema.get("required", [])
    values = {name: _BY_NAME.get(name, "123") for name in required}
    if tool == "vimeo_video_edit":
        values["name"] = "A name"
    return values
