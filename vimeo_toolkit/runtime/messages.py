"""A request as it goes to its server, and an answer as it comes from there.

httpx has classes for both. What these do for a request that is complete already takes twice the time of sending it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

import httpcore
import httpx

from vimeo_toolkit.runtime.ports import AnswerLost, HttpRequest, TooLarge

__all__ = [
    "CONNECT_SECONDS",
    "MAX_BODY",
    "Body",
    "Server",
    "Wire",
    "connect_seconds",
    "headers",
    "server_of",
    "timeouts",
    "to_httpcore",
    "wire_of",
]

MAX_BODY = 16 * 1024 * 1024
"""Bytes. The largest list that Vimeo sends, 100 unprojected videos, is about 2 MB."""

CONNECT_SECONDS = 5.0

_PLAIN: Final = re.compile(r"(https?://[a-z0-9.\-]+(?::[0-9]{1,5})?)(/[\w.~:,=&+/?\-]*)", re.ASCII)
"""Addresses that are sent as they are written, as most of ours; not with a segment of dots. httpx looks at each
character of an address several times, and finds nothing to change in these."""

_WITH_BODY: Final = frozenset({"PATCH", "POST", "PUT"})


class Server(NamedTuple):
    """Where a request goes."""

    url: httpx.URL
    scheme: bytes
    host: bytes
    port: int | None
    name: bytes
    """For the `Host` header."""
    place: tuple[str, int]
    """The host and port to connect to."""
    key: tuple[bytes, bytes, int | None]
    """What tells it from others: quicker to compare than the whole."""

    @property
    def secured(self) -> bool:
        """Whether it is to be spoken to by TLS."""
        return self.scheme == b"https"


class Wire(NamedTuple):
    """A request as it goes to its server."""

    server: Server
    method: str
    target: bytes
    headers: list[tuple[bytes, bytes]]
    content: bytes

    def __repr__(self) -> str:
        return f"<Wire {self.method} {self.server.place[0]}>"


def _server(url: httpx.URL) -> Server:
    if url.raw_scheme not in (b"http", b"https"):  # the token would go out in clear
        raise httpcore.UnsupportedProtocol
    place = url.raw_host.decode("ascii"), url.port or (443 if url.raw_scheme == b"https" else 80)
    key = url.raw_scheme, url.raw_host, url.port
    return Server(url, *key, url.netloc, place, key)


@lru_cache(maxsize=64)
def _plain_server(address: str) -> Server:
    return _server(httpx.URL(address))


def server_of(address: str) -> Server:
    """Return where requests to an address go.

    Raises:
        httpx.InvalidURL, httpcore.UnsupportedProtocol: it cannot be read, or is not one of HTTP.
    """
    return _server(httpx.URL(address))


def wire_of(request: HttpRequest) -> Wire:
    """Return a request as it goes to its server.

    Raises:
        httpx.InvalidURL, httpcore.UnsupportedProtocol: its address cannot be read, or is not one of HTTP.
    """
    plain = None if "/." in request.url else _PLAIN.fullmatch(request.url)
    if plain is not None:
        server, target = _plain_server(plain[1]), plain[2].encode()
    else:
        url = httpx.URL(request.url)
        server, target = _server(url), url.raw_path
    headers = [(b"Host", server.name)]
    headers += [(name.encode("ascii"), value.encode("ascii")) for name, value in request.headers]
    if request.content or request.method in _WITH_BODY:
        headers.append((b"Content-Length", b"%d" % len(request.content)))
    return Wire(server, request.method, target, headers, request.content)


def to_httpcore(wire: Wire, timeout: float) -> httpcore.Request:
    """Return a request as httpcore takes it, the part of httpx below its client and its classes."""
    server = wire.server
    return httpcore.Request(
        wire.method,
        httpcore.URL(scheme=server.scheme, host=server.host, port=server.port, target=wire.target),
        headers=wire.headers,
        content=wire.content,
        extensions={"timeout": timeouts(timeout)},
    )


def connect_seconds(timeout: float) -> float:
    """Return how long to wait for a connection, in seconds: less than the whole time limit, so that a slow connect
    is known as one, and nothing was sent."""
    return min(CONNECT_SECONDS, timeout * 0.8)


def timeouts(timeout: float) -> dict[str, float]:
    """Return the time limits of a request's steps, in seconds."""
    return {
        "connect": connect_seconds(timeout),
        "read": timeout,
        "write": timeout,
        "pool": timeout,
    }


def headers(of_answer: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return an answer's headers, their names in lower case."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in of_answer}


class Body:
    """An answer's body, decompressed as it comes in, up to `MAX_BODY`.

    httpx would unpack each network chunk at once, however much comes out of it, and calls a body complete
    whose packed stream was cut.
    """

    def __init__(self, headers: Mapping[str, str]) -> None:
        length = headers.get("content-length", "")
        if length.isdigit() and len(length) < 20 and int(length) > MAX_BODY:
            raise TooLarge
        self._content = bytearray()
        # 32: zlib detects gzip or its own format. Other encodings were not requested; such a body stays as it is
        # and is not JSON.
        packed = headers.get("content-encoding", "").strip().lower() in ("gzip", "x-gzip", "deflate")
        self._unpacker = zlib.decompressobj(wbits=32 + zlib.MAX_WBITS) if packed else None
        self._received = 0

    def add(self, chunk: bytes | bytearray) -> None:
        """Take a chunk from the network.

        Raises:
            TooLarge, AnswerLost: it is too much, or damaged.
        """
        if self._unpacker is not None:
            # Packed data need not unpack to anything, and what is behind its end would be kept beside it.
            self._received += len(chunk)
            if self._received > MAX_BODY:
                raise TooLarge
            if self._unpacker.eof:
                return
            try:
                chunk = self._unpacker.decompress(chunk, MAX_BODY + 1 - len(self._content))
            except zlib.error:
                raise AnswerLost("DecodingError") from None
        self._content += chunk
        if len(self._content) > MAX_BODY:
            raise TooLarge

    def whole(self) -> bytes:
        """Return the whole body once its end has come.

        Raises:
            AnswerLost: the packed stream lacks its end.
        """
        if self._unpacker is not None and self._received and not self._unpacker.eof:
            raise AnswerLost("DecodingError")
        return bytes(self._content)
