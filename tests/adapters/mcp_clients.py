"""Servers of this machine and the SDK's own clients, as the tests of the MCP adapter use them."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx2
import uvicorn
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

__all__ = ["free_port", "over_http", "served", "text_of"]


def text_of(result: Any) -> str:
    """What a model reads of a result."""
    assert len(result.content) == 1
    assert result.structured_content is None
    return str(result.content[0].text)


def free_port() -> int:
    """A port that nothing listens on, for who has to know it before there is a server."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class _Server(uvicorn.Server):
    """Stops soon after it was told to: uvicorn's own loops look ten times a second, and wait in between."""

    async def main_loop(self) -> None:
        await self.on_tick(0)
        while not self.should_exit:  # noqa: ASYNC110 - a flag that another thread sets
            await asyncio.sleep(0.005)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110 - plain sets
            await asyncio.sleep(0.005)
        await self.lifespan.shutdown()


@contextmanager
def served(app: Any, port: int = 0) -> Iterator[str]:
    """The application on a port of its own, in a thread."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    server = _Server(uvicorn.Config(app, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.002)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()


@asynccontextmanager
async def over_http(url: str, key: str | None, era: str = "auto", **more: Any) -> AsyncIterator[Client]:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=30) as http,
        Client(streamable_http_client(url, http_client=http), mode=era, **more) as client,
    ):
        yield client
