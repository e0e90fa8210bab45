"""What the calls of one run know of each other, in the run's store where that can be."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from weakref import WeakKeyDictionary

from llama_index.core.workflow import Context
from workflows.context.state_store import DictState

__all__ = ["noted", "remembered"]

KEY: Final = "vimeo_waiting"
"""In the run's store: who asks about what, and what each call waits for. No link and no argument is there."""

_memory: WeakKeyDictionary[Any, dict[str, dict[str, Any]]] = WeakKeyDictionary()


@asynccontextmanager
async def noted(context: Context) -> AsyncIterator[dict[str, Any]]:
    """Give a run's notes to be changed, while no other call changes them. They are in a serialised context."""
    async with context.store.edit_state() as state:
        # The product's own workflow may have a state in which nothing can be noted.
        kept: Any = state if isinstance(state, DictState) else remembered(context, "notes")
        notes = kept.get(KEY, None) or {"waits": {}, "askers": {}}
        yield notes
        kept[KEY] = notes


def remembered(context: Context, what: str) -> dict[str, Any]:
    """Return what this process knows of a run and nobody else needs to."""
    return _memory.setdefault(context.store, {}).setdefault(what, {})
