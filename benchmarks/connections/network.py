"""A server of TLS as far away as Vimeo, in processes of its own, which take none of what is measured."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

from hypercorn.asyncio import serve
from hypercorn.config import Config

from benchmarks.local_process import in_process, serve_forever
from benchmarks.server import VIDEO

__all__ = ["far_away"]

BODY = json.dumps(VIDEO, separators=(",", ":")).encode()
HEADERS = [
    (b"content-type", b"application/vnd.vimeo.video+json"),
    (b"content-length", b"%d" % len(BODY)),
    (b"x-ratelimit-limit", b"1000000"),
    (b"x-ratelimit-remaining", b"999999"),
    (b"x-ratelimit-reset", b"2099-01-01T00:00:00+00:00"),
]
KEPT = 600
"""Seconds that the server keeps an idle connection: what the client does is looked at here."""


@contextmanager
def far_away(certificate: Path, protocols: list[str], rtt: float) -> Iterator[str]:
    """Give the URL of a server that speaks the protocols; a round trip to it takes so many seconds."""
    with in_process(_serve, str(certificate), protocols) as near:
        port = int(near.rpartition(":")[2])
        with in_process(_forward, port, rtt) as url:
            yield url.replace("http://", "https://")


async def _app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": BODY})


def _serve(told: Connection, certificate: str, protocols: list[str]) -> None:
    config = Config.from_mapping(
        bind=["127.0.0.1:0"],
        certfile=certificate,
        keyfile=certificate,
        accesslog=None,
        errorlog=None,
        keep_alive_timeout=KEPT,
        alpn_protocols=protocols,
    )
    sockets = config.create_sockets()
    sockets.secure_sockets[0].listen(512)
    config.create_sockets = lambda: sockets  # type: ignore[method-assign]
    told.send(sockets.secure_sockets[0].getsockname()[1])
    asyncio.run(serve(_app, config, shutdown_trigger=asyncio.Event().wait))


class _Way(asyncio.Protocol):
    """One direction of a connection: what comes on its transport goes to the other's, later and in its order."""

    def __init__(self, delay: float) -> None:
        self.other: _Way | None = None
        self.transport: asyncio.Transport | None = None
        self.earliest = 0.0
        self._delay = delay
        self._loop = asyncio.get_running_loop()
        self._last = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._later(lambda to: to.write(data))

    def connection_lost(self, exc: Exception | None) -> None:
        self._later(lambda to: to.close())

    def _later(self, act: Any) -> None:
        # later by a little than what came before: calls of one moment have no order
        due = max(max(self._loop.time(), self.earliest) + self._delay, self._last + 1e-6)
        self._last = due
        self._loop.call_at(due, self._pass, act)

    def _pass(self, act: Any) -> None:
        if self.other is not None and self.other.transport is not None:
            act(self.other.transport)


class _Incoming(_Way):
    """A client's side. Loopback connects at once, so the round trip of TCP's handshake is waited for here."""

    def __init__(self, port: int, rtt: float) -> None:
        super().__init__(rtt / 2)
        self._port, self._rtt = port, rtt

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.earliest = self._loop.time() + self._rtt
        outgoing = _Way(self._rtt / 2)
        self.other, outgoing.other = outgoing, self
        self._connecting = self._loop.create_task(self._connect(outgoing))

    async def _connect(self, outgoing: _Way) -> None:
        await self._loop.create_connection(lambda: outgoing, "127.0.0.1", self._port)


def _forward(told: Connection, port: int, rtt: float) -> None:
    async def start() -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: _Incoming(port, rtt), "127.0.0.1", 0, backlog=512)

    serve_forever(told, start)
