"""SQLite's files and the disk below them: modes, copies, damage, a full disk, folders that are closed."""

from __future__ import annotations

import logging
import os
import shutil
import stat
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.stores.helpers import all_names, another_connection, fill, key
from vimeo_toolkit.errors import ConfigurationError, StoreBusy, StoreError
from vimeo_toolkit.stores import Row, sqlite_file
from vimeo_toolkit.stores.sqlite import SqliteStore


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
    other = another_connection(path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy) as caught:
        store.put(key(), b"MARK-er", version=2, expected=1)
    other.execute("ROLLBACK")
    other.close()
    assert "MARK" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_expired_rows_are_removed(path: Path, store: SqliteStore) -> None:
    for number in range(20):
        store.put(key(str(number), kind="state"), b"x", version=1, expected=0, ttl=0.01)
    time.sleep(0.05)
    store._purged = float("-inf")
    store.put(key("new", kind="state"), b"x", version=1, expected=0, ttl=60)
    other = another_connection(path)
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
