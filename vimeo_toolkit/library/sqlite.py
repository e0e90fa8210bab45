"""The index of one user's library in a SQLite database of its own: FTS5 finds, `ranking` ranks.

FTS5's table holds no text, only where terms are: the passages' text stands once, beside it. What a row's terms were,
which FTS5 must be told when it is deleted, is computed from the text again; so `FORMAT` says how terms are made, and an
index of another format is built anew.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from vimeo_toolkit.library.asked import Asked, Wanted
from vimeo_toolkit.library.model import IndexedVideo, Passage
from vimeo_toolkit.library.ranking import Candidate, Statistics
from vimeo_toolkit.library.terms import terms

__all__ = ["SqliteIndex"]

FORMAT: Final = 1
"""Of the tables and of how terms are made; an index of another one is built anew."""

MOST_CANDIDATES: Final = 48
"""Passages that are ranked; each takes about 30 microseconds."""
COMMON: Final = 1_500
"""A word that is in more passages than this finds none by itself while the question has rarer ones."""

_SCHEMA: Final = """
create table size (language text primary key, passages integer not null, words integer not null) without rowid;
create table video (
    id integer primary key, uri text not null unique, stamp text not null, checked real not null default 0,
    created text not null, privacy text not null, folder text not null, words text not null, around text not null, body text not null
);
create table passage (
    id integer primary key, video integer not null, place integer not null, start real not null, "end" real not null,
    speaker text not null, language text not null, text text not null, times text not null, words integer not null
);
create index passages_of_video on passage (video, place);
create virtual table term using fts5(terms, content='', tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co M*'");
create virtual table frequency using fts5vocab(term, row);
"""


class SqliteIndex:
    """The index of one user's library.

    Args:
        path: of its file, which is made with mode 0600.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        made = not path.exists()
        if made:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._db = sqlite3.connect(path, timeout=10, check_same_thread=False, isolation_level=None)
        self._db.execute("pragma journal_mode=wal")
        self._db.execute("pragma synchronous=normal")
        if self._db.execute("pragma user_version").fetchone()[0] != FORMAT:
            self._build()

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def _build(self) -> None:
        with self.changing() as db:
            if db.execute("pragma user_version").fetchone()[0] == FORMAT:
                return  # another process was faster
            for (name,) in db.execute(
                "select name from sqlite_master where type='table' and name not like 'term_%'"
            ).fetchall():
                db.execute(f'drop table if exists "{name}"')
            for statement in _SCHEMA.strip().split(";\n"):
                if statement.strip():
                    db.execute(statement)
            db.execute(f"pragma user_version={FORMAT}")

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Make changes that are there as a whole or not at all."""
        self._db.execute("begin immediate")
        try:
            yield self._db
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    # ---- what is in it ----

    def stamps(self) -> dict[str, str]:
        """Return URI → stamp of every video, by which a sync sees what has changed."""
        return dict(self._db.execute("select uri, stamp from video"))

    def put(self, video: IndexedVideo, stamp: str, spoken: Iterable[Passage] | None) -> None:
        """Keep a video, in place of what was known of it. `spoken`: None leaves its passages as they are."""
        with self.changing() as db:
            found = db.execute("select id from video where uri = ?", (video.uri,)).fetchone()
            row = (
                stamp,
                video.created,
                video.privacy,
                video.folder,
                video.words,
                _around(video),
                json.dumps(asdict(video)),
                video.uri,
            )
            if found is None:
                db.execute(
                    "insert into video (stamp, created, privacy, folder, words, around, body, uri) values (?,?,?,?,?,?,?,?)",
                    row,
                )
                found = db.execute("select last_insert_rowid()").fetchone()
            else:
                db.execute(
                    "update video set stamp=?, created=?, privacy=?, folder=?, words=?, around=?, body=? where uri=?",
                    row,
                )
            if spoken is not None:
                _without_passages(db, found[0])
                _with_passages(db, found[0], spoken)

    def remove(self, uris: Iterable[str]) -> int:
        """Forget videos; return how many were known."""
        gone = 0
        with self.changing() as db:
            for uri in uris:
                found = db.execute("select id from video where uri = ?", (uri,)).fetchone()
                if found is not None:
                    _without_passages(db, found[0])
                    db.execute("delete from video where id = ?", found)
                    gone += 1
        return gone

    def video(self, uri: str) -> IndexedVideo | None:
        """Return a video; None where it is not known."""
        found = self._db.execute("select body from video where uri = ?", (uri,)).fetchone()
        return None if found is None else _video(found[0])

    def passages(self, uri: str) -> list[Passage]:
        """Return a video's passages in their order."""
        rows = self._db.execute(
            f"select {_PASSAGE} from passage p join video v on v.id = p.video where v.uri = ? order by p.place",
            (uri,),
        )
        return [_passage(row) for row in rows]

    # ---- search ----

    def languages(self) -> tuple[str, ...]:
        """Return the codes of the languages that passages are in."""
        found = self._db.execute("select language from size where passages > 0").fetchall()
        return tuple(sorted({language.partition("-")[0] for (language,) in found if language}))

    def statistics(self, question: Asked) -> Statistics:
        """Return what the words of a question are weighed by."""
        count, total = self._db.execute(
            "select coalesce(sum(passages), 0), coalesce(sum(words), 0) from size"
        ).fetchone()
        having: dict[Wanted, int] = {}
        for wanted in question.wanted:
            if wanted.prefix:
                low = wanted.forms[0]
                rows = self._db.execute(
                    "select sum(doc) from frequency where term >= ? and term < ?", (low, f"{low}\U0010ffff")
                )
            else:
                marks = ",".join("?" * len(wanted.forms))
                rows = self._db.execute(
                    f"select sum(doc) from frequency where term in ({marks})", wanted.forms
                )
            having[wanted] = rows.fetchone()[0] or 0
        return Statistics(count, total / max(count, 1), having)

    def candidates(
        self, question: Asked, known: Statistics, where: str = "", given: Sequence[Any] = ()
    ) -> list[Candidate]:
        """Return the passages that may answer a question: those with its rarest words.

        Args:
            question: what is asked.
            known: of `statistics`.
            where: a condition on `v`, the video, and `p`, the passage, with `?` for what is `given`.
            given: values.
        """
        expression = _expression(question, known)
        if not expression:
            return []
        condition = f"and {where}" if where else ""
        rows = self._db.execute(
            f"""select p.id, p.text, p.language, v.around from
                (select rowid as found, bm25(term) as score from term where term match ? limit {COMMON}) f
                join passage p on p.id = f.found join video v on v.id = p.video
                where true {condition} order by f.score limit {MOST_CANDIDATES}""",
            (expression, *given),
        )
        return [Candidate(*row) for row in rows]

    def found(self, keys: Sequence[int]) -> dict[int, tuple[IndexedVideo, Passage, str, str]]:
        """Return the video, the passage and the texts before and after it, of each of these passages."""
        marks = ",".join("?" * len(keys))
        rows = self._db.execute(
            f"""select p.id, v.body, {_PASSAGE},
                (select text from passage o where o.video = p.video and o.place = p.place - 1 and o.language = p.language),
                (select text from passage o where o.video = p.video and o.place = p.place + 1 and o.language = p.language)
                from passage p join video v on v.id = p.video where p.id in ({marks})""",
            tuple(keys),
        )
        return {row[0]: (_video(row[1]), _passage(row[2:8]), row[8] or "", row[9] or "") for row in rows}


_PASSAGE: Final = 'p.start, p."end", p.text, p.language, p.speaker, p.times'


def _around(video: IndexedVideo) -> str:
    titles = " ".join(title for _, title in video.chapters)
    return f"{video.name} {' '.join(video.tags)} {titles} {video.description[:500]}"


def _expression(question: Asked, known: Statistics) -> str:
    """Return what FTS5 is asked: any of the rarer words; where there are only common ones, all of them together."""
    if question.phrases:
        return " AND ".join(_phrase(phrase) for phrase in question.phrases)
    forms = {wanted: _quoted(wanted) for wanted in question.wanted if known.having.get(wanted)}
    rare, room = [], COMMON
    for wanted in sorted(forms, key=lambda each: known.having[each]):
        room -= known.having[wanted]
        if room < 0 and rare:
            break
        rare.append(wanted)
    if rare and known.having[rare[0]] <= COMMON:
        return " OR ".join(forms[wanted] for wanted in rare)
    return " AND ".join(f"({form})" for form in forms.values())


def _phrase(phrase: Sequence[Wanted]) -> str:
    """FTS5 has no choice of words within a phrase: each combination of the languages' stems is one."""
    languages = max(len(wanted.forms) for wanted in phrase)
    chosen = [
        [wanted.forms[min(place, len(wanted.forms) - 1)] for wanted in phrase] for place in range(languages)
    ]
    return "(" + " OR ".join(f'"{" ".join(words)}"' for words in chosen) + ")"


def _quoted(wanted: Wanted) -> str:
    if wanted.prefix:
        return f'"{wanted.forms[0]}"*'
    return " OR ".join(f'"{form}"' for form in wanted.forms)


def _with_passages(db: sqlite3.Connection, video: int, spoken: Iterable[Passage]) -> None:
    for place, passage in enumerate(spoken):
        made = terms(passage.text, passage.language.partition("-")[0])
        times = json.dumps(passage.times, separators=(",", ":"))
        row = (
            video,
            place,
            passage.start,
            passage.end,
            passage.speaker,
            passage.language,
            passage.text,
            times,
            len(made),
        )
        added = db.execute(
            'insert into passage (video, place, start, "end", speaker, language, text, times, words) values (?,?,?,?,?,?,?,?,?)',
            row,
        )
        db.execute("insert into term (rowid, terms) values (?, ?)", (added.lastrowid, " ".join(made)))
        _count(db, passage.language, 1, len(made))


def _without_passages(db: sqlite3.Connection, video: int) -> None:
    for key, text, language, count in db.execute(
        "select id, text, language, words from passage where video = ?", (video,)
    ).fetchall():
        former = " ".join(terms(text, language.partition("-")[0]))
        db.execute("insert into term (term, rowid, terms) values ('delete', ?, ?)", (key, former))
        _count(db, language, -1, -count)
    db.execute("delete from passage where video = ?", (video,))


def _count(db: sqlite3.Connection, language: str, passages: int, words: int) -> None:
    db.execute(
        "insert into size values (?, ?, ?) on conflict (language) do update set "
        "passages = passages + excluded.passages, words = words + excluded.words",
        (language, passages, words),
    )


def _video(body: str) -> IndexedVideo:
    value = json.loads(body)
    return IndexedVideo(
        **{**value, "tags": tuple(value["tags"]), "chapters": tuple(map(tuple, value["chapters"]))}
    )


def _passage(row: Sequence[Any]) -> Passage:
    start, end, text, language, speaker, times = row
    return Passage(start, end, text, language, speaker, tuple(map(tuple, json.loads(times))))
