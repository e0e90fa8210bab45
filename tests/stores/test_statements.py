"""Which statements the SQL stores run for each operation, and how: without a file or a server."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from tests.stores.helpers import awaited
from vimeo_toolkit.errors import ConfigurationError, StoreBusy, StoreError
from vimeo_toolkit.stores import postgres, sqlite
from vimeo_toolkit.stores.postgres import PostgresStore
from vimeo_toolkit.stores.postgres_connections import NoConnection
from vimeo_toolkit.stores.protocol import Key, Row
from vimeo_toolkit.stores.sqlite import SqliteStore
from vimeo_toolkit.stores.sqlite_file import Closed, File

ACCOUNT, BUDGET = Key("account", "vimeo", "a/b"), Key("budget", "vimeo", "a/b")
TEXT = "account/vimeo/a%2Fb"
TWINS = pytest.mark.parametrize("twin", ["", "a"], ids=["blocking", "asynchronous"])


async def _do(store: Any, twin: str, name: str, *args: Any, **kwargs: Any) -> Any:
    return await awaited(getattr(store, twin + name)(*args, **kwargs))


def _u64(number: int) -> bytes:
    return number.to_bytes(8, "big")


class Opened:
    """A file that answers as it is told, or was closed meanwhile."""

    usable = True

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.said: list[tuple[str, tuple[Any, ...], bool | None]] = []

    def write(self, statement: str, values: tuple[Any, ...], durable: bool = True) -> Any:
        return self._answer(statement, values, durable)

    def read(self, statement: str, values: tuple[Any, ...]) -> Any:
        return self._answer(statement, values, None)

    def _answer(self, statement: str, values: tuple[Any, ...], durable: bool | None) -> Any:
        self.said.append((statement, values, durable))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    clock = SimpleNamespace(now=100.0)
    time = SimpleNamespace(monotonic=lambda: clock.now, time=lambda: clock.now)
    monkeypatch.setattr(sqlite, "time", time)
    return clock


def _sqlite(*answers: Any) -> tuple[Any, Opened]:
    store, file = SqliteStore(":memory:"), Opened(*answers)
    store._file = file  # type: ignore[assignment]
    return store, file


NOW = _u64(100_000)
SQLITE: list[tuple[str, tuple[Any, ...], dict[str, Any], tuple[str, tuple[Any, ...], bool]]] = [
    ("put", (ACCOUNT, b"x"), {"version": 8, "expected": 0},
     (sqlite._INSERT, (TEXT, _u64(8) + _u64(0) + b"x", NOW), True)),
    ("put", (ACCOUNT, b"x"), {"version": 8, "expected": 7, "ttl": 1.5},
     (sqlite._UPDATE, (_u64(8) + _u64(101_500) + b"x", TEXT, _u64(7), NOW), True)),
    ("put", (BUDGET, b"x"), {"version": 8, "expected": 7},
     (sqlite._UPDATE, (_u64(8) + _u64(0) + b"x", "budget/vimeo/a%2Fb", _u64(7), NOW), False)),
    ("put", (BUDGET, b"x"), {"version": 8, "expected": 0},
     (sqlite._INSERT, ("budget/vimeo/a%2Fb", _u64(8) + _u64(0) + b"x", NOW), False)),
    ("delete", (ACCOUNT,), {"expected": 7}, (sqlite._DELETE, (TEXT, _u64(7), NOW), True)),
    ("delete", (ACCOUNT,), {"expected": 0}, (sqlite._DISCARD, (TEXT,), True)),
    ("replace", (ACCOUNT, b"y"), {"version": 7}, (sqlite._REPLACE, (b"y", TEXT, _u64(7), NOW), True)),
    ("replace", (BUDGET, b"y"), {"version": 7},
     (sqlite._REPLACE, (b"y", "budget/vimeo/a%2Fb", _u64(7), NOW), False)),
    ("acquire", ("a b", "c d", 2.0), {}, (sqlite._ACQUIRE, ("a%20b", "c%20d", 2.0, 2.0), False)),
    ("release", ("a b", "c d"), {}, (sqlite._RELEASE, ("a%20b", "c%20d"), False)),
]  # fmt: skip


@TWINS
@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(("name", "args", "more", "said"), SQLITE)
async def test_what_is_written_to_a_file_and_whether_it_waits_for_the_disk(
    twin: str, name: str, args: Any, more: Any, said: Any
) -> None:
    for rows in ([(1,)], []):
        store, file = _sqlite(rows)
        done = await _do(store, twin, name, *args, **more)
        assert done is (None if name == "release" else bool(rows))
        assert file.said == [said]


@TWINS
async def test_a_file_that_is_closed_meanwhile_is_opened_again(twin: str, clock: Any) -> None:
    store, file = _sqlite(Closed(), Closed(), [(_u64(7) + _u64(0) + b"x",)])
    assert await _do(store, twin, "get", ACCOUNT) == Row(b"x", 7)
    assert len(file.said) == 3
    store, file = _sqlite(Closed(), Closed(), [(1,)])
    assert await _do(store, twin, "delete", ACCOUNT, expected=7) is True
    assert len(file.said) == 3
    for name, more in (("get", {}), ("delete", {"expected": 7})):
        store, file = _sqlite(*[Closed()] * 100)
        with pytest.raises(StoreBusy, match="being closed"):
            await _do(store, twin, name, ACCOUNT, **more)
        assert len(file.said) == 100


@TWINS
async def test_what_is_over_is_removed_every_half_minute(twin: str, clock: Any) -> None:
    store, file = _sqlite(*[[(1,)]] * 9)
    put = {"version": 1, "expected": 0}
    purge = (sqlite._PURGE, ("account/", "account0", _u64(100_000)), False)
    await _do(store, twin, "put", ACCOUNT, b"x", **put)
    assert len(file.said) == 1, "not where nothing is ever over"
    await _do(store, twin, "put", ACCOUNT, b"x", ttl=1.0, **put)
    assert file.said[2:] == [purge]
    clock.now += 30.0
    await _do(store, twin, "put", ACCOUNT, b"x", ttl=1.0, **put)
    assert len(file.said) == 4
    clock.now += 0.5
    await _do(store, twin, "put", ACCOUNT, b"x", ttl=1.0, **put)
    assert [each[0] for each in file.said[4:]] == [sqlite._INSERT, sqlite._PURGE]


def test_rows_in_memory_are_not_in_a_process_that_was_forked() -> None:
    store, file = _sqlite()
    store._pid, file.usable = -1, False
    with pytest.raises(StoreError, match="forked"):
        store.get(ACCOUNT)
    assert file.said == []
    store.close()  # the parent's file is left alone
    assert store._file is file
    store._file = None
    assert store.get(ACCOUNT) is None, "where the parent had none open yet, this process makes its own"
    assert store._pid == os.getpid()
    store.close()


def test_a_forked_process_opens_the_file_for_itself(tmp_path: Path) -> None:
    store: Any = SqliteStore(tmp_path / "rows.db")
    theirs, lock = Opened(), store._opening
    store._file, store._pid, theirs.usable = theirs, -1, False
    assert store.get(ACCOUNT) is None
    assert theirs.said == []
    assert store._inherited == [(theirs, lock)], "never closed here: that would affect the parent"
    assert store._opening is not lock
    assert store._pid == os.getpid()
    store.close()


def test_a_statement_within_a_statement_is_refused(tmp_path: Path) -> None:
    """A signal handler runs on the thread that it interrupts."""
    file = File(tmp_path / "rows.db")
    for writer in (file._durable, File(None)._durable):
        nested: list[str] = []

        def interrupted(*_: Any, writer: Any = writer, nested: list[str] = nested) -> Any:
            with pytest.raises(StoreBusy, match="signal handler"):
                writer.run("SELECT 1")
            nested.append("refused")
            return SimpleNamespace(fetchall=lambda: [(1,)])

        rows = writer._rows
        if writer is file._durable:
            writer._run = interrupted  # type: ignore[method-assign, union-attr]
        else:
            writer._rows = SimpleNamespace(execute=interrupted, close=rows.close)  # type: ignore[assignment]
        writer.run("SELECT 2")
        assert (nested, writer._running) == (["refused"], False)
    file.close()


def test_a_closed_database_in_memory_has_no_connection() -> None:
    file = File(None)
    rows: Any = file._durable._rows
    file.close()
    with pytest.raises(Exception, match="closed"):
        rows.execute("SELECT 1")


# PostgreSQL.


class Statements:
    """A pool that answers as it is told."""

    def __init__(self, twin: str, *answers: Any) -> None:
        self.said: list[tuple[str, Any, bool]] = []

        def run(statement: str, values: Any, *, again: bool) -> Any:
            self.said.append((statement, values, again))
            answer = answers[len(self.said) - 1]
            if isinstance(answer, Exception):
                raise answer
            return answer

        async def arun(statement: str, values: Any, *, again: bool) -> Any:
            return run(statement, values, again=again)

        self.run = arun if twin else run


def _postgres(twin: str, *answers: Any) -> tuple[Any, Statements]:
    store: Any = PostgresStore("postgresql://user:p4ssMARK@nowhere/rows")
    pool = Statements(twin, *answers)
    store._schema.current = True
    store._clients = SimpleNamespace(blocking=lambda: pool, looped=lambda: pool)
    return store, pool


def _values(key: bytes, expected: int, ttl: float | None = None) -> dict[str, Any]:
    return {"key": key, "value": b"x", "version": 8, "expected": expected, "ttl": ttl}


KEY = TEXT.encode()
LEASE = {"name": b"a%20b", "owner": b"c%20d", "ttl": 2.0}
POSTGRES: list[tuple[str, tuple[Any, ...], dict[str, Any], list[tuple[str, Any, bool]]]] = [
    ("put", (ACCOUNT, b"x"), {"version": 8, "expected": 0}, [(postgres._PUT[False, True], _values(KEY, 0), False)]),
    ("put", (ACCOUNT, b"x"), {"version": 8, "expected": 7, "ttl": 1.5},
     [(postgres._PUT[True, True], _values(KEY, 7, 1.5), False), (postgres._PURGE, (), False)]),
    ("put", (BUDGET, b"x"), {"version": 8, "expected": 0},
     [(postgres._PUT[False, False], _values(b"budget/vimeo/a%2Fb", 0), False)]),
    ("put", (BUDGET, b"x"), {"version": 8, "expected": 7},
     [(postgres._PUT[True, False], _values(b"budget/vimeo/a%2Fb", 7), False)]),
    ("delete", (ACCOUNT,), {"expected": 7}, [(postgres._DELETE, (KEY, 7), False)]),
    ("replace", (ACCOUNT, b"y"), {"version": 7}, [(postgres._REPLACE, (b"y", KEY, 7), False)]),
    ("acquire", ("a b", "c d", 2.0), {}, [(postgres._ACQUIRE, LEASE, False)]),
    ("release", ("a b", "c d"), {}, [(postgres._RELEASE, (b"a%20b", b"c%20d"), False)]),
]  # fmt: skip


@TWINS
@pytest.mark.parametrize(("name", "args", "more", "said"), POSTGRES)
async def test_what_is_written_to_postgres_is_never_sent_twice(
    twin: str, name: str, args: Any, more: Any, said: Any
) -> None:
    for rows in ([(1,)], []):
        store, pool = _postgres(twin, rows, [])
        done = await _do(store, twin, name, *args, **more)
        assert done is (None if name == "release" else bool(rows))
        assert pool.said == said


@TWINS
async def test_rows_that_have_ended_are_removed_faster_than_new_ones_come(twin: str) -> None:
    writes = 3 * postgres._WRITES
    store, pool = _postgres(twin, *[[(1,)]] * (writes + 3))
    for _ in range(writes):
        await _do(store, twin, "put", BUDGET, b"x", version=8, expected=7, ttl=1.5)
    purges = [each for each in pool.said if each[0] == postgres._PURGE]
    assert len(purges) == 3
    assert pool.said[1] == purges[0], "a process that writes little does it at its first write"
    assert int(postgres._PURGE.split("LIMIT ")[1].split()[0]) > postgres._WRITES


@TWINS
async def test_what_is_read_from_postgres_may_be_asked_for_again(twin: str) -> None:
    store, pool = _postgres(twin, [(7, memoryview(b"x"))], [], [(memoryview(KEY), 7, memoryview(b"x"))], [])
    assert await _do(store, twin, "get", ACCOUNT) == Row(b"x", 7)
    assert await _do(store, twin, "get", ACCOUNT) is None
    assert await _do(store, twin, "scan", "account") == [(ACCOUNT, Row(b"x", 7))]
    assert await _do(store, twin, "scan", "account", "vimeo", after=ACCOUNT, limit=5) == []
    assert pool.said == [
        (postgres._GET, (KEY,), True),
        (postgres._GET, (KEY,), True),
        (postgres._SCAN, (b"account/", b"account0", 500), True),
        (postgres._SCAN, (KEY + b"!", b"account/vimeo0", 5), True),
    ]


@TWINS
async def test_tables_that_were_dropped_are_made_again_by_the_next_call(twin: str) -> None:
    store, _ = _postgres(twin, psycopg.errors.UndefinedTable("gone"), [])
    migrated: list[bool] = []
    store._schema.bring_up_to_date = lambda: migrated.append(True)
    with pytest.raises(StoreError) as caught:
        await _do(store, twin, "get", ACCOUNT)
    assert caught.value.__context__ is None, "the driver's error has the URL in its frames"
    assert (store._schema.current, migrated) == (False, [])
    assert await _do(store, twin, "get", ACCOUNT) is None
    assert migrated == [True]
    for error in (psycopg.OperationalError("another error"), NoConnection()):
        store, _ = _postgres(twin, error)
        with pytest.raises(StoreBusy):
            await _do(store, twin, "get", ACCOUNT)
        assert store._schema.current is True


@TWINS
async def test_closing_postgres_closes_the_loops_pool_and_the_blocking_one(twin: str) -> None:
    store, _ = _postgres(twin)
    closed: list[str] = []

    async def close_looped() -> None:
        closed.append("the loop's")

    pool = SimpleNamespace(close=lambda: closed.append("the blocking one"))
    store._clients = SimpleNamespace(close_looped=close_looped, forget_blocking=lambda: pool)
    await _do(store, twin, "close")
    assert closed == (["the loop's", "the blocking one"] if twin else ["the blocking one"])
    store._clients.forget_blocking = lambda: None
    store.close()  # nothing was opened


class Tables:
    """A connection to a database whose tables are of some version, or that has none."""

    patience = 0.0

    def __init__(self, version: int | None, after_the_lock: int | None = None) -> None:
        self.version, self.after_the_lock = version, after_the_lock
        self.said: list[Any] = []

    def __enter__(self) -> Tables:
        return self

    def __exit__(self, *_: object) -> None: ...

    def transaction(self) -> Tables:
        return self

    def execute(self, statement: Any, values: Any = ()) -> Any:
        text = statement.decode() if isinstance(statement, bytes) else statement
        if "to_regclass" in text:
            row: Any = (self.version is not None,)
        elif "max(version)" in text:
            row = (self.version or 0,)
        else:
            row = None
            self.said.append((text.split("(")[0].split()[0], *values))
            if "advisory" in text and self.after_the_lock is not None:
                self.version = self.after_the_lock
        return SimpleNamespace(fetchone=lambda: row)


NEWEST = len(postgres._MIGRATIONS)


@pytest.mark.parametrize(
    ("version", "after_the_lock", "made"),
    [(None, None, [1, 2]), (0, None, [1, 2]), (1, None, [2]), (None, 1, [2]), (1, 2, []), (2, None, None)],
)
def test_tables_are_brought_up_to_date_one_step_after_the_other(
    version: int | None, after_the_lock: int | None, made: list[int] | None
) -> None:
    store, tables = PostgresStore("postgresql://nowhere"), Tables(version, after_the_lock)
    store._connect = lambda: tables  # type: ignore[assignment, return-value]
    store._schema.bring_up_to_date()
    assert store._schema.current
    assert [each[1] for each in tables.said if each[0] == "INSERT"] == (made or [])
    assert (tables.said[:1] == [("SELECT", postgres._LOCK)]) is (made is not None), "only where there is work"
    assert tables.patience == 60.0
    tables.said.clear()
    store._schema.bring_up_to_date()
    assert tables.said == []


@pytest.mark.parametrize(("version", "after_the_lock"), [(NEWEST + 1, None), (1, NEWEST + 1)])
def test_tables_of_a_newer_release_are_left_alone(version: int, after_the_lock: int | None) -> None:
    store, tables = PostgresStore("postgresql://nowhere"), Tables(version, after_the_lock)
    store._connect = lambda: tables  # type: ignore[assignment, return-value]
    with pytest.raises(ConfigurationError, match=f"schema {NEWEST + 1}"):
        store._schema.bring_up_to_date()
    assert not [each for each in tables.said if each[0] in ("INSERT", "ALTER")]
    assert not store._schema.current


def test_a_forked_process_does_not_wait_for_its_parents_lock() -> None:
    store, tables = PostgresStore("postgresql://nowhere"), Tables(NEWEST)
    store._connect = lambda: tables  # type: ignore[assignment, return-value]
    store._schema._migrating = (-1, SimpleNamespace())  # type: ignore[assignment]
    store._schema.bring_up_to_date()
    pid, lock = store._schema._migrating
    assert pid == os.getpid()
    assert isinstance(lock, type(threading.RLock()))
    store._schema.bring_up_to_date()
    assert store._schema._migrating[1] is lock
