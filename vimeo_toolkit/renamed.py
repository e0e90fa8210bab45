"""Attributes that were renamed: the former name works for one more version."""

from __future__ import annotations

import warnings
from typing import Any

__all__ = ["renamed"]


def renamed(former: str, name: str) -> Any:
    """Return a property that reads `name` under the name `former` and gives a DeprecationWarning."""

    def read(owner: Any) -> Any:
        warnings.warn(
            f"{type(owner).__name__}.{former} is called {name} now; the former name goes with the next version.",
            DeprecationWarning,
            stacklevel=2,
        )
        return getattr(owner, name)

    read.__doc__ = f"The former name of `{name}`."
    return property(read)
