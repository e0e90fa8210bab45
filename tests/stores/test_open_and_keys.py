"""Opening a store by URL, and where its keys come from."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import traceback
import warnings
from pathlib import Path

import pytest

from tests.stores.helpers import in_processes, key
from vimeo_toolkit.errors import ConfigurationError, InvalidInput
from vimeo_toolkit.stores import Key, keys, open_store
from vimeo_toolkit.stores.cipher import Cipher, generate_key
from vimeo_toolkit.stores.key_encoding import LONGEST, part_to_text, place_of
from vimeo_toolkit.stores.keys import resolve_keys

PASSWORD = "p4ssMARK"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///:memory:", "SqliteStore(':memory:')"),
        (f"postgresql://user:{PASSWORD}@db.example/app", "PostgresStore('postgresql://db.example/app')"),
        (
            f"postgres://user:{PASSWORD}@db.example:5433/app?sslmode=require",
            "PostgresStore('postgres://db.example:5433/app')",
        ),
        (f"postgresql:///app?password={PASSWORD}", "PostgresStore('postgresql:///app')"),
        (f"redis://:{PASSWORD}@cache.example:6379/2", "RedisStore('redis://cache.example:6379/2')"),
        (f"rediss://user:{PASSWORD}@cache.example", "RedisStore('rediss://cache.example')"),
        (f"valkey://user:{PASSWORD}@cache.example", "RedisStore('valkey://cache.example')"),
        (f"valkeys://user:{PASSWORD}@cache.example", "RedisStore('valkeys://cache.example')"),
        (f"unix:///run/valkey.sock?password={PASSWORD}", "RedisStore('unix:///run/valkey.sock')"),
    ],
)
def test_urls(url: str, shown: str) -> None:
    store = open_store(url)
    assert repr(store) == shown
    assert PASSWORD not in repr(vars(store))


def test_sqlite_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert repr(open_store("sqlite:///relative.db")) == f"SqliteStore('{tmp_path / 'relative.db'}')"
    assert repr(open_store(f"sqlite:///{tmp_path}/absolute.db")) == f"SqliteStore('{tmp_path}/absolute.db')"
    assert list(tmp_path.iterdir()) == [], "nothing is made before it is used"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "accounts.db",
        "sqlite://",
        "sqlite:///",
        "sqlite://accounts.db",
        "mysql://u:p4ssMARK@h/d",
        "REDIS://h",
        "host=h password=p4ssMARK",
        f"redis://u:{PASSWORD}@h:port/0",
        f"postgresql://u:{PASSWORD}@h/d?nonsense=1",
    ],
)
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_store(url)
    assert PASSWORD not in "".join(traceback.format_exception(caught.value))
    if not url.startswith(("redis://", "postgresql://")):
        assert "sqlite:///file.db" in str(caught.value)
        assert "redis://" in str(caught.value)


def test_what_is_no_store_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="neither a URL nor a Store"):
        open_store(7)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    [
        f"{before}{PASSWORD}{after}"
        for before in ("redis://u:", "redis://u:a/", "redis://u:a?", "redis://u:a#")
        for after in ("@h/0", "/x@h/0", "?x@h/0", "#x@h/0", "@x@h/0", "@h/0?a=b@c")
    ],
)
def test_a_password_in_any_place_is_not_shown(url: str) -> None:
    assert PASSWORD not in place_of(url)


@pytest.mark.parametrize(
    ("url", "module", "extra"), [("postgresql://h/d", "psycopg", "postgres"), ("redis://h", "redis", "redis")]
)
def test_a_missing_driver_is_named(
    url: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, f"vimeo_toolkit.stores.{extra}", raising=False)
    with pytest.raises(ConfigurationError, match="not installed") as caught:
        open_store(url)
    assert f'pip install "vimeo-toolkit[{extra}]"' in caught.value.hint
    assert f"store needs the package {module}" in caught.value.message


def test_importing_stores_loads_no_driver() -> None:
    code = (
        "import sys, vimeo_toolkit.stores, vimeo_toolkit.stores.cipher, vimeo_toolkit.stores.keys;"
        "print([name for name in ('redis', 'psycopg', 'psycopg_pool', 'sqlitedict', 'sqlite3', 'cryptography') "
        "if name in sys.modules])"
    )
    path = os.pathsep.join(filter(None, sys.path))
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert found.stdout.strip() == "[]"


# Keys


def _database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'accounts.db'}"


def test_given_keys(tmp_path: Path) -> None:
    store, one, two = open_store(_database(tmp_path)), generate_key(), generate_key()
    assert resolve_keys(one, store) == [one]
    assert resolve_keys(one.encode(), store) == [one.encode()]
    assert resolve_keys([two, one], store) == [two, one]
    assert list(tmp_path.iterdir()) == []
    for bad in ("nonsense", b"x", [], [one, "nonsense"]):
        with pytest.raises(ConfigurationError, match="key"):
            resolve_keys(bad, store)


def test_a_key_file_is_made_and_read_again(tmp_path: Path) -> None:
    store = open_store(_database(tmp_path))
    path = tmp_path / "accounts.db.key"
    with pytest.warns(UserWarning, match="Back it up") as warned:
        keys = resolve_keys(None, store)
    assert str(path) in str(warned[0].message)
    assert str(keys[0]) not in str(warned[0].message)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        assert resolve_keys(None, store) == keys
    path.write_text(f"{generate_key()}\n{keys[0]!s}\n")
    assert len(resolve_keys(None, store)) == 2, "newest first, one a line"
    sealed = Cipher(keys).seal(key(), 1, b"token")
    assert Cipher(resolve_keys(None, store)).open(key(), 1, sealed) == b"token"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "accounts.db.key"
    path.write_text(generate_key())
    path.chmod(mode)
    with pytest.raises(ConfigurationError, match=f"chmod 600 {path}"):
        resolve_keys(None, open_store(_database(tmp_path)))


@pytest.mark.parametrize("content", [b"", b"\n", b"nonsense", b"\xff\xfe\x00"])
def test_a_key_file_without_a_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "accounts.db.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(ConfigurationError, match=r"accounts\.db\.key"):
        resolve_keys(None, open_store(_database(tmp_path)))
    assert path.read_bytes() == content


def test_a_key_file_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "accounts.db.key").mkdir()
    with pytest.raises(ConfigurationError, match="cannot be made or read"):
        resolve_keys(None, open_store(_database(tmp_path)))


def _resolve(number: int, url: str) -> tuple[list[str | bytes], int]:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always", UserWarning)
        keys = resolve_keys(None, open_store(url))
    return keys, sum(issubclass(each.category, UserWarning) for each in warned)


@pytest.mark.parametrize("count", [3, pytest.param(8, marks=pytest.mark.slow)])
def test_processes_make_one_key(count: int, tmp_path: Path) -> None:
    found = in_processes(count, _resolve, _database(tmp_path))
    assert len({str(keys) for keys, _ in found}) == 1
    assert sum(warned for _, warned in found) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["accounts.db.key"]


def test_a_store_in_memory_has_a_key_of_its_own() -> None:
    one, other = (resolve_keys(None, open_store("sqlite:///:memory:")) for _ in range(2))
    assert len(one) == 1
    assert one != other


@pytest.mark.parametrize("url", ["postgresql://h/d", "redis://h"])
def test_a_shared_store_needs_a_key(url: str) -> None:
    with pytest.raises(ConfigurationError, match="VIMEO_TOOLKIT_KEY"):
        resolve_keys(None, open_store(url))


@pytest.mark.parametrize("text", ["sqlite", "", "Redis://h", "host=x password=p4ss", "sqlite:/x"])
def test_what_is_not_a_url_is_not_quoted(text: str) -> None:
    with pytest.raises(ConfigurationError, match="The store is not a URL") as caught:
        open_store(text)
    assert "p4ss" not in str(caught.value)


def test_who_comes_second_makes_no_key(tmp_path: Path) -> None:
    path = tmp_path / "x.key"
    assert keys._made(path)
    made = path.read_text()
    assert not keys._made(path)
    assert path.read_text() == made
    assert [each.name for each in tmp_path.iterdir()] == ["x.key"], "no draft is left"


def test_a_key_file_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "x.key"
    with pytest.raises(ConfigurationError) as caught:
        keys._make(path, path.with_suffix(""))
    assert f"The key file {path} cannot be made or read (FileNotFoundError)" in caught.value.message


def test_a_row_that_nobody_sealed_has_an_unknown_key() -> None:
    store = open_store("sqlite:///:memory:")
    assert keys.sealed_with(store) == ""
    assert store.put(Key("account", "vimeo", "u"), b"rubbish", version=1, expected=0)
    assert keys.sealed_with(store) == "unknown"


def test_keys_of_rows_are_as_long_as_every_store_takes() -> None:
    for part, good in (
        ("a" * LONGEST, True),
        ("a" * (LONGEST + 1), False),
        ("é" * 1250, True),
        ("é" * 1251, False),
    ):
        if good:
            assert part_to_text(part) == part
        else:
            with pytest.raises(InvalidInput):
                part_to_text(part)
