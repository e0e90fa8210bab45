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
from vimeo_toolkit.runtime.streams import connect

__all__ = ["KEEPALIVE", "aenforce"]

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


def aenforce(client: httpx.AsyncClient, made: WeakSet[socket.socket], doubts: Doubts) -> httpx.AsyncClient:
    """Make a client's connections, those through proxies included, in the way of this module.

    `made` gets each connection's socket, for when its loop is closed and the transport can do nothing any more.
    """
    for pool in pools(client):
        pool._network_backend = _Backend(pool._network_backend, made, doubts)
    return client


class _Backend(httpcore.AsyncNetworkBackend):
    def __init__(
        self, inner: httpcore.AsyncNetworkBackend, made: WeakSet[socket.socket], doubts: Doubts
    ) -> None:
        self._inner = inner
        self._made = made
        self._doubts = doubts

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        def to(address: str) -> Coroutine[Any, Any, httpcore.AsyncNetworkStream]:
            return connect(address, port, local_address, options, self._doubts)

        options = [*KEEPALIVE, *(socket_options or ())]
        try:
            async with asyncio.timeout(timeout):
                stream = await _first(await aaddresses(host, port, None), to)
        except TimeoutError:
            raise httpcore.ConnectTimeout from None
        except OSError:
            raise httpcore.ConnectError from None
        self._remember(stream)
        return stream

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        stream = await self._inner.connect_unix_socket(path, timeout, socket_options)
        self._remember(stream)
        return stream

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)

    def _remember(self, stream: httpcore.AsyncNetworkStream) -> None:
        found = raw_socket(stream.get_extra_info("socket"))
        if found is not None:
            self._made.add(found)


async def _first(
    addresses: list[str], to: Callable[[str], Coroutine[Any, Any, httpcore.AsyncNetworkStream]]
) -> httpcore.AsyncNetworkStream:
    """Connect to the first address that answers. Each has a short time of its own; then the next is tried beside
    it."""
    if len(addresses) == 1:
        return await to(addresses[0])
    running: set[asyncio.Task[httpcore.AsyncNetworkStream]] = set()
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


async def _drop(attempts: set[asyncio.Task[httpcore.AsyncNetworkStream]]) -> None:
    """Cancel the attempts that lost, and close the connections that they made."""
    for attempt in attempts:
        attempt.cancel()
    for outcome in await asyncio.gather(*attempts, return_exceptions=True):
        if isinstance(outcome, httpcore.AsyncNetworkStream):
            with contextlib.suppress(Exception):
                await outcome.aclose()
