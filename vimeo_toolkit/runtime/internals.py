"""The private names of httpx, httpcore and asyncio that the drivers stand on: all of them, looked up once.

httpx has no argument for how connections are made beside its own reading of the operator's proxy settings, and its
`send` logs every address, upload links too. So it tells which requests go through a proxy, and these go straight to
its connection pools, which are httpcore's, with another network backend. Where a release of httpx has moved one of
these names, nothing is switched off in silence: the log says so, and requests are sent in a plainer and slower way
that keeps the same promises (`plain.py`).
"""

from __future__ import annotations

import logging
import socket
from asyncio.trsock import TransportSocket
from collections.abc import Iterator
from functools import cache
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Any, Final, overload

import httpcore
import httpx

__all__ = ["missing", "pool", "pools", "proxies", "raw_socket", "without_proxy"]

_log = logging.getLogger(__name__)

_SOCKET: Final = "_sock"
_ON_CLIENTS: Final = ("_transport", "_mounts", "_transport_for_url", "_get_proxy_map")


@cache
def missing() -> tuple[str, ...]:
    """Return which of the private names are not there; the first caller tells the log.

    Looked up once, before the first connection is made.
    """
    found = tuple(_missing())
    if found:
        _log.warning(
            "httpx %s and httpcore %s are not as this release of vimeo-toolkit knows them (%s): requests are sent "
            "in a slower way. Install a release of httpx that it was tested with (0.28).",
            httpx.__version__,
            httpcore.__version__,
            ", ".join(found),
        )
    return found


def _missing() -> Iterator[str]:
    # Nothing is sent, and a context without certificates is made quickly.
    settings: dict[str, Any] = {"verify": SSLContext(PROTOCOL_TLS_CLIENT), "trust_env": False}
    proxy = "http://127.0.0.1:9"
    made = (
        (httpx.Client(**settings), httpx.HTTPTransport(proxy=proxy, **settings)),
        (httpx.AsyncClient(**settings), httpx.AsyncHTTPTransport(proxy=proxy, **settings)),
    )
    for client, through_proxy in made:
        name = type(client).__name__
        yield from (f"{name}.{each}" for each in _ON_CLIENTS if not hasattr(client, each))
        for sender in (getattr(client, "_transport", None), through_proxy):
            pool = getattr(sender, "_pool", None)
            if pool is None:
                yield f"{type(sender).__name__}._pool"
            elif not hasattr(pool, "_network_backend"):
                yield f"{type(pool).__name__}._network_backend"
    if not hasattr(TransportSocket, _SOCKET):
        yield f"TransportSocket.{_SOCKET}"


def pools(client: httpx.Client | httpx.AsyncClient) -> Iterator[Any]:
    """Yield all pools of a client, those of the operator's proxies included, to replace their `_network_backend`.

    Nothing where one of the names is missing.
    """
    if missing():
        return
    for sender in (client._transport, *client._mounts.values()):
        if sender is not None:  # None: no proxy for this host
            yield sender._pool


def proxies() -> dict[str, httpx.Proxy | None]:
    """Return the operator's proxies as httpx reads them now, by the pattern of the addresses that each is for.

    None: no proxy for these addresses. Nothing where one of the names is missing.
    """
    if missing():
        return {}
    return _reader()._get_proxy_map(None, allow_env_proxies=True)


@cache
def _reader() -> httpx.Client:
    """Return a client that sends nothing. To make one takes ten times as long as what it reads."""
    return httpx.Client(verify=SSLContext(PROTOCOL_TLS_CLIENT), trust_env=False)


@overload
def pool(client: httpx.Client, url: httpx.URL) -> httpcore.ConnectionPool: ...
@overload
def pool(client: httpx.AsyncClient, url: httpx.URL) -> httpcore.AsyncConnectionPool: ...
def pool(
    client: httpx.Client | httpx.AsyncClient, url: httpx.URL
) -> httpcore.ConnectionPool | httpcore.AsyncConnectionPool:
    """Return the connections by which the client would send to this server, those of the operator's proxy.

    Requests go there at once. A client's `send` would add redirects, which are not followed, and a log of every
    address; and what httpx makes of a request and an answer takes twice the time of sending (`messages`).
    """
    sender: Any = client._transport_for_url(url)
    found: httpcore.ConnectionPool | httpcore.AsyncConnectionPool = sender._pool
    return found


def without_proxy(client: httpx.Client | httpx.AsyncClient, url: httpx.URL) -> bool:
    """Return whether the client would send to this server itself, and not to the operator's proxy."""
    return client._transport_for_url(url) is client._transport


def raw_socket(shown: Any) -> socket.socket | None:
    """Return the socket behind what an asyncio transport shows of it, which cannot be closed.

    None on loops that have another kind (uvloop), which close their own when they are closed.
    """
    inner = getattr(shown, _SOCKET, shown)
    return inner if isinstance(inner, socket.socket) else None
