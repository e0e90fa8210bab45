"""What an HTTP/2 connection is made of that knows nothing of its socket: settings, frames, headers, one answer."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Final

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes, Settings

from vimeo_toolkit.runtime import messages
from vimeo_toolkit.runtime.ports import AnswerLost, NotSent

__all__ = [
    "LOGGERS",
    "STREAMS",
    "Exchange",
    "Frames",
    "Refused",
    "WantsHttp1",
    "begun",
    "headers_of",
    "last_taken",
    "reset_error",
]

STREAMS: Final = 100
"""Requests at the same time on one connection, at most, and before the server has said how many it takes: RFC 9113,
6.5.2, advises servers to take no fewer."""

LOGGERS: Final = ("hpack.hpack", "hpack.table")
"""Tell every header of a request and an answer, addresses and, in older releases, tokens among them."""

_WINDOW: Final = 1024 * 1024
"""Bytes of one answer that may be on their way: a second's worth at 8 Mbit/s."""
_SHARED_WINDOW: Final = 16 * _WINDOW
_HEAD: Final = 9
"""Bytes before a frame's payload: three for its length, then its type."""
_MAX_FRAME: Final = 16 * 1024
_GOAWAY: Final = 7
_BREAKS: Final = re.compile(rb"[\r\n\0]")
_HOP_BY_HOP: Final = frozenset({b"host", b"connection", b"transfer-encoding"})


class Refused(NotSent):
    """The server has certainly not looked at the request: another connection may take it."""


class WantsHttp1(Refused):
    """The server wants it by HTTP/1.1."""


class Exchange:
    """One request and its answer, as it comes in."""

    def __init__(self, *, large: bool) -> None:
        self.large = large
        """Its body takes a while on a slow network."""
        self.sent = False
        self.ended = False
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = messages.Body(self.headers)
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def answered(self, headers: list[tuple[bytes, bytes]]) -> None:
        """Take in the answer's status and headers.

        Raises:
            TooLarge, AnswerLost: it says that it is too much, or says nothing that can be read.
        """
        told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
        status = told.get(":status", "")
        if len(status) != 3 or not status.isdecimal():
            raise AnswerLost("NoStatus")
        self.status = int(status)
        self.headers = {name: value for name, value in told.items() if not name.startswith(":")}
        self.body = messages.Body(self.headers)

    def over(self, error: Exception | None = None) -> None:
        """Let go whoever waits for the answer: it is complete, or will not come because of `error`."""
        if not self.done.done():
            if error is None:
                self.done.set_result(None)
            else:
                self.done.set_exception(error)


class Frames:
    """Cuts what comes into frames."""

    def __init__(self) -> None:
        self._received = bytearray()

    def read(self, data: bytes) -> Iterator[bytes]:
        """Take bytes from the network, and yield each frame that is complete.

        Raises:
            ProtocolError: a frame is larger than any that may come.
        """
        self._received += data
        while len(self._received) >= _HEAD:
            length = int.from_bytes(self._received[:3], "big")
            if length > _MAX_FRAME:
                raise ProtocolError
            if len(self._received) < _HEAD + length:
                return
            frame = bytes(self._received[: _HEAD + length])
            del self._received[: _HEAD + length]
            yield frame


def last_taken(frame: bytes) -> int | None:
    """Return the last stream that a server has looked at which ends the connection; None of another frame.

    Raises:
        ProtocolError: the frame is too short.
    """
    if frame[3] != _GOAWAY:
        return None
    if len(frame) < _HEAD + 8:
        raise ProtocolError
    return int.from_bytes(frame[_HEAD : _HEAD + 4], "big") & 0x7FFFFFFF


def begun() -> H2Connection:
    """Return a client's side of a connection, with its first bytes ready to be sent."""
    made = H2Connection(H2Configuration(header_encoding=None, validate_inbound_headers=False))
    made.local_settings = Settings(
        client=True,
        initial_values={
            SettingCodes.ENABLE_PUSH: 0,
            SettingCodes.MAX_CONCURRENT_STREAMS: STREAMS,
            SettingCodes.INITIAL_WINDOW_SIZE: _WINDOW,
            SettingCodes.MAX_FRAME_SIZE: _MAX_FRAME,
            SettingCodes.MAX_HEADER_LIST_SIZE: 65536,
        },
    )
    # some servers end the connection over a setting of a later RFC
    del made.local_settings[SettingCodes.ENABLE_CONNECT_PROTOCOL]
    made.initiate_connection()
    made.increment_flow_control_window(_SHARED_WINDOW - 65535)
    return made


def headers_of(wire: messages.Wire) -> list[tuple[bytes, bytes]]:
    """Return a request's headers as HTTP/2 has them. h2 keeps the token out of the table that both sides share."""
    named = [(name.lower(), value) for name, value in wire.headers]
    if any(_BREAKS.search(value) for _, value in named):  # h2 would send it
        raise NotSent("LocalProtocolError")
    return [
        (b":method", wire.method.encode("ascii")),
        (b":authority", wire.server.name),
        (b":scheme", wire.server.scheme),
        (b":path", wire.target),
        *((name, value) for name, value in named if name not in _HOP_BY_HOP),
    ]


def reset_error(code: ErrorCodes | int | None) -> Exception:
    """Return what it means that the server ended one request with this code (RFC 9113, 7)."""
    if code == ErrorCodes.HTTP_1_1_REQUIRED:
        return WantsHttp1()
    return Refused() if code == ErrorCodes.REFUSED_STREAM else AnswerLost("StreamReset")
