"""What every framework's way of driving the tools has in common.

Each module `drive_…` has `identify` (names the user, for a run that was begun for them), `declared` (what the
framework makes of the schemas), `call` (the framework's own tool class) and `converse` (a whole agent with a
scripted model; it returns what that model read).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from vimeo_agents import __name__ as adapters

__all__ = ["APART", "FRAMEWORKS", "SHARED", "Calls", "Decide", "Declared", "adapter", "driver"]

Calls = list[tuple[str, dict[str, Any]]]
"""The calls that the scripted model makes, one a turn."""
Declared = dict[str, tuple[str, dict[str, Any]]]
"""Tool → its description and the schema of its arguments, as the framework sends them to a model."""
Decide = Callable[[str, dict[str, Any], str], bool]
"""The person's decision about a call: its tool, its arguments, and what the framework shows besides, or ""."""

SHARED: Final = (
    "openai_agents",
    "anthropic",
    "google_adk",
    "pydantic_ai",
    "agent_framework",
    "smolagents",
    "haystack",
    "agno",
    "dspy",
    "ag2",
)
"""Those of the group `frameworks`."""
APART: Final = ("crewai", "semantic_kernel", "strands")
"""Those that need an environment of their own, see `scripts/frameworks`."""
FRAMEWORKS: Final = SHARED + tuple(name for name in APART if find_spec(name))


def adapter(framework: str) -> Any:
    """The adapter's module."""
    return import_module(f"{adapters}.{framework}")


def driver(framework: str) -> Any:
    """The module that drives it."""
    return import_module(f"tests.frameworks.drive_{framework}")
