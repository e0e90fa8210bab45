"""Constants and small readers for Vimeo's wire format that more than one room needs."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Final

from pydantic_core import from_json

from vimeo_toolkit._version import __version__

__all__ = [
    "ACCEPT",
    "USER_AGENT",
    "epoch",
    "http_date",
    "instant",
    "iso_datetime",
    "json_object",
    "json_value",
    "one_line",
    "seconds",
    "seconds_after",
]

ACCEPT = "application/vnd.vimeo.*+json;version=3.4"
"""The version of the API that this package is written for. The wildcard matters: a concrete type that does
not fit the endpoint is an error."""

USER_AGENT = f"vimeo-toolkit/{__version__}"


def json_value(content: bytes) -> Any:
    """Parse JSON, with a byte order mark before it or not.

    Raises:
        ValueError: the text is not JSON.
    """
    return from_json(content.removeprefix(BOM_UTF8), allow_inf_nan=False)


def json_object(content: bytes) -> dict[str, Any] | None:
    try:
        value = json_value(content)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def one_line(value: Any, length: int) -> str:
    """Return a text from outside on one line, printable and short; empty for anything but a text."""
    text = value if isinstance(value, str) else ""
    text = "".join(character if character.isprintable() else " " for character in text[: length * 2])
    return " ".join(text.split())[:length]


def iso_datetime(text: str) -> datetime | None:
    """Return the moment that an ISO 8601 datetime names (UTC where it names no zone); None for any other text."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def instant(text: str) -> float | None:
    """Return the seconds since the epoch of an ISO 8601 datetime; None for any other text."""
    moment = iso_datetime(text)
    try:
        return None if moment is None else moment.timestamp()
    except (OverflowError, OSError, ValueError):
        return None


def epoch(text: str) -> float | None:
    """Return seconds since the epoch from a count of seconds or milliseconds, an ISO 8601 datetime or a date of
    HTTP; None for anything else, such as a count that is too small to be a date."""
    text = text.strip()
    # The longest has 35 characters: a much longer text is not one, and must not fill the cache.
    return _epoch(text) if 0 < len(text) <= 64 else None


@lru_cache(maxsize=1024)
def _epoch(text: str) -> float | None:
    if _COUNT.fullmatch(text):
        number = float(text)
        number = number / 1000 if number > _MILLISECONDS else number
        return number if number > _LATE else None
    moment = instant(text)
    return http_date(text) if moment is None else moment


def http_date(text: str) -> float | None:
    """Return seconds since the epoch from a date of RFC 9110 (5.6.7), None for anything else."""
    # It has 29 characters: a much longer text is not one, and must not fill the cache.
    return _http_date(text) if 0 < len(text) <= 64 else None


@lru_cache(maxsize=64)
def _http_date(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
        # A date without a zone, as in the oldest form, is GMT and not local time.
        seconds_since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        return seconds_since if seconds_since < _LATEST else None
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def seconds(value: Any) -> float | None:
    """Return a length of time from a number above 0 or a text of one; None for anything else.

    RFC 6749 has a number; some servers send texts, and 0 where they mean "does not end".
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return min(number, _LONGEST) if number > 0 else None  # also None for NaN


def seconds_after(body: Mapping[str, Any], now: float) -> float | None:
    """Return when a token expires, from `expires_in` (RFC 6749) or `expires_on` (Vimeo's schema), as a time on
    the clock that `now` is read from; None for never, or where it cannot be read."""
    expires_in = seconds(body.get("expires_in"))
    if expires_in is not None:
        return now + expires_in
    expires_on = body.get("expires_on")
    return instant(expires_on) if isinstance(expires_on, str) else None


_COUNT: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{0,15})?")
_LATE: Final = 1_000_000_000.0
"""A time in 2001: a smaller number is a length of time."""
_LATEST: Final = 7_258_118_400.0
"""The year 2200: no clock is that wrong."""
_MILLISECONDS: Final = 100_000_000_000.0
_LONGEST: Final = 100 * 365 * 86_400.0
"""A hundred years: anything longer counts as for ever, and could not be shown as a date."""
