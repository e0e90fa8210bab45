"""How an index in PostgreSQL is changed.

Each function is given a transaction, and writes to the library's row first: who deletes that waits, and one that is
deleted is not written to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from vimeo_toolkit.library.index import Stamp, deleted
from vimeo_toolkit.library.kept import MOST_CHANGES, Prepared, around_of, prepared
from vimeo_toolkit.library.kept import json_of as video_json
from vimeo_toolkit.library.model import Change, IndexedVideo
from vimeo_toolkit.library.postgres_copy import BEGIN, COPY, END, Place, element, number_in, row
from vimeo_toolkit.library.postgres_rows import (
    PASSAGE,
    Numbers,
    bytes_of,
    json_of,
    passage_of,
)
from vimeo_toolkit.library.sketches import Sketches
from vimeo_toolkit.stores.postgres_connections import Connection

__all__ = [
    "Written",
    "begin",
    "forget",
    "note",
    "note_checked",
    "note_terms",
    "put_video",
    "remake_video",
    "remove_videos",
]

_BEGIN: Final = """
    UPDATE vimeo_library SET changes = changes + %(more)s::int8,
        written = extract(epoch FROM clock_timestamp())::float8
    WHERE id = %(library)s RETURNING changes"""
_VIDEO: Final = """
    INSERT INTO vimeo_library_video AS v
        (library, checked, spoken, uri, stamp, created, privacy, folder, words, around, body)
    VALUES (%(library)s, %(checked)s, coalesce(%(spoken)s::int, 0), %(uri)s, %(stamp)s, %(created)s, %(privacy)s,
        %(folder)s, %(words)s, %(around)s, %(body)s)
    ON CONFLICT (library, uri) DO UPDATE SET checked = excluded.checked,
        spoken = coalesce(%(spoken)s::int, v.spoken), stamp = excluded.stamp, created = excluded.created,
        privacy = excluded.privacy, folder = excluded.folder, words = excluded.words, around = excluded.around,
        body = excluded.body
    RETURNING id"""

# What goes is subtracted from what its terms are weighed by, in the statement that deletes it.
_GONE: Final = """
    WITH gone AS (
        DELETE FROM vimeo_library_passage WHERE library = %(library)s AND video = ANY (%(videos)s::int8[]){kinds}
        RETURNING words, language, kind, length),
    less AS (
        SELECT hash, count(*) AS number FROM gone, LATERAL (SELECT DISTINCT unnest(gone.words) AS hash) each
        GROUP BY hash),
    sizes AS (
        UPDATE vimeo_library_size s SET passages = s.passages - l.passages, spoken = s.spoken - l.spoken,
            words = s.words - l.words
        FROM (
            SELECT language, count(*) AS passages, count(*) FILTER (WHERE kind = 'spoken') AS spoken,
                sum(length) AS words
            FROM gone GROUP BY language) l
        WHERE s.library = %(library)s AND s.language = l.language)
    UPDATE vimeo_library_term t SET passages = t.passages - less.number FROM less
    WHERE t.library = %(library)s AND t.hash = less.hash RETURNING t.hash"""
_ALL_KINDS: Final = _GONE.format(kinds="")
_NOT_SPOKEN: Final = _GONE.format(kinds=" AND kind <> 'spoken'")
_SKETCHES: Final = """
    SELECT s.keys, s.bits, (
        SELECT array_agg(x.passage) FROM vimeo_library_passage p
        JOIN vimeo_library_vector x ON x.library = p.library AND x.passage = p.id
        WHERE p.library = %(library)s AND p.video = s.video)
    FROM vimeo_library_sketch s WHERE s.library = %(library)s AND s.video = %(video)s"""
_VECTORS: Final = """
    SELECT x.passage, p.kind, p.place, x.body FROM vimeo_library_passage p
    JOIN vimeo_library_vector x ON x.library = p.library AND x.passage = p.id
    WHERE p.library = %(library)s AND p.video = %(video)s ORDER BY p.id"""
_PLACES: Final = """
    SELECT p.id, p.kind, p.place FROM vimeo_library_passage p
    WHERE p.library = %(library)s AND p.video = %(video)s"""
_GIVEN: Final = """
    INSERT INTO vimeo_library_vector (library, passage, body)
    SELECT %(library)s, * FROM unnest(%(keys)s::int8[], %(bodies)s::bytea[])"""
_NEW_SKETCHES: Final = """
    UPDATE vimeo_library_sketch SET keys = %(keys)s, bits = %(bits)s
    WHERE library = %(library)s AND video = %(video)s"""
_UNUSED: Final = """
    DELETE FROM vimeo_library_term
    WHERE library = %(library)s AND hash = ANY (%(hashes)b::int[]) AND passages <= 0"""

_TERMS: Final = """
    INSERT INTO vimeo_library_term AS t (library, hash, term, passages)
    SELECT %(library)s, * FROM unnest(%(hashes)b::int[], %(terms)b::bytea[], %(counts)b::int[])
    ON CONFLICT (library, hash) DO UPDATE SET passages = t.passages + excluded.passages"""
_SIZES: Final = """
    INSERT INTO vimeo_library_size AS s (library, language, passages, spoken, words)
    SELECT %(library)s, *
    FROM unnest(%(languages)s::bytea[], %(passages)s::int[], %(spoken)s::int[], %(words)s::int8[])
    ON CONFLICT (library, language) DO UPDATE SET passages = s.passages + excluded.passages,
        spoken = s.spoken + excluded.spoken, words = s.words + excluded.words"""

_OF_VIDEO: Final = f"""
    SELECT v.id, {PASSAGE} FROM vimeo_library_passage p
    JOIN vimeo_library_video v ON v.library = p.library AND v.id = p.video
    WHERE p.library = %(library)s AND v.uri = %(uri)s ORDER BY p.place"""  # noqa: S608 - of constants alone

_CHANGES: Final = """
    INSERT INTO vimeo_library_change (library, number, body)
    SELECT %(library)s, * FROM unnest(%(numbers)s::int8[], %(bodies)s::bytea[])"""
_OLD_CHANGES: Final = "DELETE FROM vimeo_library_change WHERE library = %(library)s AND number <= %(last)s"

_FORGET: Final = (
    "DELETE FROM vimeo_library_embedding WHERE library = %(library)s",
    "DELETE FROM vimeo_library_sketch WHERE library = %(library)s",
    "DELETE FROM vimeo_library_vector WHERE library = %(library)s",
    "DELETE FROM vimeo_library_change WHERE library = %(library)s",
    "DELETE FROM vimeo_library_size WHERE library = %(library)s",
    "DELETE FROM vimeo_library_term WHERE library = %(library)s",
    "DELETE FROM vimeo_library_passage WHERE library = %(library)s",
    "DELETE FROM vimeo_library_video WHERE library = %(library)s",
    "DELETE FROM vimeo_library WHERE id = %(library)s",
)


@dataclass(frozen=True, slots=True)
class Written:
    """A video to be kept, with the terms of its passages, which take longer to make than to write."""

    video: IndexedVideo
    stamp: Stamp
    described: Sequence[Prepared]
    spoken: Sequence[Prepared] | None
    """None leaves those that are there."""


def put_video(db: Connection, library: int, written: Written, changes: Sequence[Change]) -> None:
    """See `Index.put`."""
    begin(db, library, changes)
    video, spoken = written.video, written.spoken
    given = {
        "library": library,
        "checked": written.stamp.checked,
        "spoken": None if spoken is None else len(spoken),
        "uri": bytes_of(video.uri),
        "stamp": bytes_of(written.stamp.stamp),
        "created": bytes_of(video.created),
        "privacy": bytes_of(video.privacy),
        "folder": bytes_of(video.folder),
        "words": bytes_of(video.words),
        "around": bytes_of(around_of(video)),
        "body": bytes_of(video_json(video)),
    }
    row: Any = db.execute(_VIDEO, given, binary=True).fetchone()
    unused = _without(db, library, [row[0]], _NOT_SPOKEN if spoken is None else _ALL_KINDS)
    _without_sketches(db, library, row[0])
    _add(db, library, row[0], (written.described, spoken or ()))
    _sweep(db, library, unused)


def remove_videos(db: Connection, library: int, uris: Iterable[str], changes: Sequence[Change]) -> int:
    """See `Index.remove`."""
    begin(db, library, changes)
    found = db.execute(
        "DELETE FROM vimeo_library_video WHERE library = %(library)s AND uri = ANY (%(uris)s::bytea[]) "
        "RETURNING id",
        {"library": library, "uris": [bytes_of(uri) for uri in uris]},
    ).fetchall()
    if found:
        _sweep(db, library, _without(db, library, [video for (video,) in found], _ALL_KINDS))
    return len(found)


def note_checked(db: Connection, library: int, uris: Iterable[str], at: float) -> None:
    """See `Index.checked`."""
    begin(db, library)
    db.execute(
        "UPDATE vimeo_library_video SET checked = %(at)s "
        "WHERE library = %(library)s AND uri = ANY (%(uris)s::bytea[])",
        {"library": library, "at": at, "uris": [bytes_of(uri) for uri in uris]},
    )


def note(db: Connection, library: int, state: Mapping[str, Any]) -> None:
    """See `Index.note`."""
    begin(db, library)
    db.execute(
        "UPDATE vimeo_library SET state = %(state)s WHERE id = %(library)s",
        {"library": library, "state": json_of(dict(state))},
    )


def remake_video(db: Connection, library: int, uri: str) -> None:
    """Make the terms of a video's passages again of their texts. Vectors, which are of the same texts, stay."""
    begin(db, library)
    found = db.execute(
        _OF_VIDEO,
        {"library": library, "uri": bytes_of(uri)},
        binary=True,
    ).fetchall()
    if found:
        video = found[0][0]
        vectors = db.execute(_VECTORS, {"library": library, "video": video}, binary=True).fetchall()
        passages = prepared(passage_of(columns) for _, *columns in found)
        unused = _without(db, library, [video], _ALL_KINDS)
        described = [each for each in passages if each[0].kind != "spoken"]
        _add(db, library, video, (described, [each for each in passages if each[0].kind == "spoken"]))
        _sweep(db, library, unused)
        _give_vectors(db, library, video, vectors)


def _give_vectors(db: Connection, library: int, video: int, vectors: Sequence[tuple[Any, ...]]) -> None:
    """Give vectors to the passages of a video that are in the place of those that had them."""
    given: dict[str, Any] = {"library": library, "video": video}
    now = {(kind, place): key for key, kind, place in db.execute(_PLACES, given, binary=True)}
    keys = {former: now[kind, place] for former, kind, place, _ in vectors}
    bodies = [body for *_, body in vectors]
    db.execute(_GIVEN, {"library": library, "keys": list(keys.values()), "bodies": bodies})
    found: Any = db.execute(_SKETCHES, given, binary=True).fetchone()
    if found is not None:
        made = Sketches(*found[:2]).renamed(keys)
        db.execute(_NEW_SKETCHES, {**given, "keys": made.keys, "bits": made.bits})


def note_terms(db: Connection, library: int, made: Sequence[int]) -> None:
    """Note how the terms of a library are made."""
    begin(db, library)
    db.execute(
        "UPDATE vimeo_library SET terms = %(made)s::int[] WHERE id = %(library)s",
        {"library": library, "made": list(made)},
    )


def forget(db: Connection, library: int) -> None:
    """Delete all of a library; who writes to it now is waited for."""
    for statement in _FORGET:
        db.execute(statement, {"library": library})


def begin(db: Connection, library: int, changes: Sequence[Change] = ()) -> None:
    """Write to the library's row, with changes, which get the next numbers.

    Raises:
        StoreError: the library is deleted.
    """
    row: Any = db.execute(_BEGIN, {"library": library, "more": len(changes)}).fetchone()
    if row is None:
        raise deleted()
    if changes:
        last = row[0]
        numbers = list(range(last - len(changes) + 1, last + 1))
        bodies = [json_of(asdict(change)) for change in changes]
        db.execute(_CHANGES, {"library": library, "numbers": numbers, "bodies": bodies})
        db.execute(_OLD_CHANGES, {"library": library, "last": last - MOST_CHANGES})


def _without(db: Connection, library: int, videos: list[int], statement: str) -> list[int]:
    """Delete passages, and return the numbers of the terms that they had."""
    rows = db.execute(statement, {"library": library, "videos": videos}, binary=True)
    return [number for (number,) in rows]


def _without_sketches(db: Connection, library: int, video: int) -> None:
    """Delete the sketches of those of a video's passages that are gone."""
    given: dict[str, Any] = {"library": library, "video": video}
    found: Any = db.execute(_SKETCHES, given, binary=True).fetchone()
    if found is not None:
        left = Sketches(*found[:2]).among(found[2] or ())
        db.execute(_NEW_SKETCHES, {**given, "keys": left.keys, "bits": left.bits})


def _sweep(db: Connection, library: int, numbers: list[int]) -> None:
    """Delete those of these terms that no passage has any more."""
    if numbers:
        db.execute(_UNUSED, {"library": library, "hashes": numbers})


def _add(db: Connection, library: int, video: int, kinds: Iterable[Iterable[Prepared]]) -> None:
    number_of, elements = Numbers(library).of, dict[str, bytes]()
    having, sizes = Counter[bytes](), dict[str, Counter[str]]()
    rows = [BEGIN]
    for passages in kinds:
        for place, (passage, terms) in enumerate(passages):
            for term in terms:
                if term not in elements:
                    elements[term] = element(number_of(term))
            words = [elements[term] for term in terms]
            rows.append(row(Place(library, video, place), passage, words))
            having.update(set(words))
            size = sizes.setdefault(passage.language, Counter())
            size.update(passages=1, spoken=int(passage.kind == "spoken"), words=len(words))
    with db.cursor().copy(COPY) as copy:
        copy.write(b"".join([*rows, END]))
    named = {encoded: bytes_of(term) for term, encoded in elements.items()}
    given: dict[str, Any] = {"library": library, "counts": list(having.values())}
    given |= {"hashes": [number_in(each) for each in having], "terms": [named[each] for each in having]}
    db.execute(_TERMS, given)
    given = {"library": library, "languages": [bytes_of(language) for language in sizes]}
    for column in ("passages", "spoken", "words"):
        given[column] = [size[column] for size in sizes.values()]
    db.execute(_SIZES, given)
