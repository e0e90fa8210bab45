"""Vimeo tools for every client of the Model Context Protocol (MCP), over `vimeo_toolkit`.

from vimeo_mcp import create_server, http_app, run_stdio

asyncio.run(run_stdio(create_server("me")))        # one user: the client starts this process
app = http_app(identify)                           # many users: serve this ASGI application
"""

from vimeo_mcp.http import http_app
from vimeo_mcp.server import create_server, run_stdio

__all__ = ["create_server", "http_app", "run_stdio"]
