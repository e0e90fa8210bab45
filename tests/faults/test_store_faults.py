"""What happens to the store's file: each fault of the catalogue, its outcome, and that it heals."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.faults.covering import covers
from vimeo_toolkit import (
    AccountStatus,
    Connection,
    StoreBusy,
    StoreError,
    VimeoToolkit,
    VimeoToolkitError,
    WrongKey,
    generate_key,
)
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.stores import sqlite_file

KEY = generate_key()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "accounts.db"


@pytest.fixture
def connection(lasting: Sandbox) -> Connection:
    return Connection(
        client_id=lasting.app.client_id,
        client_secret=lasting.app.client_secret,
        redirect_uri=lasting.app.redirect_uri,
        api_url=lasting.url,
    )


def _open(connection: Connection, path: Path, key: str = KEY) -> VimeoToolkit:
    return VimeoToolkit([connection], store=f"sqlite:///{path}", key=key, timeout=10.0)


@pytest.fixture
def toolkit(connection: Connection, path: Path, lasting: Sandbox) -> Iterator[VimeoToolkit]:
    """A toolkit over a file that has two accounts, `u` and `v`."""
    with _open(connection, path) as made:
        for identifier in ("u", "v"):
            token = lasting.issue_token(lasting.add_user()).access_token
            made.import_token(identifier=identifier, access_token=token)
        yield made


def _me(toolkit: VimeoToolkit, identifier: str = "u") -> str:
    return str(toolkit.execute_tool(identifier=identifier, tool_name="vimeo_me_get")["uri"])


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A locked file is waited for as briefly as can be."""
    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.2)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Another process holds the write lock."""
    script = (
        "import sqlite3,sys; c=sqlite3.connect(sys.argv[1],isolation_level=None);"
        "c.execute('BEGIN IMMEDIATE'); print('locked',flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"locked"
        yield
    finally:
        other.communicate(timeout=10)


@pytest.mark.usefixtures("impatient")
@covers("database-locked")
def test_locked(toolkit: VimeoToolkit, path: Path) -> None:
    """Reads go on, so calls work; what must be written ends in StoreBusy, and works when the lock is gone."""
    with _locked(path):
        assert _me(toolkit)
        with pytest.raises(StoreBusy, match="locked"):
            toolkit.get_or_create_connected_account(identifier="w")
    assert toolkit.get_or_create_connected_account(identifier="w").status is AccountStatus.PENDING
    assert _me(toolkit)


@pytest.mark.usefixtures("impatient")
@covers("database-locked")
def test_opened_while_locked(toolkit: VimeoToolkit, connection: Connection, path: Path) -> None:
    with _locked(path), _open(connection, path) as other:
        assert _me(other)


@pytest.mark.usefixtures("impatient")
@covers("database-locked")
async def test_locked_async(toolkit: VimeoToolkit, path: Path) -> None:
    with _locked(path):
        assert await toolkit.aexecute_tool(identifier="u", tool_name="vimeo_me_get")
        with pytest.raises(StoreBusy, match="locked"):
            await toolkit.aget_or_create_connected_account(identifier="w")
    await toolkit.aget_or_create_connected_account(identifier="w")
    await toolkit._async.aclose()


@covers("database-corrupt", "database-no-database")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # sqlitedict's own thread
@pytest.mark.parametrize("how", ["pages", "head", "text", "folder"])
def test_corrupt(how: str, toolkit: VimeoToolkit, connection: Connection, path: Path) -> None:
    """A typed sentence, never a wrong account; with the backup in place all is as before."""
    toolkit.close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    good = path.read_bytes()
    size = len(good)
    for rest in path.parent.glob("accounts.db-*"):
        rest.unlink()
    if how == "pages":
        path.write_bytes(good[:4096] + os.urandom(size - 4096))
    elif how == "head":
        path.write_bytes(os.urandom(512) + good[512:])
    elif how == "text":
        path.write_bytes(b"This is not a database.\n" * 500)
    else:
        path.unlink()
        path.mkdir()
    with _open(connection, path) as other, pytest.raises(StoreError) as caught:
        _me(other)
    assert caught.value.hint
    assert not isinstance(caught.value, StoreBusy)
    for rest in path.parent.glob("accounts.db-*"):
        rest.unlink()
    if path.is_dir():
        path.rmdir()
    path.write_bytes(good)
    with _open(connection, path) as healed:
        assert _me(healed)
        assert len(healed.list_connected_accounts()) == 2


@contextmanager
def _read_only(toolkit: VimeoToolkit) -> Iterator[None]:
    """As SQLite sees a file it may not write (the tests' user may be one whom no mode stops)."""
    handle = toolkit._store._opened()  # type: ignore[attr-defined]
    for writer in (handle._durable, handle._quick):
        writer.run("PRAGMA query_only=ON")
    try:
        yield
    finally:
        for writer in (handle._durable, handle._quick):
            writer.run("PRAGMA query_only=OFF")


@covers("database-read-only")
def test_read_only(toolkit: VimeoToolkit) -> None:
    """Calls work; what must be written says so."""
    with _read_only(toolkit):
        assert _me(toolkit)
        with pytest.raises(StoreError, match="cannot be written"):
            toolkit.get_or_create_connected_account(identifier="w")
        with pytest.raises(StoreError, match="cannot be written"):
            toolkit.delete_connected_account(identifier="v", revoke=False)
    assert _me(toolkit, "v")
    assert toolkit.get_or_create_connected_account(identifier="w")


@covers("database-read-only")
def test_an_early_refresh_is_not_worth_a_failed_call(
    lasting: Sandbox, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the advisory window the token is still good: that a refresh cannot be noted costs nothing."""
    app = lasting.add_app("Expiring", token_lifetime=1000.0, refresh_tokens=True)
    connection = Connection(
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=app.redirect_uri,
        api_url=lasting.url,
    )
    with _open(connection, path) as toolkit:
        link = toolkit.get_authorization_link(identifier="u").link
        toolkit.complete_authorization(lasting.authorize(link), identifier="u")
        real = toolkit._blocking.now
        monkeypatch.setattr(toolkit._blocking, "now", lambda: real() + 750.0)
        before = lasting.token_calls
        with _read_only(toolkit):
            assert _me(toolkit)
        assert lasting.token_calls == before
        assert _me(toolkit)
        assert lasting.token_calls == before + 1


@covers("disk-full")
def test_disk_full(toolkit: VimeoToolkit, path: Path) -> None:
    """As SQLite sees it: no page more. Nothing that was promised is lost, and it heals."""
    handle = toolkit._store._opened()  # type: ignore[attr-defined]
    for writer in (handle._durable, handle._quick):
        writer.run("PRAGMA max_page_count=1")

    def fill() -> None:
        for number in range(200):
            toolkit.get_or_create_connected_account(identifier=f"w{number}")

    with pytest.raises(StoreError, match="full"):
        fill()
    known = len(toolkit.list_connected_accounts())
    assert _me(toolkit)
    for writer in (handle._durable, handle._quick):
        writer.run("PRAGMA max_page_count=1000000")
    assert toolkit.get_or_create_connected_account(identifier="last")
    assert len(toolkit.list_connected_accounts()) == known + 1
    assert _me(toolkit, "v")


@covers("wrong-key")
def test_wrong_key(toolkit: VimeoToolkit, connection: Connection, path: Path) -> None:
    assert _me(toolkit)
    with _open(connection, path, generate_key()) as other:
        for _ in range(2):
            with pytest.raises(WrongKey, match="sealed with key"):
                _me(other)
        with pytest.raises(WrongKey):
            other.get_authorization_link(identifier="u")
    assert _me(toolkit)


def _rows(path: Path) -> dict[str, bytes]:
    with closing(sqlite3.connect(path)) as database:
        return dict(database.execute("SELECT key, value FROM rows WHERE key LIKE 'account%'"))


def _write(path: Path, key: str, value: bytes | str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE rows SET value = ? WHERE key = ?", (value, key))


@covers("row-altered", "row-swapped")
@pytest.mark.parametrize("how", ["byte", "cut", "header cut", "empty", "text", "swapped", "version"])
def test_rows_that_were_touched(how: str, toolkit: VimeoToolkit, path: Path) -> None:
    (key, value), (other_key, other_value) = sorted(_rows(path).items())[:2]
    assert _me(toolkit)
    if how == "byte":
        _write(path, key, value[:-1] + bytes([value[-1] ^ 1]))
    elif how == "cut":
        _write(path, key, value[:-9])
    elif how == "header cut":
        _write(path, key, value[:10])
    elif how == "empty":
        _write(path, key, b"")
    elif how == "text":
        _write(path, key, "cos\nsystem")
    elif how == "version":
        _write(path, key, (int.from_bytes(value[:8], "big") + 1).to_bytes(8, "big") + value[8:])
    else:
        _write(path, key, other_value)
        _write(path, other_key, value)
    with pytest.raises((WrongKey, StoreError)) as caught:
        _me(toolkit)
    assert isinstance(caught.value, VimeoToolkitError)
    if how != "swapped":
        assert _me(toolkit, "v")
    _write(path, key, value)
    _write(path, other_key, other_value)
    assert _me(toolkit)
    assert _me(toolkit, "v")
