"""An index in SQLite keeps the promises, and what becomes of its file."""

from __future__ import annotations

import contextlib
import sqlite3
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.library.promises import ANA, LibraryPromises, fill
from tests.library.vector_promises import VectorPromises, embed
from vimeo_toolkit.errors import ConfigurationError, StoreError
from vimeo_toolkit.library import sqlite_schema
from vimeo_toolkit.library.asked import asked
from vimeo_toolkit.library.search import search
from vimeo_toolkit.library.sqlite_libraries import SqliteLibraries


@pytest.fixture
def same_libraries(tmp_path: Path) -> Iterator[Callable[[], SqliteLibraries]]:
    made: list[SqliteLibraries] = []

    def make() -> SqliteLibraries:
        made.append(SqliteLibraries(tmp_path / "words"))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def libraries(same_libraries: Callable[[], SqliteLibraries]) -> SqliteLibraries:
    return same_libraries()


class TestPromises(LibraryPromises, VectorPromises):
    pass


def test_only_its_owner_can_read_it(libraries: SqliteLibraries) -> None:
    fill(libraries.index(ANA))
    assert stat.S_IMODE(libraries.folder.stat().st_mode) == 0o700
    files = list(libraries.folder.iterdir())
    assert {file.name.partition(".")[2] for file in files} >= {"db", "db-wal"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert not any("ana" in file.name for file in files)


def test_nothing_of_a_forgotten_one_is_on_the_disk(libraries: SqliteLibraries) -> None:
    fill(libraries.index(ANA))
    libraries.forget(ANA.identity)
    assert list(libraries.folder.iterdir()) == []


@pytest.mark.parametrize(
    "damage", [b"", b"not a database at all" * 500, b"SQLite format 3\x00" + b"\xff" * 8_000, b"half"]
)
@pytest.mark.parametrize("while_open", [True, False])
def test_a_damaged_file_is_replaced(libraries: SqliteLibraries, damage: bytes, while_open: bool) -> None:
    index = libraries.index(ANA)
    fill(index)
    if not while_open:
        libraries.close()
    for end in ("-wal", "-shm"):
        index.path.with_name(index.path.name + end).unlink(missing_ok=True)
    whole = index.path.read_bytes()
    index.path.write_bytes(whole[: len(whole) // 2 + 100] if damage == b"half" else damage)
    if not while_open:
        index = libraries.index(ANA)
    with contextlib.suppress(StoreError):  # an empty file is nobody's
        search(index, "harbour")
    libraries.close()
    assert search(libraries.index(ANA), "harbour").hits == ()
    fill(libraries.index(ANA))
    assert len(search(libraries.index(ANA), "harbour").hits) == 3


def test_terms_that_were_made_in_another_way_are_made_anew(
    libraries: SqliteLibraries, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = libraries.index(ANA)
    fill(index)
    known = index.statistics(asked("harbour ships end", ["en"]))
    libraries.close()
    with monkeypatch.context() as patch:
        patch.setattr(sqlite_schema, "_made", lambda: "of another release")
        patch.setattr(sqlite_schema, "terms_of", lambda heading, text, language: ["other"])
        index = libraries.index(ANA)
        assert search(index, "harbour").hits == ()
        libraries.close()
    index = libraries.index(ANA)
    assert index.statistics(asked("harbour ships end", ["en"])) == known
    assert len(search(index, "harbour").hits) == 3
    assert len(index.stamps()) == 3


def test_an_older_format_is_built_anew_and_a_newer_one_is_refused(libraries: SqliteLibraries) -> None:
    index = libraries.index(ANA)
    fill(index)
    libraries.close()
    _execute(index.path, "pragma user_version=999")
    with pytest.raises(ConfigurationError, match="newer vimeo-toolkit"):
        libraries.index(ANA)
    _execute(index.path, "pragma user_version=-1")
    assert libraries.index(ANA).stamps() == {}
    fill(libraries.index(ANA))
    assert len(search(libraries.index(ANA), "harbour").hits) == 3


def test_what_is_in_the_first_format_is_kept(libraries: SqliteLibraries) -> None:
    index = libraries.index(ANA)
    fill(index)
    index.note({"synced": 5.0})
    libraries.close()
    for statement in (
        "drop table embedding",
        "drop table vector",
        "drop table sketch",
        "pragma user_version=1",
    ):
        _execute(index.path, statement)
    index = libraries.index(ANA)
    assert index.state() == {"synced": 5.0}
    assert len(search(index, "harbour").hits) == 3
    assert embed(index) == 12
    libraries.close()
    _execute(index.path, "pragma user_version=1")
    assert libraries.index(ANA._replace(generation="second")).stamps() == {}, (
        "another user's is not brought up"
    )


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="does not exist"):
        SqliteLibraries(tmp_path / "missing" / "words")
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="cannot be used"):
        SqliteLibraries(tmp_path / "file")


def test_a_folder_on_a_network_disk_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vimeo_toolkit.library.sqlite_libraries.network_disk", lambda folder: "nfs4")
    with pytest.warns(UserWarning, match="nfs4"):
        SqliteLibraries(tmp_path / "words")


def test_few_indexes_are_open_at_once(libraries: SqliteLibraries, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vimeo_toolkit.library.sqlite_libraries._OPEN", 1)
    first = libraries.index(ANA)
    fill(first, 1)
    second = libraries.index(ANA._replace(identity=type(ANA.identity)("vimeo", "other")))
    assert not first._connections._idle
    assert list(first.stamps()) == ["/videos/1"], "one that is closed opens again"
    assert second.stamps() == {}


def _execute(path: Path, statement: str) -> None:
    db = sqlite3.connect(path)
    db.execute(statement)
    db.commit()
    db.close()
