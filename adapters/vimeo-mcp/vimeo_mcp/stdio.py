"""MCP over stdio: one user, whose client starts this process."""

from __future__ import annotations

from typing import Any

from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

__all__ = ["run_stdio"]


async def run_stdio(server: Server[Any]) -> None:
    """Serve the client that started this process, until it closes stdin."""
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
