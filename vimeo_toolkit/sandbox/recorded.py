"""The log of what was asked, without tokens and secrets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Recorded", "hidden"]

SECRET_NAMES = frozenset(
    {
        "access_token",
        "client_secret",
        "code",
        "code_verifier",
        "device_code",
        "password",
        "refresh_token",
        "secret",
        "token",
        "token_secret",
        "user_code",
    }
)


@dataclass(slots=True)
class Recorded:
    """One request as the sandbox saw it. Holds no token and no secret."""

    method: str
    path: str
    query: dict[str, str]
    status: int
    user: str | None
    """URI of the token's user."""
    body: Any
    headers: dict[str, str]
    """Without Authorization; names in lower case."""
    overlapping: int
    """How many requests were under way with this one."""
    reason: str = ""
    """Why it was refused, in the sandbox's words: the answer tells hardly more than Vimeo's does."""


def hidden(value: Any) -> Any:
    """Return a copy of a body with its secrets taken out."""
    if isinstance(value, dict):
        return {
            name: "***" if name in SECRET_NAMES and isinstance(item, str) else hidden(item)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [hidden(item) for item in value]
    return value
