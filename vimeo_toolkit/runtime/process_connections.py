"""The connections of a process's blocking calls to Vimeo, and the rule who may use one."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import Any

import httpcore
import httpx

from vimeo_toolkit.runtime import driver_parts, messages
from vimeo_toolkit.runtime.deadline import Backend, Stream, enforce
from vimeo_toolkit.runtime.http1 import READ_AT_ONCE, Http1, Kept
from vimeo_toolkit.runtime.internals import pool
from vimeo_toolkit.runtime.messages import Body, Server, Wire
from vimeo_toolkit.runtime.pool_shards import CAPACITY, PoolShards
from vimeo_toolkit.runtime.ports import HttpResponse, NotSent
from vimeo_toolkit.runtime.shares import Place, Shares
from vimeo_toolkit.runtime.thread_turns import ThreadTurns
from vimeo_toolkit.runtime.ways import Ways

__all__ = ["ProcessConnections", "whole"]


class ProcessConnections:
    """The connections of one process. Safe to use from many threads."""

    def __init__(self) -> None:
        self._backend = backend = Backend()
        client = driver_parts.clients(httpx.Client, httpx.HTTPTransport)
        self.shards: PoolShards[httpx.Client] = PoolShards(lambda: enforce(client(), backend))
        """For servers behind the operator's proxy."""
        with self.shards.client():  # here, where nothing is sent, a proxy that cannot be used is told as that
            pass
        self.shares = Shares(CAPACITY)
        self.turns = ThreadTurns()
        self.reads_under_way: dict[Any, Any] = {}
        """See `IO.reads_under_way`."""
        self._kept: Kept[Stream] = Kept()
        self._ways = Ways(self.shards)

    def place(self, user: Hashable, timeout: float) -> Place:
        """Wait for the user's turn.

        Raises:
            NotSent: it did not come in time.
        """
        turn = threading.Lock()  # ten times as quick to make as an event
        turn.acquire()
        place = self.shares.ask(user, turn.release)
        try:
            if not place.granted and not turn.acquire(timeout=timeout):
                raise NotSent("PoolTimeout")
        except BaseException:
            self.shares.leave(place)
            raise
        return place

    def send(self, wire: Wire, timeout: float) -> HttpResponse:
        """Send a request and return its answer.

        Raises:
            AnswerLost, TooLarge.
            Exception: of httpcore, httpx or h11.
        """
        if not self._ways.direct(wire.server):
            with self.shards.client() as client:
                return whole(
                    pool(client, wire.server.url).handle_request(messages.to_httpcore(wire, timeout))
                )
        kept = self._kept
        connection, again = self._of(wire.server, messages.connect_seconds(timeout)), False
        try:
            again = _exchange(connection, wire)
            return connection.answer()
        finally:
            if again:
                kept.put(wire.server, connection)
            else:
                connection.close()

    def warm(self, server: Server) -> None:
        """Connect to a server ahead of the first request to it, unless the operator's proxy is between.

        Raises:
            httpcore.ConnectError, httpcore.ConnectTimeout: no connection could be made.
        """
        if self._ways.direct(server):
            kept = self._kept
            kept.put(server, self._of(server, messages.CONNECT_SECONDS))

    def _of(self, server: Server, timeout: float) -> Http1[Stream]:
        """Return a connection to a server, an idle one if there is any."""
        while (found := self._kept.take(server)) is not None:
            if found.stream.usable():
                return found
            found.close()
        return self._connected(server, timeout)

    def _connected(self, server: Server, timeout: float) -> Http1[Stream]:
        self._kept.close_old(self.shares.free)
        host, port = server.place
        tls = driver_parts.tls(http2=False) if server.secured else None
        stream = self._backend.connect_tcp(host, port, timeout)
        if tls is not None:
            stream = stream.start_tls(tls, host, timeout)
        return Http1(stream, stream.close)

    def close(self) -> None:
        """Close all that are idle, and those that are in use at the end of their request, but for those through the
        operator's proxy, which end now. Later requests make new ones."""
        for client in self.shards.clear():
            client.close()
        kept, self._kept = self._kept, Kept()
        for connection in kept.clear():
            connection.close()


def _exchange(connection: Http1[Stream], wire: Wire) -> bool:
    """Send a request, take in its answer, and return whether another one may follow."""
    stream, written = connection.stream, True
    try:
        for part in connection.begin(wire):
            stream.write(part)
    except httpcore.WriteError:
        # A server may end a request that it does not want, and have said why.
        written = False
    while not connection.whole:
        connection.take(stream.read(READ_AT_ONCE))
    return connection.next_may_follow() and written


def whole(response: httpcore.Response) -> HttpResponse:
    """Read an answer of httpcore's to its end.

    Raises:
        AnswerLost, TooLarge.
    """
    try:
        headers = messages.headers(response.headers)
        body = Body(headers)
        for chunk in response.iter_stream():
            body.add(chunk)
    finally:
        response.close()
    return HttpResponse(response.status, headers, body.whole())
