"""What can be called: one module per Vimeo resource, each tool declared in one place.

To add a tool, declare it in the module of its resource; everything else follows from the declaration. A new
module is named in `MODULES`.
"""

from __future__ import annotations

import gc
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool

__all__ = ["MODULES", "catalog"]

MODULES: Final = (
    "videos",
    "showcases",
    "showcase_videos",
    "folders",
    "users",
    "engagement",
    "comments",
    "discovery",
    "channels",
    "groups",
    "webhooks",
    "chapters",
    "uploads",
    "readiness",
    "captions",
    "thumbnails",
    "embedding",
    "live_events",
    "viewers",
    "downloads",
    "activity",
    "results",
    "video_search",
    "library",
    "video_changes",
    "transcripts",
    "diagnostics",
    "changes_log",
    "toolsearch",
)


@cache
def catalog(*, library: bool = False) -> dict[str, Tool]:
    """Return all tools by name. They are declared at the first call, because that takes longer than the rest of
    the import.

    Args:
        library: with those that are there only where users' libraries are indexed.
    """
    # No garbage collection while tools are declared: that makes many objects and no garbage, so a collection
    # would take as long as the declarations and find nothing.
    collecting = gc.isenabled()
    gc.disable()
    try:
        for module in MODULES:
            import_module(f"{__name__}.{module}")
    finally:
        if collecting:
            gc.enable()
    from vimeo_toolkit.catalog.toolsets import TOOLSETS

    return {
        tool.name: tool
        for toolset in TOOLSETS.values()
        for tool in toolset.tools
        if library or not tool.input_model.needs_library
    }
