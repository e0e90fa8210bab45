"""Attributes that were renamed: the former name works for one more version."""

from __future__ import annotations

import warnings
from typing import Any

__all__ = ["renamed", "warn_renamed"]


def warn_renamed(former: str, name: str) -> None:
    """Give the caller's caller a DeprecationWarning that says what `former` is called now."""
    warnings.warn(
        f"{former} is called {name} now; the former name goes with the next version.",
        DeprecationWarning,
        stacklevel=3,
    )


def renamed(former: str, name: str) -> Any:
    """Return a property that reads `name` under the name `former` and gives a DeprecationWarning."""

    def read(owner: Any) -> Any:
        warn_renamed(f"{type(owner).__name__}.{former}", name)
        return getattr(owner, name)

    read.__doc__ = f"The former name of `{name}`."
    return property(read)
