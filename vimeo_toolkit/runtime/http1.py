"""Connections on which requests go by HTTP/1.1, one after the other, and those of them that are idle.

`h11` knows the protocol, but for the simplest requests and answers (`simple_http`), and nothing here waits.
httpcore has the same on h11; what it does around it takes as long as h11 itself, and its pool looks through all of
its connections at each request.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Final, Generic, Protocol, TypeVar

import h11

from vimeo_toolkit.runtime.messages import Body, Server, Wire, headers
from vimeo_toolkit.runtime.pool_shards import CAPACITY
from vimeo_toolkit.runtime.ports import AnswerLost, HttpResponse
from vimeo_toolkit.runtime.simple_http import answer_of, head_of

__all__ = ["READ_AT_ONCE", "Http1", "Kept"]

READ_AT_ONCE: Final = 64 * 1024
"""Bytes of an answer that are read at a time."""

_MAX_HEAD: Final = 100 * 1024
"""Bytes of an answer's headers."""

_SMALL: Final = 64 * 1024
"""Bytes of a request that are put behind its headers, to be written at once."""


_MOST_HINTS: Final = 100
"""Informational answers (1xx) before the real one. A server that sends them without end would keep a processor
busy."""

_END: Final = h11.EndOfMessage()


class _Stream(Protocol):
    """What the connections of both worlds tell of themselves while they are idle."""

    @property
    def kept(self) -> bool: ...


S = TypeVar("S", bound=_Stream)


class Http1(Generic[S]):
    """One connection.

    Args:
        stream: what its bytes go over.
        close: closes it.
    """

    __slots__ = ("_body", "_h11", "_headers", "_hints", "_status", "_wire", "close", "stream", "whole")

    def __init__(self, stream: S, close: Callable[[], None]) -> None:
        self.stream = stream
        self.close = close
        self.whole = True
        """The whole answer has come, or nothing was asked yet."""
        self._h11: h11.Connection | None = None
        """For this request and its answer, once one of them is not simple."""
        self._wire: Wire | None = None
        """The request, as long as nothing of its answer has come."""
        self._hints = 0
        self._status = 0
        self._headers: dict[str, str] = {}
        self._body: Body | None = None

    def begin(self, wire: Wire) -> list[bytes]:
        """Return what is to be written of a request.

        Raises:
            h11.LocalProtocolError: it holds what HTTP does not allow.
        """
        self.whole, self._body, self._hints = False, None, 0
        self._h11, self._wire = None, wire
        head = head_of(wire)
        parts = self._spoken(wire) if head is None else [head, wire.content]
        return [b"".join(parts)] if len(wire.content) <= _SMALL else parts

    def _spoken(self, wire: Wire) -> list[bytes]:
        """Let h11 know what is sent, and return that.

        Raises:
            h11.LocalProtocolError: it holds what HTTP does not allow.
        """
        connection = self._h11 = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MAX_HEAD)
        self._wire = None
        request = h11.Request(method=wire.method, target=wire.target, headers=wire.headers)
        parts = [connection.send(request) or b""]
        if wire.content:
            parts += connection.send_with_data_passthrough(h11.Data(data=wire.content)) or ()
        connection.send(_END)
        return parts

    def take(self, data: bytes) -> None:
        """Take in what has come of the answer; no bytes are the connection's end.

        Raises:
            AnswerLost, h11.RemoteProtocolError: it is cut, or cannot be read.
            TooLarge: it is too much.
        """
        wire, self._wire = self._wire, None
        if wire is not None:
            if (simple := answer_of(data)) is not None:
                self._status, self._headers, content = simple
                self._body = Body(self._headers)
                self._body.add(content)
                self.whole = True
                return
            self._spoken(wire)
        connection = self._h11
        assert connection is not None  # noqa: S101 - made just now, or with the request
        connection.receive_data(data)
        while (event := connection.next_event()) is not h11.NEED_DATA:
            if isinstance(event, h11.Data) and self._body is not None:
                self._body.add(event.data)
            elif isinstance(event, h11.Response):
                self._status, self._headers = event.status_code, headers(event.headers.raw_items())
                self._body = Body(self._headers)
            elif isinstance(event, h11.EndOfMessage):
                self.whole = True
                return
            elif not isinstance(event, h11.InformationalResponse):
                raise AnswerLost("ConnectionClosed")
            elif (hints := self._hints) < _MOST_HINTS:
                self._hints = hints + 1
            else:
                raise AnswerLost("InformationalResponse")

    def answer(self) -> HttpResponse:
        """Return the answer, once it is whole; the connection keeps nothing of it while it is idle.

        Raises:
            AnswerLost: its packed body lacks its end.
        """
        found, body = self._headers, self._body
        self._headers, self._body = {}, None
        return HttpResponse(self._status, found, body.whole() if body else b"")

    def next_may_follow(self) -> bool:
        """Return whether another request may follow the answer on this connection."""
        connection, self._h11 = self._h11, None
        if connection is None:  # both were simple
            return self.whole
        done = connection.our_state is h11.DONE and connection.their_state is h11.DONE
        # What came behind the answer was not asked for, and would be taken for the next one; or its end came.
        return done and not any(connection.trailing_data)


class Kept(Generic[S]):
    """Connections that are idle, by their server. Safe to use from many threads."""

    def __init__(self) -> None:
        # Deques, whose steps no other thread or signal handler comes between: nothing here needs a lock.
        self._idle: dict[Any, deque[Http1[S]]] = {}
        self._over = False

    def take(self, server: Server) -> Http1[S] | None:
        """Return the connection that was used last, which nobody else gets; None where there is none."""
        idle = self._idle.get(server.key)
        try:
            return idle.pop() if idle else None
        except IndexError:  # another thread was faster
            return None

    def put(self, server: Server, connection: Http1[S]) -> None:
        """Keep a connection on which another request may follow; after `clear` it is closed."""
        idle = self._idle.setdefault(server.key, deque())
        idle.append(connection)
        if self._over:  # looked at behind the append, so that either this or `clear` finds it
            for each in self.clear():
                each.close()
        elif len(idle) > 1 or len(self._idle) > 1:
            self.close_old()

    def close_old(self, most: int = CAPACITY) -> None:
        """Close what was idle for too long.

        Args:
            most: if more are idle, the oldest are closed. Before one is made this is how many places are free: then
                never more are open than there are places.
        """
        every = list(self._idle.values())
        for idle in every:
            _close_old(idle)
        beyond = sum(map(len, every)) - most
        while beyond > 0:
            _close_first(max(every, key=len))
            beyond -= 1

    def clear(self) -> list[Http1[S]]:
        """Let go of all, for good, and return them, to be closed."""
        self._over = True
        return [each for idle in list(self._idle.values()) for each in _taken_out(idle)]


def _taken_out(idle: deque[Http1[S]]) -> Iterator[Http1[S]]:
    try:
        while True:
            yield idle.popleft()
    except IndexError:
        return


def _close_old(idle: deque[Http1[Any]]) -> None:
    try:
        while not idle[0].stream.kept:
            idle.popleft().close()
    except IndexError:  # none is left: perhaps another thread was faster
        return


def _close_first(idle: deque[Http1[Any]]) -> None:
    try:
        idle.popleft().close()
    except IndexError:  # another thread was faster
        return
