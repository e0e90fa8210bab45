"""What both drivers share: options, and how exceptions of httpcore and httpx are translated for flows."""

from __future__ import annotations

import contextlib
import random
import secrets
import ssl
import time
import uuid
from collections.abc import Callable, Hashable
from functools import cache, partial
from typing import Any, Final, TypeVar

import httpcore
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

SMALL_BODY = 64 * 1024
"""Bytes of a request that are written at once on a slow network, too."""


_UNSENT: Final = tuple(
    getattr(library, name)
    for library in (httpcore, httpx)
    for name in ("ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol")
)
"""What is raised before anything was sent."""


@cache
def _tls() -> ssl.SSLContext:
    context = httpx.create_ssl_context()  # made once: it costs 20 ms
    context.set_alpn_protocols(["http/1.1"])
    return context


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


@cache
def _tls_for_both() -> ssl.SSLContext:
    # One of its own: httpcore sets what is offered anew at each connection, on the context that it is given.
    context = httpx.create_ssl_context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context


def tls(*, http2: bool) -> ssl.SSLContext:
    """Return the settings of TLS, with the operator's certificates.

    Args:
        http2: offer the server to speak HTTP/2.
    """
    return _tls_for_both() if http2 else _tls()


def repeated_soon(request: HttpRequest) -> bool:
    """Return whether a request may be sent on a connection in doubt (`idleness`): it is sent again if no answer
    begins in time, and that time is not needed to write it."""
    return request.method in REPEATABLE and len(request.content) <= SMALL_BODY


def time_left(deadline: float) -> float:
    """Return how many seconds are left until a `time.monotonic()` time for a request that is about to be sent.

    Raises:
        NotSent: none is.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise NotSent("PoolTimeout")
    return left


def share_of(request: HttpRequest) -> Hashable:
    """Return the key under which a request's share of the connections is counted: its user, or else its token.

    A token's hash stands for it, because what waits for a connection shows its locals in tracebacks.
    """
    if request.user is not None:
        return request.user
    return hash(next((value for name, value in request.headers if name == "Authorization"), ""))


def outcome(error: Exception) -> Exception:
    """Return the exception that a flow handles for one of httpcore or httpx. It carries a kind, never the text of
    the original: that, its arguments (a UnicodeEncodeError has the whole header) and its frames may hold the
    token."""
    if isinstance(error, NotSent | AnswerLost | TooLarge):
        return error.with_traceback(None)
    kind = type(error).__name__
    return NotSent(kind, reason_of(error)) if isinstance(error, _UNSENT) else AnswerLost(kind)


def thrown_away(error: BaseException) -> bool:
    """Return whether an error came up while a flow was being thrown away with its loop, which ends it."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, GeneratorExit):
        cause = cause.__context__
    return cause is not None


def bare(error: BaseException) -> BaseException:
    """Return a cancellation or an interrupt without the frames in which it came up, whose locals hold the token."""
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
