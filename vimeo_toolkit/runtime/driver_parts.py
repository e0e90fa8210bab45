"""What both drivers share: options, and how httpx's exceptions are translated for flows."""

from __future__ import annotations

import contextlib
import random
import secrets
import ssl
import uuid
import zlib
from collections.abc import Callable, Hashable, Mapping
from functools import cache, partial
from typing import Any, TypeVar

import httpx

from vimeo_toolkit.errors import StoreError
from vimeo_toolkit.runtime.idleness import FRESH, KEPT
from vimeo_toolkit.runtime.internals import missing, proxies
from vimeo_toolkit.runtime.pool_shards import CONNECTIONS
from vimeo_toolkit.runtime.ports import REPEATABLE, AnswerLost, HttpRequest, NotSent, TooLarge
from vimeo_toolkit.runtime.reasons import reason_of

Client = TypeVar("Client", httpx.Client, httpx.AsyncClient)

LEASE_SECONDS = 3.0
"""A holder that dies loses its lease within this time; a living one extends it every third of it."""

MAX_BODY = 16 * 1024 * 1024
"""Bytes. The largest list that Vimeo sends, 100 unprojected videos, is about 2 MB."""

CONNECT_SECONDS = 5.0

SMALL_BODY = 64 * 1024
"""Bytes of a request that are written at once on a slow network, too."""


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()  # made once: it costs 20 ms


def clients(
    client: Callable[..., Client], transport: Callable[..., httpx.HTTPTransport | httpx.AsyncHTTPTransport]
) -> Callable[[], Client]:
    """Return what makes httpx's clients, for one event loop or one process.

    The operator's proxies and certificates apply. They are read once, here: reading them costs each client four
    times what it costs otherwise, and a burst of calls makes up to a hundred. A redirect is never followed, because
    the token would go with it, and nothing is a client default, because a request to a foreign host would carry it.

    Args:
        client: httpx's class of clients.
        transport: its class of transports of the same kind.
    """
    if missing():  # nothing looks after connections in doubt, so there are none
        fresh = httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=FRESH)
        return lambda: client(verify=_tls(), limits=fresh, follow_redirects=False)
    limits = httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=KEPT)
    found = proxies()
    made = partial(transport, verify=_tls(), limits=limits, trust_env=False)

    def make() -> Client:
        mounts = {pattern: None if proxy is None else made(proxy=proxy) for pattern, proxy in found.items()}
        return client(transport=made(), mounts=mounts, follow_redirects=False, trust_env=False)

    return make


def to_httpx(request: HttpRequest, timeout: float) -> httpx.Request:
    return httpx.Request(
        request.method,
        request.url,
        headers=list(request.headers),
        content=request.content or None,
        extensions={
            "timeout": {
                # Less than the whole timeout: then a slow connect is known as one, and nothing was sent.
                "connect": min(CONNECT_SECONDS, timeout * 0.8),
                "read": timeout,
                "write": timeout,
                "pool": timeout,
            }
        },
    )


def repeated_soon(request: HttpRequest) -> bool:
    """Return whether a request may be sent on a connection in doubt (`idleness`): it is sent again if no answer
    begins in time, and that time is not needed to write it."""
    return request.method in REPEATABLE and len(request.content) <= SMALL_BODY


def share_of(request: HttpRequest) -> Hashable:
    """Return the key under which a request's share of the connections is counted: its user, or else its token.

    A token's hash stands for it, because what waits for a connection shows its locals in tracebacks.
    """
    if request.user is not None:
        return request.user
    return hash(next((value for name, value in request.headers if name == "Authorization"), ""))


def headers(response: httpx.Response) -> Mapping[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers.raw}


class Body:
    """An answer's body, decompressed as it comes in, up to `MAX_BODY`.

    httpx would unpack each network chunk at once, however much comes out of it, and calls a body complete
    whose packed stream was cut.
    """

    def __init__(self, response: httpx.Response) -> None:
        length = response.headers.get("content-length", "")
        if length.isdigit() and len(length) < 20 and int(length) > MAX_BODY:
            raise TooLarge
        self._content = bytearray()
        # 32: zlib detects gzip or its own format. Other encodings were not requested; such a body stays as it is
        # and is not JSON.
        packed = response.headers.get("content-encoding", "").strip().lower() in ("gzip", "x-gzip", "deflate")
        self._unpacker = zlib.decompressobj(wbits=32 + zlib.MAX_WBITS) if packed else None

    def add(self, chunk: bytes) -> None:
        """Take a chunk from the network.

        Raises:
            TooLarge, AnswerLost: it is too much, or damaged.
        """
        if self._unpacker is not None:
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
        if self._unpacker is not None and self._content and not self._unpacker.eof:
            raise AnswerLost("DecodingError")
        return bytes(self._content)


def outcome(error: Exception) -> Exception:
    """Return the exception that a flow handles for one of httpx. It carries a kind, never the text of the
    original."""
    match error:
        case NotSent() | AnswerLost() | TooLarge():
            return error.with_traceback(None)
        case (
            httpx.ConnectError() | httpx.ConnectTimeout() | httpx.PoolTimeout() | httpx.UnsupportedProtocol()
        ):
            return NotSent(type(error).__name__, reason_of(error))
        case httpx.TransportError() | httpx.DecodingError() | httpx.StreamError():
            return AnswerLost(type(error).__name__)
        case _:
            # A bug, in httpx or in what it was given. Only its class is reported: its text, its arguments (a
            # UnicodeEncodeError has the whole header) and its frames may hold the token.
            return AnswerLost(type(error).__name__)


def thrown_away(error: BaseException) -> bool:
    """Return whether an error came up while a flow was being thrown away with its loop, which ends it."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, GeneratorExit):
        cause = cause.__context__
    return cause is not None


def bare(error: BaseException) -> BaseException:
    """Return a cancellation or an interrupt without the frames of httpx, whose locals hold the token."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def random_token() -> str:
    return secrets.token_urlsafe(32)


def new_id() -> str:
    return uuid.uuid4().hex


def jitter() -> float:
    return random.random()  # noqa: S311 - spreads retries, keeps no secret


def ignoring_store_errors(function: Callable[..., Any], *arguments: Any) -> None:
    with contextlib.suppress(StoreError):
        function(*arguments)
