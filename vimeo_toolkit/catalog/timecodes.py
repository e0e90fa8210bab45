"""Places in a video and lengths of time as people write them: seconds, `1:30`, `1m30s`."""

from __future__ import annotations

import re
from math import isfinite
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field

from vimeo_toolkit.catalog.marks import Help

__all__ = ["Duration", "Timecode", "checked_clock", "clock_of", "seconds_of"]

_CLOCK: Final = re.compile(r"(?:([0-9]{1,4}):)?([0-9]{1,5}):([0-9]{2}(?:[.,][0-9]{1,9})?)")
_UNITS: Final = re.compile(
    r"(?:PT)?(?:([0-9]{1,5})\s*(?:h|hours?|hrs?)\s*)?(?:([0-9]{1,6})\s*(?:m|min|mins|minutes?)\s*)?"
    r"(?:([0-9]{1,7}(?:[.,][0-9]{1,9})?)\s*(?:s|secs?|seconds?)?)?",
    re.IGNORECASE | re.ASCII,
)
_HOW: Final = "write seconds, such as 90, or a time such as 1:30"


def seconds_of(text: str) -> float:
    """Return the seconds of `90`, `1:30`, `0:01:30.5` or `1m30s`.

    Raises:
        ValueError: it is not a time.
    """
    written = text.strip() if len(text) <= 40 else ""
    if found := _CLOCK.fullmatch(written):
        hours, minutes, seconds = int(found[1] or 0), int(found[2]), float(found[3].replace(",", "."))
        if seconds < 60 and (found[1] is None or minutes < 60):
            return hours * 3600 + minutes * 60 + seconds
    elif (found := _UNITS.fullmatch(written)) and any(found.groups()):
        hours, minutes = int(found[1] or 0), int(found[2] or 0)
        return hours * 3600 + minutes * 60 + float((found[3] or "0").replace(",", "."))
    raise ValueError(_HOW)


def clock_of(seconds: float) -> str:
    """Return a place in a video as people write it, such as `1:30` or `1:02:03`."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def checked_clock(text: str) -> str:
    """Return a time with a colon, such as `1:30`, as it is.

    Raises:
        ValueError: it is not one.
    """
    seconds_of(text if ":" in text else "")
    return text


def _seconds(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError(_HOW)
    return seconds_of(value) if isinstance(value, str) else value


def _whole_seconds(value: Any) -> Any:
    seconds = _seconds(value)
    return round(seconds) if isinstance(seconds, float) and isfinite(seconds) else seconds


Timecode = Annotated[
    float,
    Field(ge=0, le=1_000_000, allow_inf_nan=False),
    BeforeValidator(_seconds),
    Help("Where in the video, in seconds from its start, such as 90, or a time, such as 1:30."),
]
"""Seconds from a video's start."""
Duration = Annotated[int, Field(ge=0, le=10_000_000), BeforeValidator(_whole_seconds)]
"""Whole seconds."""
