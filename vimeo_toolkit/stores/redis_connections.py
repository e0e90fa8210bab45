"""Connections to Redis or Valkey: how many, how a lost one is noticed, and how they are given back.

A connection that was idle is asked (PING) before it is used: a load balancer or a firewall may have forgotten it,
and a write whose answer is lost cannot simply be sent again.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any, Final
from weakref import WeakSet

import redis
import redis.asyncio
from redis import exceptions
from redis.asyncio.connection import parse_url as aparse_url
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.connection import parse_url
from redis.retry import Retry

from vimeo_toolkit.runtime.internals import raw_socket
from vimeo_toolkit.runtime.loops import PerLoop
from vimeo_toolkit.stores.queue import Queue

__all__ = ["CONNECTIONS", "blocking_client", "looped_clients"]

WAIT: Final = 5.0
CONNECTIONS: Final = 16
"""The most connections, of a process's blocking calls and of each event loop; further calls wait."""

_IDLE: Final = 1
"""Seconds of idleness after which a connection is tested before it is used."""


def _keepalive() -> dict[int, int]:
    wanted = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}
    return {getattr(socket, name): value for name, value in wanted.items() if hasattr(socket, name)}


def _settings(address: str) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "max_connections": CONNECTIONS,
        "timeout": 2 * WAIT,
        "socket_timeout": WAIT,
        "socket_connect_timeout": WAIT,
        "health_check_interval": _IDLE,
    }
    if not address.startswith("unix"):
        settings |= {"socket_keepalive": True, "socket_keepalive_options": _keepalive()}
    return settings


# No retries: a repeated compare-and-set would lose against its own first attempt.


def blocking_client(address: str) -> redis.Redis:
    """Return a client for blocking calls; it connects when it is first used."""
    parsed: dict[str, Any] = parse_url(address)  # type: ignore[no-untyped-call]
    kind: type[Any] = parsed.get("connection_class", redis.Connection)
    parsed["connection_class"] = type("CheckedConnection", (_Checked, kind), {})
    options = _settings(address) | {"retry": Retry(NoBackoff(), 0)} | parsed
    return redis.Redis.from_pool(_InTurn(**options))


class _InTurn(redis.BlockingConnectionPool):
    """A pool whose connections go to the threads that wait in the order in which they came, see `Queue`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        self._turns = Queue(self.max_connections)

    def get_connection(self, *arguments: Any, **options: Any) -> Any:
        if not self._turns.take(self.timeout):
            raise exceptions.ConnectionError("No connection available.")
        try:
            return super().get_connection(*arguments, **options)  # type: ignore[no-untyped-call]
        except BaseException:
            self._turns.give()
            raise

    def release(self, connection: Any) -> None:
        try:
            super().release(connection)  # type: ignore[no-untyped-call]
        finally:
            self._turns.give()


class _AsyncInTurn(redis.asyncio.BlockingConnectionPool):
    """The same for the tasks of an event loop."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._turns = asyncio.Semaphore(self.max_connections)

    async def get_connection(self, *arguments: Any, **options: Any) -> Any:
        try:
            async with asyncio.timeout(self.timeout):
                await self._turns.acquire()
        except TimeoutError:
            raise exceptions.ConnectionError("No connection available.") from None
        try:
            return await super().get_connection(*arguments, **options)  # type: ignore[no-untyped-call]
        except BaseException:
            self._turns.release()
            raise

    async def release(self, connection: Any) -> None:
        try:
            await super().release(connection)
        finally:
            self._turns.release()


class _Looped:
    """An event loop's client, and the sockets of its connections."""

    def __init__(self, address: str) -> None:
        sockets: WeakSet[socket.socket] = WeakSet()
        parsed: dict[str, Any] = dict(aparse_url(address))
        kind: type[Any] = parsed.get("connection_class", redis.asyncio.Connection)
        parsed["connection_class"] = type("CheckedConnection", (_AsyncChecked, kind), {"made": sockets})
        options = _settings(address) | {"retry": AsyncRetry(NoBackoff(), 0)} | parsed
        self.sockets = sockets
        self.client = redis.asyncio.Redis.from_pool(_AsyncInTurn(**options))

    async def aclose(self) -> None:
        await self.client.aclose()

    def abandon(self) -> None:
        for each in list(self.sockets):
            each.close()


def looped_clients(address: str) -> PerLoop[_Looped]:
    """Return the clients of event loops, each made when its loop first asks."""
    return PerLoop(lambda: _Looped(address), _Looped.aclose, _Looped.abandon)


class _Checked:
    """A connection that is replaced when it was idle and does not answer any more."""

    checking = False

    def connect(self: Any) -> None:
        # Connecting sends commands, which test the connection too, before all answers are read.
        before, self.checking = self.checking, True
        try:
            super().connect()  # type: ignore[misc]
        finally:
            self.checking = before

    def check_health(self: Any) -> None:
        if self.checking:
            return
        self.checking = True
        try:
            super().check_health()  # type: ignore[misc]
        except (exceptions.ConnectionError, exceptions.TimeoutError):
            self.connect()
        finally:
            self.checking = False


class _AsyncChecked:
    """The same for an event loop; its socket is remembered."""

    made: WeakSet[socket.socket]
    remembered: object = None
    checking = False

    async def connect(self: Any) -> None:
        before, self.checking = self.checking, True
        try:
            await super().connect()  # type: ignore[misc]
        finally:
            self.checking = before

    async def check_health(self: Any) -> None:
        if self.checking:
            return
        self.checking = True
        try:
            await super().check_health()  # type: ignore[misc]
        except (exceptions.ConnectionError, exceptions.TimeoutError):
            await self.connect()
        finally:
            self.checking = False
        if self.remembered is not self._writer:
            self.remembered = self._writer
            found = raw_socket(self._writer.get_extra_info("socket"))
            if found is not None:
                self.made.add(found)
