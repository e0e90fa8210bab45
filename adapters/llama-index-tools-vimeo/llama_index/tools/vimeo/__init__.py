"""Vimeo tools for LlamaIndex agents, over `vimeo_toolkit`.

from llama_index.tools.vimeo import get_tools

tools = get_tools(connection_name="vimeo", identifier="user_456")
agent = FunctionAgent(tools=tools, llm=llm)

A call that needs approval asks with an `ApprovalRequestEvent` and waits for an `ApprovalResponseEvent`.
"""

from llama_index.tools.vimeo.approval import ApprovalRequestEvent, ApprovalResponseEvent
from llama_index.tools.vimeo.tools import VimeoFunctionTool, VimeoToolSpec, get_tools

__all__ = [
    "ApprovalRequestEvent",
    "ApprovalResponseEvent",
    "VimeoFunctionTool",
    "VimeoToolSpec",
    "get_tools",
]
