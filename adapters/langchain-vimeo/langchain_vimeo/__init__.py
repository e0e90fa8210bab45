"""Vimeo tools for LangChain agents, over `vimeo_toolkit`.

from langchain_vimeo import get_tools

tools = get_tools(connection_name="vimeo", identifier="user_456")
agent = create_agent(model, tools)

`approval_config` and `resume` (and `aresume`) tie LangChain's human-in-the-loop middleware to the approvals of
the core.
"""

from langchain_vimeo.approval import approval_config, aresume, resume
from langchain_vimeo.tools import VimeoTool, get_tools

__all__ = ["VimeoTool", "approval_config", "aresume", "get_tools", "resume"]
