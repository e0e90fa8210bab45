"""The embedded store's file before it is used, and what SQLite's errors mean."""

from __future__ import annotations

import os
import queue
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from vimeo_toolkit.errors import ConfigurationError, StoreBusy, StoreError
from vimeo_toolkit.stores import sqlite_errors, sqlite_file, sqlite_schema
from vimeo_toolkit.stores.sqlite_file import BUSY_SECONDS, Closed, File
from vimeo_toolkit.stores.sqlite_schema import connect, network_disk, prepare

SECRET = "p4ssMARK"


def sqlite_error(code: int | None, kind: type[sqlite3.Error] = sqlite3.OperationalError) -> sqlite3.Error:
    error = kind(SECRET)
    if code is not None:
        error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        (sqlite3.SQLITE_BUSY, StoreBusy, "locked by another process"),
        (sqlite3.SQLITE_LOCKED, StoreBusy, "locked by another process"),
        (sqlite3.SQLITE_READONLY, StoreError, "cannot be written"),
        (sqlite3.SQLITE_FULL, StoreError, "disk of the account store is full"),
        (sqlite3.SQLITE_IOERR, StoreError, "failed to read or write"),
        (sqlite3.SQLITE_CORRUPT, StoreError, "damaged"),
        (sqlite3.SQLITE_NOTADB, StoreError, "damaged"),
        (sqlite3.SQLITE_CANTOPEN, StoreError, "cannot be opened"),
        (sqlite3.SQLITE_PERM, StoreError, "cannot be opened"),
        (sqlite3.SQLITE_IOERR_READ, StoreError, "failed to read or write"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreBusy, "locked by another process"),
        (sqlite3.SQLITE_MISUSE, StoreError, "failed (OperationalError)"),
        (None, StoreError, "failed (OperationalError)"),
    ],
)
def test_what_sqlites_errors_mean(code: int | None, kind: type[StoreError], said: str) -> None:
    found = sqlite_errors.typed(sqlite_error(code))
    assert type(found) is kind
    assert said in found.message
    assert found.hint
    assert SECRET not in str(found)


def test_what_is_typed_already_stays_and_the_system_says_that_it_cannot_be_opened() -> None:
    ours = StoreBusy("busy")
    assert sqlite_errors.typed(ours) is ours
    assert "cannot be opened" in sqlite_errors.typed(PermissionError(SECRET)).message


def test_every_error_says_what_to_do() -> None:
    made = [
        sqlite_errors.locked(),
        sqlite_errors.interrupting(),
        sqlite_errors.damaged(),
        sqlite_errors.damaged_row(),
        sqlite_errors.unwritten(),
        sqlite_errors.no_log(),
        sqlite_errors.newer_schema(7, 2),
    ]
    assert all(error.hint for error in made)
    assert "schema 7, made" in made[-1].message
    assert made[-1].message.endswith("knows 2.")


MOUNTS = "\n".join(
    [
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw",
        "23 22 0:5 / /mnt/share rw - nfs4 server:/x rw",
        r"24 22 0:6 / /mnt/my\040disk rw - cifs //s/x rw",
        "25 23 8:2 / /mnt/share/local rw shared:2 master:3 - ext4 /dev/b rw",
        "26 22 0:7 / /over rw - ext4 /dev/c rw",
        "27 22 0:8 / /over rw - fuse.sshfs s:/ rw",
        "28 22 0:9 / /short",
        "29 22 - nfs x rw",
    ]
)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/x.db", ""),
        ("/mnt/share/x.db", "nfs4"),
        ("/mnt/shared/x.db", ""),
        ("/mnt/my disk/x.db", "cifs"),
        ("/mnt/share/local/x.db", ""),
        ("/over/x.db", "fuse.sshfs"),
        ("/short/x.db", ""),
    ],
)
def test_which_disk_a_path_is_on(path: str, kind: str) -> None:
    assert network_disk(Path(path), MOUNTS) == kind


@pytest.mark.parametrize(
    "kind",
    ["nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "lustre", "gpfs", "beegfs", "glusterfs",
     "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs"],
)  # fmt: skip
def test_disks_of_other_machines(kind: str) -> None:
    assert network_disk(Path("/x.db"), f"1 0 0:1 / / rw - {kind} x rw") == kind


@pytest.mark.parametrize(("drive", "kind"), [("\\\\server\\share", "a share"), ("C:", ""), ("", "")])
def test_windows_tells_a_share_by_the_path(monkeypatch: pytest.MonkeyPatch, drive: str, kind: str) -> None:
    monkeypatch.setattr(sqlite_schema, "sys", SimpleNamespace(platform="win32"))
    assert network_disk(SimpleNamespace(drive=drive)) == kind  # type: ignore[arg-type]


def test_a_file_on_another_machines_disk_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_schema, "network_disk", lambda path: "nfs4")
    with pytest.warns(UserWarning, match=r"network file system \(nfs4\)"):
        prepare(tmp_path / "x.db")


def version(path: Path) -> int:
    connection = connect(path)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def test_a_new_file_has_the_newest_tables_and_keeps_them(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    prepare(path)
    assert version(path) == 2
    assert path.stat().st_mode & 0o777 == 0o600
    connection = connect(path)
    connection.execute("INSERT INTO rows VALUES ('k', x'00')")
    connection.close()
    prepare(path)
    connection = connect(path)
    assert connection.execute("SELECT key FROM rows").fetchall() == [("k",)]
    assert [row[1] for row in connection.execute("PRAGMA table_info(lease)")] == [
        "name",
        "owner",
        "expires",
        "lasts",
    ]
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_the_first_releases_file_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    connection = connect(path)
    for statement in sqlite_schema._MIGRATIONS[0]:
        connection.execute(statement)
    connection.execute("INSERT INTO lease VALUES ('a', '', 1.0, 1.0, 3), ('b', 'x', 1.0, 1.0, 4)")
    connection.close()
    prepare(path)
    connection = connect(path)
    assert connection.execute("SELECT name FROM lease").fetchall() == [("b",)]
    connection.close()
    assert version(path) == 2


def test_a_newer_releases_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    prepare(path)
    connection = connect(path)
    connection.execute("PRAGMA user_version=7")
    connection.close()
    with pytest.raises(ConfigurationError, match="schema 7"):
        prepare(path)
    assert version(path) == 7


@pytest.mark.parametrize("tables", [0, 1, 2])
def test_a_file_that_is_read_only_is_used_as_it_is_when_its_tables_are_there(tables: int) -> None:
    class ReadOnly:
        """An old file that nothing can be written to."""

        def __init__(self) -> None:
            self.real = sqlite3.connect(":memory:", isolation_level=None)
            for statement in sqlite_schema._MIGRATIONS[0][:tables]:
                self.real.execute(statement)

        def execute(self, statement: str) -> sqlite3.Cursor:
            if statement == "BEGIN IMMEDIATE":
                raise sqlite_error(sqlite3.SQLITE_READONLY_DBMOVED)
            return self.real.execute(statement)

    connection = ReadOnly()
    if tables == 2:
        sqlite_schema._migrate(connection)  # type: ignore[arg-type]
    else:
        with pytest.raises(sqlite3.OperationalError):
            sqlite_schema._migrate(connection)  # type: ignore[arg-type]


def test_a_disk_without_a_write_ahead_log_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sqlite_schema, "connect", lambda path: sqlite3.connect(":memory:", isolation_level=None)
    )
    with pytest.raises(StoreError, match="write-ahead log"):
        prepare(tmp_path / "x.db")


# ---- the connections of one process ----


@pytest.fixture
def file(tmp_path: Path) -> Iterator[File]:
    made = File(tmp_path / "x.db")
    yield made
    made.close()


def put(file: File, name: str, durable: bool = True) -> None:
    assert file.write("INSERT INTO rows VALUES (?, x'00') RETURNING 1", (name,), durable) == [(1,)]


def names(file: File) -> list[str]:
    return [row[0] for row in file.read("SELECT key FROM rows ORDER BY key", ())]


def test_a_durable_write_waits_for_the_disk_and_a_quick_one_does_not(file: File) -> None:
    settings = ("synchronous", "fullfsync", "checkpoint_fullfsync", "busy_timeout", "journal_mode")
    found = [
        [writer.run(f"PRAGMA {name}")[0][0] for name in settings] for writer in (file._durable, file._quick)
    ]
    assert found == [[2, 1, 1, 5_000, "wal"], [1, 0, 1, 5_000, "wal"]]
    assert file._writer(True) is file._durable
    assert file._writer(False) is file._quick
    put(file, "a")
    put(file, "b", durable=False)
    assert names(file) == ["a", "b"]


def test_a_reader_is_kept_changes_nothing_and_is_closed_after_an_error(file: File) -> None:
    put(file, "a")
    assert names(file) == names(file)
    assert len(file._readers) == 1
    assert file.read("PRAGMA cache_size", ()) == [(-16_384,)]
    for statement in ("DELETE FROM rows", "SELECT nonsense"):
        with pytest.raises(StoreError):
            file.read(statement, ())
        assert file._readers == []
    assert names(file) == ["a"]


@pytest.mark.parametrize("durable", [True, False])
def test_a_writer_whose_thread_has_ended_is_made_again(file: File, durable: bool) -> None:
    before = {True: file._durable, False: file._quick}
    before[durable].close()
    put(file, "a", durable)
    after = {True: file._durable, False: file._quick}
    assert after[durable] is not before[durable]
    assert after[not durable] is before[not durable]
    assert after[durable].run("PRAGMA synchronous") == [(2 if durable else 1,)]


def test_a_file_that_was_closed_is_not_used(file: File) -> None:
    put(file, "a")
    names(file)
    assert file.usable
    file.close()
    file.close()
    assert not file.usable
    assert file._readers == []
    for use in (lambda: names(file), lambda: put(file, "b")):
        with pytest.raises(Closed):
            use()
    with pytest.raises(Closed):
        file._durable.run("SELECT 1")


def test_a_file_of_another_process_is_not_used(file: File) -> None:
    file.pid = -1
    assert not file.usable
    file.pid = os.getpid()
    assert file.usable


def test_a_statement_that_fails_says_so_and_the_writer_goes_on(file: File) -> None:
    for statement, values in (("INSERT INTO nothing VALUES (1)", ()), ("SELECT ?", (2**70,))):
        with pytest.raises(StoreError):
            file.write(statement, values)
    put(file, "a")
    put_again = "INSERT INTO rows VALUES ('a', x'00')"
    with pytest.raises(StoreError):
        file.write(put_again, ())
    assert names(file) == ["a"]


def test_a_write_within_a_write_is_refused(file: File) -> None:
    for writer in (file._durable, File(None)._durable):
        writer._running = True
        with pytest.raises(StoreBusy, match="signal handler"):
            writer.run("SELECT 1")
        writer._running = False
        assert writer.run("SELECT 1") == [(1,)]


def test_a_database_in_memory() -> None:
    file = File(None)
    put(file, "a")
    put(file, "b", durable=False)
    assert names(file) == ["a", "b"]
    assert file.usable
    with pytest.raises(StoreError):
        file.read("SELECT nonsense", ())
    with pytest.raises(StoreError):
        file.write("SELECT ?", (2**70,))
    file.close()
    assert not file.usable
    with pytest.raises(Closed):
        names(file)


def test_a_reader_that_failed_is_closed_and_not_kept(file: File) -> None:
    log: list[str] = []

    def fail(*_: object) -> None:
        raise sqlite_error(sqlite3.SQLITE_IOERR)

    reader: Any = SimpleNamespace(execute=fail, close=lambda: log.append("closed"))
    file._readers.append(reader)
    with pytest.raises(StoreError, match="failed to read"):
        names(file)
    assert (log, reader in file._readers, file._reading) == (["closed"], False, 0)


def test_closing_waits_for_the_statements_that_read_but_not_for_ever(file: File) -> None:
    waited: list[tuple[bool, float]] = []
    pool, file._reading = file._pool, 1

    class Pool:
        def __enter__(self) -> None: ...

        def __exit__(self, *_: object) -> None: ...

        def wait_for(self, ready: Callable[[], bool], timeout: float) -> None:
            waited.append((ready(), timeout))
            file._reading = 0
            waited.append((ready(), timeout))

    file._pool = Pool()  # type: ignore[assignment]
    file.close()
    file._pool = pool
    assert waited == [(False, 2 * BUSY_SECONDS), (True, 2 * BUSY_SECONDS)]


def test_who_waits_too_long_for_the_writer_is_told(file: File) -> None:
    waited: list[float] = []

    def acquire(*, timeout: float) -> bool:
        waited.append(timeout)
        return False

    guard, file._durable._guard = file._durable._guard, SimpleNamespace(acquire=acquire)  # type: ignore[assignment]
    with pytest.raises(StoreBusy, match="locked"):
        put(file, "a")
    file._durable._guard = guard
    assert waited == [2 * BUSY_SECONDS]


def test_who_waits_for_a_commit_that_failed_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise sqlite_error(sqlite3.SQLITE_FULL)

    kind: Any = sqlite_file._Thread
    monkeypatch.setattr(kind.__base__, "run", fail)
    thread: Any = object.__new__(kind)  # never started
    thread.waiting = queue.Queue()
    thread.run()
    error = thread.waiting.get_nowait()
    assert (error.sqlite_errorcode, error.__traceback__) == (sqlite3.SQLITE_FULL, None)
    thread.waiting = None
    thread.run()  # nobody waits


def test_no_value_is_ever_pickled(file: File) -> None:
    rows: Any = file._durable._rows
    put(file, "a")
    with pytest.raises(TypeError, match="own statements only"):
        rows["b"] = {}
    with pytest.raises(TypeError, match="own statements only"):
        rows["a"]
    assert names(file) == ["a"]


def test_linux_tells_the_disk_by_the_mounts_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = {"/proc/self/mountinfo": "36 35 98:0 / /data rw - nfs4 server:/data rw"}

    def file_of(path: str) -> Any:
        return SimpleNamespace(read_text=lambda errors: mounts[path])

    monkeypatch.setattr(sqlite_schema, "Path", file_of)
    monkeypatch.setattr(sqlite_schema, "sys", SimpleNamespace(platform="linux"))
    assert network_disk(Path("/data/rows.db")) == "nfs4"
