"""What the sandbox remembers. Plain objects with live references: a test reads the server's real state."""

from __future__ import annotations

from vimeo_toolkit.sandbox.state.people import App, Code, Device, Token, User
from vimeo_toolkit.sandbox.state.places import Category, Channel, Folder, Group, LiveEvent, Showcase, Webhook
from vimeo_toolkit.sandbox.state.videos import (
    Chapter,
    Comment,
    Cue,
    Incoming,
    Preset,
    TextTrack,
    Version,
    Video,
)

__all__ = [
    "App",
    "Category",
    "Channel",
    "Chapter",
    "Code",
    "Comment",
    "Cue",
    "Device",
    "Folder",
    "Group",
    "Incoming",
    "LiveEvent",
    "Preset",
    "Showcase",
    "TextTrack",
    "Token",
    "User",
    "Version",
    "Video",
    "Webhook",
]
