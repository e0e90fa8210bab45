"""A question and its filters, as PostgreSQL is asked: which passages have its words, the likeliest first."""

# ruff: noqa: S608 - the statements are put together from constants of this module alone

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from vimeo_toolkit.library.asked import Asked, Wanted
from vimeo_toolkit.library.asking import COMMON, Way, spoken_by, ways
from vimeo_toolkit.library.model import Filters, VectorsKept
from vimeo_toolkit.library.postgres_rows import PASSAGE, bytes_of, text_of
from vimeo_toolkit.library.ranking import MOST_CANDIDATES, Statistics
from vimeo_toolkit.library.terms import code_of

__all__ = [
    "WITH_NEIGHBOURS",
    "Forms",
    "Read",
    "Values",
    "of_passages",
    "of_videos",
    "statements",
    "vectors_of",
]

Values = dict[str, Any]
"""The values of a statement, by their names in it."""

Read = Callable[..., list[tuple[Any, ...]]]
"""Runs a statement that is given its library's number, and these values."""

Forms = Mapping[Wanted | str, Sequence[int]]
"""The numbers of the terms that a word of a question may be, and of the terms of its phrases."""


_NEIGHBOUR: Final = (
    "LEFT JOIN vimeo_library_passage {0} ON {0}.library = %(library)s AND {0}.video = p.video "
    "AND {0}.place = p.place {1} 1 AND {0}.language = p.language "
    "AND {0}.kind = p.kind AND p.kind = 'spoken'"
)
WITH_NEIGHBOURS: Final = f"""
    SELECT p.id, v.body, b.text, a.text, {PASSAGE} FROM vimeo_library_passage p
    JOIN vimeo_library_video v ON v.library = p.library AND v.id = p.video
    {_NEIGHBOUR.format("b", "-")} {_NEIGHBOUR.format("a", "+")}
    WHERE p.library = %(library)s AND p.id = ANY (%(keys)s::int8[])"""
"""Passages with their videos, and the texts before and after them."""


_KEPT: Final = """
    SELECT e.model, e.dimensions,
        (SELECT coalesce(sum(length(keys)), 0)::int8 / 8 FROM vimeo_library_sketch
         WHERE library = %(library)s),
        (SELECT coalesce(sum(passages), 0)::int8 FROM vimeo_library_size WHERE library = %(library)s)
    FROM vimeo_library l LEFT JOIN vimeo_library_embedding e ON e.library = l.id
    WHERE l.id = %(library)s"""


def vectors_of(read: Read) -> VectorsKept:
    """See `Index.vectors`."""
    model, dimensions, having, passages = read(_KEPT)[0]
    return VectorsKept(text_of(model or b""), dimensions or 0, having, passages)


def statements(
    question: Asked, known: Statistics, filters: Filters, forms: Forms
) -> Iterator[tuple[str, Values]]:
    """Yield what is asked, one after the other until enough is found: statements and their values.

    Args:
        question: what is asked.
        known: what its words are weighed by.
        filters: which videos and passages are searched.
        forms: of all words of the question.
    """
    if question.phrases:
        # One of common words is in enough passages anyhow: those that are found first are taken.
        most = COMMON if any(having <= COMMON for having in known.having.values()) else MOST_CANDIDATES
        values: Values = {}
        conditions = [_phrases(values, question, forms)]
        scored = _scored(values, question, known, forms)
        yield _statement(values, conditions, filters, scored, _source(values, 0), most)
        return
    for way in ways(question, known):
        first = _first(way, known) if filters == _ALL else 0
        for most in (first, 0) if first else (0,):
            values = {}
            conditions = [
                _any(values, [number for wanted in several for number in forms[wanted]]) for several in way
            ]
            scored = _scored(values, question, known, forms)
            yield _statement(values, conditions, filters, scored, _source(values, most))


_ALL: Final = Filters()


def _first(way: Way, known: Statistics) -> int:
    """Return how many of the library's first passages have enough of these words; 0 where GIN is faster.

    Of a word that most passages have, GIN lists most passages before the first is looked at.
    """
    having = [min(sum(known.having[wanted] for wanted in several), known.passages) for several in way]
    looked = COMMON * math.prod(known.passages / max(each, 1) for each in having)
    return int(_MARGIN * looked) if looked * _LISTED < sum(having) else 0


_LISTED: Final = 40
"""Passages that GIN lists while one is looked at."""
_MARGIN: Final = 2
"""For words that are together less often than by chance."""


def _source(values: Values, first: int) -> str:
    if not first:
        return "vimeo_library_passage p"
    most = _given(values, first, "int8")
    return (
        "(SELECT * FROM vimeo_library_passage WHERE library = %(library)s "
        f"ORDER BY library, id LIMIT {most}) p"
    )


def of_videos(values: Values, filters: Filters) -> list[str]:
    """Return the conditions on `v`, the video, and add their values to `values`."""
    found = [
        f"v.{column} {sign} {_given(values, bytes_of(value), 'bytea')}"
        for column, sign, value in (
            ("created", ">=", filters.from_date[:19]),
            ("created", "<", filters.until_date[:19]),
            ("folder", "=", filters.folder),
            ("privacy", "=", filters.privacy),
        )
        if value
    ]
    if filters.videos is not None:
        uris = _given(values, [bytes_of(uri) for uri in sorted(filters.videos)], "bytea[]")
        found.append(f"v.uri = ANY ({uris})")
    return found


def of_passages(values: Values, filters: Filters) -> list[str]:
    """Return the conditions on `p`, the passage, and add their values to `values`."""
    found = []
    if filters.language:
        same = f"p.language = {_given(values, bytes_of(filters.language), 'bytea')}"
        if "-" not in filters.language:
            begins = bytes_of(f"{code_of(filters.language)}-")
            low, high = (_given(values, each, "bytea") for each in (begins, begins + b"\xff"))
            same = f"({same} OR p.language >= {low} AND p.language < {high})"
        found.append(same)
    if filters.speaker:
        name = _given(values, bytes_of(spoken_by(filters.speaker)), "bytea")
        found.append(f"position({name} IN p.spoken_by) > 0")
    return found


class _Scored(NamedTuple):
    counts: str
    """Columns: how often a passage has each of the words."""
    score: str
    """BM25 of these."""


def _scored(values: Values, question: Asked, known: Statistics, forms: Forms) -> _Scored:
    counts, scores = [], []
    length = f"(0.3 + 0.9 * f.length / {_given(values, max(known.average, 1.0), 'float8')})"
    for number, wanted in enumerate(each for each in question.wanted if known.having.get(each)):
        counts.append(f", {_count(values, forms[wanted])} AS n{number}")
        weight = _given(values, known.weight(wanted), "float8")
        scores.append(f"{weight} * f.n{number} / (f.n{number} + {length})")
    return _Scored("".join(counts), " + ".join(scores) or "f.length")


def _statement(
    values: Values,
    conditions: Sequence[str],
    filters: Filters,
    scored: _Scored,
    source: str,
    most: int = COMMON,
) -> tuple[str, Values]:
    videos = of_videos(values, filters)
    joined = "JOIN vimeo_library_video v ON v.library = p.library AND v.id = p.video" if videos else ""
    where = " AND ".join([*conditions, *of_passages(values, filters), *videos])
    return (
        f"""SELECT f.id, f.text, f.language, v.around, f.kind, f.heading FROM (
            SELECT f.* FROM (
                SELECT p.id, p.video, p.text, p.language, p.kind, p.heading, p.length{scored.counts}
                FROM {source} {joined}
                WHERE p.library = %(library)s AND {where} LIMIT {most}) f
            ORDER BY {scored.score} DESC, f.id LIMIT {MOST_CANDIDATES}) f
        JOIN vimeo_library_video v ON v.library = %(library)s AND v.id = f.video""",
        values,
    )


def _phrases(values: Values, question: Asked, forms: Forms) -> str:
    """Return the condition that each phrase is there in the words of one of the library's languages."""
    return " AND ".join(
        "(" + " OR ".join(_in_a_row(values, [forms[term][0] for term in terms]) for terms in phrase) + ")"
        for phrase in question.phrases
    )


def _in_a_row(values: Values, numbers: Sequence[int]) -> str:
    following = " AND ".join(
        f"p.words[place + {step}] = {_given(values, number, 'int')}"
        for step, number in enumerate(numbers)
        if step
    )
    return (
        f"p.words @> {_given(values, list(numbers), 'int[]')} "
        f"AND EXISTS (SELECT FROM unnest({_places(values, numbers[0])}) AS place WHERE {following})"
    )


def _any(values: Values, numbers: Sequence[int]) -> str:
    return f"p.words && {_given(values, list(numbers), 'int[]')}"


def _count(values: Values, numbers: Sequence[int]) -> str:
    """Return how often a passage has any of these terms."""
    if len(numbers) <= _FEW:
        return " + ".join(f"cardinality({_places(values, number)})" for number in numbers)
    any_of = _given(values, list(numbers), "int[]")
    return f"(SELECT count(*) FROM unnest(p.words) AS word WHERE word = ANY ({any_of}))"


_FEW: Final = 8
"""Terms for which it is faster to go through a passage's words once for each."""


def _places(values: Values, number: int) -> str:
    return f"array_positions(p.words, {_given(values, number, 'int')})"


def _given(values: Values, value: Any, kind: str) -> str:
    name = f"v{len(values)}"
    values[name] = value
    return f"%({name})s::{kind}"
