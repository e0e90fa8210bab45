"""Why no connection could be made, in one of a few fixed sentences: a foreign exception's text is never shown."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Callable
from typing import Final

import httpcore
import httpx

__all__ = ["reason_of"]

_UNREACHABLE: Final = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})

_REASONS: Final[tuple[tuple[Callable[[BaseException], bool], str], ...]] = (
    (lambda error: isinstance(error, socket.gaierror), "the host's name cannot be looked up"),
    (lambda error: isinstance(error, ssl.SSLCertVerificationError), "the certificate is not trusted"),
    (lambda error: isinstance(error, ssl.SSLError), "no TLS connection was agreed on"),
    (lambda error: isinstance(error, ConnectionRefusedError), "nothing listens there"),
    (
        lambda error: isinstance(error, OSError) and error.errno in _UNREACHABLE,
        "the network cannot be reached",
    ),
    (lambda error: isinstance(error, httpcore.PoolTimeout), "all connections of this process are in use"),
    (
        lambda error: isinstance(error, httpcore.UnsupportedProtocol | httpx.UnsupportedProtocol),
        "the address is not one of HTTP",
    ),
    (lambda error: isinstance(error, httpcore.ConnectTimeout | TimeoutError), "it took too long"),
)


def reason_of(error: BaseException) -> str:
    """Return why no connection could be made; empty where nothing tells.

    What the system said stands somewhere among the exceptions behind this one: httpx and httpcore tell less.
    """
    behind: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and each not in behind:
        behind.append(each)
        each = each.__cause__ or each.__context__
    return next((reason for fits, reason in _REASONS if any(map(fits, reversed(behind)))), "")
