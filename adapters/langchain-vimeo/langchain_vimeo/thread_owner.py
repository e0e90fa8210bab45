"""Keep a thread to the user who began it before a Vimeo tool was called in it; the tools themselves do it then."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from langchain_core.runnables import RunnableConfig, ensure_config
from langchain_core.tools import BaseTool

from langchain_vimeo.thread import aclaim, claim
from langchain_vimeo.vimeo_tool import VimeoTool
from vimeo_toolkit import BoundTool

__all__ = ["aclaim_thread", "claim_thread"]


def claim_thread(tools: Iterable[BaseTool], config: RunnableConfig | None = None) -> None:
    """Note that the thread of a run belongs to its user, or find that it does.

    The tools of `get_tools` whose identifier is a function do it at each call. Call it before a run, or in its
    first node, where a graph can pause before a Vimeo tool was called; `VimeoThreadOwner` does in `create_agent`.

    Args:
        tools: those of the agent; others than Vimeo's are left alone.
        config: the run's; by default that of the run in which this is called. Without `thread_id` nothing happens.

    Raises:
        ConfigurationError: the function named nobody.
        WrongUser: the thread is another user's.
    """
    run = ensure_config(config)
    for bound in _one_of_each_user(tools):
        claim(bound, bound.for_run(run), run)


async def aclaim_thread(tools: Iterable[BaseTool], config: RunnableConfig | None = None) -> None:
    """Note that the thread belongs to its user as `claim_thread` does, without holding up the event loop."""
    run = ensure_config(config)
    for bound in _one_of_each_user(tools):
        await aclaim(bound, await bound.afor_run(run), run)


def _one_of_each_user(tools: Iterable[BaseTool]) -> Iterable[BoundTool]:
    """Return one tool of each connection and user, or of each function that names one."""
    every: dict[Any, BoundTool] = {}
    for tool in tools:
        if isinstance(tool, VimeoTool):
            every.setdefault(tool.bound.identity or id(tool.bound.run_identity), tool.bound)
    return every.values()
