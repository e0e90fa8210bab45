"""A question and its filters, as SQLite and FTS5 are asked."""

# ruff: noqa: S608 - the statements are put together from constants of the library's rooms alone

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Final

from vimeo_toolkit.library.asked import Asked, Phrase, Wanted
from vimeo_toolkit.library.asking import COMMON, spoken_by, ways
from vimeo_toolkit.library.index import Row
from vimeo_toolkit.library.kept import video_of
from vimeo_toolkit.library.model import Filters, VectorsKept
from vimeo_toolkit.library.ranking import MOST_CANDIDATES, Candidate, Statistics
from vimeo_toolkit.library.sqlite_rows import PASSAGE, passage_of
from vimeo_toolkit.library.terms import code_of

__all__ = [
    "Condition",
    "candidates_of",
    "of_passages",
    "of_videos",
    "passages_with",
    "rows_of",
    "statistics_of",
    "vectors_of",
]

Condition = tuple[str, list[Any]]
"""A condition of SQL that begins with `and`, or "", and the values for its `?`."""


def of_videos(filters: Filters) -> Condition:
    """Return the condition on `v`, the video."""
    parts: list[str] = []
    given: list[Any] = []
    for column, value in (
        ("v.created >= ?", filters.from_date[:19]),
        ("v.created < ?", filters.until_date[:19]),
        ("v.folder = ?", filters.folder),
        ("v.privacy = ?", filters.privacy),
    ):
        if value:
            parts.append(column)
            given.append(value)
    if filters.videos is not None:
        parts.append("v.uri in (select value from json_each(?))")
        given.append(json.dumps(sorted(filters.videos)))
    return "".join(f" and {part}" for part in parts), given


def of_passages(filters: Filters) -> Condition:
    """Return the condition on `v`, and on `p`, the passage."""
    where, given = of_videos(filters)
    if filters.language:
        where += " and (p.language = ? or p.language like ?)"
        given += [filters.language, f"{code_of(filters.language)}-%" if "-" not in filters.language else ""]
    if filters.speaker:
        where += " and instr(p.spoken_by, ?) > 0"
        given.append(spoken_by(filters.speaker))
    return where, given


def statistics_of(db: sqlite3.Connection, question: Asked) -> Statistics:
    """Return what the words of a question are weighed by."""
    count, total = db.execute(
        "select coalesce(sum(passages), 0), coalesce(sum(words), 0) from size"
    ).fetchone()
    having = {wanted: _having(db, wanted) for wanted in question.wanted}
    return Statistics(count, total / max(count, 1), having)


def _having(db: sqlite3.Connection, wanted: Wanted) -> int:
    if not wanted.prefix:
        return sum(passages_with(db, wanted.forms).values())
    begins, *stems = wanted.forms
    found = db.execute(
        "select sum(doc) from frequency where term >= ? and term < ?", (begins, f"{begins}\U0010ffff")
    )
    return int(found.fetchone()[0] or 0) + sum(passages_with(db, stems).values())


def passages_with(db: sqlite3.Connection, terms: Iterable[str]) -> dict[str, int]:
    """Return in how many passages each of these terms is, of those that are in any."""
    listed = json.dumps(sorted(terms))
    return dict(
        db.execute(
            "select term, doc from frequency where term in (select value from json_each(?))", (listed,)
        )
    )


def candidates_of(
    db: sqlite3.Connection, question: Asked, known: Statistics, filters: Filters
) -> list[Candidate]:
    """Return the passages that may answer a question: those with its rarest words."""
    where, given = of_passages(filters)
    joined = _JOINED if where else ""
    # To score, FTS5 counts a phrase in the whole index. One of common words is in enough passages anyhow.
    scored = not question.phrases or any(having <= COMMON for having in known.having.values())
    score, most = ("bm25(term)", COMMON) if scored else ("0", MOST_CANDIDATES)
    found: dict[int, Candidate] = {}
    for expression in _expressions(question, known):
        rows = db.execute(
            f"""select p.id, p.text, p.language, v.around, p.kind, p.heading from (
                    select term.rowid as found, {score} as score from term {joined}
                    where term match ?{where} limit {most}
                ) f cross join passage p on p.id = f.found join video v on v.id = p.video
                order by f.score limit {MOST_CANDIDATES}""",
            (expression, *given),
        )
        found |= {row[0]: Candidate(*row) for row in rows}
        if len(found) >= MOST_CANDIDATES // 2:
            break
    return list(found.values())


_JOINED: Final = "cross join passage p on p.id = term.rowid cross join video v on v.id = p.video"


def rows_of(db: sqlite3.Connection, keys: Sequence[int]) -> dict[int, Row]:
    """Return each of these passages with its video and the passages before and after it."""
    beside = (
        "(select text from passage o where o.video = p.video and o.place = p.place {} 1 "
        "and o.kind = p.kind and o.kind = 'spoken' and o.language = p.language)"
    )
    rows = db.execute(
        f"select p.id, v.body, {beside.format('-')}, {beside.format('+')}, {PASSAGE} "
        "from passage p join video v on v.id = p.video where p.id in (select value from json_each(?))",
        (json.dumps(list(keys)),),
    )
    return {row[0]: Row(video_of(row[1]), passage_of(row[4:]), row[2] or "", row[3] or "") for row in rows}


def vectors_of(db: sqlite3.Connection) -> VectorsKept:
    """Return which vectors there are."""
    model, dimensions = db.execute("select model, dimensions from embedding").fetchone() or ("", 0)
    (having,) = db.execute("select coalesce(sum(length(keys)), 0) / 8 from sketch").fetchone()
    (passages,) = db.execute("select coalesce(sum(passages), 0) from size").fetchone()
    return VectorsKept(model, dimensions, having, passages)


def _expressions(question: Asked, known: Statistics) -> list[str]:
    """Return what FTS5 is asked, one after the other until enough is found."""
    if question.phrases:
        return [" AND ".join(_phrase(phrase) for phrase in question.phrases)]
    return [
        " AND ".join(f"({' OR '.join(map(_any_form, several))})" for several in way)
        for way in ways(question, known)
    ]


def _phrase(phrase: Phrase) -> str:
    return "(" + " OR ".join(f'"{" ".join(terms)}"' for terms in phrase) + ")"


def _any_form(wanted: Wanted) -> str:
    if wanted.prefix:
        return " OR ".join((f'"{wanted.forms[0]}"*', *(f'"{form}"' for form in wanted.forms[1:])))
    return " OR ".join(f'"{form}"' for form in wanted.forms)
