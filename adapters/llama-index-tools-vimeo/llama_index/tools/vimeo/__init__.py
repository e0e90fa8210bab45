"""Vimeo tools for LlamaIndex agents, over `vimeo_toolkit`.

from llama_index.tools.vimeo import get_tools

tools = get_tools(connection_name="vimeo", identifier="user_456")
agent = FunctionAgent(tools=tools, llm=llm)

A call that needs approval asks with an `ApprovalRequestEvent` and waits for an `ApprovalResponseEvent`. With
`connect=True` one that needs a connected account asks with a `ConnectionRequestEvent`.
"""

from typing import TYPE_CHECKING, Any

from vimeo_toolkit import MissingExtra

try:
    import llama_index.core as _llama_index_core  # noqa: F401
except ImportError:
    raise MissingExtra("llama_index.tools.vimeo", "llama-index-core", "llama-index") from None

from llama_index.tools.vimeo.approval import ApprovalRequestEvent, ApprovalResponseEvent
from llama_index.tools.vimeo.connecting import ConnectionRequestEvent, ConnectionResponseEvent
from llama_index.tools.vimeo.function_tool import VimeoFunctionTool
from llama_index.tools.vimeo.spec import VimeoToolSpec
from llama_index.tools.vimeo.tools import get_tools

if TYPE_CHECKING:
    from llama_index.tools.vimeo.on_demand import VimeoToolRetriever

__all__ = [
    "ApprovalRequestEvent",
    "ApprovalResponseEvent",
    "ConnectionRequestEvent",
    "ConnectionResponseEvent",
    "VimeoFunctionTool",
    "VimeoToolRetriever",
    "VimeoToolSpec",
    "get_tools",
]


def __getattr__(name: str) -> Any:
    # Imported when it is used: LlamaIndex's object retrievers import its indices, which the tools do not need.
    if name != "VimeoToolRetriever":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from llama_index.tools.vimeo.on_demand import VimeoToolRetriever

    return VimeoToolRetriever
