"""Pieces that many representations share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

__all__ = ["connection", "connections", "interaction", "iso", "key_of", "picture", "portrait", "slug"]

_SIZES = ((100, 75), (200, 150), (295, 166), (640, 360), (960, 540), (1280, 720), (1920, 1080))
_PORTRAIT_SIZES = (30, 72, 75, 100, 144, 216, 288, 300, 360)


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


@lru_cache(maxsize=20_000)
def key_of(uri: str) -> str:
    """Return a resource key: 40 hex digits, the same for the same thing."""
    return hashlib.sha1(uri.encode(), usedforsecurity=False).hexdigest()


def connection(uri: str, total: int = 0, *options: str) -> dict[str, Any]:
    return {"uri": uri, "options": list(options or ("GET",)), "total": total}


def connections(base: str, totals: dict[str, int], names: Iterable[str]) -> dict[str, Any]:
    """Return plain connections below `base`, each with its total or 0."""
    return {name: connection(f"{base}/{name}", totals.get(name, 0)) for name in names}


def interaction(uri: str, *options: str, **more: Any) -> dict[str, Any]:
    return {"uri": uri, "options": list(options or ("PUT",)), **more}


def picture(uri: str, *, active: bool = True, custom: bool = True, play: bool = True) -> dict[str, Any]:
    """Return an image in its sizes. With `play`, that of a video, which also exists with a play button drawn on
    it."""
    base = f"https://i.vimeocdn.com/video/{key_of(uri)[:12]}"
    return {
        "uri": uri,
        "active": active,
        "type": "custom" if custom else "default",
        "base_link": base,
        "sizes": [
            {
                "width": width,
                "height": height,
                "link": f"{base}_{width}x{height}?r=pad",
                **({"link_with_play_button": f"{base}_{width}x{height}?r=pad&play=1"} if play else {}),
            }
            for width, height in _SIZES
        ],
        "resource_key": key_of(uri),
        "default_picture": not custom,
    }


def portrait(uri: str) -> dict[str, Any]:
    """Return a user's image, which is square."""
    base = f"https://i.vimeocdn.com/portrait/{key_of(uri)[:12]}"
    sizes = [{"width": side, "height": side, "link": f"{base}_{side}x{side}"} for side in _PORTRAIT_SIZES]
    return {
        "uri": uri,
        "active": True,
        "type": "custom",
        "base_link": base,
        "sizes": sizes,
        "resource_key": key_of(uri),
        "default_picture": False,
    }


def slug(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())
