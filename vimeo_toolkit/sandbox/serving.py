"""The server in a thread that answers on loopback."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["Serving"]


class _Unlogged(H11Protocol):
    """Leaves its requests out of the log of accesses: the sandbox has one of its own."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.access_log = False


class _Server(uvicorn.Server):
    """Stops at once: uvicorn's own loop looks ten times a second whether it should."""

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        await self._stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()

    def stop(self) -> None:
        self.should_exit = self.force_exit = True
        self._loop.call_soon_threadsafe(self._stopping.set)


class Serving:
    """A listening socket, the thread that serves it, and the connections to it.

    Args:
        port: 0 takes a free one.
    """

    def __init__(self, port: int) -> None:
        self._wanted = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._socket: socket.socket | None = None

    @property
    def port(self) -> int | None:
        """Where it listens; None while it does not."""
        return None if self._socket is None else int(self._socket.getsockname()[1])

    def start(self, application: Callable[[], Starlette]) -> None:
        """Serve what `application` makes; returns when it answers."""
        if self._server is not None:
            return
        # The protocol is named because asyncio switches Nagle's algorithm off only where it is: without, each
        # answer waits 40 ms for the client's acknowledgement.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._wanted))
        listener.listen(512)
        self._socket = listener
        # Nothing of logging is set: those loggers are also a product's whose server runs in this process.
        config = uvicorn.Config(
            application(),
            http=_Unlogged,
            log_config=None,
            log_level=None,
            lifespan="off",
            date_header=False,
            ws="none",
        )
        server = self._server = _Server(config)

        def serve() -> None:
            asyncio.run(server.serve(sockets=[listener]))

        self._thread = threading.Thread(target=serve, name="vimeo-sandbox", daemon=True)
        self._thread.start()
        while not hasattr(server, "_stopping") and self._thread.is_alive():
            self._thread.join(0.005)

    def stop(self) -> None:
        """Stop serving, and close the socket."""
        server, thread, listening = self._server, self._thread, self._socket
        self._server = self._thread = self._socket = None
        if server is not None and thread is not None:
            server.stop()
            thread.join(5)
        if listening is not None:
            listening.close()

    async def cut(self, request: Request) -> None:
        """Break the connection of a request off, if it is one to this server."""
        connections = self._server.server_state.connections if self._server is not None else ()
        for connection in list(connections):
            transport = getattr(connection, "transport", None)
            if transport is not None and transport.get_extra_info("peername") == tuple(request.client or ()):
                transport.abort()
        await asyncio.sleep(0)  # until the server knows
