"""The connections of one event loop to Vimeo, and the rule who may use one."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from typing import Any

import httpcore
import httpx

from vimeo_toolkit.runtime import driver_parts
from vimeo_toolkit.runtime.connecting import Backend, aenforce
from vimeo_toolkit.runtime.internals import direct, missing
from vimeo_toolkit.runtime.messages import CONNECT_SECONDS, Server
from vimeo_toolkit.runtime.multiplexed import Multiplexed, Servers, installed
from vimeo_toolkit.runtime.pool_shards import CAPACITY, PoolShards
from vimeo_toolkit.runtime.ports import NotSent
from vimeo_toolkit.runtime.reasons import reason_of
from vimeo_toolkit.runtime.shares import Place, Shares
from vimeo_toolkit.runtime.streams import Stream
from vimeo_toolkit.runtime.turns import Turns

__all__ = ["LoopConnections"]


class LoopConnections:
    """The connections of one event loop.

    Args:
        servers: what is known of servers by now.
    """

    def __init__(self, servers: Servers) -> None:
        self._backend = backend = Backend()
        client = driver_parts.clients(httpx.AsyncClient, httpx.AsyncHTTPTransport)
        self.shards: PoolShards[httpx.AsyncClient] = PoolShards(lambda: aenforce(client(), backend))
        with self.shards.client():  # here, where nothing is sent, a proxy that cannot be used is told as that
            pass
        self.shares = Shares(CAPACITY)
        self.turns = Turns()
        self.reads_under_way: dict[Any, Any] = {}
        """See `IO.reads_under_way`."""
        self.multiplexed: Multiplexed | None = None
        if installed() and not missing():
            self.multiplexed = Multiplexed(
                servers, backend.doubts, self._connected, self._keep, self._is_direct
            )

    async def place(self, user: Hashable, timeout: float) -> Place:  # noqa: ASYNC109
        """Wait for the user's turn.

        Raises:
            NotSent: it did not come in time.
        """
        turn = asyncio.Event()
        place = self.shares.ask(user, turn.set)
        if place.granted:
            return place
        try:
            async with asyncio.timeout(timeout):
                await turn.wait()
        except TimeoutError:
            self.shares.leave(place)
            raise NotSent("PoolTimeout") from None
        except BaseException:
            self.shares.leave(place)
            raise
        return place

    async def warm(self, server: Server) -> None:
        """Connect to a server ahead of the first request to it, unless the operator's proxy is between.

        Raises:
            NotSent: no connection could be made.
        """
        if not missing() and self._is_direct(server):
            secured = server.scheme == b"https"
            if self.multiplexed is not None and secured:
                await self.multiplexed.warm(server)
            else:
                self._keep(*server.place, await self._connected(*server.place, secured=secured))
            async with httpcore.AsyncConnectionPool():
                pass  # it loads anyio at its first use, which takes as long as half a round trip

    def _is_direct(self, server: Server) -> bool:
        with self.shards.client() as client:
            return direct(client, server.url)

    async def _connected(self, host: str, port: int, *, secured: bool = True) -> Stream:
        try:
            stream = await self._backend.connect_tcp(host, port, CONNECT_SECONDS)
            if secured:
                offered = driver_parts.tls(http2=self.multiplexed is not None)
                stream = await stream.start_tls(offered, host, CONNECT_SECONDS)
                stream.secured = True
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            failure = NotSent(type(error).__name__, reason_of(error))
        else:
            return stream
        raise failure

    def _keep(self, host: str, port: int, stream: Stream) -> None:
        former = self._backend.spares.put(host, port, stream)
        if former is not None:
            former.abort()

    async def aclose(self) -> None:
        if self.multiplexed is not None:
            await self.multiplexed.aclose()
        for client in self.shards.clear():
            await client.aclose()
        for stream in self._backend.spares.clear():
            stream.abort()
        await asyncio.sleep(0)  # transports close their sockets in the loop's next round

    def abandon(self) -> None:
        self.shards.clear()
        self._backend.abandon()
