"""Vimeo tools for every client of the Model Context Protocol (MCP), over `vimeo_toolkit`.

from vimeo_mcp import create_server, http_app, run_stdio, sign_in_app

asyncio.run(run_stdio(create_server("me")))        # one user: the client starts this process
app = http_app(identify)                           # many users of a product: serve this ASGI application
app = sign_in_app("https://mcp.example.com")       # whoever signs in with Vimeo, without a product
"""

from vimeo_toolkit import MissingExtra

try:
    import mcp as _mcp  # noqa: F401
    import mcp_types as _mcp_types  # noqa: F401 - the 1.x releases do not have it
except ImportError:
    raise MissingExtra("vimeo_mcp", "mcp, version 2.0 or newer", "mcp") from None

from vimeo_mcp.http import http_app
from vimeo_mcp.server import create_server
from vimeo_mcp.sign_in import sign_in_app
from vimeo_mcp.stdio import run_stdio

__all__ = ["create_server", "http_app", "run_stdio", "sign_in_app"]
