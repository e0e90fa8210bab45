"""How connections to Vimeo are made: host names are looked up within the deadline, the next address is tried when
one does not answer, and TCP keepalive detects a lost connection while it is idle."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Final
from weakref import WeakSet

import httpcore
import httpx

from vimeo_toolkit.runtime.idleness import Doubts
from vimeo_toolkit.runtime.internals import pools, raw_socket
from vimeo_toolkit.runtime.resolve import aaddresses
from vimeo_toolkit.runtime.streams import Stream, connect

__all__ = ["KEEPALIVE", "Backend", "aenforce"]

_STAGGER: Final = 0.25
"""Seconds after which the next address is tried beside the one before (RFC 8305, section 5)."""


def _keepalive() -> list[tuple[int, int, int]]:
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    for name, value in (
        ("TCP_KEEPIDLE", 30),  # below the idle time after which load balancers forget a connection
        ("TCP_KEEPALIVE", 30),  # the same, on macOS
        ("TCP_KEEPINTVL", 10),
        ("TCP_KEEPCNT", 3),
    ):
        if hasattr(socket, name):
            options.append((socket.IPPROTO_TCP, getattr(socket, name), value))
    return options


KEEPALIVE: Final = _keepalive()
"""Socket options: a peer that disappeared is noticed within a minute."""


def aenforce(client: httpx.AsyncClient, backend: Backend) -> httpx.AsyncClient:
    """Make a client's connections, those through proxies included, in the way of this module."""
    for pool in pools(client):
        pool._network_backend = backend
    return client


class Backend(httpcore.AsyncNetworkBackend):
    """Makes the connections of one event loop."""

    def __init__(self) -> None:
        self.doubts = Doubts()
        self._made: WeakSet[socket.socket] = WeakSet()
        """Each connection's socket, for when the loop is closed and the transport can do nothing any more."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> Stream:
        def to(address: str) -> Coroutine[Any, Any, Stream]:
            return connect(address, port, local_address, options, self.doubts)

        options = [*KEEPALIVE, *(socket_options or ())]
        try:
            async with asyncio.timeout(timeout):
                stream = await _first(await aaddresses(host, port, None), to)
        except TimeoutError:
            raise httpcore.ConnectTimeout from None
        except OSError:
            raise httpcore.ConnectError from None
        found = raw_socket(stream.get_extra_info("socket"))
        if found is not None:
            self._made.add(found)
        return stream

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def abandon(self) -> None:
        """Close the sockets of a loop that is closed."""
        for each in list(self._made):
            each.close()


async def _first(addresses: list[str], to: Callable[[str], Coroutine[Any, Any, Stream]]) -> Stream:
    """Connect to the first address that answers. Each has a short time of its own; then the next is tried beside
    it."""
    if len(addresses) == 1:
        return await to(addresses[0])
    running: set[asyncio.Task[Stream]] = set()
    failure: Exception = httpcore.ConnectError()
    left = list(addresses)
    try:
        while left or running:
            if left:
                running.add(asyncio.create_task(to(left.pop(0))))
            done, running = await asyncio.wait(
                running, timeout=_STAGGER if left else None, return_when=asyncio.FIRST_COMPLETED
            )
            won = [task for task in done if not task.cancelled() and task.exception() is None]
            if won:
                running.update(won[1:])
                return won[0].result()
            for task in done:
                failure = task.exception() or failure  # type: ignore[assignment]
        raise failure
    finally:
        await _drop(running)


async def _drop(attempts: set[asyncio.Task[Stream]]) -> None:
    """Cancel the attempts that lost, and close the connections that they made."""
    for attempt in attempts:
        attempt.cancel()
    for outcome in await asyncio.gather(*attempts, return_exceptions=True):
        if isinstance(outcome, Stream):
            with contextlib.suppress(Exception):
                await outcome.aclose()
