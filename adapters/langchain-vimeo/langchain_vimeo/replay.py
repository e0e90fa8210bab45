"""Name a call so that it is known again where LangGraph runs its node again.

A node that paused or failed runs again from its beginning, with the calls that were made before. LangGraph gives it
the same name then, and another one at its next turn. Ids of tool calls alone do not tell calls apart: some models
number them anew in each turn, and a node may be a whole conversation. So equal calls of one run of a node are
counted, and the first of them has another name than the second.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from langchain_core.runnables import RunnableConfig, ensure_config

from langchain_vimeo.failing import current_call
from vimeo_toolkit import EffectMismatch, OutcomeUnknown, Reply

if TYPE_CHECKING:
    from langchain_vimeo.vimeo_tool import VimeoTool

__all__ = ["Replayed", "replayed"]

MOST: Final = 10_000
"""Calls of nodes that run that are remembered; one that is forgotten counts as not made before."""

_made: OrderedDict[str, set[int]] = OrderedDict()
_lock = Lock()


class Replayed:
    """A call that is about to be made."""

    def __init__(self, key: str | None) -> None:
        self.key = key
        """For `BoundTool.call`; None where none is needed."""
        self.reply: Reply | None = None
        """What came of it; to be set."""


@contextmanager
def replayed(
    tool: VimeoTool, config: RunnableConfig | None, arguments: Mapping[str, Any]
) -> Iterator[Replayed]:
    """Give a call its name within the node that makes it; one that changes nothing needs none.

    A call that failed leaves its name to the next equal one: whoever makes it again may mean the same one. But a
    node's own code, which gives calls no ids, has been told where it may have been made, and may have looked.
    """
    run = ensure_config(config)  # `tool.run` gives none
    call, node = current_call() or "", run.get("metadata", {}).get("langgraph_checkpoint_ns")
    running = _running() if node and not tool.bound.tool.read_only else None
    named = f"{run.get('configurable', {}).get('thread_id') or ''} {node} {call}"
    if running is None:
        yield Replayed(named if node and call else None)
        return
    equal = hashlib.sha256(
        json.dumps([running, named, tool.name, arguments], default=str).encode()
    ).hexdigest()
    place = _taken(equal)
    made = Replayed(f"{named} {place}" if place else named)
    try:
        yield made
    finally:
        if made.reply is None or (made.reply.is_error and (call or not _may_be_made(made.reply))):
            _left(equal, place)


def _may_be_made(reply: Reply) -> bool:
    told = reply.artifact
    return bool(told.get("partly_done")) or told["error"] in (OutcomeUnknown.code, EffectMismatch.code)


def _running() -> list[Any] | None:
    """Return what tells one run of a node from its next, as when it is retried; None if LangGraph does not say."""
    from langgraph.runtime import get_runtime  # there, if a node runs

    told = getattr(get_runtime(), "execution_info", None)
    started = getattr(told, "node_first_attempt_time", None)
    return None if told is None or started is None else [told.task_id, told.node_attempt, started]


def _taken(equal: str) -> int:
    """Return how many of these calls were made before, and count this one."""
    with _lock:
        places = _made.setdefault(equal, set())
        _made.move_to_end(equal)
        place = next(each for each in range(len(places) + 1) if each not in places)
        places.add(place)
        if len(_made) > MOST:
            _made.popitem(last=False)
    return place


def _left(equal: str, place: int) -> None:
    with _lock:
        if places := _made.get(equal):
            places.discard(place)
