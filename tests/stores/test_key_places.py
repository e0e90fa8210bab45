"""No new key is made where there are rows that it would not open, by whatever path the database is reached."""

from __future__ import annotations

import os
import shutil
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.stores.helpers import key
from tests.stores.own_stores import own_store
from vimeo_toolkit import ConfigurationError, VimeoToolkit
from vimeo_toolkit.stores import open_store
from vimeo_toolkit.stores.cipher import Cipher, generate_key
from vimeo_toolkit.stores.keys import resolve_keys, sealed_with
from vimeo_toolkit.stores.kinds import KINDS


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with a row, and its key beside it."""
    path = tmp_path / "home" / "accounts.db"
    path.parent.mkdir()
    store = open_store(f"sqlite:///{path}")
    with pytest.warns(UserWarning, match="Back it up"):
        keys = resolve_keys(None, store)
    store.put(key(), Cipher(keys).seal(key(), 1, b"x"), version=1, expected=0)
    store.close()
    return path


def _keys(path: Path | str) -> list[str | bytes]:
    store = open_store(f"sqlite:///{path}")
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        try:
            keys = resolve_keys(None, store)
            row = store.get(key())
            assert row is not None
            assert Cipher(keys).open(key(), 1, row.value) == b"x"
            return keys
        finally:
            store.close()


def test_every_path_that_leads_to_the_file_leads_to_its_key(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = _keys(database)
    (tmp_path / "folder").symlink_to(database.parent)
    (tmp_path / "link.db").symlink_to(database)
    monkeypatch.chdir(database.parent)
    for path in (
        "accounts.db",
        "../home/accounts.db",
        tmp_path / "folder" / "accounts.db",
        tmp_path / "link.db",
    ):
        assert _keys(path) == keys
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder", "home", "link.db"]


def test_a_key_beside_the_link_is_used_too(database: Path, tmp_path: Path) -> None:
    """As the first release left it there."""
    keys = _keys(database)
    (tmp_path / "link.db").symlink_to(database)
    os.rename(f"{database}.key", tmp_path / "link.db.key")
    assert _keys(tmp_path / "link.db") == keys


def _moved(database: Path, tmp_path: Path) -> Path:
    shutil.move(database, tmp_path / "moved.db")
    return tmp_path / "moved.db"


def _copied(database: Path, tmp_path: Path) -> Path:
    shutil.copy(database, tmp_path / "copy.db")
    return tmp_path / "copy.db"


def _linked(database: Path, tmp_path: Path) -> Path:
    os.link(database, tmp_path / "hard.db")
    return tmp_path / "hard.db"


def _without_key(database: Path, tmp_path: Path) -> Path:
    Path(f"{database}.key").unlink()
    return database


@pytest.mark.parametrize("change", [_moved, _copied, _linked, _without_key])
def test_a_database_without_its_key_is_refused(database: Path, tmp_path: Path, change: Any) -> None:
    name = Cipher(_keys(database)).key_id
    path = change(database, tmp_path)
    with pytest.raises(ConfigurationError, match=f"sealed with key {name}") as caught:
        resolve_keys(None, open_store(f"sqlite:///{path}"))
    assert f"{path}.key" in str(caught.value)
    assert not Path(f"{path}.key").exists()


def test_a_database_without_rows_gets_a_key(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'accounts.db'}")
    assert store.get(key()) is None
    with pytest.warns(UserWarning, match="Back it up"):
        assert resolve_keys(None, store)
    store.close()


@pytest.mark.parametrize("given", ["", b"", [], (), [""], ["", generate_key()], 5, [5], [None], "short"])
def test_an_empty_or_wrong_key_is_refused(database: Path, given: Any) -> None:
    with pytest.raises(ConfigurationError, match="key"):
        resolve_keys(given, open_store(f"sqlite:///{database}"))


@pytest.mark.parametrize("given", ["", b"", [], (), [""], ["", generate_key()]])
def test_a_key_that_is_empty_is_called_so(given: Any) -> None:
    with pytest.raises(ConfigurationError, match="key is empty"):
        resolve_keys(given, open_store("sqlite:///:memory:"))


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_a_blank_variable_is_not_a_missing_one(tmp_path: Path, blank: str) -> None:
    environ = {"VIMEO_TOOLKIT_STORE": f"sqlite:///{tmp_path / 'a.db'}", "VIMEO_TOOLKIT_KEY": blank}
    with pytest.raises(ConfigurationError, match="key is empty"):
        VimeoToolkit.from_env(environ)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_where_files_cannot_be_linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    store = open_store(f"sqlite:///{tmp_path / 'accounts.db'}")
    with pytest.warns(UserWarning, match="Back it up"):
        keys = resolve_keys(None, store)
    assert resolve_keys(None, store) == keys
    assert [each.name for each in tmp_path.iterdir()] == ["accounts.db.key"]


class _Kept:
    """Somebody's own store that says it is in memory, and has rows."""

    shared = False
    path = None

    def __init__(self, inner: Any) -> None:
        self.scan = inner.scan


def test_somebodys_own_store_with_rows_gets_no_key_made(database: Path) -> None:
    inner = open_store(f"sqlite:///{database}")
    with pytest.raises(ConfigurationError, match="no key was given"):
        resolve_keys(None, _Kept(inner))  # type: ignore[arg-type]
    inner.close()


def _refused(database: Path) -> ConfigurationError:
    Path(f"{database}.key").unlink()
    store = open_store(f"sqlite:///{database}")
    with pytest.raises(ConfigurationError) as caught:
        resolve_keys(None, store)
    store.close()
    return caught.value


@pytest.mark.parametrize("more", ["", f" {generate_key()}"], ids=["alone", "with an older one"])
def test_a_key_that_init_put_into_the_folder_is_named(database: Path, more: str) -> None:
    setting = database.with_name(".env")
    setting.write_text(f"OTHER=1\nVIMEO_TOOLKIT_KEY='{_keys(database)[0]!s}{more}'\n")
    assert f"That key is in {setting}" in _refused(database).hint


@pytest.mark.parametrize(
    "content",
    [None, b"OTHER=1\n", b"VIMEO_TOOLKIT_KEY=\n", b"VIMEO_TOOLKIT_KEY=short\n", b"VIMEO_TOOLKIT_KEY=\xff\n",
     f"VIMEO_TOOLKIT_KEY={generate_key()}\n".encode()],
    ids=["no file", "another setting", "nothing", "too short", "not text", "another key"],
)  # fmt: skip
def test_a_folder_that_has_no_such_key_is_not_named(database: Path, content: bytes | None) -> None:
    if content is not None:
        database.with_name(".env").write_bytes(content)
    hint = _refused(database).hint
    assert ".env" not in hint.partition("VIMEO_TOOLKIT_KEY of its .env")[0]
    assert hint.startswith("Put the key file there")


def test_why_another_store_needs_a_key_is_said(tmp_path: Path) -> None:
    for how, said in (
        ("shared", "A store that other machines share needs"),
        ("persistent", f"A store that keeps its rows in {tmp_path / 'rows'} needs"),
    ):
        with pytest.raises(ConfigurationError) as caught:
            resolve_keys(None, own_store(how, tmp_path))
        assert said in caught.value.message


def test_one_row_of_a_kind_is_enough_to_know_its_key() -> None:
    asked: list[tuple[str, int]] = []

    def scan(kind: str, *, limit: int) -> list[Any]:
        asked.append((kind, limit))
        return []

    assert sealed_with(_Kept(SimpleNamespace(scan=scan))) == ""  # type: ignore[arg-type]
    assert asked == [(kind, 1) for kind in KINDS]
