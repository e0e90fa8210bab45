"""SQLite's file under many processes: killed, writing the same row, forked, holding leases."""

from __future__ import annotations

import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from sqlitedict import SqliteDict

from tests.stores.helpers import SPAWN, all_names, another_connection, fill, in_processes, key
from vimeo_toolkit.stores import open_store
from vimeo_toolkit.stores.sqlite import SqliteStore

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")


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
    with another_connection(path) as check:
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


# A new file


def _open_and_fill(number: int, path: str) -> None:
    store = SqliteStore(path)
    fill(store, [str(number)])
    store.close()


@pytest.mark.parametrize("count", [3, pytest.param(8, marks=pytest.mark.slow)])
def test_processes_open_a_new_file_at_once(path: Path, store: SqliteStore, count: int) -> None:
    in_processes(count, _open_and_fill, str(path))
    assert all_names(store) == [str(number) for number in range(count)]


# Leases


def _take_and_die(url: str) -> None:
    store = open_store(url)
    assert store.acquire("job", "the dead", 1.0)
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    "store_url",
    ["sqlite", *(pytest.param(name, marks=pytest.mark.slow) for name in ("postgres", "redis"))],
    indirect=True,
)
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
    other = another_connection(path)
    other.execute("UPDATE lease SET expires = expires + 3600")
    assert store.acquire("job", "you", 3)
    other.execute("UPDATE lease SET expires = expires + 1")
    other.close()
    assert not store.acquire("job", "me", 3), "a second or two does not mean that the clock was set back"


def test_a_long_wait_for_the_lock_steals_no_lease(path: Path, store: SqliteStore) -> None:
    """The time of a lease is that of the statement, not that of the call, which may have waited."""
    assert store.get(key()) is None
    other = another_connection(path)
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


def test_a_long_lease_is_kept(store: SqliteStore) -> None:
    assert store.acquire("job", "me", 86400)
    assert not store.acquire("job", "you", 1)
