"""One HTTP/1.1 request in the hands of the fault proxy: read it, carry it out or not, and answer it badly."""

from __future__ import annotations

import select
import socket
import struct
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

__all__ = ["Exchange", "RawAnswer", "RawRequest", "reset", "serialized"]

_MAX_HEAD = 1024 * 1024


@dataclass(slots=True)
class RawRequest:
    """A request as it came."""

    method: str
    path: str
    """With its query."""
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes = b""

    @classmethod
    def read(cls, client: socket.socket) -> RawRequest | None:
        """Read the next request of a connection; None when the client has gone or does not send HTTP."""
        data = b""
        while b"\r\n\r\n" not in data:
            chunk = _received(client)
            data += chunk
            if not chunk or len(data) > _MAX_HEAD:
                return None
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        parts = first.split(" ")
        if len(parts) != 3:
            return None
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        length = headers.get("content-length", "0")
        expected = int(length) if length.isdigit() else 0
        while len(body) < expected:
            chunk = _received(client)
            if not chunk:
                return None
            body += chunk
        return cls(parts[0], parts[1], headers, body)


@dataclass(slots=True)
class RawAnswer:
    """What the server answered, its framing taken off."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


def serialized(
    answer: RawAnswer, headers: Iterable[tuple[str, str]] = (), *, length: int | None = None
) -> bytes:
    """Return the answer's bytes. `length` claims a Content-Length other than the body's; a negative one sends
    none."""
    lines = [f"HTTP/1.1 {answer.status} Sandbox"]
    lines += [f"{name}: {value}" for name, value in [*answer.headers, *headers]]
    length = len(answer.body) if length is None else length
    if length >= 0 and answer.status not in (204, 304) and answer.status >= 200:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace") + answer.body


class Exchange:
    """A request, and every way to answer it. A fault's `strike` gets one.

    Attributes:
        request: what the client sent.
        elsewhere: the address of a second server, to send a client to that must not go there.
        reusable: True while the connection can take a next request.
    """

    def __init__(
        self,
        client: socket.socket,
        request: RawRequest,
        forward: Callable[[RawRequest], RawAnswer],
        elsewhere: str,
        over: threading.Event,
    ) -> None:
        self.request = request
        self.elsewhere = elsewhere
        self.reusable = True
        self._client = client
        self._forward = forward
        self._over = over

    def forward(self) -> RawAnswer:
        """Let the sandbox carry the request out."""
        return self._forward(self.request)

    def answer(self, answer: RawAnswer, headers: Iterable[tuple[str, str]] = ()) -> None:
        """Answer as a good server does; the connection stays open."""
        if not self._send(serialized(answer, headers)):
            self.reusable = False

    def send(self, data: bytes) -> bool:
        """Send bytes as they are; the connection is closed when the fault is over. False: the client has gone."""
        self.reusable = False
        return self._send(data)

    def drip(self, data: bytes, pause: float = 0.02) -> bool:
        """Send a byte at a time. False: the client has gone."""
        return all(self.send(data[place : place + 1]) and not self.stall(pause) for place in range(len(data)))

    def stall(self, seconds: float | None = None) -> bool:
        """Do nothing for so long (None: as long as the client stays). True: the client has gone."""
        waited = 0.0
        while not self._over.is_set() and (seconds is None or waited < seconds):
            step = 0.05 if seconds is None else min(0.05, seconds - waited)
            readable, _, _ = select.select([self._client], [], [], step)
            if readable and not _received(self._client, peek=True):
                self.reusable = False
                return True
            if readable:  # the client sends its next request already: go on
                self._over.wait(step)
            waited += step
        return self._over.is_set()

    def close(self) -> None:
        """Close the connection in good order."""
        self.reusable = False

    def reset(self) -> None:
        """Break the connection off: the client gets a TCP reset, not an end."""
        self.reusable = False
        reset(self._client)

    def _send(self, data: bytes) -> bool:
        try:
            self._client.sendall(data)
        except OSError:
            self.reusable = False
            return False
        return not self._over.is_set()


def reset(connection: socket.socket) -> None:
    """Close with a TCP reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _received(client: socket.socket, *, peek: bool = False) -> bytes:
    try:
        return client.recv(65536, socket.MSG_PEEK if peek else 0)
    except OSError:
        return b""
