"""Which requests of an event loop go by HTTP/2, over which of its connections: those to servers that agree to it.

A connection is one server's: never one for two hosts, although HTTP/2 would allow it where a certificate has both.
Further connections are made when the server takes no more requests on those that there are, so that whoever has a
place (`shares.py`) need not wait for the slow calls of somebody else.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections import deque
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, cast

from vimeo_toolkit.runtime.idleness import KEPT, Doubts, clock
from vimeo_toolkit.runtime.messages import Server, Wire
from vimeo_toolkit.runtime.ports import HttpResponse, NotSent
from vimeo_toolkit.runtime.reasons import reason_of
from vimeo_toolkit.runtime.streams import Stream
from vimeo_toolkit.runtime.turns import Reading

if TYPE_CHECKING:
    from vimeo_toolkit.runtime.http2 import Http2

__all__ = ["Multiplexed", "Servers", "installed"]

ATTEMPTS: Final = 4
"""How often a request is given to another connection after it was refused, before its caller is told."""

ASK_AGAIN: Final = 600.0
"""Seconds after which a server that spoke HTTP/1.1 is asked again."""


def installed() -> bool:
    """Return whether HTTP/2 can be spoken: `h2` is there, of the extra of the same name."""
    return find_spec("h2") is not None


class Servers:
    """What is known about servers, for all event loops of a toolkit: loops come and go."""

    def __init__(self) -> None:
        self.http1: dict[str, float] = {}
        """Servers that want HTTP/1.1, and until when that is believed."""
        self.limits: dict[str, int] = {}
        """How many requests at the same time each takes on a connection."""


class _Connections:
    """The connections to one server."""

    def __init__(
        self,
        name: str,
        servers: Servers,
        connect: Callable[[], Awaitable[Stream]],
        doubts: Doubts,
        keep: Callable[[Stream], None],
    ) -> None:
        self._name = name
        self._servers = servers
        self._connect = connect
        self._doubts = doubts
        self._keep = keep
        self._connections: list[Http2] = []
        self._opening: set[asyncio.Task[None]] = set()
        self._waiting: deque[asyncio.Future[Http2 | None]] = deque()

    @property
    def _limit(self) -> int:
        from vimeo_toolkit.runtime.http2_parts import STREAMS  # needs h2

        return self._servers.limits.get(self._name, STREAMS)

    @property
    def by_http1(self) -> bool:
        return clock() < self._servers.http1.get(self._name, 0.0)

    async def take(self) -> Http2 | None:
        """Return a connection with room for a request, which is counted there; None: it goes by HTTP/1.1.

        Raises:
            NotSent: no connection could be made.
        """
        if self.by_http1:
            return None
        if not self._waiting and (found := self._free()) is not None:
            found.taken += 1
            return found
        turn: asyncio.Future[Http2 | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._open()
        try:
            return await turn
        except BaseException:
            if not turn.cancel() and not turn.cancelled() and turn.exception() is None:
                self.give_back(turn.result())
            raise

    def give_back(self, connection: Http2 | None) -> None:
        """Count a request off that was not begun."""
        if connection is not None:
            connection.taken -= 1
            self.serve()

    def _free(self) -> Http2 | None:
        self._connections = [each for each in self._connections if each.usable(KEPT)]
        return next((each for each in self._connections if each.free > 0), None)

    def serve(self) -> None:
        """Give those who wait what has become free."""
        for each in self._connections:
            if each.settled:
                self._servers.limits[self._name] = each.limit
            elif each.retiring:  # it ended before it said a word of HTTP/2
                self.prefer_http1()
        while self._waiting:
            if self._waiting[0].done():
                self._waiting.popleft()
                continue
            found = self._free()
            if found is None:
                self._open()
                return
            found.taken += 1
            self._waiting.popleft().set_result(found)

    def prefer_http1(self) -> None:
        """Let this server's requests go by HTTP/1.1 for some time, those that wait, too."""
        self._servers.http1[self._name] = clock() + ASK_AGAIN
        self._tell_all(lambda turn: turn.set_result(None))

    def _tell_all(self, tell: Callable[[asyncio.Future[Http2 | None]], None]) -> None:
        waiting, self._waiting = self._waiting, deque()
        for turn in waiting:
            if not turn.done():
                tell(turn)

    def _open(self) -> None:
        while len(self._opening) * self._limit < len(self._waiting):
            # A context of its own: what is made here is not the first caller's, and must not keep what is theirs.
            task = asyncio.create_task(
                self._opened(), name="vimeo-toolkit-connect", context=contextvars.Context()
            )
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    async def _opened(self) -> None:
        from vimeo_toolkit.runtime.http2 import Http2  # needs h2

        stream, failure = None, NotSent()
        try:
            stream = await self._connect()
        except NotSent as error:
            failure = error
        except Exception as error:  # a bug; without a connection nothing was sent
            failure = NotSent(type(error).__name__, reason_of(error))
        self._opening.discard(
            cast("asyncio.Task[None]", asyncio.current_task())
        )  # over, for what follows here
        if stream is None:
            kind, reason = str(failure), failure.reason
            if not self._connections and not self._opening:
                self._tell_all(lambda turn: turn.set_exception(NotSent(kind, reason)))
            return
        if stream.alpn != "h2":
            self._keep(stream)
            self.prefer_http1()
            return
        transport, received = stream.handed_over()
        made = Http2(transport, self._limit, self._doubts, self.serve)
        self._connections.append(made)
        made.begin(received)
        self.serve()

    async def aclose(self) -> None:
        opening = list(self._opening)
        for task in opening:
            task.cancel()
        await asyncio.gather(*opening, return_exceptions=True)
        self._tell_all(lambda turn: turn.set_exception(NotSent("Closed")))
        for each in self._connections:
            each.retiring = True  # those that are in use close themselves at the end of their requests
            if not each.taken:
                each.close()


class Multiplexed:
    """The HTTP/2 connections of one event loop.

    Args:
        servers: what is known about them.
        doubts: of the loop's connections.
        connect: connects to a server by TLS, and offers HTTP/2.
        keep: keeps a connection to a server for HTTP/1.1.
    """

    def __init__(
        self,
        servers: Servers,
        doubts: Doubts,
        connect: Callable[[Server], Awaitable[Stream]],
        keep: Callable[[Server, Stream], None],
    ) -> None:
        self._servers = servers
        self._doubts = doubts
        self._connect = connect
        self._keep = keep
        self._of: dict[tuple[str, int], _Connections] = {}

    def _connections(self, server: Server) -> _Connections:
        place = server.place
        if place not in self._of:
            self._of[place] = _Connections(
                f"{place[0]}:{place[1]}",
                self._servers,
                lambda: self._connect(server),
                self._doubts,
                lambda stream: self._keep(server, stream),
            )
        return self._of[place]

    async def send(self, wire: Wire, reading: Reading) -> HttpResponse | None:
        """Send a request to a server of HTTPS and return the answer; None where it has to go by HTTP/1.1.

        Args:
            wire: the request.
            reading: is told whether a part of it may have reached the server.

        Raises:
            NotSent, AnswerLost, TooLarge.
        """
        connections = self._connections(wire.server)
        from vimeo_toolkit.runtime.http2_parts import Refused, WantsHttp1  # needs h2

        refused = NotSent("Refused")
        for _ in range(ATTEMPTS):
            connection = await connections.take()
            if connection is None:
                return None
            try:
                return await connection.request(wire, reading)
            except WantsHttp1:
                connections.prefer_http1()
                reading.written = False
                return None
            except Refused as error:
                reading.written = False
                refused = error
        raise refused.with_traceback(None)

    async def warm(self, server: Server) -> None:
        """Make a connection to a server, where there is none, and send nothing.

        Raises:
            NotSent: no connection could be made.
        """
        connections = self._connections(server)
        connections.give_back(await connections.take())

    async def aclose(self) -> None:
        for connections in self._of.values():
            await connections.aclose()
