"""A video and its passages, as rows of SQLite's tables and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Final

from vimeo_toolkit.library.asking import spoken_by
from vimeo_toolkit.library.index import Stamp
from vimeo_toolkit.library.kept import MOST_CHANGES, Prepared, around_of, json_of, terms_of
from vimeo_toolkit.library.model import Change, IndexedVideo, Passage
from vimeo_toolkit.library.sketches import Sketches

__all__ = [
    "PASSAGE",
    "forget_video",
    "note_changes",
    "passage_of",
    "save_passages",
    "save_video",
]

PASSAGE: Final = 'p.start, p."end", p.text, p.language, p.speaker, p.kind, p.times, p.heading'
"""The columns of which `passage_of` makes a passage."""


def save_video(db: sqlite3.Connection, video: IndexedVideo, stamp: Stamp) -> int:
    """Write a video's row, and return its number."""
    row = (
        video.uri,
        stamp.stamp,
        stamp.checked,
        video.created,
        video.privacy,
        video.folder,
        video.words,
        around_of(video),
        json_of(video),
    )
    found = db.execute(
        "insert into video (uri, stamp, checked, created, privacy, folder, words, around, body, spoken) "
        "values (?,?,?,?,?,?,?,?,?,0) on conflict (uri) do update set stamp=excluded.stamp, "
        "checked=excluded.checked, created=excluded.created, privacy=excluded.privacy, folder=excluded.folder, "
        "words=excluded.words, around=excluded.around, body=excluded.body returning id",
        row,
    ).fetchone()
    return int(found[0])


def save_passages(
    db: sqlite3.Connection, video: int, described: Sequence[Prepared], spoken: Sequence[Prepared] | None
) -> None:
    """Write a video's passages in place of those that are there; `spoken`: None leaves those of the transcript."""
    _without(db, video, "" if spoken is not None else " and kind != 'spoken'")
    if spoken is not None:
        db.execute("update video set spoken = ? where id = ?", (len(spoken), video))
    for made in (described, spoken or ()):
        for place, (passage, listed) in enumerate(made):
            _add(db, video, place, passage, listed)


def forget_video(db: sqlite3.Connection, uri: str) -> bool:
    """Delete a video and its passages; return whether there was one."""
    found = db.execute("select id from video where uri = ?", (uri,)).fetchone()
    if found is None:
        return False
    _without(db, found[0], "")
    db.execute("delete from video where id = ?", found)
    return True


def note_changes(db: sqlite3.Connection, changes: Iterable[Change]) -> None:
    """Write changes under the next numbers."""
    for each in changes:
        number = db.execute(
            "insert into change (kind, uri, name, link, at, what) values (?,?,?,?,?,?)",
            (each.kind, each.uri, each.name, each.link, each.at, json.dumps(each.what)),
        ).lastrowid
        db.execute("delete from change where number <= ?", ((number or 0) - MOST_CHANGES,))


def passage_of(row: Sequence[Any]) -> Passage:
    """Return the passage of the columns PASSAGE."""
    start, end, text, language, speaker, kind, times, heading = row
    segments = tuple((place, second) for place, second in json.loads(times))
    return Passage(start, end, text, language, speaker, kind, segments, heading)


def _add(db: sqlite3.Connection, video: int, place: int, passage: Passage, made: Sequence[str]) -> None:
    key = db.execute(
        'insert into passage (video, place, kind, start, "end", speaker, spoken_by, language, words, times, '
        "heading, text) values (?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            video,
            place,
            passage.kind,
            passage.start,
            passage.end,
            passage.speaker,
            spoken_by(passage.speaker),
            passage.language,
            len(made),
            json.dumps(passage.times, separators=(",", ":")),
            passage.heading,
            passage.text,
        ),
    ).lastrowid
    db.execute("insert into term (rowid, terms) values (?, ?)", (key, " ".join(made)))
    _count(db, passage.language, (1, int(passage.kind == "spoken"), len(made)))


def _without(db: sqlite3.Connection, video: int, which: str) -> None:
    rows = db.execute(
        f"select id, heading, text, language, kind = 'spoken', words from passage where video = ?{which}",  # noqa: S608 - see its callers
        (video,),
    ).fetchall()
    for key, heading, text, language, spoken, count in rows:
        former = " ".join(terms_of(heading, text, language))
        db.execute("insert into term (term, rowid, terms) values ('delete', ?, ?)", (key, former))
        db.execute("delete from passage where id = ?", (key,))
        db.execute("delete from vector where passage = ?", (key,))
        _count(db, language, (-1, -spoken, -count))
    _without_sketches(db, video)


def _without_sketches(db: sqlite3.Connection, video: int) -> None:
    """Delete the sketches of those of a video's passages that are gone."""
    found = db.execute("select keys, bits from sketch where video = ?", (video,)).fetchone()
    if found is not None:
        there = db.execute("select id from passage where video = ?", (video,))
        left = Sketches(*found).among({key for (key,) in there})
        db.execute("delete from sketch where video = ?", (video,))
        if left.keys:
            db.execute("insert into sketch values (?, ?, ?)", (video, *left))


def _count(db: sqlite3.Connection, language: str, more: tuple[int, int, int]) -> None:
    db.execute(
        "insert into size values (?, ?, ?, ?) on conflict (language) do update set "
        "passages = passages + excluded.passages, spoken = spoken + excluded.spoken, "
        "words = words + excluded.words",
        (language, *more),
    )
