"""The tables of an index in SQLite, and what is done with those of another format.

FTS5's table holds no text, only where terms are: the texts of passages stand once, beside it. What a row's terms
were, which FTS5 must be told when it is deleted, is computed from the text again. So an index notes how its terms
were made, and they are made anew where that has changed.
"""

from __future__ import annotations

import importlib.metadata
import sqlite3
import time
from collections.abc import Mapping
from functools import cache
from typing import Final

from vimeo_toolkit.library.kept import terms_of
from vimeo_toolkit.library.terms import TERMS_FORMAT

__all__ = ["FORMAT", "build", "is_current", "owner_of", "remade", "upgrade", "version_of"]

FORMAT: Final = 2
"""Of the tables. What was kept in an older one stays as it is."""

_TERM: Final = """create virtual table term using fts5(
    terms, content='', tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
)"""

_SCHEMA: Final = (
    "create table meta (key text primary key, value text not null) without rowid",
    """create table size (
        language text primary key, passages integer not null, spoken integer not null, words integer not null
    ) without rowid""",
    """create table video (
        id integer primary key, uri text not null unique, stamp text not null, checked real not null,
        created text not null, privacy text not null, folder text not null, words text not null,
        spoken integer not null, around text not null, body text not null
    )""",
    # A number is not given twice: a search may hold one while its passage is replaced.
    """create table passage (
        id integer primary key autoincrement, video integer not null, place integer not null, kind text not null,
        start real not null, "end" real not null, speaker text not null, spoken_by text not null,
        language text not null, words integer not null, times text not null,
        heading text not null, text text not null
    )""",
    "create index passages_of_video on passage (video, place)",
    """create table change (
        number integer primary key autoincrement, kind text not null, uri text not null, name text not null,
        link text not null, at real not null, what text not null
    )""",
    _TERM,
    "create virtual table frequency using fts5vocab(term, row)",
)
_FREQUENCY: Final = _SCHEMA[-1]

_ADDED: Final[Mapping[int, tuple[str, ...]]] = {
    2: (
        """create table embedding (
            model text primary key, dimensions integer not null, centre blob not null
        ) without rowid""",
        "create table vector (passage integer primary key, body blob not null)",
        "create table sketch (video integer primary key, keys blob not null, bits blob not null)",
    ),
}
"""What each format has beside the tables of the one before."""


def version_of(db: sqlite3.Connection) -> int:
    """Return the format of the tables, 0 where there are none."""
    return int(db.execute("pragma user_version").fetchone()[0])


def owner_of(db: sqlite3.Connection) -> str | None:
    """Return the generation of the account whose index it is; None where it is nobody's."""
    if not 1 <= version_of(db) <= FORMAT:
        return None
    found = db.execute("select value from meta where key = 'owner'").fetchone()
    return found[0] if found else None


def build(db: sqlite3.Connection, generation: str | None) -> None:
    """Make empty tables in place of all there are; none for nobody."""
    # Dropping a virtual table drops those in which it keeps its rows.
    for kind in ("create virtual%", "create table%"):
        named = (
            "select name from sqlite_master where type = 'table' and sql like ? and name != 'sqlite_sequence'"
        )
        for (name,) in db.execute(named, (kind,)).fetchall():
            db.execute(f'drop table if exists "{name}"')
    if generation is not None:
        for statement in (*_SCHEMA, *(each for added in _ADDED.values() for each in added)):
            db.execute(statement)
        db.execute("insert into meta values ('owner', ?), ('terms', ?)", (generation, _made()))
        # Who remembers the last change of the index that was here before is told of those to come.
        db.execute("insert into sqlite_sequence values ('change', ?)", (int(time.time() * 1000),))
    db.execute(f"pragma user_version={FORMAT if generation is not None else 0}")


def is_current(db: sqlite3.Connection) -> bool:
    """Return whether tables and terms are as this release makes them."""
    return version_of(db) == FORMAT and not remade(db, look=True)


def upgrade(db: sqlite3.Connection) -> None:
    """Add what the tables of an older format lack; within a transaction."""
    for version in range(version_of(db) + 1, FORMAT + 1):
        for statement in _ADDED[version]:
            db.execute(statement)
    db.execute(f"pragma user_version={FORMAT}")


def remade(db: sqlite3.Connection, *, look: bool = False) -> bool:
    """Make the terms anew from the texts, if they were made in another way; return whether they were.

    Args:
        db: a connection, within a transaction.
        look: do nothing.
    """
    if db.execute("select value from meta where key = 'terms'").fetchone() == (_made(),):
        return False
    if look:
        return True
    db.execute("drop table frequency")
    db.execute("drop table term")
    db.execute(_TERM)
    db.execute(_FREQUENCY)
    db.execute("delete from size")
    for key, *kept in db.execute("select id, heading, text, language from passage order by id"):
        made = terms_of(*kept)
        db.execute("insert into term (rowid, terms) values (?, ?)", (key, " ".join(made)))
        db.execute("update passage set words = ? where id = ?", (len(made), key))
    db.execute(
        "insert into size select language, count(*), sum(kind = 'spoken'), sum(words) "
        "from passage group by language",
    )
    db.execute("update meta set value = ? where key = 'terms'", (_made(),))
    return True


@cache
def _made() -> str:
    return f"{TERMS_FORMAT} {importlib.metadata.version('snowballstemmer')}"
