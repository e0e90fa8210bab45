"""The tables in PostgreSQL that hold the indexes of all libraries, and the connections to them.

`library` is part of every key. A passage's terms are numbers in the order in which they are said, and its library
is part of each number: so GIN's list of a term has passages of one library alone, and what a search costs does not
grow with the others' libraries. Texts are bytes of UTF-8: neither the encoding nor the sorting of the database
touches them.

Row-level security would keep PostgreSQL from using GIN, because it does not run an operator on arrays before a
policy. `tests/library/test_postgres_statements.py` sees to it that each statement names its library.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Final, TypeVar

import psycopg

from vimeo_toolkit.stores.clients import ProcessClient
from vimeo_toolkit.stores.postgres_connections import Connection, NoConnection, Pool
from vimeo_toolkit.stores.postgres_schema import Schema

__all__ = ["MIGRATIONS", "Tables"]

_LOCK: Final = 0x56494D454F01
"""Of the migrations; another than the store's."""

PATIENCE: Final = 120.0
"""Seconds for a statement that writes or deletes a whole video or library."""

MIGRATIONS: Final = (
    """
    CREATE TABLE vimeo_library (
        id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, identity bytea NOT NULL UNIQUE,
        generation bytea NOT NULL, terms int[] NOT NULL, state bytea NOT NULL DEFAULT '{}',
        written float8 NOT NULL, changes bigint NOT NULL) WITH (fillfactor = 50);
    CREATE TABLE vimeo_library_video (
        library int NOT NULL REFERENCES vimeo_library, id bigint GENERATED ALWAYS AS IDENTITY,
        checked float8 NOT NULL, spoken int NOT NULL, uri bytea NOT NULL, stamp bytea NOT NULL,
        created bytea NOT NULL, privacy bytea NOT NULL, folder bytea NOT NULL, words bytea NOT NULL,
        around bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (library, id), UNIQUE (library, uri));
    CREATE INDEX vimeo_library_video_words ON vimeo_library_video (library, words) INCLUDE (spoken);
    CREATE TABLE vimeo_library_passage (
        library int NOT NULL, place int NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, video bigint NOT NULL,
        start float8 NOT NULL, "end" float8 NOT NULL, length int NOT NULL, kind bytea NOT NULL,
        language bytea NOT NULL, speaker bytea NOT NULL, spoken_by bytea NOT NULL, times bytea NOT NULL,
        heading bytea NOT NULL, text bytea NOT NULL, words int[] NOT NULL, PRIMARY KEY (library, id));
    CREATE INDEX vimeo_library_passage_video ON vimeo_library_passage (library, video, place);
    CREATE INDEX vimeo_library_passage_words ON vimeo_library_passage USING gin (words)
        WITH (gin_pending_list_limit = 1024);
    CREATE TABLE vimeo_library_term (
        library int NOT NULL, hash int NOT NULL, passages int NOT NULL, term bytea NOT NULL,
        PRIMARY KEY (library, hash)) WITH (fillfactor = 70);
    CREATE INDEX vimeo_library_term_term ON vimeo_library_term (library, term);
    CREATE TABLE vimeo_library_size (
        library int NOT NULL, passages int NOT NULL, spoken int NOT NULL, words bigint NOT NULL,
        language bytea NOT NULL,
        PRIMARY KEY (library, language)) WITH (fillfactor = 50);
    CREATE TABLE vimeo_library_change (
        library int NOT NULL, number bigint NOT NULL, body bytea NOT NULL, PRIMARY KEY (library, number));
    """,
    # A vector goes with its passage, and sketches go with their video, whichever release deletes these.
    """
    CREATE TABLE vimeo_library_embedding (
        library int PRIMARY KEY REFERENCES vimeo_library ON DELETE CASCADE,
        dimensions int NOT NULL, model bytea NOT NULL, centre bytea NOT NULL);
    CREATE TABLE vimeo_library_vector (
        library int NOT NULL, passage bigint NOT NULL, body bytea NOT NULL, PRIMARY KEY (library, passage),
        FOREIGN KEY (library, passage) REFERENCES vimeo_library_passage ON DELETE CASCADE);
    CREATE TABLE vimeo_library_sketch (
        library int NOT NULL, video bigint NOT NULL, keys bytea NOT NULL, bits bytea NOT NULL,
        PRIMARY KEY (library, video),
        FOREIGN KEY (library, video) REFERENCES vimeo_library_video (library, id) ON DELETE CASCADE);
    ALTER TABLE vimeo_library_vector ALTER body SET STORAGE EXTERNAL;
    ALTER TABLE vimeo_library_sketch ALTER keys SET STORAGE EXTERNAL, ALTER bits SET STORAGE EXTERNAL;
    """,
)
"""The schema, one entry a version. Entries are only ever added."""

Values = Mapping[str, Any]
Rows = list[tuple[Any, ...]]
T = TypeVar("T")


class Tables:
    """What an index runs its statements by.

    Args:
        open_pool: opens connections to the database.
    """

    def __init__(self, open_pool: Callable[[], Pool]) -> None:
        self._pool = ProcessClient(open_pool)
        self._schema = Schema(
            "vimeo_library_schema", _LOCK, MIGRATIONS, lambda: self._pool.blocking().transaction()
        )

    def read(self, statement: str, values: Values, moment: Connection | None = None) -> Rows:
        """Return the rows of a statement that changes nothing.

        Args:
            statement: has the names of its values.
            values: by their names.
            moment: of `moment`, whose rows are read.

        Raises:
            StoreError: the server does not answer or refused.
        """
        if moment is not None:
            return self._typed(lambda: moment.execute(statement.encode(), values, binary=True).fetchall())
        return self._typed(lambda: self._pool.blocking().run(statement, values, again=True))

    @contextmanager
    def moment(self) -> Generator[Connection, None, None]:
        """Give a connection that sees one moment of all tables.

        Raises:
            StoreError: the server does not answer or refused.
        """
        lent = ExitStack()
        moment = self._typed(lambda: lent.enter_context(self._pool.blocking().transaction(snapshot=True)))
        try:
            yield moment
        finally:
            # Nothing was changed that could be lost.
            with suppress(psycopg.Error):
                lent.close()

    def change(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` returns, whose changes are there as a whole or not at all.

        Raises:
            StoreError: the server does not answer or refused.
        """

        def changing() -> T:
            with self._pool.blocking().transaction(PATIENCE) as connection:
                return work(connection)

        return self._typed(changing)

    def close(self) -> None:
        """Close the connections."""
        pool = self._pool.forget_blocking()
        if pool is not None:
            pool.close()

    def _typed(self, run: Callable[[], T]) -> T:
        try:
            if not self._schema.current:
                self._schema.bring_up_to_date()
            return run()
        except (psycopg.Error, NoConnection) as error:
            failure = self._schema.typed(error)
        raise failure  # outside: the driver's error, with the URL in its frames, is not in the chain of this one
