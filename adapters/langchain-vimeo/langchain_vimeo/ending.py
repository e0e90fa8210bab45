"""Errors that end the run, because a model could do nothing about them.

A node of tools may be told to give a model the text of whatever its tools raise (`handle_tool_errors=True`), and
middleware tries once more what failed. Both let through what LangGraph says is meant for the graph around them.
"""

from __future__ import annotations

from functools import cache

from langchain_core.runnables import RunnableConfig, ensure_config

from vimeo_toolkit import ConfigurationError, WrongUser

__all__ = ["ends_run"]


def ends_run(error: ConfigurationError | WrongUser, config: RunnableConfig | None) -> Exception:
    """Return the error to raise, so that a graph's run ends with it; the error itself where there is no graph."""
    if not ensure_config(config).get("metadata", {}).get("langgraph_checkpoint_ns"):
        return error
    kind = _let_through()[isinstance(error, WrongUser)]
    raised = kind.__new__(kind)
    raised.args = error.args
    raised.__dict__.update(error.__dict__)
    raised.__cause__ = error.__cause__
    return raised


@cache
def _let_through() -> tuple[type[ConfigurationError], type[WrongUser]]:
    from langgraph.errors import GraphBubbleUp  # there, if a graph runs; the tools alone do not need it

    class EndsRun(ConfigurationError, GraphBubbleUp):
        """A `ConfigurationError` that a node lets through."""

    class EndsTheirRun(WrongUser, GraphBubbleUp):
        """A `WrongUser` that a node lets through."""

    return EndsRun, EndsTheirRun
