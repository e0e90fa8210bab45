"""No statement touches rows of a library that it does not name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tests.library.promises import ANA, change, said, video
from vimeo_toolkit.library.asked import asked
from vimeo_toolkit.library.index import Index, Stamp
from vimeo_toolkit.library.model import Filters
from vimeo_toolkit.library.postgres_libraries import PostgresLibraries

_TABLE = re.compile(r"\b(FROM|JOIN|INTO|UPDATE|COPY) (vimeo_library\w*)(?: AS)?(?: (?!WHERE|SET|ON)(\w+)\b)?")
_EVERYTHING = Filters("2024", "2025", "/folder", "anybody", frozenset({"/videos/1"}), "ana", "en")
_SCHEMA = re.compile(r"vimeo_library_schema|^\s*CREATE TABLE vimeo_library \(")


def _used(index: Index) -> None:
    """Call every method of an index, in each way in which it makes its statements."""
    chaptered = video(1, chapters=((0.0, "Start"),))
    index.put(chaptered, Stamp("s", 1.0), said("Ships leave."), [change("new", "/videos/1")])
    index.put(video(1), Stamp("s", 1.0), None)
    index.checked(["/videos/1"], 2.0)
    index.note({"a": 1})
    for question in ('ships* leaving "ships leave"', "ships leaving", "chips"):
        read = asked(question, index.languages())
        known = index.statistics(read)
        for filters in (Filters(), _EVERYTHING):
            index.coverage(filters)
            index.found([each.key for each in index.candidates(read, known, filters)])
    index.similar_words("chips")
    for _ in range(2):
        keys = [each.key for each in index.vectors_missing("m", 10)]
        index.put_vectors("m", [(key, [1.0, 2.0]) for key in keys[:1]])
    for filters in (Filters(), _EVERYTHING):
        index.nearest("m", [1.0, 2.0], filters, 5)
    index.vectors()
    index.put(video(1), Stamp("s", 1.0), None)
    index.video("/videos/1")
    index.passages("/videos/1")
    index.stamps()
    index.state()
    index.changes()
    index.remove(["/videos/1"])
    index.close()


@pytest.fixture
def said_to_the_server(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    noted: list[str] = []

    def noting(of: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: Any, statement: Any, *args: Any, **more: Any) -> Any:
            noted.append(statement.decode() if isinstance(statement, bytes) else statement)
            return of(self, statement, *args, **more)

        return call

    monkeypatch.setattr(psycopg.Cursor, "execute", noting(psycopg.Cursor.execute))
    monkeypatch.setattr(psycopg.Cursor, "copy", noting(psycopg.Cursor.copy))
    return noted


def test_each_statement_names_its_library(postgres_url: str, said_to_the_server: list[str]) -> None:
    libraries = PostgresLibraries(postgres_url)
    index = libraries.index(ANA)
    index.make_terms_anew([99])
    _used(index)
    libraries.forget(ANA.identity)
    libraries.close()
    seen = set()
    for statement in said_to_the_server:
        for verb, table, alias in _TABLE.findall(statement):
            if _SCHEMA.search(statement):
                continue
            seen.add(table)
            assert _of_one_library(statement, verb, table, alias), f"{table}: {statement}"
    assert seen == {"vimeo_library"} | {
        f"vimeo_library_{name}"
        for name in ("change", "embedding", "passage", "size", "sketch", "term", "vector", "video")
    }


def _of_one_library(statement: str, verb: str, table: str, alias: str) -> bool:
    if verb == "COPY":
        return "(library, " in statement  # the rows are of `_add`, which is given the library
    if verb == "INTO":
        named = "identity" if table == "vimeo_library" else "library"
        return (
            f"({named}, " in statement
            and re.search(rf"(SELECT|VALUES \()\s*%\({named}\)s", statement) is not None
        )
    before = f"{alias}." if alias else ""
    if table == "vimeo_library":
        return any(each in statement for each in (f"{before}id = %(library)s", "identity = %(identity)s"))
    return any(
        each in statement
        for each in (
            f"{before}library = %(library)s",
            f"{before}library = p.library",
            f"{before}library = s.library",
            f"{before}library = l.id",
        )
    ) and "library = %(library)s" in statement.replace("l.id = %(library)s", "library = %(library)s")
