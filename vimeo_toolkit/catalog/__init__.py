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
    "folders",
    "users",
    "engagement",
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
    "activity",
    "results",
    "video_search",
    "transcripts",
    "diagnostics",
    "toolsearch",
)


@cache
def catalog() -> dict[str, Tool]:
    """Return all tools by name. Declared at the first call: that many models cost more than the rest of the
    import."""
    # Declaring makes many objects and leaves no garbage: a collection meanwhile, which beside a framework takes
    # as long as all of this, would find nothing.
    collecting = gc.isenabled()
    gc.disable()
    try:
        for module in MODULES:
            import_module(f"{__name__}.{module}")
    finally:
        if collecting:
            gc.enable()
    from vimeo_toolkit.catalog.toolsets import TOOLSETS

    return {tool.name: tool for toolset in TOOLSETS.values() for tool in toolset.tools}
