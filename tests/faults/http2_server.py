"""A server of HTTP/2 that does what a test says, on the test's own event loop."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, RequestReceived, StreamEnded, StreamReset
from h2.settings import SettingCodes, Settings

__all__ = ["Peer", "Request", "Server", "serving", "until"]


@dataclass
class Request:
    number: int
    headers: dict[str, str]
    body: bytes = b""

    @property
    def named(self) -> tuple[str, str]:
        return self.headers[":method"], self.headers[":path"]


class Peer(asyncio.Protocol):
    """One connection of a client's."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.h2 = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self.reset: list[int] = []
        self.streams: dict[int, Request] = {}
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.server.peers.append(self)
        if self.server.hangs_up:
            transport.abort()
            return
        self.h2.local_settings = Settings(
            client=False,
            initial_values={
                SettingCodes.MAX_CONCURRENT_STREAMS: self.server.limit,
                SettingCodes.INITIAL_WINDOW_SIZE: self.server.window,
            },
        )
        self.h2.initiate_connection()
        self.flush()

    def data_received(self, data: bytes) -> None:
        for event in self.h2.receive_data(data):
            match event:
                case RequestReceived():
                    self.streams[event.stream_id] = Request(event.stream_id, dict(event.headers))  # type: ignore[arg-type]
                case DataReceived():
                    self.streams[event.stream_id].body += event.data
                    if self.server.reads:
                        self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                case StreamReset():
                    self.reset.append(event.stream_id)
                case StreamEnded():
                    request = self.streams[event.stream_id]
                    self.server.requests.append(request)
                    self.server.answer(self, request)
        self.flush()

    def respond(self, request: Request, body: bytes = b"{}") -> None:
        self.h2.send_headers(request.number, [(":status", "200"), ("content-length", str(len(body)))])
        self.h2.send_data(request.number, body, end_stream=True)
        self.flush()

    def refuse(self, request: Request, code: ErrorCodes = ErrorCodes.REFUSED_STREAM) -> None:
        self.h2.reset_stream(request.number, code)
        self.flush()

    def go_away(self, last: int) -> None:
        """Say that nothing behind `last` is done, and go on with the rest. h2 could not do that."""
        payload = last.to_bytes(4, "big") + bytes(4)
        self.transport.write(len(payload).to_bytes(3, "big") + b"\x07\x00" + bytes(4) + payload)

    def flush(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(self.h2.data_to_send())


@dataclass
class Server:
    """What it does, and what it has seen."""

    answer: Callable[[Peer, Request], None] = Peer.respond
    limit: int = 100
    window: int = 65535
    reads: bool = True
    hangs_up: bool = False
    peers: list[Peer] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    by_http1: list[bytes] = field(default_factory=list)
    transports: list[asyncio.Transport] = field(default_factory=list)
    url: str = ""
    port: int = 0

    @property
    def named(self) -> list[tuple[str, str]]:
        return [request.named for request in self.requests]

    @property
    def connections(self) -> int:
        return len(self.transports)

    def hang_up(self) -> None:
        for transport in self.transports:
            transport.close()


class _Either(asyncio.Protocol):
    """Speaks what was agreed on."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server.transports.append(transport)
        if transport.get_extra_info("ssl_object").selected_alpn_protocol() == "h2":
            peer = Peer(self._server)
            transport.set_protocol(peer)
            peer.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        self._server.by_http1.append(data)
        self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")


async def until(so: Callable[[], bool]) -> None:
    """Wait until it is so."""
    for _ in range(20_000):
        if so():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("It does not come to that.")


@asynccontextmanager
async def serving(server: Server, certificate: Path) -> AsyncIterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.set_alpn_protocols(["h2", "http/1.1"])
    loop = asyncio.get_running_loop()
    running = await loop.create_server(lambda: _Either(server), "127.0.0.1", 0, ssl=context)
    server.port = running.sockets[0].getsockname()[1]
    server.url = f"https://127.0.0.1:{server.port}"
    try:
        yield server
    finally:
        running.close()
        for transport in server.transports:
            transport.abort()
