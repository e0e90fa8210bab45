"""TCP and TLS connections of an event loop, made directly with asyncio's transports.

httpcore's own go through anyio, which keeps a record of each task that waits in one of its time limits, as long as
that record itself refers to the task: a loop that is closed in the midst of a request was kept for ever. Time
limits are the caller's here, for the whole request.
"""

from __future__ import annotations

import asyncio
import contextlib
import select
import ssl
from collections import deque
from collections.abc import Iterable
from typing import Any, Final, cast

import httpcore

from vimeo_toolkit.runtime.idleness import Doubts, Idleness
from vimeo_toolkit.runtime.turns import CURRENT, turn

__all__ = ["Stream", "connect"]

_ROUNDS: Final = 4
"""Rounds of the loop in which it surely has taken in what had come."""

_BUFFER: Final = 256 * 1024
"""Unread bytes after which the peer is told to pause."""


async def connect(
    address: str,
    port: int,
    local_address: str | None,
    options: Iterable[tuple[int, int, int]],
    doubts: Doubts,
) -> Stream:
    """Connect to an IP address.

    Raises:
        httpcore.ConnectError.
    """
    loop = asyncio.get_running_loop()
    local = (local_address, 0) if local_address else None
    try:
        transport, protocol = await loop.create_connection(_Protocol, address, port, local_addr=local)
    except OSError:
        raise httpcore.ConnectError from None
    shown = transport.get_extra_info("socket")
    for option in options:
        with contextlib.suppress(OSError):  # some systems lack some of the options
            shown.setsockopt(*option)
    return Stream(transport, protocol, doubts)


class _Protocol(asyncio.Protocol):
    """Received bytes that are not read yet, and whether more may be written."""

    def __init__(self) -> None:
        self.chunks: deque[bytes] = deque()
        self.waiting = 0
        self.ended = False
        self.failure: Exception | None = None
        self._paused = False
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.chunks.append(data)
        self.waiting += len(data)
        if self.waiting > _BUFFER and self.transport is not None:
            self.transport.pause_reading()
        _wake(self._reader)

    def eof_received(self) -> bool:
        self.ended = True
        _wake(self._reader)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = True
        self.failure = exc
        _wake(self._reader)
        _wake(self._writer)

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        _wake(self._writer)

    async def read(self) -> bytes:
        """Return the next bytes; none at the end.

        Raises:
            OSError: the connection broke.
        """
        waited = False
        while not self.chunks:
            if self.failure is not None:
                raise OSError(type(self.failure).__name__)
            if self.ended:
                return b""
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
            waited = True
        if waited:
            await turn()
        chunk = self.chunks.popleft()
        self.waiting -= len(chunk)
        if self.waiting <= _BUFFER and self.transport is not None and not self.transport.is_reading():
            with contextlib.suppress(RuntimeError):  # it is closing
                self.transport.resume_reading()
        return chunk

    async def written(self) -> None:
        """Wait until more may be written.

        Raises:
            OSError: the connection broke.
        """
        while self._paused and not self.ended:
            self._writer = asyncio.get_running_loop().create_future()
            await self._writer
        if self.failure is not None:
            raise OSError(type(self.failure).__name__)


def _wake(waiter: asyncio.Future[None] | None) -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)


class Stream(httpcore.AsyncNetworkStream):
    """One connection. It ignores each method's `timeout`: the caller has one for the whole request."""

    def __init__(self, transport: asyncio.Transport, protocol: _Protocol, doubts: Doubts) -> None:
        self._transport = transport
        self._protocol = protocol
        self._doubts = doubts
        self._idleness = Idleness(doubts)
        self._rest = b""

    @property
    def alpn(self) -> str | None:
        """What the server agreed to speak."""
        secured = self.get_extra_info("ssl_object")
        return None if secured is None else cast(str | None, secured.selected_alpn_protocol())

    @property
    def kept(self) -> bool:
        """Whether it is kept, which was idle so far."""
        return self._idleness.kept

    async def usable(self) -> bool:
        """Return whether the next request may be sent on it, which was idle so far."""
        for _ in range(_ROUNDS):
            if not self._readable():
                return True
            await asyncio.sleep(0)  # what came may be a session ticket, which the TLS below takes for itself
        return False

    def handed_over(self) -> tuple[asyncio.Transport, bytes]:
        """Give up the connection to another protocol: return its transport, and what has come on it by now."""
        received = self._rest + b"".join(self._protocol.chunks)
        self._protocol.chunks.clear()
        return self._transport, received

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        if self._rest:
            # What came at once may take long to read: others go on, and deadlines come, in between.
            await asyncio.sleep(0)
        else:
            within = self._idleness.left(None)
            try:
                if within is None:
                    self._rest = await self._protocol.read()
                else:
                    async with asyncio.timeout(within):
                        self._rest = await self._protocol.read()
            except TimeoutError:
                self._idleness.unheard()
                raise httpcore.ReadTimeout from None
            except OSError:
                self._idleness.unheard()
                raise httpcore.ReadError from None
            if self._rest:
                self._idleness.heard()
            else:
                self._idleness.unheard()
        part, self._rest = self._rest[:max_bytes], self._rest[max_bytes:]
        return part

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        if not buffer:
            return
        if self._transport.is_closing():
            raise httpcore.WriteError
        if (request := CURRENT.get()) is not None:
            request.written = True
        self._idleness.wrote()
        self._transport.write(buffer)
        try:
            await self._protocol.written()
        except OSError:
            raise httpcore.WriteError from None

    async def aclose(self) -> None:
        self.abort()

    def abort(self) -> None:
        """Close the connection."""
        # At once: a TLS farewell would wait for the peer's, and everything was read or is not wanted. Without
        # awaiting anything: a flow that is thrown away closes its connection too, and may not.
        with contextlib.suppress(RuntimeError):  # its loop is closed
            self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> Stream:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                transport = await loop.start_tls(
                    self._transport, self._protocol, ssl_context, server_hostname=server_hostname
                )
        except TimeoutError:
            await self.aclose()
            raise httpcore.ConnectTimeout from None
        except OSError:  # ssl.SSLError is one
            await self.aclose()
            raise httpcore.ConnectError from None
        except BaseException:
            await self.aclose()
            raise
        if transport is None:
            raise httpcore.ConnectError
        self._protocol.transport = transport
        return Stream(transport, self._protocol, self._doubts)

    def get_extra_info(self, info: str) -> Any:
        match info:
            case "ssl_object":
                return self._transport.get_extra_info("ssl_object")
            case "client_addr":
                return self._transport.get_extra_info("sockname")
            case "server_addr":
                return self._transport.get_extra_info("peername")
            case "socket":
                return self._transport.get_extra_info("socket")
            case (
                "is_readable"
            ):  # while idle: it was closed, or sent something unasked; httpcore then drops it
                return self._readable()
        return None

    def _readable(self) -> bool:
        if self._rest or self._protocol.chunks or self._protocol.ended or self._transport.is_closing():
            return True
        request = CURRENT.get()
        if not self._idleness.usable(repeatable=request is not None and request.repeatable):
            return True
        shown = self._transport.get_extra_info("socket")
        number = -1 if shown is None else shown.fileno()
        if number < 0 or not hasattr(select, "poll"):
            return number < 0
        waiting = select.poll()
        waiting.register(number, select.POLLIN)
        return bool(waiting.poll(0))
