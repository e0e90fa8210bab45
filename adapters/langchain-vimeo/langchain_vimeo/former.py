"""What a `VimeoTool` of 0.1.0 had itself, and its `bound` has now. It goes on working for one version."""

from __future__ import annotations

import warnings
from typing import Any

from vimeo_toolkit import BoundTool

__all__ = ["moved_to_bound"]


def moved_to_bound(name: str) -> Any:
    """Return a property that reads `tool.bound.NAME` as `tool.NAME` and gives a DeprecationWarning."""

    def read(tool: Any) -> Any:
        warnings.warn(
            f"VimeoTool.{name} is VimeoTool.bound.{name} now; the former name goes with the next version.",
            DeprecationWarning,
            stacklevel=2,
        )
        return _question_about(tool.bound) if name == "question_about" else getattr(tool.bound, name)

    read.__doc__ = f"The former place of `bound.{name}`."
    return property(read)


def _question_about(bound: BoundTool) -> Any:
    # It took a whole tool call, as LangChain's middleware gives it to a `description`.
    return lambda tool_call, state=None, runtime=None: bound.question_about(tool_call["args"])
