"""The index of one user's library in PostgreSQL, beside those of all others: GIN finds, `ranking` ranks."""

# ruff: noqa: S608 - the statements are put together from constants of the library's modules alone

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from vimeo_toolkit.library.asked import Asked, Wanted
from vimeo_toolkit.library.index import Row, Stamp, Unembedded, deleted
from vimeo_toolkit.library.kept import passages_to_keep, video_of
from vimeo_toolkit.library.model import Change, Coverage, Filters, IndexedVideo, Near, Passage, VectorsKept
from vimeo_toolkit.library.postgres_asking import WITH_NEIGHBOURS, Forms, of_videos, statements, vectors_of
from vimeo_toolkit.library.postgres_rows import (
    PASSAGE,
    Numbers,
    bytes_of,
    change_of,
    passage_of,
    text_of,
    unpacked,
)
from vimeo_toolkit.library.postgres_tables import Tables
from vimeo_toolkit.library.postgres_writing import (
    Written,
    begin,
    note,
    note_checked,
    note_terms,
    put_video,
    remake_video,
    remove_videos,
)
from vimeo_toolkit.library.ranking import MOST_CANDIDATES, Candidate, Statistics
from vimeo_toolkit.library.similar import similar_words
from vimeo_toolkit.library.terms import codes_of
from vimeo_toolkit.stores.postgres_connections import Connection

__all__ = ["PostgresIndex"]

MOST_BEGINNING: Final = 200
"""Words with the beginning that a question asks for that are looked for, the most frequent first."""


class PostgresIndex:
    """The index of one user's library. It holds nothing open: the connections are those of `PostgresLibraries`.

    Args:
        tables: of all libraries.
        library: this one's number, which is never given to another.
    """

    def __init__(self, tables: Tables, library: int) -> None:
        self._tables = tables
        self._library = library
        self._numbers = Numbers(library)
        self._held = threading.local()

    def __repr__(self) -> str:
        return f"PostgresIndex({self._library})"

    def close(self) -> None:
        """Do nothing: it has no connections of its own."""

    @contextmanager
    def moment(self) -> Iterator[None]:
        """See `Index`."""
        if self._moment is not None:
            yield
            return
        with self._tables.moment() as self._held.moment:
            try:
                yield
            finally:
                self._held.moment = None

    @property
    def _moment(self) -> Connection | None:
        found: Connection | None = getattr(self._held, "moment", None)
        return found

    # ---- what a sync asks and keeps ----

    def stamps(self) -> dict[str, Stamp]:
        """See `Index.stamps`."""
        rows = self._read("SELECT uri, stamp, checked FROM vimeo_library_video WHERE library = %(library)s")
        return {text_of(uri): Stamp(text_of(stamp), checked) for uri, stamp, checked in rows}

    def put(
        self,
        video: IndexedVideo,
        stamp: Stamp,
        spoken: Iterable[Passage] | None,
        changes: Sequence[Change] = (),
    ) -> None:
        """See `Index.put`."""
        about, said = passages_to_keep(self, video, spoken)
        written = Written(video, stamp, about, said)
        self._tables.change(lambda db: put_video(db, self._library, written, changes))

    def remove(self, uris: Iterable[str], changes: Sequence[Change] = ()) -> int:
        """See `Index.remove`."""
        return self._tables.change(lambda db: remove_videos(db, self._library, uris, changes))

    def checked(self, uris: Iterable[str], at: float) -> None:
        """See `Index.checked`."""
        self._tables.change(lambda db: note_checked(db, self._library, uris, at))

    def note(self, state: Mapping[str, Any]) -> None:
        """See `Index.note`."""
        self._tables.change(lambda db: note(db, self._library, state))

    def make_terms_anew(self, made: Sequence[int]) -> None:
        """Make the terms of all passages again, as they are made now.

        Args:
            made: the way in which they are made, which is noted when all are.
        """
        for uri in self.stamps():
            self._tables.change(lambda db, uri=uri: remake_video(db, self._library, uri))  # type: ignore[misc]
        self._tables.change(lambda db: note_terms(db, self._library, made))

    def state(self) -> dict[str, Any]:
        """See `Index.state`."""
        found: dict[str, Any] = json.loads(
            bytes(self._read("SELECT state FROM vimeo_library WHERE id = %(library)s")[0][0])
        )
        return found

    def changes(self, since: int = 0, limit: int = 500) -> list[Change]:
        """See `Index.changes`."""
        rows = self._read(
            "SELECT number, body FROM vimeo_library_change "
            "WHERE library = %(library)s AND number > %(since)s::int8 ORDER BY number LIMIT %(limit)s::int8",
            since=since,
            limit=limit,
        )
        return [change_of(row) for row in rows]

    # ---- what there is ----

    def video(self, uri: str) -> IndexedVideo | None:
        """See `Index.video`."""
        rows = self._read(
            "SELECT body FROM vimeo_library_video WHERE library = %(library)s AND uri = %(uri)s",
            uri=bytes_of(uri),
        )
        return video_of(text_of(rows[0][0])) if rows else None

    def passages(self, uri: str) -> list[Passage]:
        """See `Index.passages`."""
        rows = self._read(
            f"""SELECT {PASSAGE} FROM vimeo_library_passage p
            JOIN vimeo_library_video v ON v.library = p.library AND v.id = p.video
            WHERE p.library = %(library)s AND v.uri = %(uri)s AND p.kind = 'spoken' ORDER BY p.place""",
            uri=bytes_of(uri),
        )
        return [passage_of(row) for row in rows]

    def coverage(self, filters: Filters) -> Coverage:
        """See `Index.coverage`."""
        values: dict[str, Any] = {}
        where = "".join(f" AND {condition}" for condition in of_videos(values, filters))
        rows = self._read(
            f"""SELECT v.words, count(*), sum(v.spoken) FROM vimeo_library_video v
            WHERE v.library = %(library)s{where} GROUP BY v.words""",
            **values,
        )
        count = {text_of(words): number for words, number, _ in rows}
        return Coverage(
            videos=sum(count.values()),
            captions=count.get("captions", 0),
            none=count.get("none", 0),
            pending=count.get("pending", 0),
            passages=sum(row[2] for row in rows),
            languages=self._languages("spoken > 0 AND language <> ''"),
        )

    def languages(self) -> tuple[str, ...]:
        """See `Index.languages`."""
        return self._languages("passages > 0")

    def _languages(self, condition: str) -> tuple[str, ...]:
        rows = self._read(
            f"SELECT language FROM vimeo_library_size WHERE library = %(library)s AND {condition}"
        )
        return codes_of(text_of(language) for (language,) in rows)

    # ---- search ----

    def statistics(self, question: Asked) -> Statistics:
        """See `Index.statistics`."""
        forms = self._forms(question)
        rows = self._read(
            """SELECT coalesce(sum(s.passages), 0)::int8, coalesce(sum(s.words), 0)::int8
            FROM vimeo_library l LEFT JOIN vimeo_library_size s ON s.library = l.id
            WHERE l.id = %(library)s GROUP BY l.id"""
        )
        passages, words = rows[0]
        having = self._having({number for wanted in question.wanted for number in forms[wanted]})
        return Statistics(
            passages,
            words / max(passages, 1),
            {wanted: sum(having.get(number, 0) for number in forms[wanted]) for wanted in question.wanted},
        )

    def candidates(self, question: Asked, known: Statistics, filters: Filters) -> list[Candidate]:
        """See `Index.candidates`."""
        found: dict[int, Candidate] = {}
        for statement, values in statements(question, known, filters, self._forms(question)):
            for key, text, *others in self._read(statement, **values):
                language, around, kind, heading = map(text_of, others)
                found[key] = Candidate(key, unpacked(text), language, around, kind, heading)  # type: ignore[arg-type]
            if len(found) >= MOST_CANDIDATES // 2:
                break
        return list(found.values())

    def similar_words(self, word: str) -> list[str]:
        """See `Index.similar_words`."""

        def passages_with(terms: Collection[str]) -> dict[str, int]:
            numbers = {term: self._numbers.of(term) for term in terms}
            having = self._having(set(numbers.values()))
            return {term: having.get(number, 0) for term, number in numbers.items()}

        return similar_words(word, self.languages(), passages_with)

    def vectors(self) -> VectorsKept:
        """See `Index.vectors`."""
        return vectors_of(self._read)

    def vectors_missing(self, model: str, limit: int, after: int = 0) -> list[Unembedded]:
        """See `Index.vectors_missing`."""
        from vimeo_toolkit.library.postgres_vectors import missing_of  # numpy is for those who have a model

        return missing_of(self._read, model, limit, after)

    def put_vectors(self, model: str, rows: Sequence[tuple[int, Sequence[float]]]) -> int:
        """See `Index.put_vectors`."""
        from vimeo_toolkit.library.postgres_vectors import put_vectors

        def write(db: Connection) -> int:
            begin(db, self._library)
            return put_vectors(db, self._library, model, rows)

        return self._tables.change(write) if rows else 0

    def nearest(self, model: str, vector: Sequence[float], filters: Filters, limit: int) -> list[Near]:
        """See `Index.nearest`."""
        from vimeo_toolkit.library.postgres_vectors import nearest_of

        return nearest_of(self._read, model, vector, filters, limit)

    def found(self, keys: Sequence[int]) -> dict[int, Row]:
        """See `Index.found`."""
        rows = self._read(WITH_NEIGHBOURS, keys=list(keys))
        return {
            key: Row(
                video_of(text_of(body)),
                passage_of(passage),
                *(unpacked(text) if text else "" for text in beside),
            )
            for key, body, *beside, passage in ((*row[:4], row[4:]) for row in rows)
        }

    def _forms(self, question: Asked) -> Forms:
        forms: dict[Wanted | str, Sequence[int]] = {
            term: [self._numbers.of(term)]
            for phrase in question.phrases
            for terms in phrase
            for term in terms
        }
        for wanted in question.wanted:
            beginning = self._beginning(wanted.forms[0]) if wanted.prefix else []
            forms[wanted] = sorted({*beginning, *map(self._numbers.of, wanted.forms)})
        return forms

    def _beginning(self, beginning: str) -> list[int]:
        """Return the numbers of the terms that begin so."""
        low = bytes_of(beginning)
        rows = self._read(
            "SELECT hash FROM vimeo_library_term "
            "WHERE library = %(library)s AND term >= %(low)s AND term < %(high)s "
            "ORDER BY passages DESC LIMIT %(most)s::int",
            low=low,
            high=low + b"\xff",
            most=MOST_BEGINNING,
        )
        return [number for (number,) in rows]

    def _having(self, numbers: Collection[int]) -> dict[int, int]:
        """Return in how many passages each of these terms is."""
        rows = self._read(
            "SELECT hash, passages FROM vimeo_library_term "
            "WHERE library = %(library)s AND hash = ANY (%(numbers)s::int[])",
            numbers=sorted(numbers),
        )
        return dict(rows)

    def _read(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        moment = self._moment
        rows = self._tables.read(statement, {"library": self._library, **values}, moment)
        if not rows and not self._tables.read(_THERE, {"library": self._library}, moment):
            raise deleted()
        return rows


_THERE: Final = "SELECT 1 FROM vimeo_library WHERE id = %(library)s"
