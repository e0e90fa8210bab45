"""Take out of an answer what Vimeo returns in clear and no model or log should see."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["REDACTED", "redacted"]

REDACTED: Final = "[redacted]"

SECRET_NAMES: Final = frozenset(
    {"password", "secret", "access_token", "refresh_token", "client_secret", "upload_link", "stream_key"}
)
"""Names under which a value is a secret. Vimeo gives an owner `video.password`, `album.privacy.password`,
`user.preferences.videos.password` and `webhook.secret`; who holds an `upload_link` can upload to it without a
token."""


def redacted(value: Any) -> Any:
    """`value` with every secret in it replaced. Changes dicts and lists in place, and returns it."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name in SECRET_NAMES and item and not isinstance(item, bool):
                value[name] = REDACTED
            elif isinstance(item, dict | list):
                redacted(item)
    elif isinstance(value, list):
        for item in value:
            redacted(item)
    return value
