"""What a delivery of a webhook says."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from vimeo_toolkit.wire.format import iso_datetime

__all__ = ["WebhookEvent", "event_of"]

_MILLISECONDS: Final = 1e11
"""A Unix time above this is in milliseconds: in seconds it would be in the year 5138."""


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """One event. The field names of a payload are known from a second-hand source only: `data` has all of it.

    Attributes:
        type: one of Vimeo's, such as `video-transcode-complete`; a new one is passed on as it is.
        uri: what it is about, such as `/videos/123`: the payload's `video_uri` or `clip_uri`, else the first
            other `…uri`; None where there is none.
        timestamp: when Vimeo made it; None where the payload has none (then `max_age` is None, too).
        data: the payload's `data`.
    """

    type: str
    uri: str | None
    timestamp: datetime | None
    data: Mapping[str, Any] = field(hash=False)


def event_of(body: bytes) -> WebhookEvent | None:
    """Return the event in a body, None when there is none."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(payload, dict) or not isinstance(payload.get("webhook_type"), str):
        return None
    data = payload.get("data")
    if not isinstance(data, dict):
        data = {}
    return WebhookEvent(payload["webhook_type"], _uri(data), _moment(payload.get("timestamp")), data)


def _uri(data: Mapping[str, Any]) -> str | None:
    others = (name for name in data if name.endswith("uri"))
    found = (data.get(name) for name in ("video_uri", "clip_uri", *others))
    return next((uri for uri in found if isinstance(uri, str) and uri), None)


def _moment(value: object) -> datetime | None:
    """Unix time in seconds or milliseconds, or ISO 8601 (without a zone, UTC)."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        seconds = float(value)
    except OverflowError:
        return None
    except ValueError:
        return iso_datetime(str(value))
    if not math.isfinite(seconds):
        return None
    try:
        return datetime.fromtimestamp(seconds / 1000 if seconds > _MILLISECONDS else seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
