"""One HTTP/2 connection of an event loop (RFC 9113): many requests share it, and none of them harms another.

`h2` knows the frames. httpcore has HTTP/2 on it, too, but it never resets the stream of a cancelled request, so
that these add up until no more can be opened; it takes a server's wish to end the connection for the loss of all
answers that are still to come; and whoever reads there reads for all, so that one who waits for a turn stops the
others.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from h2.errors import ErrorCodes
from h2.events import (
    DataReceived,
    Event,
    RemoteSettingsChanged,
    ResponseReceived,
    StreamEnded,
    StreamReset,
)
from h2.exceptions import NoAvailableStreamIDError, ProtocolError

from vimeo_toolkit.runtime import driver_parts
from vimeo_toolkit.runtime.http2_parts import (
    LOGGERS,
    STREAMS,
    Exchange,
    Frames,
    Refused,
    begun,
    headers_of,
    last_taken,
    reset_error,
)
from vimeo_toolkit.runtime.idleness import Doubts, Idleness, clock
from vimeo_toolkit.runtime.messages import Wire
from vimeo_toolkit.runtime.ports import AnswerLost, HttpResponse, TooLarge
from vimeo_toolkit.runtime.turns import Reading
from vimeo_toolkit.runtime.unlogged import unlogged

__all__ = ["Http2"]

SILENCE: Final = 5.0
"""Seconds without a word while answers are awaited, after which the server is pinged."""

PING_ANSWER: Final = 3.0
"""Seconds within which a ping is answered, or a new connection by the server's settings; else it is given up."""

_AT_ONCE: Final = 256 * 1024
"""Bytes of a request that are written before others get their turn."""


class Http2(asyncio.Protocol):
    """One connection, on which the TLS handshake is over.

    Args:
        transport: its TLS.
        limit: how many requests the server takes at the same time, as far as is known.
        doubts: of the loop's connections.
        changed: is called when there may be room for another request, or the connection has come to its end.
    """

    def __init__(
        self, transport: asyncio.Transport, limit: int, doubts: Doubts, changed: Callable[[], None]
    ) -> None:
        self.limit = limit
        self.taken = 0
        """Requests that are under way or about to be."""
        self.retiring = False
        """No new request may begin here."""
        self.settled = False
        """The server has spoken HTTP/2."""
        self._transport = transport
        self._changed = changed
        self._doubts = doubts
        self._idleness = Idleness(doubts)
        self._asked = self._heard = clock()
        self._expected = False
        self._lost = False
        self._paused = False
        self._frames = Frames()
        self._exchanges: dict[int, Exchange] = {}
        self._waiting: list[asyncio.Future[None]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._h2 = begun()

    def begin(self, received: bytes) -> None:
        """Say that this is HTTP/2, and take what the server has said already."""
        self._transport.set_protocol(self)
        self._flush()
        self._expect_word()
        if received:
            self.data_received(received)
        if self._transport.is_closing():
            self._gone()

    # What asks

    @property
    def free(self) -> int:
        """How many more requests may begin here now."""
        return 0 if self.retiring else self.limit - self.taken

    def usable(self, kept: float) -> bool:
        """Return whether new requests may begin here; close a connection that was idle for too long."""
        if not self.retiring and not self.taken and self._too_old(kept):
            self.close()
        return not self.retiring

    def _too_old(self, kept: float) -> bool:
        return clock() - self._heard > kept or not self._idleness.usable(repeatable=True)

    async def request(self, wire: Wire, reading: Reading) -> HttpResponse:
        """Send a request for which `taken` was counted, and return its answer.

        Args:
            wire: the request.
            reading: is told that a part of it may have reached the server. Where it is not `repeatable`, it is only
                sent to a server that was heard of just now.

        Raises:
            Refused, AnswerLost, TooLarge.
        """
        number, exchange = 0, Exchange(large=len(wire.content) > driver_parts.SMALL_BODY)
        try:
            await self._certain(repeatable=reading.repeatable)
            number = self._open(wire, exchange, end=not wire.content)
            reading.written = True
            self._flush()
            await self._write(number, exchange, wire.content)
            await exchange.done
        finally:
            self._end(number, exchange)
        return HttpResponse(exchange.status, exchange.headers, exchange.body.whole())

    async def _certain(self, *, repeatable: bool) -> None:
        """Ask for a sign of life where the connection is in doubt; wait for it before what cannot be repeated."""
        if not self._expected and not self._exchanges and not self._idleness.usable(repeatable=False):
            self._ping()
        while self._expected and not repeatable and not self._lost:
            await self._news()

    def _open(self, wire: Wire, exchange: Exchange, *, end: bool) -> int:
        if self.retiring or len(self._exchanges) >= self.limit:
            raise Refused
        headers = headers_of(wire)
        number = 0
        try:
            number = self._h2.get_next_available_stream_id()
            with unlogged(*LOGGERS):
                self._h2.send_headers(number, headers, end_stream=end)
        except NoAvailableStreamIDError:  # after a thousand million requests
            self.retiring = True
        except ProtocolError:
            number = 0
        if not number:  # raised here: behind that error stand frames which hold the token
            raise Refused
        self._exchanges[number] = exchange
        exchange.sent = end
        self._asked = clock()
        self._watch(SILENCE)
        return number

    async def _write(self, number: int, exchange: Exchange, content: bytes) -> None:
        rest = memoryview(content)
        while rest and not exchange.done.done():
            written = 0
            while rest and written < _AT_ONCE:
                room = min(self._h2.local_flow_control_window(number), self._h2.max_outbound_frame_size)
                if room <= 0:
                    break
                part, rest = bytes(rest[:room]), rest[room:]
                self._h2.send_data(number, part, end_stream=not rest)
                written += len(part)
            exchange.sent = not rest
            self._flush()
            if rest and (self._paused or not written):
                await self._news()

    def _end(self, number: int, exchange: Exchange) -> None:
        """Give a request's place back. What is still to come of it is not wanted any more."""
        if exchange.done.done() and not exchange.done.cancelled():
            exchange.done.exception()  # read it, so that asyncio does not log it
        self.taken -= 1
        begun = self._exchanges.pop(number, None) is not None
        if begun and not self._lost and not (exchange.sent and exchange.ended):
            with contextlib.suppress(ProtocolError):  # the server has reset it already
                self._h2.reset_stream(number, ErrorCodes.CANCEL)
            self._flush()
        if self.retiring and not self.taken:
            self.close()
        with contextlib.suppress(RuntimeError):  # its loop is closed
            self._changed()

    async def _news(self) -> None:
        """Wait for the next bytes from the server, for room to write, or for the end of the connection."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        await waiter

    def _tell(self) -> None:
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)

    # What comes

    def data_received(self, data: bytes) -> None:
        self._heard = clock()
        self._idleness.heard()
        self._expected = False
        try:
            for frame in self._frames.read(data):
                if (last := last_taken(frame)) is not None:
                    self._told_to_go(last)
                    continue
                with unlogged(*LOGGERS):
                    events = self._h2.receive_data(frame)
                for event in events:
                    self._take(event)
        except ProtocolError:
            self._flush()
            self._gone()
            return
        self._flush()
        self._tell()
        self._changed()

    def _told_to_go(self, last: int) -> None:
        """Begin nothing any more (RFC 9113, 6.8). h2 is not told, which would refuse the answers to come."""
        self.retiring = self.settled = True
        for number, exchange in self._exchanges.items():
            if number > last:
                exchange.over(Refused())
        if not self.taken:
            self.close()

    def _take(self, event: Event) -> None:
        if isinstance(event, RemoteSettingsChanged):
            self.settled = True
            self.limit = max(1, min(STREAMS, self._h2.remote_settings.max_concurrent_streams))
            return
        exchange = self._exchanges.get(getattr(event, "stream_id", None) or 0)
        if isinstance(event, DataReceived):
            self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        if exchange is None:
            return
        try:
            match event:
                case ResponseReceived():
                    exchange.answered(event.headers)
                case DataReceived():
                    exchange.body.add(event.data)
                case StreamEnded():
                    exchange.ended = True
                    exchange.over()
                case StreamReset():
                    exchange.sent = exchange.ended = True
                    exchange.over(reset_error(event.error_code))
        except (TooLarge, AnswerLost) as error:
            exchange.over(error)

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._tell()

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone()

    # The connection itself

    def _flush(self) -> None:
        data = self._h2.data_to_send()
        if data and not self._transport.is_closing():
            with contextlib.suppress(RuntimeError):  # its loop is closed
                self._transport.write(data)

    def _ping(self) -> None:
        self._h2.ping(b"\0" * 8)
        self._flush()
        self._expect_word()

    def _expect_word(self) -> None:
        self._expected = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._watch(PING_ANSWER)

    def _watch(self, seconds: float) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        """See whether the server is still there, as long as something is awaited of it: a connection that died
        without a word would otherwise take all further requests, too."""
        self._timer = None
        quiet = clock() - self._heard
        if self._lost:
            return
        if self._expected:
            self._doubts.found = clock()
            self._gone()
        elif not self._exchanges and self._asked <= self._heard:
            return
        elif any(exchange.large for exchange in self._exchanges.values()):
            self._watch(SILENCE)  # a ping would stand behind all that is still to be written
        elif quiet >= SILENCE:
            self._ping()
        else:
            self._watch(SILENCE - quiet)

    def _gone(self) -> None:
        if self._lost:
            return
        self._lost = self.retiring = True
        for exchange in self._exchanges.values():
            exchange.over(AnswerLost("ConnectionLost"))
        self._tell()
        self.close()
        self._changed()

    def close(self) -> None:
        """End the connection at once, as `streams.Stream.aclose` does."""
        self._lost = self.retiring = True
        if self._timer is not None:
            self._timer.cancel()
        with contextlib.suppress(RuntimeError):  # its loop is closed
            self._transport.abort()
