"""Units of the numbers in Vimeo's answers, so that a model reads `duration_seconds` and not a bare `duration`.

The names are Vimeo's in a result's `data`; what a model reads has the unit in the name. Sources: the API's document
(2024), which says the unit of each field, and recorded answers for quotas, whose numbers are bytes or videos.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

__all__ = ["QUOTA_UNITS", "UNIT_NAMES", "named_parts", "without_unit"]

UNIT_NAMES: Final[Mapping[str, str]] = {
    "average_time_watched": "average_time_watched_seconds",
    "duration": "duration_seconds",
    "filesize": "filesize_bytes",
    "retry_after": "retry_after_seconds",
    "size": "size_bytes",
    "timecode": "timecode_seconds",
    "total_time_watched": "total_time_watched_seconds",
}
"""Vimeo's name of a number → the name with its unit. Widths and heights need none: they are pixels everywhere."""

QUOTA_UNITS: Final = {"video_count": "videos", "video_size": "bytes", None: "bytes"}
"""What an upload quota counts, by its `unit`; older answers have none, and count bytes."""

_QUOTA: Final = ("free", "max", "used")
_WITHOUT: Final = {
    **{with_unit: name for name, with_unit in UNIT_NAMES.items()},
    **{f"{name}_{unit}": name for name in _QUOTA for unit in ("bytes", "videos")},
}


def named_parts(thing: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """Return the parts of an object of an answer, with units in their names."""
    unit = thing.get("unit")
    if "unit" in thing and isinstance(unit, str) and unit in QUOTA_UNITS:
        word = QUOTA_UNITS[unit]
        return [
            (f"{name}_{word}" if name in _QUOTA else name, value)
            for name, value in thing.items()
            if name != "unit"
        ]
    return [(UNIT_NAMES.get(name, name), value) for name, value in thing.items()]


def without_unit(name: str) -> str:
    """Return Vimeo's name of a part for the one that a model reads; any other name as it is."""
    return _WITHOUT.get(name, name)
