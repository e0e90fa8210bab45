"""An index in PostgreSQL keeps the promises, on a real server, and what is its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from tests.library.promises import ANA, BEN, EVERYTHING, LibraryPromises, fill, said, uris, video
from tests.library.vector_promises import VectorPromises, embed, near
from vimeo_toolkit.errors import ConfigurationError, StoreError
from vimeo_toolkit.library import postgres_libraries
from vimeo_toolkit.library.index import Stamp
from vimeo_toolkit.library.opening import open_libraries
from vimeo_toolkit.library.postgres_libraries import PostgresLibraries
from vimeo_toolkit.library.search import search
from vimeo_toolkit.stores import open_store


@pytest.fixture
def same_libraries(postgres_schema: str) -> Iterator[Callable[[], PostgresLibraries]]:
    made: list[PostgresLibraries] = []

    def make() -> PostgresLibraries:
        made.append(PostgresLibraries(postgres_schema))
        return made[-1]

    yield make
    for digest in make().users():
        made[-1].discard(digest)
    for each in made:
        each.close()


@pytest.fixture
def libraries(same_libraries: Callable[[], PostgresLibraries]) -> PostgresLibraries:
    return same_libraries()


class TestPromises(LibraryPromises, VectorPromises):
    pass


def _rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        found: list[tuple[Any, ...]] = connection.execute(statement).fetchall()
        return found


TABLES = ("change", "passage", "sketch", "size", "term", "vector", "video")


@pytest.mark.parametrize("way", ["removed", "forgotten"])
def test_no_row_and_no_word_is_left(postgres_schema: str, libraries: PostgresLibraries, way: str) -> None:
    index = libraries.index(ANA)
    fill(index)
    embed(index)
    if way == "removed":
        index.remove([f"/videos/{number}" for number in range(1, 4)])
    else:
        libraries.forget(ANA.identity)
    for table in TABLES:
        where = " WHERE passages > 0" if table == "size" else ""
        assert _rows(postgres_schema, f"SELECT count(*) FROM vimeo_library_{table}{where}") == [(0,)], table  # noqa: S608


def test_counts_are_those_of_the_passages_after_any_changes(
    postgres_schema: str, libraries: PostgresLibraries
) -> None:
    index = libraries.index(ANA)
    for number in (1, 2, 3, 1, 2):
        index.put(video(number), Stamp("s", 1.0), said(f"Harbour {number} and harbour.", "Ships."))
        index.put(video(number, name="Of ships"), Stamp("s", 1.0), None)
    index.remove(["/videos/3"])
    for have, counted in (
        (
            "SELECT hash, passages FROM vimeo_library_term ORDER BY hash",
            "SELECT w, count(DISTINCT id) FROM vimeo_library_passage, unnest(words) w GROUP BY w ORDER BY w",
        ),
        (
            "SELECT passages, spoken, words FROM vimeo_library_size",
            "SELECT count(*), count(*) FILTER (WHERE kind = 'spoken'), sum(length) FROM vimeo_library_passage",
        ),
    ):
        assert _rows(postgres_schema, have) == _rows(postgres_schema, counted)


def test_terms_that_were_made_in_an_older_way_are_made_again(
    postgres_schema: str, libraries: PostgresLibraries, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(libraries.index(ANA))
    embed(libraries.index(ANA))
    nearest = near(libraries.index(ANA))
    older, newer = postgres_libraries._made(), [postgres_libraries._made()[0] + 1]
    monkeypatch.setattr(postgres_libraries, "_made", lambda: newer)
    monkeypatch.setattr("vimeo_toolkit.library.kept.terms", lambda text, _: text.upper().split())
    coverage = libraries.index(ANA).coverage(EVERYTHING)
    terms = {bytes(term) for (term,) in _rows(postgres_schema, "SELECT term FROM vimeo_library_term")}
    assert terms >= {b"HARBOUR.", b"SHIPS", b"LEAVE"}
    assert all(term == term.upper() for term in terms), "none of those that were there is left"
    assert libraries.index(ANA).vectors_missing("topics", 50) == [], "the texts are the same"
    assert near(libraries.index(ANA)) == nearest
    assert len(nearest) == 3
    monkeypatch.setattr(postgres_libraries, "_made", lambda: older)
    assert libraries.index(ANA).coverage(EVERYTHING) == coverage
    assert _rows(postgres_schema, "SELECT terms FROM vimeo_library") == [(newer,)], (
        "an older release leaves them"
    )


def test_the_stores_database_has_the_libraries(postgres_schema: str) -> None:
    store = open_store(postgres_schema)
    libraries = open_libraries("store", store)
    assert isinstance(libraries, PostgresLibraries)
    assert "password" not in repr(PostgresLibraries("postgresql://me:password@host/db"))
    fill(libraries.index(BEN))
    assert uris(search(libraries.index(BEN), "harbour")) != []
    libraries.forget(BEN.identity)
    libraries.close()
    with pytest.raises(ConfigurationError, match="malformed"):
        PostgresLibraries("postgresql://me:password@[host/db")


@pytest.mark.parametrize("url", ["sqlite:///:memory:", "redis://localhost/0"])
def test_another_store_has_none(url: str) -> None:
    with pytest.raises(ConfigurationError, match='library="sqlite:///'):
        open_libraries("store", open_store(url))


def test_many_processes_may_start_at_once(postgres_url: str) -> None:
    started = [PostgresLibraries(postgres_url) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        indexes = list(pool.map(lambda libraries: libraries.index(ANA), started))
    assert {repr(index) for index in indexes} == {repr(indexes[0])}, "all have the one index"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("INSERT INTO vimeo_library_schema (version) VALUES (1000)")
    with pytest.raises(ConfigurationError, match="schema 1000"):
        PostgresLibraries(postgres_url).index(ANA)
    for libraries in started:
        libraries.close()


def test_a_search_sees_one_moment(libraries: PostgresLibraries) -> None:
    index = libraries.index(ANA)
    fill(index)
    with index.moment():
        before = index.stamps()
        libraries.index(ANA).remove(["/videos/1"])
        assert index.stamps() == before
        assert len(search(index, "harbour").hits) == 3
    assert len(search(index, "harbour").hits) == 2


def test_what_the_server_refuses_is_a_typed_error(postgres_schema: str, libraries: PostgresLibraries) -> None:
    index = libraries.index(ANA)
    fill(index, 1)
    with psycopg.connect(postgres_schema, autocommit=True) as connection:
        connection.execute("ALTER TABLE vimeo_library_passage RENAME TO gone")
        try:
            with pytest.raises(StoreError) as caught:
                search(index, "harbour")
            assert caught.value.__context__ is None, "the driver's error has the URL in its frames"
            with pytest.raises(StoreError):
                index.put(video(2), Stamp("s", 1.0), said("Of ships."))
        finally:
            connection.execute("ALTER TABLE gone RENAME TO vimeo_library_passage")
    assert list(index.stamps()) == ["/videos/1"], "nothing is half done"
