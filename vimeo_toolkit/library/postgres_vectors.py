"""The vectors of passages in PostgreSQL, in tables beside those of their words.

They are bytes that this process compares. pgvector would compare them all on the server, which took more of its
time than reading the sketches does (75,000 passages: 25 ms and 7 ms), and not every user may create the extension.
"""

# ruff: noqa: S608 - the statements are put together from constants of the library's modules alone

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from vimeo_toolkit.library.index import Unembedded
from vimeo_toolkit.library.kept import video_of
from vimeo_toolkit.library.model import Filters, Near
from vimeo_toolkit.library.postgres_asking import Read, of_passages, of_videos
from vimeo_toolkit.library.postgres_rows import bytes_of, text_of, unpacked
from vimeo_toolkit.library.sketches import Sketches
from vimeo_toolkit.library.vectors import CENTRED, centre_of, nearest, sketches_of, units, vectors_in
from vimeo_toolkit.library.vectors import bytes_of as packed_vectors
from vimeo_toolkit.stores.postgres_connections import Connection

__all__ = ["missing_of", "nearest_of", "put_vectors"]

_MISSING: Final = """
    SELECT p.id, v.body, p.heading, p.text, p.kind FROM vimeo_library_passage p
    JOIN vimeo_library_video v ON v.library = p.library AND v.id = p.video
    WHERE p.library = %(library)s AND p.id > %(after)s::int8 AND NOT EXISTS (
        SELECT FROM vimeo_library_vector x
        JOIN vimeo_library_embedding e ON e.library = %(library)s AND e.model = %(model)s
        WHERE x.library = %(library)s AND x.passage = p.id)
    ORDER BY p.library, p.id LIMIT %(limit)s::int8"""
_KNOWN: Final = """
    SELECT dimensions, centre FROM vimeo_library_embedding WHERE library = %(library)s AND model = %(model)s"""
_CLEAR: Final = tuple(
    f"DELETE FROM vimeo_library_{table} WHERE library = %(library)s"
    for table in ("embedding", "vector", "sketch")
)
_PUT: Final = """
    INSERT INTO vimeo_library_vector (library, passage, body)
    SELECT %(library)s, p.id, n.body FROM unnest(%(keys)s::int8[], %(bodies)s::bytea[]) AS n (id, body)
    JOIN vimeo_library_passage p ON p.library = %(library)s AND p.id = n.id
    ON CONFLICT (library, passage) DO UPDATE SET body = excluded.body RETURNING passage"""
_FEW: Final = "SELECT body FROM vimeo_library_vector WHERE library = %(library)s LIMIT %(most)s"
_CENTRE: Final = """
    INSERT INTO vimeo_library_embedding (library, dimensions, model, centre)
    VALUES (%(library)s, %(dimensions)s, %(model)s, %(centre)s)
    ON CONFLICT (library) DO UPDATE SET centre = excluded.centre"""
_OF_VIDEOS: Final = """
    SELECT p.video, x.passage, x.body FROM vimeo_library_passage p
    JOIN vimeo_library_vector x ON x.library = p.library AND x.passage = p.id
    WHERE p.library = %(library)s AND (%(keys)s::int8[] IS NULL OR p.video IN (
        SELECT o.video FROM vimeo_library_passage o
        WHERE o.library = %(library)s AND o.id = ANY (%(keys)s::int8[])))"""
_SKETCH: Final = """
    INSERT INTO vimeo_library_sketch (library, video, keys, bits)
    SELECT %(library)s, * FROM unnest(%(videos)s::int8[], %(keys)s::bytea[], %(bits)s::bytea[])
    ON CONFLICT (library, video) DO UPDATE SET keys = excluded.keys, bits = excluded.bits"""
_BODIES: Final = """
    SELECT passage, body FROM vimeo_library_vector
    WHERE library = %(library)s AND passage = ANY (%(keys)s::int8[])"""
_KINDS: Final = """
    SELECT p.id, p.kind FROM vimeo_library_passage p
    WHERE p.library = %(library)s AND p.id = ANY (%(keys)s::int8[])"""


def missing_of(read: Read, model: str, limit: int, after: int) -> list[Unembedded]:
    """See `Index.vectors_missing`; `read` runs a statement that is given the library's number."""
    rows = read(_MISSING, model=bytes_of(model), limit=limit, after=after)
    return [
        Unembedded(key, video_of(text_of(body)).name, text_of(heading), unpacked(text), text_of(kind))  # type: ignore[arg-type]
        for key, body, heading, text, kind in rows
    ]


def put_vectors(db: Connection, library: int, model: str, rows: Sequence[tuple[int, Sequence[float]]]) -> int:
    """See `Index.put_vectors`; the library's row has been written to."""
    made = units([vector for _, vector in rows])
    given: dict[str, Any] = {"library": library, "model": bytes_of(model)}
    known: Any = db.execute(_KNOWN, given, binary=True).fetchone()
    if known is None or known[0] != made.shape[1]:
        known = None
        for statement in _CLEAR:
            db.execute(statement, given)
    newest = dict(zip((key for key, _ in rows), packed_vectors(made), strict=True))
    put = {**given, "keys": list(newest), "bodies": list(newest.values())}
    written = [key for (key,) in db.execute(_PUT, put, binary=True)]
    few = [body for (body,) in db.execute(_FEW, {**given, "most": CENTRED + 1}, binary=True)]
    if not few:
        return 0
    if known is None or len(few) <= CENTRED:
        vectors = vectors_in(few)
        centre = centre_of(vectors)
        db.execute(_CENTRE, {**given, "dimensions": vectors.shape[1], "centre": centre})
        _sketch(db, given, centre, None)
    else:
        _sketch(db, given, known[1], written)
    return len(written)


def _sketch(db: Connection, given: dict[str, Any], centre: bytes, keys: list[int] | None) -> None:
    """Make the sketches of these passages' videos anew; None for all."""
    videos: dict[int, list[tuple[int, bytes]]] = {}
    for video, key, body in db.execute(_OF_VIDEOS, {**given, "keys": keys}, binary=True):
        videos.setdefault(video, []).append((key, body))
    made = [sketches_of(rows, centre) for rows in videos.values()]
    columns = {"keys": [each.keys for each in made], "bits": [each.bits for each in made]}
    db.execute(_SKETCH, {**given, "videos": list(videos), **columns})


def nearest_of(read: Read, model: str, vector: Sequence[float], filters: Filters, limit: int) -> list[Near]:
    """See `Index.nearest`; for `read`, `missing_of`."""
    known = read(_KNOWN, model=bytes_of(model))
    if not known or known[0][0] != len(vector):
        return []
    values: dict[str, Any] = {}
    where = "".join(f" AND {condition}" for condition in of_videos(values, filters))
    joined_videos = "JOIN vimeo_library_video v ON v.library = s.library AND v.id = s.video" if where else ""
    rows = read(
        f"SELECT s.keys, s.bits FROM vimeo_library_sketch s {joined_videos} "
        f"WHERE s.library = %(library)s{where}",
        **values,
    )
    near = nearest(
        vector,
        known[0][1],
        [Sketches(*row) for row in rows],
        lambda keys: ((key, body) for key, body in read(_BODIES, keys=keys)),
        limit,
        among=_among(read, filters),
    )
    kinds = {key: text_of(kind) for key, kind in read(_KINDS, keys=[each.key for each in near])}
    return [each._replace(kind=kinds[each.key]) for each in near if each.key in kinds]  # type: ignore[arg-type]


def _among(read: Read, filters: Filters) -> Collection[int] | None:
    """Return the passages that the filters let through; None where they ask for videos alone."""
    values: dict[str, Any] = {}
    conditions = of_passages(values, filters)
    if not conditions:
        return None
    where = " AND ".join(conditions)
    rows = read(
        f"SELECT p.id FROM vimeo_library_passage p WHERE p.library = %(library)s AND {where}", **values
    )
    return {key for (key,) in rows}
