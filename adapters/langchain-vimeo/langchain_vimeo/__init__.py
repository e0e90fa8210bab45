"""Vimeo tools for LangChain agents, over `vimeo_toolkit`.

from langchain_vimeo import get_tools

tools = get_tools(connection_name="vimeo", identifier="user_456")
agent = create_agent(model, tools)

`approval_config` and `resume` (and `aresume`) tie LangChain's human-in-the-loop middleware to the approvals of
the core.
"""

from typing import TYPE_CHECKING, Any

from vimeo_toolkit import MissingExtra

try:
    import langchain_core as _langchain_core  # noqa: F401
except ImportError:
    raise MissingExtra("langchain_vimeo", "langchain-core", "langchain") from None

from langchain_vimeo.approval import approval_config, aresume, resume
from langchain_vimeo.tools import get_tools
from langchain_vimeo.vimeo_tool import VimeoTool

if TYPE_CHECKING:
    from langchain_vimeo.on_demand import VimeoToolsOnDemand

__all__ = ["VimeoTool", "VimeoToolsOnDemand", "approval_config", "aresume", "get_tools", "resume"]


def __getattr__(name: str) -> Any:
    # The middleware needs `langchain`, which the tools alone do not.
    if name != "VimeoToolsOnDemand":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from langchain_vimeo.on_demand import VimeoToolsOnDemand

    return VimeoToolsOnDemand
