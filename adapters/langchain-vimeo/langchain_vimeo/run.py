"""A LangChain tool for the user of one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langchain_core.runnables import RunnableConfig, ensure_config

from vimeo_toolkit import BoundTool

if TYPE_CHECKING:
    from langchain_vimeo.vimeo_tool import VimeoTool

__all__ = ["abound_for", "bound_for"]


def bound_for(tool: VimeoTool, config: RunnableConfig | None = None) -> BoundTool:
    """Return the core's tool for the user of a run: the tool's own user, or whom its function names.

    Args:
        config: the run's; by default that of the run in which this is called.

    Raises:
        ConfigurationError: the function named nobody. It ends the run, because only the developer can mend it.
    """
    if tool.bound.run_identity is None:
        return tool.bound
    return tool.bound.for_run(ensure_config(config))


async def abound_for(tool: VimeoTool, config: RunnableConfig | None = None) -> BoundTool:
    """Return the core's tool for the user of a run, see `bound_for`; the function may be an `async def`."""
    if tool.bound.run_identity is None:
        return tool.bound
    return await tool.bound.afor_run(ensure_config(config))
