"""What is done with connections to PostgreSQL that break, are late or are not free: without a server or a clock."""

from __future__ import annotations

import asyncio
import math
import select
import socket
from collections.abc import Callable, Generator, Iterator
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from tests.stores.helpers import awaited
from vimeo_toolkit.stores import postgres_connections as postgres
from vimeo_toolkit.stores.postgres_connections import (
    AsyncConnection,
    AsyncPool,
    Connection,
    Late,
    NoConnection,
    Pool,
    Silence,
)
from vimeo_toolkit.stores.queue import Queue

BROKEN = psycopg.OperationalError("gone")


class Clock:
    """The time that the module sees."""

    now = 1000.0


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(postgres, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def test_what_every_connection_is_set_to() -> None:
    """`prepare_threshold` None and no setting of the session: poolers give the session to others."""
    assert postgres.settings() == {
        "autocommit": True,
        "prepare_threshold": None,
        "connect_timeout": 5,
        "tcp_user_timeout": 5000,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "application_name": "vimeo-toolkit",
    }


# A statement ends in time.


def _statement(log: list[Any]) -> Generator[str, int, str]:
    log.append((yield "write"))
    log.append((yield "read"))
    return "rows"


def test_a_statement_gets_what_is_ready_and_gives_its_result() -> None:
    log: list[Any] = []
    bounded = postgres._bounded(_statement(log), Clock.now + 1)
    assert (next(bounded), bounded.send(1)) == ("write", "read")
    with pytest.raises(StopIteration) as ended:
        bounded.send(2)
    assert (ended.value.value, log) == ("rows", [1, 2])


@pytest.mark.parametrize(("ready", "at", "late"), [(0, 5.1, True), (0, 5.0, False), (1, 9.0, False)])
def test_a_statement_is_late_only_after_its_time_and_with_nothing_ready(
    clock: Clock, ready: int, at: float, late: bool
) -> None:
    bounded = postgres._bounded(_statement([]), clock.now + 5.0)
    next(bounded)
    clock.now += at
    if late:
        with pytest.raises(Late):
            bounded.send(ready)
    else:
        assert bounded.send(ready) == "read"


class Finished:
    """The part of a connection that libpq has."""

    def __init__(self) -> None:
        self.finished = False
        self.socket = 0
        self.transaction_status = TransactionStatus.IDLE

    def finish(self) -> None:
        self.finished = True


def _made(kind: type[Any], **more: Any) -> Any:
    """A connection of our class that was never opened."""

    class Unopened(kind):  # type: ignore[misc]
        def __init__(self) -> None:
            self.pgconn = Finished()
            self.asked: list[Any] = []

        def __del__(self) -> None:
            """There is nothing to warn of."""

    for name, value in more.items():
        setattr(Unopened, name, value)
    return Unopened()


KINDS = pytest.mark.parametrize("kind", [Connection, AsyncConnection])


def _sync_or_async(kind: type[Any], function: Callable[..., Any]) -> Callable[..., Any]:
    async def asynchronous(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return asynchronous if kind is AsyncConnection else function


@KINDS
@pytest.mark.parametrize("patience", [10.0, 2.0])
@pytest.mark.parametrize("cancel_fails", [False, True])
async def test_a_late_statement_is_cancelled_and_its_connection_closed(
    monkeypatch: pytest.MonkeyPatch, clock: Clock, kind: Any, patience: float, cancel_fails: bool
) -> None:
    """Not the question whether an idle connection is there: nobody would hear it, and it takes a second."""
    cancelled: list[float] = []

    def cancel(self: Any, *, timeout: float) -> None:
        cancelled.append(timeout)
        if cancel_fails:
            raise BROKEN

    def wait(self: Any, gen: Generator[Any, Any, Any], *args: Any, **kwargs: Any) -> Any:
        next(gen)
        clock.now += patience + 0.5
        assert (args, kwargs) == ((0.1,), {"more": 1})
        return gen.send(0)

    monkeypatch.setattr(kind.__mro__[1], "wait", _sync_or_async(kind, wait))
    connection = _made(kind, cancel_safe=_sync_or_async(kind, cancel), patience=patience)
    with pytest.raises(Late):
        await awaited(connection.wait(_statement([]), 0.1, more=1))
    assert cancelled == ([1.0] if patience == 10.0 else [])
    assert connection.pgconn.finished
    assert connection.used == clock.now


@KINDS
async def test_what_was_answered_in_time_is_returned_and_the_time_of_use_kept(
    monkeypatch: pytest.MonkeyPatch, clock: Clock, kind: Any
) -> None:
    def wait(self: Any, gen: Generator[Any, Any, Any]) -> Any:
        clock.now += kind.patience - 0.5
        next(gen)
        gen.send(0)
        clock.now += 1.0
        try:
            gen.send(1)
        except StopIteration as ended:
            return ended.value

    monkeypatch.setattr(kind.__mro__[1], "wait", _sync_or_async(kind, wait))
    connection = _made(kind)
    assert (connection.patience, connection.used) == (10.0, math.inf), (
        "a new one is not asked whether it is there"
    )
    assert await awaited(connection.wait(_statement([]))) == "rows"
    assert (connection.used, connection.pgconn.finished) == (clock.now, False)


# Whether an idle connection is still there.


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    here, there = socket.socketpair()
    with here, there:
        yield here, there


@pytest.mark.parametrize(
    ("sent", "read", "reads", "silent"),
    [
        (b"", "all", 0, True),
        (b"FATAL", BROKEN, 1, False),
        (b"a notice", "all", 1, True),
        (b"no end", "nothing", 100, False),
    ],
)
@pytest.mark.skipif(not hasattr(select, "poll"), reason="Windows looks when it uses the connection")
def test_an_idle_connection_is_silent_until_its_end(
    pair: tuple[socket.socket, socket.socket], sent: bytes, read: Any, reads: int, silent: bool
) -> None:
    here, there = pair
    there.sendall(sent)
    done: list[Any] = []

    def consume() -> None:
        done.append(read)
        if isinstance(read, Exception):
            raise read
        if read == "all":
            here.recv(1000)

    connection: Any = SimpleNamespace(pgconn=SimpleNamespace(socket=here.fileno(), consume_input=consume))
    assert postgres._silent(connection) is silent
    assert len(done) == reads


def test_without_poll_an_idle_connection_counts_as_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "select", SimpleNamespace())
    assert postgres._silent(SimpleNamespace()) is True  # type: ignore[arg-type]


@KINDS
@pytest.mark.parametrize(
    ("silent", "idle", "since", "answer", "asked", "alive"),
    [
        (True, 0.5, 0.0, None, False, True),
        (True, 1.0, 0.0, None, False, True),
        (True, 1.5, 0.0, None, True, True),
        (False, 0.5, 0.0, None, False, False),
        (True, 1.5, 999.0, None, False, False),
        (True, 1.0, 999.0, None, False, True),
        (True, 1.5, 0.0, BROKEN, True, False),
        (True, 1.5, 0.0, Late("late"), True, False),
    ],
)
async def test_an_idle_connection_is_asked_before_it_is_used(
    monkeypatch: pytest.MonkeyPatch,
    kind: Any,
    silent: bool,
    idle: float,
    since: float,
    answer: Exception | None,
    asked: bool,
    alive: bool,
) -> None:
    seen: list[Any] = []

    def execute(self: Any, statement: str) -> None:
        seen.append((statement, self.patience))
        if answer:
            raise answer

    monkeypatch.setattr(postgres, "_silent", lambda _: silent)
    connection = _made(kind, used=Clock.now - idle, execute=_sync_or_async(kind, execute))
    silence = Silence(since)
    assert await awaited(connection.alive(silence)) is alive
    assert seen == ([("SELECT 1", 2.0)] if asked else [])
    if alive:
        assert connection.patience == 10.0
    # Others that were idle as long are not asked when nobody answered; an end says nothing of them.
    assert silence.since == (Clock.now - 2.0 if isinstance(answer, Late) else since)


# The pools: the same promises for blocking calls and for an event loop.


class Cursor:
    def __init__(self, rows: list[Any] | None) -> None:
        self.description = None if rows is None else ["a column"]
        self.rows = rows


class Fake:
    """A connection that answers as it is told."""

    def __init__(
        self, kind: Any, *answers: Any, alive: Any = True, used: float = Clock.now, closes: bool = True
    ) -> None:
        self.pgconn = Finished()
        self.closed = False
        self.used = used
        self.said: list[Any] = []
        self.is_closed = False

        def execute(statement: str, values: Any, *, binary: bool) -> Any:
            self.said.append((statement, values, binary))
            answer = answers[len(self.said) - 1]
            if isinstance(answer, Exception):
                self.closed = closes
                self.pgconn.transaction_status = TransactionStatus.UNKNOWN
                raise answer
            cursor: Any = Cursor(answer)
            cursor.fetchall = either(lambda: cursor.rows)
            return cursor

        def is_alive(silence: Silence) -> bool:
            if isinstance(alive, BaseException):
                raise alive
            return bool(alive)

        def either(function: Callable[..., Any]) -> Any:
            return _sync_or_async(AsyncConnection if kind is AsyncPool else Connection, function)

        self.execute, self.alive = either(execute), either(is_alive)
        self.close = either(lambda: setattr(self, "is_closed", True))


POOLS = pytest.mark.parametrize("kind", [Pool, AsyncPool])


def _pool(kind: Any, made: list[Fake], free: list[Fake] | None = None) -> Any:
    """A pool that gets these connections, one after the other, and has some that are free."""
    pool = kind("postgresql://nowhere")
    coming = iter(made)
    connect = _sync_or_async(AsyncConnection if kind is AsyncPool else Connection, lambda: next(coming))
    pool._connect = connect
    pool._free = list(free or [])
    return pool


def _turns(pool: Any) -> int:
    return int(pool._turns._free if isinstance(pool, Pool) else pool._turns._value)


@POOLS
async def test_a_connection_is_used_again_and_the_last_one_first(kind: Any) -> None:
    one, two = Fake(kind, [(1,)]), Fake(kind, [(2,)], None)
    pool = _pool(kind, [], [one, two])
    assert await awaited(pool.run("SELECT", (7,), again=False)) == [(2,)]
    assert await awaited(pool.run("DELETE", (), again=False)) == []
    assert two.said == [("SELECT", (7,), True), ("DELETE", (), True)]
    assert (one.said, pool._free, _turns(pool)) == ([], [one, two], 8)


@POOLS
async def test_a_read_whose_connection_broke_is_repeated_once_on_another(kind: Any) -> None:
    broken, other = Fake(kind, BROKEN), Fake(kind, [(1,)])
    pool = _pool(kind, [other], [broken])
    assert await awaited(pool.run("SELECT", (7,), again=True)) == [(1,)]
    assert other.said == [("SELECT", (7,), True)]
    assert broken.pgconn.finished
    assert pool._free == [other]
    pool = _pool(kind, [Fake(kind, BROKEN), Fake(kind, BROKEN)])
    with pytest.raises(psycopg.OperationalError):
        await awaited(pool.run("SELECT", (), again=True))
    assert (pool._free, _turns(pool)) == ([], 8)


@POOLS
@pytest.mark.parametrize(
    ("again", "error", "closes"),
    [(False, BROKEN, True), (True, Late("late"), True), (True, Late("late"), False), (True, BROKEN, False)],
    ids=["a write", "late", "late and open", "refused on a connection that stays"],
)
async def test_what_is_not_sent_twice(kind: Any, again: bool, error: Exception, closes: bool) -> None:
    first, second = Fake(kind, error, closes=closes), Fake(kind, [(1,)])
    pool = _pool(kind, [first, second])
    with pytest.raises(psycopg.OperationalError):
        await awaited(pool.run("UPDATE", (), again=again))
    assert (len(first.said), second.said, _turns(pool)) == (1, [], 8)


@POOLS
async def test_connections_that_are_gone_are_left_for_a_new_one(kind: Any) -> None:
    gone = [Fake(kind, alive=False), Fake(kind, alive=False)]
    new = Fake(kind, [(1,)])
    pool = _pool(kind, [new], gone)
    assert await awaited(pool.run("SELECT", (), again=False)) == [(1,)]
    assert all(each.pgconn.finished and not each.said for each in gone)
    assert pool._free == [new]


@POOLS
async def test_a_connection_is_kept_only_when_it_can_take_a_statement(kind: Any) -> None:
    for status in TransactionStatus:
        connection = Fake(kind, None)
        connection.pgconn.transaction_status = status
        pool = _pool(kind, [connection])
        await awaited(pool.run("SELECT", (), again=False))
        kept = status == TransactionStatus.IDLE
        assert (pool._free == [connection], connection.pgconn.finished) == (kept, not kept)


@POOLS
@pytest.mark.parametrize(("idle", "let_go"), [(300.0, False), (300.5, True)])
async def test_a_connection_that_nobody_used_for_long_is_let_go(kind: Any, idle: float, let_go: bool) -> None:
    old, used = Fake(kind, used=Clock.now - idle), Fake(kind, None)
    pool = _pool(kind, [], [old, used])
    await awaited(pool.run("SELECT", (), again=False))
    assert pool._free == ([used] if let_go else [old, used])
    assert (old.pgconn.finished, used.pgconn.finished) == (let_go, False)


@POOLS
async def test_who_finds_all_connections_in_use_is_told(monkeypatch: pytest.MonkeyPatch, kind: Any) -> None:
    monkeypatch.setattr(postgres, "_TURN", 0.0)
    pool = _pool(kind, [Fake(kind, None)])
    pool._turns = Queue(0) if kind is Pool else asyncio.Semaphore(0)
    with pytest.raises(NoConnection):
        await awaited(pool.run("SELECT", (), again=False))
    assert _turns(pool) == 0


def test_who_waits_for_a_connection_gets_the_one_that_is_given_back() -> None:
    """`test_queue` has the order."""
    waited: list[float] = []
    pool = _pool(Pool, [Fake(Pool, None)])

    class Given(Queue):
        def take(self, timeout: float) -> bool:
            waited.append(timeout)
            self.give()
            return super().take(timeout)

    pool._turns = Given(0)
    assert pool.run("SELECT", (), again=False) == []
    assert (waited, _turns(pool)) == ([10.0], 1)


@POOLS
async def test_a_closed_pool_closes_what_is_free_and_what_comes_back(kind: Any) -> None:
    free, late = [Fake(kind), Fake(kind)], Fake(kind, None)
    pool = _pool(kind, [late], free)
    await awaited(pool.close() if kind is Pool else pool.aclose())
    assert [each.is_closed for each in free] == [True, True]
    await awaited(pool.run("SELECT", (), again=False))
    assert (late.pgconn.finished, pool._free) == (True, [])


async def test_a_question_that_is_cancelled_closes_its_connection() -> None:
    asked = Fake(AsyncPool, alive=asyncio.CancelledError())
    pool = _pool(AsyncPool, [], [asked])
    with pytest.raises(asyncio.CancelledError):
        await pool.run("SELECT", (), again=False)
    assert (asked.pgconn.finished, _turns(pool)) == (True, 8)


async def test_the_connections_of_a_loop_that_is_over_are_finished_in_use_or_not() -> None:
    free, used = Fake(AsyncPool, None), Fake(AsyncPool, None)
    pool = _pool(AsyncPool, [free])
    await pool.run("SELECT", (), again=False)
    pool._made.add(used)
    pool.abandon()
    assert (free.pgconn.finished, used.pgconn.finished, pool._free) == (True, True, [])


async def test_a_loop_has_one_pool_and_closes_it() -> None:
    pools = postgres.looped_pools("postgresql://nowhere")
    pool, free = pools.get(), Fake(AsyncPool)
    assert pools.get() is pool
    pool._free.append(free)  # type: ignore[arg-type]
    await pools.aclose()
    assert (free.is_closed, pool._closed) == (True, True)
