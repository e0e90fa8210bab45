"""Connections to PostgreSQL: how many, how long a statement may take, how a lost one is noticed and given back.

Nothing is ever set for a session: behind a pooler such as PgBouncer (transaction pooling) the session belongs to
whoever comes next, so neither settings nor prepared statements may stay in it. That a statement ends in time is
therefore seen to here, which also holds when the server or the network has gone silent.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import select
import time
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakSet

import psycopg

from vimeo_toolkit.runtime.loops import PerLoop
from vimeo_toolkit.stores.queue import Queue

__all__ = ["CONNECTIONS", "AsyncPool", "Connection", "NoConnection", "Pool", "looped_pools", "settings"]

Rows = list[tuple[Any, ...]]

WAIT: Final = 5.0
CONNECTIONS: Final = 8
"""At most, of a process's blocking calls and of each event loop; who finds none free waits."""

_STATEMENT: Final = 2 * WAIT
"""Seconds after which a statement is cancelled and its connection closed."""
_TURN: Final = 2 * WAIT
"""Seconds to wait for a connection that others use."""
_KEPT: Final = 300.0
"""Seconds after which an unused connection is closed."""
_IDLE: Final = 1.0
"""Seconds after which a connection is asked whether it is still there, before it is used."""
_PING: Final = 2.0
"""Seconds that it has to answer in."""
_SNAPSHOT: Final = psycopg.IsolationLevel.REPEATABLE_READ
_CANCEL: Final = 1.0
"""Seconds for asking the server to give up a late statement."""


def settings() -> dict[str, Any]:
    """Return the parameters of every connection."""
    return {
        "autocommit": True,
        "prepare_threshold": None,  # a prepared statement is the session's
        "connect_timeout": int(WAIT),
        "tcp_user_timeout": int(WAIT * 1000),
        "keepalives_idle": 30,  # below the idle time after which load balancers forget a connection
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "application_name": "vimeo-toolkit",
    }


class NoConnection(Exception):
    """All connections were in use for too long."""


class Late(psycopg.OperationalError):
    """A statement was not answered in time."""


def _bounded(gen: Generator[Any, Any, Any], until: float) -> Generator[Any, Any, Any]:
    """Run one of psycopg's generators, which is resumed a few times a second, until it has ended or is late."""
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if not ready and time.monotonic() > until:
                raise Late("no answer in time")
            wanted = gen.send(ready)
    except StopIteration as end:
        return end.value


def _silent(connection: psycopg.Connection[Any] | psycopg.AsyncConnection[Any]) -> bool:
    """Return whether an idle connection has nothing to read. All that can come is its end, behind the server's
    last words; so a server that went away is noticed without asking it."""
    if not hasattr(select, "poll"):  # Windows: a lost connection is noticed when it is used
        return True
    waiting = select.poll()
    waiting.register(connection.pgconn.socket, select.POLLIN)
    for _ in range(100):
        if not waiting.poll(0):
            return True
        try:
            connection.pgconn.consume_input()
        except psycopg.OperationalError:
            return False
    return False


class Connection(psycopg.Connection[Any]):
    """A blocking connection whose statements end in time."""

    patience = _STATEMENT
    used = math.inf

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().wait(_bounded(gen, time.monotonic() + self.patience), *args, **kwargs)
        except Late:
            if self.patience > _PING:
                with contextlib.suppress(Exception):
                    self.cancel_safe(timeout=_CANCEL)
            self.pgconn.finish()
            raise
        finally:
            self.used = time.monotonic()

    def alive(self, silence: Silence) -> bool:
        """Return whether the connection can be used; ask it when it was idle for a while."""
        if not _silent(self) or self.used < silence.since:
            return False
        if time.monotonic() - self.used > _IDLE:
            self.patience = _PING
            try:
                self.execute("SELECT 1")
            except psycopg.OperationalError as error:
                silence.heard(error)
                return False
            self.patience = _STATEMENT
        return True


class AsyncConnection(psycopg.AsyncConnection[Any]):
    """The same for an event loop."""

    patience = _STATEMENT
    used = math.inf

    async def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return await super().wait(_bounded(gen, time.monotonic() + self.patience), *args, **kwargs)
        except Late:
            if self.patience > _PING:
                with contextlib.suppress(Exception):
                    await self.cancel_safe(timeout=_CANCEL)
            self.pgconn.finish()
            raise
        finally:
            self.used = time.monotonic()

    async def alive(self, silence: Silence) -> bool:
        """See `Connection.alive`."""
        if not _silent(self) or self.used < silence.since:
            return False
        if time.monotonic() - self.used > _IDLE:
            self.patience = _PING
            try:
                await self.execute("SELECT 1")
            except psycopg.OperationalError as error:
                silence.heard(error)
                return False
            self.patience = _STATEMENT
        return True


@dataclass
class Silence:
    """When a pool last found an idle connection that nobody answers on: those that were idle before are not asked,
    or the first call after a night would wait for each."""

    since: float = 0.0

    def heard(self, error: Exception) -> None:
        if isinstance(error, Late):
            self.since = time.monotonic() - _PING


class Pool:
    """The connections of a process's blocking calls. The one that was used last is used next.

    psycopg's own pools work through threads or tasks of theirs: in a loop that is ended or a thread that is
    interrupted by a signal handler those were what hung.
    """

    def __init__(self, url: str) -> None:
        self._connect: Callable[[], Connection] = lambda: Connection.connect(url, **settings())
        self._free: list[Connection] = []
        self._closed = False
        self._turns = Queue(CONNECTIONS)
        self._silence = Silence()

    def run(self, statement: str, values: Any, *, again: bool) -> Rows:
        """Execute one statement and return its rows. `again`: it may be executed twice when a connection breaks.

        Raises:
            psycopg.Error, NoConnection.
        """
        if not self._turns.take(_TURN):
            raise NoConnection
        try:
            return self._run(statement, values, again)
        finally:
            self._turns.give()

    def _run(self, statement: str, values: Any, again: bool) -> Rows:
        connection = self._idle() or self._connect()
        try:
            cursor = connection.execute(statement, values, binary=True)
            return cursor.fetchall() if cursor.description else []
        except psycopg.OperationalError as error:
            if not again or isinstance(error, Late) or not connection.closed:
                raise
        finally:
            _put_back(connection, self._free, self._closed)
        return self._run(statement, values, False)

    @contextlib.contextmanager
    def transaction(
        self, patience: float = _STATEMENT, *, snapshot: bool = False
    ) -> Generator[Connection, None, None]:
        """Lend a connection for one transaction, which is never begun again by itself.

        Args:
            patience: seconds that each of its statements may take.
            snapshot: it only reads, and sees the database as it is at its first statement.

        Raises:
            psycopg.Error, NoConnection.
        """
        if not self._turns.take(_TURN):
            raise NoConnection
        try:
            connection = self._idle() or self._connect()
            connection.patience = patience
            try:
                if snapshot:  # psycopg says so when it begins the transaction, not to the session
                    connection.isolation_level, connection.read_only = _SNAPSHOT, True
                with connection.transaction():
                    yield connection
            finally:
                connection.patience = _STATEMENT
                if snapshot and connection.pgconn.transaction_status == psycopg.pq.TransactionStatus.IDLE:
                    connection.isolation_level = connection.read_only = None
                _put_back(connection, self._free, self._closed)
        finally:
            self._turns.give()

    def _idle(self) -> Connection | None:
        while True:
            try:
                connection = self._free.pop()
            except IndexError:
                return None
            if connection.alive(self._silence):
                return connection
            connection.pgconn.finish()

    def close(self) -> None:
        """Close all connections; those in use are closed when they come back."""
        self._closed = True
        while self._free:
            self._free.pop().close()


class AsyncPool:
    """The connections of one event loop."""

    def __init__(self, url: str) -> None:
        self._connect: Callable[[], Awaitable[AsyncConnection]] = lambda: AsyncConnection.connect(
            url, **settings()
        )
        self._free: list[AsyncConnection] = []
        self._closed = False
        self._turns = asyncio.Semaphore(CONNECTIONS)
        self._silence = Silence()
        self._made: WeakSet[AsyncConnection] = WeakSet()

    async def run(self, statement: str, values: Any, *, again: bool) -> Rows:
        """See `Pool.run`."""
        try:
            async with asyncio.timeout(_TURN):
                await self._turns.acquire()
        except TimeoutError:
            raise NoConnection from None
        try:
            return await self._run(statement, values, again)
        finally:
            self._turns.release()

    async def _run(self, statement: str, values: Any, again: bool) -> Rows:
        connection = await self._idle() or await self._connect()
        self._made.add(connection)
        try:
            cursor = await connection.execute(statement, values, binary=True)
            return await cursor.fetchall() if cursor.description else []
        except psycopg.OperationalError as error:
            if not again or isinstance(error, Late) or not connection.closed:
                raise
        finally:
            _put_back(connection, self._free, self._closed)
        return await self._run(statement, values, False)

    async def _idle(self) -> AsyncConnection | None:
        while self._free:
            connection = self._free.pop()
            try:
                alive = await connection.alive(self._silence)
            except BaseException:
                connection.pgconn.finish()
                raise
            if alive:
                return connection
            connection.pgconn.finish()
        return None

    async def aclose(self) -> None:
        self._closed = True  # what is in use is closed when it comes back
        while self._free:
            await self._free.pop().close()

    def abandon(self) -> None:
        self._free.clear()
        for connection in list(self._made):
            connection.pgconn.finish()


def _put_back(connection: Any, free: list[Any], closed: bool) -> None:
    """Keep a connection for the next statement, if it can take one; let go of what nobody has used for long."""
    if closed or connection.pgconn.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        connection.pgconn.finish()
        return
    free.append(connection)
    if time.monotonic() - free[0].used > _KEPT:
        free.pop(0).pgconn.finish()


def looped_pools(url: str) -> PerLoop[AsyncPool]:
    """Return the pools of event loops, each made when its loop first asks."""
    return PerLoop(lambda: AsyncPool(url), AsyncPool.aclose, AsyncPool.abandon)
