"""Keep the thread of a run to the user who began it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from langchain_core.runnables import RunnableConfig

from vimeo_toolkit import BoundLibrary, BoundTool, ConfigurationError, Identity, WrongUser

__all__ = ["aclaim", "claim"]

CHECKPOINTER = "__pregel_checkpointer"
"""LangGraph's name, in `configurable`, for what keeps the run's thread. If a release moves it, every thread that
has an id counts as kept, and nobody looks who began a turn."""

BEGINS = {"source": "input"}
"""What LangGraph notes of the checkpoint with which a turn begins. A run that is resumed makes none."""


Bound = BoundTool | BoundLibrary


def claim(tool: Bound, bound: Bound, run: RunnableConfig) -> None:
    """Note that the thread of a run is the user's, or find that it is; nothing happens where none is kept.

    Before the first note it is looked who began the turn, as far as LangGraph has kept that: it may have been
    paused before a tool was called.

    Args:
        tool: as the agent has it; or a library, as a retriever has it.
        bound: the same for the user of this run.

    Raises:
        WrongUser: the thread is another user's, or its turn was begun by another one.
    """
    thread = _thread_of(run)
    if thread is None or bound.toolkit.claim_thread(thread, **bound.whose, new=False):
        return
    saver = _parts(run).get(CHECKPOINTER)
    if saver is not None and _user_of(tool, _kept(_parts(run), thread)) == bound.identity:
        for began in saver.list(_address(thread), filter=BEGINS, limit=1):
            _require_same(_user_of(tool, _kept(began.metadata, thread)), bound)
    bound.toolkit.claim_thread(thread, **bound.whose)


async def aclaim(tool: Bound, bound: Bound, run: RunnableConfig) -> None:
    """Note whose thread it is as `claim` does, without holding up the event loop."""
    thread = _thread_of(run)
    if thread is None or await bound.toolkit.aclaim_thread(thread, **bound.whose, new=False):
        return
    saver = _parts(run).get(CHECKPOINTER)
    if saver is not None and await _auser_of(tool, _kept(_parts(run), thread)) == bound.identity:
        async for began in saver.alist(_address(thread), filter=BEGINS, limit=1):
            _require_same(await _auser_of(tool, _kept(began.metadata, thread)), bound)
    await bound.toolkit.aclaim_thread(thread, **bound.whose)


def _parts(run: RunnableConfig) -> Mapping[str, Any]:
    return run.get("configurable") or {}


def _thread_of(run: RunnableConfig) -> str | None:
    """Return the thread with which a run goes on; None where it ends with the run."""
    known = _parts(run)
    return (
        None if "thread_id" not in known or known.get(CHECKPOINTER, ...) is None else str(known["thread_id"])
    )


def _address(thread: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread, "checkpoint_ns": ""}}


def _kept(parts: Mapping[str, Any], thread: str) -> RunnableConfig:
    """Return a config with what LangGraph keeps of `configurable` in a checkpoint's metadata: its plain values."""
    plain = {name: value for name, value in parts.items() if isinstance(value, str | int | float | bool)}
    return {"configurable": {**plain, "thread_id": thread}}


def _user_of(tool: Bound, kept: RunnableConfig) -> Identity | None:
    """Return whom the product's function names by what was kept alone; None where it names nobody by that."""
    try:
        return tool.for_run(kept).identity
    except ConfigurationError:
        return None


async def _auser_of(tool: Bound, kept: RunnableConfig) -> Identity | None:
    try:
        return (await tool.afor_run(kept)).identity
    except ConfigurationError:
        return None


def _require_same(began: Identity | None, bound: Bound) -> None:
    if began is not None and began != bound.identity:
        raise WrongUser
