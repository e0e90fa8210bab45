"""Which parts of a tool's result may hold text that other people than the user have written."""

from __future__ import annotations

from typing import Final

__all__ = ["free_text_in", "is_users_own"]

FREE_TEXT: Final = frozenset({"bio", "description", "location", "name", "short_bio", "text"})
"""Names of the parts of Vimeo's answers in which people can write any text."""


def free_text_in(fields: str | None) -> tuple[str, ...]:
    """Return the parts of a projection that hold free text."""
    return tuple(name for name in (fields or "").split(",") if name.rpartition(".")[2] in FREE_TEXT)


def is_users_own(path: str, fields: str | None) -> bool:
    """Return whether what is under this path was written by the user: their own things, with no author beside
    them."""
    return path.startswith(("/me", "/apps")) and "user.name" not in (fields or "").split(",")
