"""Stores as others write them: over one of ours, and declared as the test wants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vimeo_toolkit.stores import Store, open_store
from vimeo_toolkit.stores.completeness import members_of

__all__ = ["METHODS", "PROPERTIES", "Own", "own_store"]

PROPERTIES = ("path", "shared")
METHODS = tuple(name for name in members_of(Store) if name not in PROPERTIES)


class Own:
    """A store with what it is given; `without` leaves members out."""

    def __init__(self, inner: Store, *, shared: Any, path: Any, without: str = "", **instead: Any) -> None:
        self.shared, self.path = shared, path
        for name in METHODS:
            setattr(self, name, instead.get(name, getattr(inner, name)))
        if without:
            delattr(self, without)


def own_store(how: str, tmp_path: Path, **changes: Any) -> Any:
    """Return a store of somebody's own that is "in memory", "persistent" or "shared"."""
    inner = open_store("sqlite:///:memory:" if how == "in memory" else f"sqlite:///{tmp_path / 'rows'}")
    path = tmp_path / "rows" if how == "persistent" else None
    return Own(inner, **{"shared": how == "shared", "path": path, **changes})
