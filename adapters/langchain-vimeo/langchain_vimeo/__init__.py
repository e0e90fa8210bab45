"""Vimeo tools for LangChain agents, over `vimeo_toolkit`.

from langchain_vimeo import get_tools

tools = get_tools(connection_name="vimeo", identifier="user_456")
agent = create_agent(model, tools)
"""

from langchain_vimeo.tools import VimeoTool, get_tools

__all__ = ["VimeoTool", "get_tools"]
