"""Vimeo tools for LangChain agents, over `vimeo_toolkit`.

from langchain_vimeo import get_tools

tools = get_tools(connection_name="vimeo", identifier="user_456")
agent = create_agent(model, tools)

`VimeoRetriever` and `VimeoTranscriptLoader` give what is said in the user's videos as documents.

`claim_thread` and `VimeoThreadOwner` keep a thread to the user who began it. `approval_config` and `resume` (and
`aresume`) tie LangChain's human-in-the-loop middleware to the approvals of the core.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vimeo_toolkit import MissingExtra

try:
    import langchain_core as _langchain_core  # noqa: F401
except ImportError:
    raise MissingExtra("langchain_vimeo", "langchain-core", "langchain") from None

from langchain_vimeo.approval import approval_config, aresume, resume
from langchain_vimeo.thread_owner import aclaim_thread, claim_thread
from langchain_vimeo.toolkit import VimeoTools
from langchain_vimeo.tools import get_tools
from langchain_vimeo.vimeo_tool import VimeoTool

if TYPE_CHECKING:
    from langchain_vimeo.connect import VimeoConnect
    from langchain_vimeo.loader import VimeoTranscriptLoader
    from langchain_vimeo.node import connect_node
    from langchain_vimeo.on_demand import VimeoToolsOnDemand
    from langchain_vimeo.retriever import VimeoRetriever
    from langchain_vimeo.thread_middleware import VimeoThreadOwner
    from langchain_vimeo.vimeo_approval import VimeoApproval

__all__ = [
    "VimeoApproval",
    "VimeoConnect",
    "VimeoRetriever",
    "VimeoThreadOwner",
    "VimeoTool",
    "VimeoTools",
    "VimeoToolsOnDemand",
    "VimeoTranscriptLoader",
    "aclaim_thread",
    "approval_config",
    "aresume",
    "claim_thread",
    "connect_node",
    "get_tools",
    "resume",
]

_AT_FIRST_USE = {
    "VimeoApproval": "vimeo_approval",
    "VimeoConnect": "connect",
    "VimeoRetriever": "retriever",
    "VimeoThreadOwner": "thread_middleware",
    "VimeoToolsOnDemand": "on_demand",
    "VimeoTranscriptLoader": "loader",
    "connect_node": "node",
}
"""What the tools alone do not need, such as `langchain` or `langgraph`, and its module."""


def __getattr__(name: str) -> Any:
    if name not in _AT_FIRST_USE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_AT_FIRST_USE[name]}"), name)
