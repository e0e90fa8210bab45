"""What plain sqlitedict does with planted rows, moved rows, locks and commits, and the store does not."""

from __future__ import annotations

import os
import pickle
import re
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlitedict import SqliteDict

from tests.stores.helpers import another_connection, fill, key
from vimeo_toolkit.errors import StoreBusy, StoreError, WrongKey
from vimeo_toolkit.stores import Row, sqlite, sqlite_file, sqlite_schema
from vimeo_toolkit.stores.cipher import Cipher, generate_key
from vimeo_toolkit.stores.key_encoding import to_text
from vimeo_toolkit.stores.sqlite import SqliteStore

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
    other = another_connection(path)
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
    other = another_connection(path)
    other.execute('UPDATE "rows" SET value = ?', (planted,))
    other.close()
    with pytest.raises(StoreError, match="damaged"):
        store.get(key())


# A row of another tenant


def test_a_row_moved_to_another_tenant_opens_in_plain_sqlitedict(path: Path) -> None:
    plain = SqliteDict(str(path), autocommit=True)
    plain["alice"], plain["bob"] = "alice's token", "bob's token"
    plain.commit()
    other = another_connection(path)
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
    other = another_connection(path)
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
    other = another_connection(path)
    for number in range(50):
        store.put(key(str(number)), b"x", version=1, expected=0)
        assert other.execute('SELECT count(*) FROM "rows"').fetchone() == (number + 1,)
    other.close()


# A locked database


def test_a_set_on_a_locked_database_looks_done_in_plain_sqlitedict(path: Path, quiet: None) -> None:
    plain = SqliteDict(str(path), journal_mode="WAL", outer_stack=False)
    plain.commit()
    list(plain.conn.select("PRAGMA busy_timeout=50"))
    other = another_connection(path)
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
    other = another_connection(path)
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
    other = another_connection(path)
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
    for module in (sqlite_file, sqlite_schema):
        monkeypatch.setattr(module, "BUSY_SECONDS", 0.2)
    other = another_connection(path)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreBusy):
        store.get(key())
    other.execute("ROLLBACK")
    other.close()
    assert store.get(key()) is None


# Statements


def test_no_placeholder_is_numbered_or_named() -> None:
    """Python 3.14 refuses those with a sequence of values, and 3.12 warns of them."""
    statements = [text for text in vars(sqlite).values() if isinstance(text, str) and " ?" in text]
    assert len(statements) > 5
    assert not [text for text in statements if re.search(r"\?\d|[:@$]\w", text)]
