"""The index of one user's library in a SQLite database of its own: FTS5 finds, `ranking` ranks."""

# ruff: noqa: S608 - the statements are put together from constants of the library's rooms alone

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from vimeo_toolkit.errors import StoreBusy, StoreError
from vimeo_toolkit.library.asked import Asked
from vimeo_toolkit.library.index import Row, Stamp, Unembedded
from vimeo_toolkit.library.kept import passages_to_keep, video_of
from vimeo_toolkit.library.model import Change, Coverage, Filters, IndexedVideo, Near, Passage, VectorsKept
from vimeo_toolkit.library.ranking import Candidate, Statistics
from vimeo_toolkit.library.similar import similar_words
from vimeo_toolkit.library.sqlite_asking import (
    candidates_of,
    of_videos,
    passages_with,
    rows_of,
    statistics_of,
    vectors_of,
)
from vimeo_toolkit.library.sqlite_connections import Connections
from vimeo_toolkit.library.sqlite_files import Damaged, FileId, ready, removed
from vimeo_toolkit.library.sqlite_rows import (
    PASSAGE,
    forget_video,
    note_changes,
    passage_of,
    save_passages,
    save_video,
)
from vimeo_toolkit.library.sqlite_schema import is_current
from vimeo_toolkit.library.terms import codes_of

__all__ = ["SqliteIndex"]

T = TypeVar("T")


class SqliteIndex:
    """The index of one user's library. A damaged file is replaced by an empty one, which the next sync fills.

    Args:
        path: of its file, which `prepare` makes.
        generation: see `Owner.generation`.
    """

    def __init__(self, path: Path, generation: str = "") -> None:
        self.path = path
        self.generation = generation
        self._connections = Connections(path, generation)
        self._held = threading.local()

    def __repr__(self) -> str:
        return f"SqliteIndex({str(self.path)!r})"

    def prepare(self) -> None:
        """Make the file with mode 0600 if there is none, and bring it up to date.

        One of another generation is deleted.
        """
        with suppress(StoreError, Damaged), self._connections.reading() as db:
            if is_current(db):
                return
        try:
            ready(self.path, self.generation)
        except Damaged as damaged:
            self._start_again(damaged.file)

    def _start_again(self, damaged: FileId | None) -> None:
        self._connections.close()
        removed(self.path, damaged)
        try:
            ready(self.path, self.generation)
        except Damaged:
            raise StoreError(
                "The library's index is damaged, and so is the new one that was made in its place.",
                hint="Check the disk of the library's folder.",
            ) from None

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._connections.close()

    @contextmanager
    def moment(self) -> Iterator[None]:
        """See `Index`."""
        if getattr(self._held, "db", None) is not None:
            yield
            return
        try:
            with self._connections.reading() as db:
                self._held.db = db
                yield
        except Damaged as damaged:
            self._start_again(damaged.file)
            raise StoreBusy(
                "The library's index was damaged, and an empty one is in its place.",
                hint="Sync the library, then try again.",
            ) from None
        finally:
            self._held.db = None

    def _read(self, statement: Callable[[sqlite3.Connection], T]) -> T:
        held = getattr(self._held, "db", None)
        if held is not None:
            return statement(held)
        try:
            with self._connections.reading() as db:
                return statement(db)
        except Damaged as damaged:
            self._start_again(damaged.file)
            with self._connections.reading() as db:
                return statement(db)

    def _change(self, statement: Callable[[sqlite3.Connection], T]) -> T:
        try:
            with self._connections.changing() as db:
                return statement(db)
        except Damaged as damaged:
            self._start_again(damaged.file)
            with self._connections.changing() as db:
                return statement(db)

    # ---- what a sync keeps ----

    def stamps(self) -> dict[str, Stamp]:
        """See `Index`."""
        return self._read(
            lambda db: {
                uri: Stamp(stamp, checked)
                for uri, stamp, checked in db.execute("select uri, stamp, checked from video")
            }
        )

    def put(
        self,
        video: IndexedVideo,
        stamp: Stamp,
        spoken: Iterable[Passage] | None,
        changes: Sequence[Change] = (),
    ) -> None:
        """See `Index`."""
        about, said = passages_to_keep(self, video, spoken)

        def write(db: sqlite3.Connection) -> None:
            save_passages(db, save_video(db, video, stamp), about, said)
            note_changes(db, changes)

        self._change(write)

    def remove(self, uris: Iterable[str], changes: Sequence[Change] = ()) -> int:
        """See `Index`."""
        listed = tuple(uris)

        def write(db: sqlite3.Connection) -> int:
            note_changes(db, changes)
            return sum(forget_video(db, uri) for uri in listed)

        return self._change(write)

    def checked(self, uris: Iterable[str], at: float) -> None:
        """See `Index`."""
        listed = [(at, uri) for uri in uris]
        self._change(lambda db: db.executemany("update video set checked = ? where uri = ?", listed))

    def state(self) -> dict[str, Any]:
        """See `Index`."""
        found = self._read(lambda db: db.execute("select value from meta where key = 'state'").fetchone())
        return dict(json.loads(found[0])) if found else {}

    def note(self, state: Mapping[str, Any]) -> None:
        """See `Index`."""
        value = json.dumps(dict(state))
        self._change(lambda db: db.execute("insert or replace into meta values ('state', ?)", (value,)))

    def changes(self, since: int = 0, limit: int = 500) -> list[Change]:
        """See `Index`."""
        rows = self._read(
            lambda db: db.execute(
                "select number, kind, uri, name, link, at, what from change where number > ? "
                "order by number limit ?",
                (since, limit),
            ).fetchall()
        )
        return [
            Change(number, kind, uri, name, link, at, tuple(json.loads(what)))
            for number, kind, uri, name, link, at, what in rows
        ]

    # ---- what there is ----

    def video(self, uri: str) -> IndexedVideo | None:
        """See `Index`."""
        found = self._read(lambda db: db.execute("select body from video where uri = ?", (uri,)).fetchone())
        return video_of(found[0]) if found else None

    def passages(self, uri: str) -> list[Passage]:
        """See `Index`."""
        rows = self._read(
            lambda db: db.execute(
                f"select {PASSAGE} from passage p join video v on v.id = p.video "
                "where v.uri = ? and p.kind = 'spoken' order by p.place",
                (uri,),
            ).fetchall()
        )
        return [passage_of(row) for row in rows]

    def coverage(self, filters: Filters) -> Coverage:
        """See `Index`."""
        where, given = of_videos(filters)

        def read(db: sqlite3.Connection) -> Coverage:
            counted = db.execute(
                f"select v.words, count(*), sum(v.spoken) from video v where true{where} group by v.words",
                given,
            )
            found = {words: (videos, passages) for words, videos, passages in counted}
            tracks = db.execute("select language from size where spoken > 0 and language != ''")
            return Coverage(
                videos=sum(videos for videos, _ in found.values()),
                captions=found.get("captions", (0, 0))[0],
                none=found.get("none", (0, 0))[0],
                pending=found.get("pending", (0, 0))[0],
                passages=sum(passages for _, passages in found.values()),
                languages=codes_of(language for (language,) in tracks),
            )

        return self._read(read)

    def languages(self) -> tuple[str, ...]:
        """See `Index`."""
        rows = self._read(lambda db: db.execute("select language from size where passages > 0").fetchall())
        return codes_of(language for (language,) in rows)

    # ---- what is asked ----

    def statistics(self, question: Asked) -> Statistics:
        """See `Index`."""
        return self._read(lambda db: statistics_of(db, question))

    def candidates(self, question: Asked, known: Statistics, filters: Filters) -> list[Candidate]:
        """See `Index`."""
        return self._read(lambda db: candidates_of(db, question, known, filters))

    def similar_words(self, word: str) -> list[str]:
        """See `Index`."""
        return similar_words(
            word, self.languages(), lambda terms: self._read(lambda db: passages_with(db, terms))
        )

    def vectors(self) -> VectorsKept:
        """See `Index`."""
        return self._read(vectors_of)

    def vectors_missing(self, model: str, limit: int, after: int = 0) -> list[Unembedded]:
        """See `Index`."""
        from vimeo_toolkit.library.sqlite_vectors import missing_of  # numpy is for those who have a model

        return self._read(lambda db: missing_of(db, model, limit, after))

    def put_vectors(self, model: str, rows: Sequence[tuple[int, Sequence[float]]]) -> int:
        """See `Index`."""
        from vimeo_toolkit.library.sqlite_vectors import put_vectors

        return self._change(lambda db: put_vectors(db, model, rows)) if rows else 0

    def nearest(self, model: str, vector: Sequence[float], filters: Filters, limit: int) -> list[Near]:
        """See `Index`."""
        from vimeo_toolkit.library.sqlite_vectors import nearest_of

        return self._read(lambda db: nearest_of(db, model, vector, filters, limit))

    def found(self, keys: Sequence[int]) -> dict[int, Row]:
        """See `Index`."""
        return self._read(lambda db: rows_of(db, keys))
