"""Vimeo tools for agents of many frameworks, over `vimeo_toolkit`: a module for each.

    from vimeo_agents.openai_agents import get_tools

    agent = Agent(name="Studio", tools=get_tools(connection_name="vimeo", identifier="user_456"))

Each module needs its framework; this package alone needs none. LangChain, LlamaIndex and MCP have packages of
their own.
"""
