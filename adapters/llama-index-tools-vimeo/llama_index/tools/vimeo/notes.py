"""What the calls of one run know of each other, in the run's store where that can be."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final
from weakref import WeakKeyDictionary

from llama_index.core.workflow import Context
from workflows.context.state_store import DictState

__all__ = ["claim", "noted", "release", "remembered", "waits_of"]

KEY: Final = "vimeo_waiting"
"""In the run's store: who asks about what, and what each call waits for. No link and no argument is there."""

_memory: WeakKeyDictionary[Any, dict[str, dict[str, Any]]] = WeakKeyDictionary()


@asynccontextmanager
async def noted(context: Context) -> AsyncIterator[dict[str, Any]]:
    """Give a run's notes to be changed, while no other call changes them. They are in a serialised context."""
    async with context.store.edit_state() as state:
        # The product's own workflow may have a state in which nothing can be noted.
        kept: Any = state if isinstance(state, DictState) else remembered(context, "notes")
        notes = kept.get(KEY, None) or {"waits": {}, "askers": {}, "others": {}}
        yield notes
        kept[KEY] = notes


async def waits_of(context: Context, call: str) -> list[dict[str, Any]]:
    """Return what a call has noted that it waits for. It only reads: to change the notes copies the whole state,
    with the conversation in it, and most calls wait for nothing."""
    kept = await context.store.get(KEY, default=None) or remembered(context, "notes").get(KEY)
    return list(kept["waits"].get(call, [])) if kept else []


def remembered(context: Context, what: str) -> dict[str, Any]:
    """Return what this process knows of a run and nobody else needs to."""
    return _memory.setdefault(context.store, {}).setdefault(what, {})


async def claim(context: Context, topic: str, call: str) -> str:
    """Return the call of this run that asks about a topic: this one, if no other does. Another will wake this one.

    Args:
        call: LlamaIndex's id of the call; "" where it has none, and each asks for itself.
    """
    if not call:
        return call
    # A run that was cancelled or came too late leaves its notes in the context, and nobody who would wake others.
    alive = remembered(context, "alive")
    async with noted(context) as notes:
        asker: str = notes["askers"].get(topic, call)
        asker = asker if asker in alive else call
        notes["askers"][topic] = asker
        if asker != call:
            notes["others"][f"{topic}/{asker}"] = True
        return asker


async def release(context: Context, topics: Sequence[str], call: str) -> list[str]:
    """Let other calls ask about these topics; return those that others wait for."""
    async with noted(context) as notes:
        for topic in topics:
            if notes["askers"].get(topic) == call:
                del notes["askers"][topic]
        return [topic for topic in topics if notes["others"].pop(f"{topic}/{call}", False)]
