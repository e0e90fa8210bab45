"""A deadline for everything that one blocking request waits for.

httpx's timeouts hold for each read alone: a server that sends a byte now and then keeps a blocking call for
ever, as does a name server that does not answer. Here each lookup, connect, read and write gets what is left until
the deadline that the thread has set.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from vimeo_toolkit.runtime.connecting import KEEPALIVE
from vimeo_toolkit.runtime.idleness import Doubts, Idleness
from vimeo_toolkit.runtime.internals import pools
from vimeo_toolkit.runtime.resolve import addresses
from vimeo_toolkit.runtime.thread_turns import Turn

__all__ = ["Backend", "Stream", "enforce", "limited", "until"]

_PART = 64 * 1024
"""Bytes written at a time, so that the deadline is checked in between for a slow reader."""


class _Current(threading.local):
    deadline: float | None = None
    turn: Turn | None = None
    repeatable: bool = False


_current = _Current()


class until:  # noqa: N801 - a context manager, used as a function
    """Set the deadline, a `time.monotonic()` time, of everything that this thread waits for within the block, the
    turn that it takes when it goes on, and whether its request may be sent on a connection in doubt."""

    __slots__ = ("_before", "_now")

    def __init__(self, deadline: float, turn: Turn | None = None, *, repeatable: bool = False) -> None:
        self._now = deadline, turn, repeatable
        self._before: tuple[float | None, Turn | None, bool] = None, None, False

    def __enter__(self) -> None:
        self._before = _current.deadline, _current.turn, _current.repeatable
        _current.deadline, _current.turn, _current.repeatable = self._now

    def __exit__(self, *error: object) -> None:
        _current.deadline, _current.turn, _current.repeatable = self._before


def limited() -> bool:
    """Return whether this thread is within a deadline, that is in the midst of a request."""
    return _current.deadline is not None


def enforce(client: httpx.Client, backend: Backend) -> httpx.Client:
    """Make a client's connections, those through proxies included, keep the deadline."""
    # New transports would lose httpx's reading of the operator's proxy settings. So only one attribute is
    # replaced, from which all of httpcore's pools take their connections.
    for pool in pools(client):
        pool._network_backend = backend
    return client


def _left(timeout: float | None, failure: type[Exception]) -> float | None:
    if _current.deadline is None:
        return timeout
    left = _current.deadline - time.monotonic()
    if left <= 0:
        raise failure
    return left if timeout is None or left < timeout else timeout


class Backend(httpcore.NetworkBackend):
    """Makes the connections of a process's blocking calls."""

    def __init__(self, inner: httpcore.NetworkBackend | None = None) -> None:
        self._inner = inner or httpcore.SyncBackend()
        self._doubts = Doubts()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> Stream:
        until = time.monotonic() + timeout if timeout is not None else None
        options = [*KEEPALIVE, *(socket_options or ())]
        try:
            found = addresses(host, port, _left(timeout, httpcore.ConnectTimeout))
        except TimeoutError:
            raise httpcore.ConnectTimeout from None
        except OSError:
            raise httpcore.ConnectError from None
        failure: Exception = httpcore.ConnectError()
        for number, address in enumerate(found):
            left = None if until is None else until - time.monotonic()
            left = _left(left, httpcore.ConnectTimeout)
            if left is not None:
                left = max(0.001, left / (len(found) - number))  # each address has its share of what is left
            try:
                made = self._inner.connect_tcp(address, port, left, local_address, options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return Stream(made, self._doubts)
        raise failure

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class Stream(httpcore.NetworkStream):
    """One connection of a blocking call."""

    def __init__(self, inner: httpcore.NetworkStream, doubts: Doubts) -> None:
        self._inner = inner
        self._doubts = doubts
        self._idleness = Idleness(doubts)

    @property
    def kept(self) -> bool:
        """Whether it is kept, which was idle so far."""
        return self._idleness.kept

    def usable(self) -> bool:
        """Return whether the next request may be sent on it, which was idle so far."""
        if not self._idleness.usable(repeatable=_current.repeatable):
            return False
        return not self._inner.get_extra_info("is_readable") or _says_nothing(self.get_extra_info("socket"))

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        turn = _current.turn
        if turn is None:
            return self._read(max_bytes, timeout)
        turn.give()
        data = self._read(max_bytes, timeout)
        if not turn.take(lambda come: come.wait(_left(timeout, httpcore.ReadTimeout))):
            raise httpcore.ReadTimeout
        return data

    def _read(self, max_bytes: int, timeout: float | None) -> bytes:
        try:
            data = self._inner.read(max_bytes, self._idleness.left(_left(timeout, httpcore.ReadTimeout)))
        except (httpcore.ReadTimeout, httpcore.ReadError):
            self._idleness.unheard()
            raise
        if data:
            self._idleness.heard()
        else:
            self._idleness.unheard()
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer:  # the end of a request, which took a while to write perhaps
            return
        self._idleness.wrote()
        for start in range(0, len(buffer), _PART):
            part = buffer[start : start + _PART] if len(buffer) > _PART else buffer
            self._inner.write(part, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Stream:
        try:
            timeout = _left(timeout, httpcore.ConnectTimeout)
            secured = self._inner.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            self.close()
            raise
        return Stream(secured, self._doubts)

    def get_extra_info(self, info: str) -> Any:
        # asked of an idle connection, which httpcore drops where the answer is yes
        if info == "is_readable" and not self._idleness.usable(repeatable=_current.repeatable):
            return True
        return self._inner.get_extra_info(info)


def _says_nothing(connection: Any) -> bool:
    """Return whether what came on an idle socket is of TLS alone: servers send session tickets behind the
    handshake, so that a socket is readable without being at its end."""
    connection.setblocking(False)
    try:
        connection.recv(1)
    except (ssl.SSLWantReadError, BlockingIOError):
        return True
    except OSError:
        return False
    return False
