"""The embedded store's file before it is used, and what SQLite's errors mean."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from vimeo_toolkit.errors import ConfigurationError, StoreBusy, StoreError
from vimeo_toolkit.stores import sqlite_errors, sqlite_schema
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
