"""Settings of the embedded player under a name."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.projection import later
from vimeo_toolkit.sandbox.shapes.parts import connection
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.state import Preset, User

__all__ = ["preset_shape"]

_COLORS = {"color_one": "000000", "color_two": "00adef", "color_three": "ffffff", "color_four": "000000"}
_ON = (
    "airplay",
    "audio_tracks",
    "autopause",
    "autopip",
    "byline_badge",
    "chapters",
    "chromecast",
    "closed_captions",
    "controls",
    "event_schedule",
    "keyboard",
    "link",
    "pip",
    "playbar",
    "playsinline",
    "quality_selector",
    "scaling_button",
    "speed",
    "transcript",
    "transparent",
    "volume",
)
_OFF = (
    "autoplay",
    "background",
    "badge",
    "collections_button",
    "color_original",
    "dnt",
    "email_capture_during_playback",
    "email_capture_form",
    "fullscreen_button",
    "hide_live_label",
    "hide_viewer_count",
    "loop",
    "muted",
    "responsive",
    "show_360_label",
    "show_compass",
    "wirewax",
)
_NOT_SET = (
    "allow_title_override",
    "email_capture_timecode",
    "outro_background_id",
    "outro_secondary_link_name",
    "outro_secondary_link_url",
    "overlay_email_capture_text",
)
_BUTTONS = ("embed", "fullscreen", "hd", "like", "reaction", "share", "vote", "watchlater")

_USUAL: dict[str, Any] = {
    **dict.fromkeys(_ON, True),
    **dict.fromkeys(_OFF, False),
    **dict.fromkeys(_NOT_SET),
    **_COLORS,
    **{f"{name}_original": value for name, value in _COLORS.items()},
    "colors": _COLORS,
    "color": "00adef",
    "buttons": dict.fromkeys(_BUTTONS, True),
    "byline": "show",
    "cards": [],
    "logos": {"custom": False, "sticky_custom": False, "vimeo": True},
    "outro": "threevideos",
    "outro_text_title": "",
    "outro_version": 2,
    "overlay_email_capture": -1,
    "overlay_email_capture_confirmation": "Thank you.",
    "play_button": {"position": "auto"},
    "portrait": "show",
    "title": "show",
}
"""A player's settings unless set otherwise; names: a recording of 2023, and the document (2024)."""


def preset_shape(owner: User, preset: Preset) -> dict[str, Any]:
    """Return the preset as its owner sees it."""
    uri = f"{owner.uri}/presets/{preset.id}"
    total = sum(video.preset is preset for video in owner.videos)
    return {
        "uri": uri,
        "name": preset.name,
        "settings": {**_USUAL, **preset.settings},
        "metadata": {"connections": {"videos": connection(f"/presets/{preset.id}/videos", total)}},
        "user": later(user_shape, owner, owner),
    }
