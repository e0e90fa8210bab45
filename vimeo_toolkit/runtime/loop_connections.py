"""The connections of one event loop to Vimeo, and the rule who may use one."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from typing import Any

import httpcore
import httpx

from vimeo_toolkit.runtime import driver_parts, messages
from vimeo_toolkit.runtime.connecting import Backend, aenforce
from vimeo_toolkit.runtime.http1 import READ_AT_ONCE, Http1, Kept
from vimeo_toolkit.runtime.internals import missing, pool
from vimeo_toolkit.runtime.messages import Body, Server, Wire
from vimeo_toolkit.runtime.multiplexed import Multiplexed, Servers, installed
from vimeo_toolkit.runtime.pool_shards import CAPACITY, PoolShards
from vimeo_toolkit.runtime.ports import HttpResponse, NotSent
from vimeo_toolkit.runtime.shares import Place, Shares
from vimeo_toolkit.runtime.streams import Stream
from vimeo_toolkit.runtime.turns import Reading, Turns, turn
from vimeo_toolkit.runtime.ways import Ways

__all__ = ["LoopConnections", "whole"]


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
        self._kept: Kept[Stream] = Kept()
        self._ways = Ways(self.shards)
        self.multiplexed: Multiplexed | None = None
        if installed() and not missing():
            self.multiplexed = Multiplexed(servers, backend.doubts, self._connected_for_both, self._keep)

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

    async def send(self, wire: Wire, timeout: float, reading: Reading) -> HttpResponse:  # noqa: ASYNC109
        """Send a request and return its answer.

        Args:
            timeout: seconds, for connecting; the caller has a time limit for the whole.
            reading: is told whether a part of the request may have reached the server.

        Raises:
            NotSent, AnswerLost, TooLarge.
            Exception: of httpcore, httpx or h11.
        """
        server = wire.server
        if not self._ways.direct(server):
            with self.shards.client() as client:
                return await whole(
                    await pool(client, server.url).handle_async_request(messages.to_httpcore(wire, timeout))
                )
        if self.multiplexed is not None and server.secured:
            answer = await self.multiplexed.send(wire, reading)
            if answer is not None:
                await turn()
                return answer
        connection, again = await self._of(server, messages.connect_seconds(timeout)), False
        try:
            again = await _exchange(connection, wire)
            return connection.answer()
        finally:
            if again:
                self._kept.put(server, connection)
            else:
                connection.close()

    async def _of(self, server: Server, timeout: float) -> Http1[Stream]:  # noqa: ASYNC109
        """Return a connection to a server, an idle one if there is any."""
        while (found := self._kept.take(server)) is not None:
            usable = False
            try:
                usable = await found.stream.usable()
            finally:
                if not usable:
                    found.close()
            if usable:
                return found
        return _spoken(await self._connected(server, timeout))

    async def warm(self, server: Server) -> None:
        """Connect to a server ahead of the first request to it, unless the operator's proxy is between.

        Raises:
            httpcore.ConnectError, httpcore.ConnectTimeout, NotSent: no connection could be made.
        """
        if missing() or not self._ways.direct(server):
            return
        if self.multiplexed is not None and server.secured:
            await self.multiplexed.warm(server)
        else:
            self._kept.put(server, await self._of(server, messages.CONNECT_SECONDS))

    async def _connected(self, server: Server, timeout: float, *, http2: bool = False) -> Stream:  # noqa: ASYNC109
        self._kept.close_old(self.shares.free)
        host, port = server.place
        tls = driver_parts.tls(http2=http2) if server.secured else None
        stream = await self._backend.connect_tcp(host, port, timeout)
        if tls is not None:
            stream = await stream.start_tls(tls, host, timeout)
        return stream

    async def _connected_for_both(self, server: Server) -> Stream:
        """Connect, and offer HTTP/2.

        Raises:
            NotSent: no connection could be made.
        """
        try:
            return await self._connected(server, messages.CONNECT_SECONDS, http2=True)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            failure = driver_parts.outcome(error)
        raise failure

    def _keep(self, server: Server, stream: Stream) -> None:
        self._kept.put(server, _spoken(stream))

    async def aclose(self) -> None:
        if self.multiplexed is not None:
            await self.multiplexed.aclose()
        for client in self.shards.clear():
            await client.aclose()
        for connection in self._kept.clear():
            connection.close()
        await asyncio.sleep(0)  # transports close their sockets in the loop's next round

    def abandon(self) -> None:
        self.shards.clear()
        self._kept.clear()
        self._backend.abandon()


def _spoken(stream: Stream) -> Http1[Stream]:
    return Http1(stream, stream.abort)


async def _exchange(connection: Http1[Stream], wire: Wire) -> bool:
    """Send a request, take in its answer, and return whether another one may follow."""
    stream, written = connection.stream, True
    try:
        for part in connection.begin(wire):
            await stream.write(part)
    except httpcore.WriteError:
        # A server may end a request that it does not want, and have said why.
        written = False
    while not connection.whole:
        connection.take(await stream.read(READ_AT_ONCE))
    return connection.next_may_follow() and written


async def whole(response: httpcore.Response) -> HttpResponse:
    """Read an answer of httpcore's to its end.

    Raises:
        AnswerLost, TooLarge.
    """
    try:
        headers = messages.headers(response.headers)
        body = Body(headers)
        async for chunk in response.aiter_stream():
            body.add(chunk)
    finally:
        await response.aclose()
    return HttpResponse(response.status, headers, body.whole())
