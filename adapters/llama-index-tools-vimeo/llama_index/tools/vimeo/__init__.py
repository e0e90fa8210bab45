"""Vimeo tools for LlamaIndex agents, over `vimeo_toolkit`.

from llama_index.tools.vimeo import get_tools

tools = get_tools(connection_name="vimeo", identifier="user_456")
agent = FunctionAgent(tools=tools, llm=llm)
"""

from llama_index.tools.vimeo.tools import VimeoFunctionTool, VimeoToolSpec, get_tools

__all__ = ["VimeoFunctionTool", "VimeoToolSpec", "get_tools"]
