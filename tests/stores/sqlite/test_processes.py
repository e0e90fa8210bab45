"""Every hazard of sqlitedict: plain sqlitedict has it, and the store does not."""

from __future__ import annotations

import logging
import os
import pickle
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlitedict import SqliteDict

from tests.stores.helpers import SPAWN, all_names, fill, in_processes, key
from vimeo_toolkit.errors import ConfigurationError, StoreBusy, StoreError, WrongKey
from vimeo_toolkit.stores import Row, open_store, sqlite, sqlite_file
from vimeo_toolkit.stores.cipher import Cipher, generate_key
from vimeo_toolkit.stores.key_encoding import to_text
from vimeo_toolkit.stores.sqlite import SqliteStore

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "accounts.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(path)
    yield store
    store.close()


@pytest.fixture
def quiet() -> Iterator[None]:
    """sqlitedict logs the errors that these tests provoke in it."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def _other(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


# A planted pickle


class _Bomb:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.mark),)


def test_planted_pickle_runs_in_plain_sqlitedict(tmp_path: Path) -> None:
    plain = SqliteDict(str(tmp_path / "plain.db"), tablename="rows", autocommit=True)
    plain[to_text(key())] = _Bomb(tmp_path / "exploded")
    plain[to_text(key())]
    plain.close()
    assert (tmp_path / "exploded").exists()


def test_planted_pickle_is_bytes_here(tmp_path: Path, path: Path, store: SqliteStore) -> None:
    cipher = Cipher([generate_key()])
    fill(store, ["u"])
    bomb = pickle.dumps(_Bomb(tmp_path / "exploded"))
    other = _other(path)
    other.execute('UPDATE "rows" SET value = ?', (bytes(7) + b"\x01" + bytes(8) + bomb,))
    other.execute('INSERT INTO "rows" VALUES (?, ?)', (to_text(key("raw")), bomb))
    for row in (store.get(key()), *(row for _, row in store.scan("account"))):
        assert row is not None
        with pytest.raises(WrongKey):
            cipher.open(key(), row.version, row.value)
    other.close()
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize("planted", [b"", b"short", "text", 7, 1.5, None])
def test_planted_nonsense_is_a_typed_error(path: Path, store: SqliteStore, planted: Any) -> None:
    fill(store, ["u"])
    other = _other(path)
    other.execute('UPDATE "rows" SET value = ?', (planted,))
    other.close()
    with pytest.raises(StoreError, match="damaged"):
        store.get(key())


# A row of another tenant


def test_a_row_moved_to_another_tenant_opens_in_plain_sqlitedict(path: Path) -> None:
    plain = SqliteDict(str(path), autocommit=True)
    plain["alice"], plain["bob"] = "alice's token", "bob's token"
    plain.commit()
    other = _other(path)
    other.execute(
        "UPDATE unnamed SET value = (SELECT value FROM unnamed WHERE key = 'alice') WHERE key = 'bob'"
    )
    other.close()
    assert plain["bob"] == "alice's token"
    plain.close()


def test_a_row_moved_to_another_tenant_does_not_open_here(path: Path, store: SqliteStore) -> None:
    cipher = Cipher([generate_key()])
    for name in ("alice", "bob"):
        store.put(key(name), cipher.seal(key(name), 1, name.encode()), version=1, expected=0)
    other = _other(path)
    other.execute(
        'UPDATE "rows" SET value = (SELECT value FROM "rows" WHERE key = ?) WHERE key = ?',
        (to_text(key("alice")), to_text(key("bob"))),
    )
    other.close()
    row = store.get(key("bob"))
    assert row is not None
    with pytest.raises(WrongKey, match="copied from another row"):
        cipher.open(key("bob"), row.version, row.value)


# Durable commits

_WRITER = """
import sys
from tests.stores.helpers import key
from vimeo_toolkit.stores import open_store
store = open_store(sys.argv[1])
number = int(sys.argv[2])
while True:
    number += 1
    assert store.put(key(f"{number:06}"), b"x" * 200, version=1, expected=0)
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
"""


def _kill_a_writer(path: Path, start: int, after: float) -> int:
    """Start a writer, kill it while it writes; the number of the last write that it acknowledged."""
    child = subprocess.Popen(
        [sys.executable, "-c", _WRITER, f"sqlite:///{path}", str(start)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert child.stdout is not None
    lines = [child.stdout.readline()]
    time.sleep(after)
    child.send_signal(signal.SIGKILL)
    lines += child.stdout.read().splitlines(keepends=True)
    child.stdout.close()
    child.wait()
    return max(int(line) for line in lines if line.endswith(b"\n"))


def _assert_all_there(path: Path, last: int) -> int:
    """All rows up to the last acknowledged are there and whole; the number of the last of all."""
    store = SqliteStore(path)
    rows = dict.fromkeys(all_names(store))
    assert [f"{number:06}" for number in range(1, last + 1) if f"{number:06}" not in rows] == []
    store.close()
    with _other(path) as check:
        assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    check.close()
    return int(max(rows))


def test_kill_loses_nothing_acknowledged(path: Path) -> None:
    last = 0
    for turn in range(3):
        last = _assert_all_there(path, _kill_a_writer(path, last, 0.02 * (turn + 1)))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_300_kills_lose_nothing_acknowledged(path: Path) -> None:
    last = 0
    for turn in range(300):
        last = _assert_all_there(path, _kill_a_writer(path, last, 0.001 * (turn % 60)))


def test_plain_sqlitedict_does_not_wait_for_the_disk(path: Path, store: SqliteStore) -> None:
    plain = SqliteDict(str(path.with_name("plain.db")), autocommit=True)
    assert list(plain.conn.select("PRAGMA synchronous")) == [(0,)]
    plain.close()
    full, normal = 2, 1
    file = store._opened()
    assert file.write("PRAGMA synchronous", ()) == [(full,)]
    assert file.write("PRAGMA synchronous", (), durable=False) == [(normal,)]
    assert file.write("PRAGMA journal_mode", ()) == [("wal",)]
    store.close()
    assert store._opened().write("PRAGMA synchronous", ()) == [(full,)], "after each open"


def test_a_write_is_committed_when_it_returns(path: Path, store: SqliteStore) -> None:
    other = _other(path)
    for number in range(50):
        store.put(key(str(number)), b"x", version=1, expected=0)
        assert other.execute('SELECT count(*) FROM "rows"').fetchone() == (number + 1,)
    other.close()


# Lost updates


def _plain_increments(number: int, path: str, times: int) -> None:
    logging.disable(logging.CRITICAL)
    plain = SqliteDict(path, autocommit=True, journal_mode="WAL")
    for _ in range(times):
        plain["counter"] = plain["counter"] + 1
    plain.commit()
    plain.close()


@pytest.mark.slow
def test_plain_sqlitedict_loses_updates(path: Path) -> None:
    with SqliteDict(str(path), autocommit=True, journal_mode="WAL") as plain:
        plain["counter"] = 0
    try:
        in_processes(8, _plain_increments, str(path), 200)
    except sqlite3.Error:
        return  # "database is locked": lost as well
    with SqliteDict(str(path), journal_mode="WAL") as plain:
        assert plain["counter"] < 1600


# Forks


def _in_fork(function: Any, *arguments: Any, seconds: float = 20) -> int | None:
    """Run it in a forked child; its exit code, or None when it hangs."""
    child = os.fork()
    if child == 0:
        try:
            function(*arguments)
            os._exit(0)
        except BaseException:
            os._exit(1)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


@needs_fork
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_plain_sqlitedict_hangs_after_a_fork(path: Path) -> None:
    plain = SqliteDict(str(path), autocommit=True)
    plain["a"] = 1
    plain.commit()
    assert _in_fork(plain.__getitem__, "a", seconds=2) is None
    plain.close()


@needs_fork
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_both_sides_of_a_fork_work(path: Path, store: SqliteStore) -> None:
    fill(store, ["before"])

    def child() -> None:
        assert all_names(store) == ["before"]
        fill(store, ["child"])
        assert store.acquire("job", "child", 60)

    assert _in_fork(child) == 0
    fill(store, ["parent"])
    assert all_names(store) == ["before", "child", "parent"]
    assert not store.acquire("job", "parent", 60)


@needs_fork
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_child_keeps_its_writes_when_the_parent_closes(path: Path, store: SqliteStore) -> None:
    """Only reopening in the child is not enough.

    The child would believe that it holds the locks of the parent, take none, and write to a log that the
    parent removes as the last one out.
    """
    fill(store, ["parent"])
    assert store.get(key("parent"))
    to_parent, to_child = os.pipe(), os.pipe()

    def child() -> None:
        fill(store, ["child 1"])
        os.write(to_parent[1], b".")
        os.read(to_child[0], 1)
        fill(store, ["child 2"])

    def turn() -> None:
        os.read(to_parent[0], 1)
        store.close()
        os.write(to_child[1], b".")

    thread = threading.Thread(target=turn)
    thread.start()
    assert _in_fork(child) == 0
    thread.join()
    fresh = SqliteStore(path)
    assert all_names(fresh) == ["child 1", "child 2", "parent"]
    fresh.close()
    for end in (*to_parent, *to_child):
        os.close(end)


@needs_fork
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_forks_under_load(store: SqliteStore) -> None:
    """Threads that read and write while the process forks: none fails, none hangs, no child does."""
    stop = threading.Event()
    problems: list[BaseException] = []

    def work(number: int) -> None:
        turn = 0
        try:
            while not stop.is_set():
                turn += 1
                assert store.put(key(f"{number}-{turn}"), b"x", version=1, expected=0)
                assert store.get(key(f"{number}-{turn}"))
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    codes = [_in_fork(fill, store, [f"child{turn}"]) for turn in range(10)]
    stop.set()
    for thread in threads:
        thread.join()
    assert codes == [0] * 10
    assert problems == []
    assert {f"child{turn}" for turn in range(10)} <= set(all_names(store))


# A locked database


def test_a_set_on_a_locked_database_looks_done_in_plain_sqlitedict(path: Path, quiet: None) -> None:
    plain = SqliteDict(str(path), journal_mode="WAL", outer_stack=False)
    plain.commit()
    list(plain.conn.select("PRAGMA busy_timeout=50"))
    other = _other(path)
    other.execute("BEGIN IMMEDIATE")
    plain["a"] = 1  # no error
    with pytest.raises(sqlite3.OperationalError):
        plain["b"]  # the error of the line above
    other.execute("ROLLBACK")
    other.close()
    assert "a" not in plain
    plain.close()


def test_a_locked_database_is_busy(path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.2)
    fill(store, ["u"])
    other = _other(path)
    other.execute("BEGIN IMMEDIATE")
    writes: list[Callable[[], object]] = [
        lambda: store.put(key(), b"b", version=2, expected=1),
        lambda: store.put(key("new"), b"b", version=2, expected=0),
        lambda: store.delete(key(), expected=1),
        lambda: store.acquire("job", "me", 1),
    ]
    for write in writes:
        with pytest.raises(StoreBusy):
            write()
    assert store.get(key()) == Row(b"u", 1), "reading goes on"
    other.execute("ROLLBACK")
    other.close()
    assert store.get(key("new")) is None
    assert store.put(key(), b"b", version=2, expected=1)


def test_many_threads_on_a_locked_database_all_get_an_answer(
    path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.2)
    fill(store, ["u"])
    other = _other(path)
    other.execute("BEGIN IMMEDIATE")
    answers: list[str] = []

    def work() -> None:
        try:
            store.put(key(), b"b", version=2, expected=1)
        except StoreBusy:
            answers.append("busy")

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    other.execute("ROLLBACK")
    other.close()
    assert answers == ["busy"] * 16


def test_a_file_locked_at_the_start_is_busy(
    path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.2)
    other = _other(path)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreBusy):
        store.get(key())
    other.execute("ROLLBACK")
    other.close()
    assert store.get(key()) is None


# Files


def test_files_are_the_owners_alone(path: Path, store: SqliteStore) -> None:
    old = os.umask(0)
    try:
        fill(store, ["u"])
        store.get(key())
        found = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    finally:
        os.umask(old)
    assert found == {"accounts.db": 0o600, "accounts.db-wal": 0o600, "accounts.db-shm": 0o600}


def test_a_live_wal_file_opens(path: Path, store: SqliteStore) -> None:
    fill(store, ["u"])
    assert path.with_name("accounts.db-wal").stat().st_size > 0
    second = SqliteStore(path)
    assert all_names(second) == ["u"]
    second.close()


def test_a_copy_with_its_log_opens(path: Path, store: SqliteStore, tmp_path: Path) -> None:
    fill(store, ["u"])
    for each in path.parent.glob("accounts.db*"):
        shutil.copy(each, tmp_path / each.name.replace("accounts", "copy"))
    copy = SqliteStore(tmp_path / "copy.db")
    assert all_names(copy) == ["u"]
    copy.close()


def _open_and_fill(number: int, path: str) -> None:
    store = SqliteStore(path)
    fill(store, [str(number)])
    store.close()


@pytest.mark.parametrize("count", [3, pytest.param(8, marks=pytest.mark.slow)])
def test_processes_open_a_new_file_at_once(path: Path, store: SqliteStore, count: int) -> None:
    in_processes(count, _open_and_fill, str(path))
    assert all_names(store) == [str(number) for number in range(count)]


@pytest.mark.parametrize(
    "content",
    [b"this is not a database" * 100, b"\x00" * 5000, bytes(range(256)) * 32],
    ids=["text", "zeros", "bytes"],
)
def test_a_file_that_is_no_database(path: Path, store: SqliteStore, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged or is not an SQLite database"):
        store.get(key())
    with pytest.raises(StoreError, match="Restore it from a backup"):
        fill(store, ["u"])
    assert path.read_bytes() == content


def test_a_damaged_file(path: Path, store: SqliteStore) -> None:
    fill(store, [f"{number:05}" for number in range(300)])
    store.close()
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(StoreError, match="damaged"):
        store.get(key("00007"))


def test_a_full_disk(store: SqliteStore) -> None:
    fill(store, ["u"])
    pages = store._opened().write("PRAGMA page_count", ())[0][0]
    store._opened().write(f"PRAGMA max_page_count={pages}", ())
    with pytest.raises(StoreError, match="full"):
        store.put(key("big"), bytes(100_000), version=1, expected=0)
    assert store.get(key()) == Row(b"u", 1)
    assert store.get(key("big")) is None
    store._opened().write("PRAGMA max_page_count=1000000", ())
    assert store.put(key("big"), bytes(100_000), version=1, expected=0)


def test_a_file_that_may_not_be_written(path: Path, store: SqliteStore) -> None:
    """Root may write what is read-only, so SQLite itself is told to refuse."""
    fill(store, ["u"])
    store._opened().write("PRAGMA query_only=ON", ())
    with pytest.raises(StoreError, match="cannot be written"):
        store.put(key(), b"b", version=2, expected=1)
    with pytest.raises(StoreError, match="cannot be written"):
        store.delete(key(), expected=1)
    assert store.get(key()) == Row(b"u", 1)


def test_a_folder_that_may_not_be_written() -> None:
    folder = Path(tempfile.mkdtemp(prefix="vimeo-toolkit-closed-"))
    user = os.geteuid()
    try:
        folder.chmod(0o555)
        if user == 0:  # who may write anywhere: somebody else tries
            os.seteuid(65_534)
        with pytest.raises(StoreError, match="cannot be opened"):
            SqliteStore(folder / "accounts.db").get(key())
    finally:
        os.seteuid(user)
        shutil.rmtree(folder)


def test_a_path_that_cannot_be_a_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        SqliteStore(tmp_path).get(key())


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="does not exist"):
        SqliteStore(tmp_path / "missing" / "accounts.db")


def test_errors_quote_nothing_and_log_nothing(
    path: Path, store: SqliteStore, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.1)
    fill(store, ["u"])
    other = _other(path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy) as caught:
        store.put(key(), b"MARK-er", version=2, expected=1)
    other.execute("ROLLBACK")
    other.close()
    assert "MARK" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


# Leases


def _take_and_die(url: str) -> None:
    store = open_store(url)
    assert store.acquire("job", "the dead", 1.0)
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("store_url", ["sqlite", "postgres", "redis"], indirect=True)
def test_a_dead_owner_frees_its_lease(store_url: str) -> None:
    child = SPAWN.Process(target=_take_and_die, args=(store_url,))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    store = open_store(store_url)
    until = time.monotonic() + 5
    while not store.acquire("job", "me", 60):
        assert time.monotonic() < until, "free within five seconds"
        time.sleep(0.02)
    store.close()


def test_a_clock_that_is_set_back_does_not_hold_a_lease(path: Path, store: SqliteStore) -> None:
    """An hour of waiting would be worse than a second owner: compare-and-set guards the rows."""
    assert store.acquire("job", "me", 3)
    other = _other(path)
    other.execute("UPDATE lease SET expires = expires + 3600")
    assert store.acquire("job", "you", 3)
    other.execute("UPDATE lease SET expires = expires + 1")
    other.close()
    assert not store.acquire("job", "me", 3), "a second or two does not mean that the clock was set back"


def test_a_long_wait_for_the_lock_steals_no_lease(path: Path, store: SqliteStore) -> None:
    """The time of a lease is that of the statement, not that of the call, which may have waited."""
    assert store.get(key()) is None
    other = _other(path)
    other.execute("BEGIN IMMEDIATE")
    answers: list[bool] = []
    waiting = threading.Thread(target=lambda: answers.append(store.acquire("job", "late", 0.2)))
    waiting.start()
    time.sleep(0.5)
    other.execute("COMMIT")
    waiting.join()
    assert answers == [True]
    assert not store.acquire("job", "me", 1), "the lease began when it was given"
    other.close()


def test_no_placeholder_is_numbered_or_named() -> None:
    """Python 3.14 refuses those with a sequence of values, and 3.12 warns of them."""
    statements = [text for text in vars(sqlite).values() if isinstance(text, str) and " ?" in text]
    assert len(statements) > 5
    assert not [text for text in statements if re.search(r"\?\d|[:@$]\w", text)]


def test_a_long_lease_is_kept(store: SqliteStore) -> None:
    assert store.acquire("job", "me", 86400)
    assert not store.acquire("job", "you", 1)


def test_expired_rows_are_removed(path: Path, store: SqliteStore) -> None:
    for number in range(20):
        store.put(key(str(number), kind="state"), b"x", version=1, expected=0, ttl=0.01)
    time.sleep(0.05)
    store._purged = float("-inf")
    store.put(key("new", kind="state"), b"x", version=1, expected=0, ttl=60)
    other = _other(path)
    assert other.execute('SELECT count(*) FROM "rows"').fetchone() == (1,)
    other.close()


def test_a_full_file_costs_no_thread_no_connection_and_no_read(
    path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails at the commit ends sqlitedict's thread: it is told at once, and only the writer is made anew."""
    died: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", died.append)
    fill(store, ["u"])
    file: Any = store._file
    pages = file._durable.run("PRAGMA page_count")[0][0]
    threads, opened = threading.active_count(), None
    for number in range(6):
        file._writer(True).run(f"PRAGMA max_page_count={pages}")
        with pytest.raises(StoreError, match="full"):
            store.put(key(f"big{number}"), bytes(50_000), version=1, expected=0)
        assert store.get(key("u")) == Row(b"u", 1)
        assert store._file is file
        if os.path.isdir("/proc/self/fd"):
            now = len(os.listdir("/proc/self/fd"))
            opened = opened or now
            assert now <= opened
    assert store.put(key("small"), b"x", version=1, expected=0), "when there is room again, so it is"
    assert threading.active_count() == threads
    assert not died


def test_durable_writes_reach_the_disk_itself_on_macos(store: SqliteStore) -> None:
    fill(store, ["u"])
    file: Any = store._file
    assert file._durable.run("PRAGMA fullfsync") == [(1,)]
    assert file._durable.run("PRAGMA checkpoint_fullfsync") == [(1,)]
