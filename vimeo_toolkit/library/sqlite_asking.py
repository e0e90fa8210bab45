"""A question and its filters, as SQLite and FTS5 are asked."""

from __future__ import annotations

import json
from typing import Any

from vimeo_toolkit.library.asked import Asked, Phrase, Wanted
from vimeo_toolkit.library.asking import spoken_by, ways
from vimeo_toolkit.library.model import Filters
from vimeo_toolkit.library.ranking import Statistics
from vimeo_toolkit.library.terms import code_of

__all__ = ["Condition", "expressions", "of_passages", "of_videos"]

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


def expressions(question: Asked, known: Statistics) -> list[str]:
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
