"""The vectors of passages in SQLite, beside their words."""

# ruff: noqa: S608 - the statements are put together from constants of the library's rooms alone

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from vimeo_toolkit.library.index import Unembedded
from vimeo_toolkit.library.model import Filters, Near
from vimeo_toolkit.library.sketches import Sketches
from vimeo_toolkit.library.sqlite_asking import of_passages, of_videos
from vimeo_toolkit.library.vectors import (
    CENTRED,
    bytes_of,
    centre_of,
    nearest,
    sketches_of,
    units,
    vectors_in,
)

__all__ = ["missing_of", "nearest_of", "put_vectors"]


def missing_of(db: sqlite3.Connection, model: str, limit: int, after: int) -> list[Unembedded]:
    """See `Index.vectors_missing`."""
    known = db.execute("select 1 from embedding where model = ?", (model,)).fetchone()
    lacking = "and not exists (select 1 from vector x where x.passage = p.id)" if known else ""
    rows = db.execute(
        f"""select p.id, json_extract(v.body, '$.name'), p.heading, p.text, p.kind
        from passage p join video v on v.id = p.video
        where p.id > ? {lacking} order by p.id limit ?""",
        (after, limit),
    )
    return [Unembedded(*row) for row in rows]


def put_vectors(db: sqlite3.Connection, model: str, rows: Sequence[tuple[int, Sequence[float]]]) -> int:
    """See `Index.put_vectors`."""
    made = units([vector for _, vector in rows])
    known = db.execute("select model, dimensions, centre from embedding").fetchone()
    if known is None or known[:2] != (model, made.shape[1]):
        for table in ("embedding", "vector", "sketch"):
            db.execute(f"delete from {table}")
    written = {
        key: video
        for key, body in zip((key for key, _ in rows), bytes_of(made), strict=True)
        for (video,) in db.execute(
            "insert or replace into vector select id, ? from passage where id = ? "
            "returning (select video from passage where id = vector.passage)",
            (body, key),
        )
    }
    _sketch(db, model, set(written.values()))
    return len(written)


def _sketch(db: sqlite3.Connection, model: str, videos: Iterable[int]) -> None:
    """Make the sketches of videos anew, and those of all as long as there are few vectors to make a centre of."""
    known = db.execute("select centre from embedding").fetchone()
    few = db.execute("select passage, body from vector limit ?", (CENTRED + 1,)).fetchall()
    if few and (known is None or len(few) <= CENTRED):
        vectors = vectors_in([body for _, body in few])
        centre = centre_of(vectors)
        db.execute("insert or replace into embedding values (?, ?, ?)", (model, vectors.shape[1], centre))
        videos = [
            video
            for (video,) in db.execute(
                "select distinct p.video from vector x join passage p on p.id = x.passage"
            )
        ]
    elif known is None:
        return
    else:
        centre = known[0]
    for video in videos:
        rows = db.execute(_OF_VIDEO, (video,)).fetchall()
        if rows:
            db.execute("insert or replace into sketch values (?, ?, ?)", (video, *sketches_of(rows, centre)))


_OF_VIDEO: Final = (
    "select x.passage, x.body from passage p join vector x on x.passage = p.id where p.video = ?"
)


def nearest_of(
    db: sqlite3.Connection, model: str, vector: Sequence[float], filters: Filters, limit: int
) -> list[Near]:
    """See `Index.nearest`."""
    known = db.execute("select dimensions, centre from embedding where model = ?", (model,)).fetchone()
    if known is None or known[0] != len(vector):
        return []
    where, given = of_videos(filters)
    joined_videos = "join video v on v.id = s.video" if where else ""
    rows = db.execute(f"select s.keys, s.bits from sketch s {joined_videos} where true{where}", given)
    sketches = [Sketches(*row) for row in rows]

    def read(keys: list[int]) -> list[tuple[int, bytes]]:
        return db.execute(
            "select passage, body from vector where passage in (select value from json_each(?))",
            (json.dumps(keys),),
        ).fetchall()

    near = nearest(vector, known[1], sketches, read, limit, among=_among(db, filters))
    kinds = dict(
        db.execute(
            "select id, kind from passage where id in (select value from json_each(?))",
            (json.dumps([each.key for each in near]),),
        )
    )
    return [each._replace(kind=kinds[each.key]) for each in near]


def _among(db: sqlite3.Connection, filters: Filters) -> set[int] | None:
    """Return the passages that the filters let through; None where they ask for videos alone."""
    if not (filters.speaker or filters.language):
        return None
    where, given = of_passages(filters)
    return {
        key
        for (key,) in db.execute(
            f"select p.id from passage p join video v on v.id = p.video where true{where}", given
        )
    }
