"""How much more a user may upload.

Vimeo counts bytes on some plans (`unit: video_size`, and in older answers none) and videos on others
(`unit: video_count`), as recorded answers show: a number alone says nothing.
"""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.units import QUOTA_UNITS

__all__ = ["room_of", "room_words"]


def room_of(quota: Any) -> dict[str, Any]:
    """Return `{"free_bytes": …, "max_bytes": …}` of an `upload_quota`, or the same of videos.

    What Vimeo does not say is left out. For a unit that is not known: `{"free": …, "max": …, "unit": …}`.
    """
    space = quota.get("space") if isinstance(quota, dict) else None
    space = space if isinstance(space, dict) else {}
    found = {name: space[name] for name in ("free", "max") if _number(space.get(name))}
    unit = space.get("unit")
    if unit is None or (isinstance(unit, str) and unit in QUOTA_UNITS):
        return {f"{name}_{QUOTA_UNITS[unit]}": value for name, value in found.items()}
    return {**found, "unit": str(unit)[:40]} if found else {}


def room_words(quota: Any) -> str:
    """Return a sentence about what is left; empty where Vimeo does not say."""
    room = room_of(quota)
    for unit in ("videos", "bytes"):
        free, most = room.get(f"free_{unit}"), room.get(f"max_{unit}")
        if free is not None:
            whole = "" if most is None else f" of {most}"
            return f"The account has room for {free}{whole} {unit}."
    return ""


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
