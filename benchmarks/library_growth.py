"""A library in PostgreSQL that grows to a million passages, with other tenants' libraries beside it."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence

import psycopg

from benchmarks.library import OTHERS, QUESTIONS, Counted, fill_others, p99, questions, talks
from benchmarks.measure import Row, Section, seconds
from benchmarks.opened import postgres_running
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.library.index import Index, Stamp
from vimeo_toolkit.library.postgres_libraries import PostgresLibraries
from vimeo_toolkit.library.search import search

__all__ = ["measure"]

BEYOND: int = 10_000_000
"""Passages for which figures are estimated."""

Measured = tuple[int, dict[str, tuple[float, float]]]
"""Passages, and of each kind of question the median and the 99th percentile, in milliseconds."""


def measure(
    hours: Sequence[int] = (1_000, 4_000, 12_500), others: int = OTHERS, asked: int = QUESTIONS
) -> Section:
    """Index videos of an hour, and ask the library at each of these sizes."""
    section = Section("Ask a library in PostgreSQL")
    measured: list[Measured] = []
    with postgres_running() as url:
        libraries = PostgresLibraries(url)
        beside = [
            libraries.index(Owner(Identity("vimeo", f"other {number}"), "first")) for number in range(others)
        ]
        fill_others(beside)
        index, before = libraries.index(Owner(Identity("vimeo", "large"), "first")), _size(url)
        taken, count, words = 0.0, 0, Counted()
        per_75: tuple[float, float] = (0.0, 0.0)
        for number, (video, spoken) in enumerate(talks(hours[-1], hours[-1]), start=1):
            count += len(spoken)
            words.add(spoken)
            taken += seconds(lambda: index.put(video, Stamp("s", 0.0), spoken))  # noqa: B023
            if number in hours:
                first = number == hours[0]
                per_75 = taken / count * 75_000, (_size(url) - before) / count * 75_000
                section.rows += _indexed(count, taken, per_75, judged=first)
                measured.append((count, _asked(questions(words, asked), index, beside)))
                section.rows += _found(measured[-1], measured[0])
        libraries.close()
    section.rows += _beyond(measured, per_75)
    section.notes.append(
        f"One library of videos of an hour each, as `Sandbox.add_library` makes it, with {others} other tenants' "
        "libraries in the same tables, which are asked in turn with it; a real server on this machine, as it is "
        f"set by default. {asked} questions of each kind. What is marked as an estimate was not measured: size "
        "and time of indexing are those of the last size, answers are on the line through the last two."
    )
    return section


def _indexed(count: int, taken: float, per_75: tuple[float, float], *, judged: bool) -> list[Row]:
    return [
        Row(f"{count:,} passages indexed", taken, "s"),
        Row(f"{count:,} passages: time of 75,000", per_75[0], "s", at_most=60 if judged else None),
        Row(f"{count:,} passages: size of 75,000", per_75[1], "MB", at_most=150 if judged else None),
    ]


def _found(now: Measured, first: Measured) -> list[Row]:
    count, kinds = now
    rows = []
    for kind, (median, last) in kinds.items():
        floor = "" if now is first else f"{first[0]:,} passages"
        grown = None if now is first else median / first[1][kind][0]
        judged = now is first and "phrase" not in kind
        rows += [
            Row(f"{count:,} passages, {kind}, median", median, "ms", floor, grown, 15 if judged else None),
            Row(f"{count:,} passages, {kind}, p99", last, "ms", at_most=50 if judged else None),
        ]
    return rows


def _beyond(measured: Sequence[Measured], per_75: tuple[float, float]) -> list[Row]:
    times = BEYOND / 75_000
    rows = [
        Row(f"{BEYOND:,} passages indexed (estimate)", per_75[0] * times / 3_600, "h"),
        Row(f"size of {BEYOND:,} passages (estimate)", per_75[1] * times / 1_000, "GB"),
    ]
    (less, former), (more, last) = measured[-2:]
    for kind in last:
        slope = (last[kind][0] - former[kind][0]) / (more - less)
        grown = last[kind][0] + max(slope, 0.0) * (BEYOND - more)
        rows.append(Row(f"{BEYOND:,} passages, {kind}, median (estimate)", grown, "ms"))
    return rows


def _asked(
    kinds: Mapping[str, Sequence[str]], index: Index, others: Sequence[Index]
) -> dict[str, tuple[float, float]]:
    found = {}
    for kind, asked in kinds.items():
        taken = []
        for number, question in enumerate(asked):
            search(others[number % len(others)], question)
            taken.append(seconds(lambda: search(index, question)) * 1e3)  # noqa: B023
        found[kind] = statistics.median(taken), p99(taken)
    return found


def _size(url: str) -> float:
    """Megabytes of the libraries' tables with their indexes."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class "
            "WHERE relkind = 'r' AND relname LIKE 'vimeo_library%'"
        ).fetchone()
    return float(row[0]) / 1e6 if row else math.nan
