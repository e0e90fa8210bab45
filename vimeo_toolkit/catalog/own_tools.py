"""Tools that a product declares itself: what makes one of a toolkit's own tools.

They are declared with the same decorators as the toolkit's (`declaring`) and given to one toolkit; there is no
registry, so two toolkits of a process may have different ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.errors import ConfigurationError

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool

__all__ = ["NO_TOOLS", "Own", "own_tools"]

Own = Mapping[str, "Tool"]
"""A product's tools, by their names."""

NO_TOOLS: Final[Own] = MappingProxyType({})

RESERVED: Final = "vimeo_"
"""How all names of the toolkit's own tools begin, those of later releases, too."""


def own_tools(given: Iterable[Any]) -> Own:
    """Return a product's tools by their names.

    Args:
        given: the declared classes of their inputs, or the tools themselves, as `Toolset.tools` has them.

    Raises:
        ConfigurationError: one was not declared, or has a name that is taken.
    """
    tools: dict[str, Tool] = {}
    for each in given:
        tool = _tool_of(each)
        if tool.name.lower().replace("-", "_").startswith(RESERVED):  # or a model takes it for one of them
            raise ConfigurationError(
                f"A tool of yours cannot be named {tool.name}: names with {RESERVED} are the toolkit's own.",
                hint="Begin its name with your product's, such as acme_video_release.",
            )
        if tools.setdefault(tool.name, tool) is not tool:
            raise ConfigurationError(f"Two of your tools are named {tool.name}.", hint="Rename one of them.")
    if tools:
        _check_toolsets(tools)
    return MappingProxyType(tools) if tools else NO_TOOLS


def _tool_of(given: Any) -> Tool:
    from vimeo_toolkit.catalog.tool import Tool  # pydantic's models load slowly

    tool = given if isinstance(given, Tool) else vars(given).get("tool") if isinstance(given, type) else None
    if isinstance(tool, Tool):
        return tool
    raise ConfigurationError(
        f"tools has {getattr(given, '__name__', type(given).__name__)[:64]}, which is not a declared tool.",
        hint="Declare it: a class of ToolInput below a decorator of a Toolset, such as @acme.get(…).",
    )


def _check_toolsets(tools: Own) -> None:
    from vimeo_toolkit.catalog.selection import ALL_TOOLSETS
    from vimeo_toolkit.catalog.toolsets import CHOICES, TOOLSETS

    taken = {ALL_TOOLSETS, *TOOLSETS, *CHOICES}
    for tool in tools.values():
        if tool.toolset in taken:
            raise ConfigurationError(
                f"{tool.name} is in a toolset named {tool.toolset!r}, which is one of the toolkit's own.",
                hint="Give your Toolset another name.",
            )
