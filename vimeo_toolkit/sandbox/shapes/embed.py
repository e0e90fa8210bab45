"""The player's settings of a video."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.state import Video

__all__ = ["embed_shape", "player_link"]

_SWITCHES = (
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
)


def player_link(video: Video) -> str:
    return f"https://player.vimeo.com/video/{video.id}?h={video.secret_hash}"


def embed_shape(video: Video, *, own: bool) -> dict[str, Any]:
    """Return the embed settings: those of a new video, with what was set since. Others see its code and
    badges."""
    whole = _with({**dict.fromkeys(_SWITCHES, True), **_defaults(video)}, video.embed_settings)
    return whole if own else {name: whole[name] for name in ("html", "badges", "interactive")}


def _with(shape: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    """`shape` with the settings that it has names for."""
    changed = dict(shape)
    for name, value in settings.items():
        if isinstance(shape.get(name), dict) and isinstance(value, dict):
            changed[name] = _with(shape[name], value)
        elif name in shape and not isinstance(shape[name], dict):
            changed[name] = value
    return changed


def _defaults(video: Video) -> dict[str, Any]:
    return {
        "html": f'<iframe src="{player_link(video)}" allowfullscreen></iframe>',
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
        "email_capture_form": None,
        "end_screen": [],
        "event_schedule": True,
        "logos": {
            "custom": {"active": False, "link": None, "sticky": False, "url": None, "use_link": False},
            "vimeo": True,
        },
        "outro_type": "videos",
        "play_button": {"position": "auto"},
        "show_timezone": False,
        "uri": None,
    }
