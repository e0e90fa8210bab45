"""Errors that end a graph's run, because a model could do nothing about them. It needs LangGraph.

A node of tools may be told to give a model the text of whatever its tools raise (`handle_tool_errors=True`), and
middleware tries once more what failed. Both let through what LangGraph says is meant for the graph around them.
"""

from __future__ import annotations

from langgraph.errors import GraphBubbleUp

from vimeo_toolkit import ConfigurationError, WrongUser

__all__ = ["ends_run"]


class EndsRun(ConfigurationError, GraphBubbleUp):
    """A `ConfigurationError` that a node lets through."""


class EndsTheirRun(WrongUser, GraphBubbleUp):
    """A `WrongUser` that a node lets through."""


def ends_run(error: ConfigurationError | WrongUser) -> Exception:
    """Return the error to raise, so that the graph's run ends with it."""
    kind = EndsTheirRun if isinstance(error, WrongUser) else EndsRun
    raised = kind.__new__(kind)
    raised.args = error.args
    raised.__dict__.update(error.__dict__)
    return raised
