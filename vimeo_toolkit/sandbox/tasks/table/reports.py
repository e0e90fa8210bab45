"""Questions whose answers are numbers over many videos."""

from __future__ import annotations

from collections import Counter
from typing import Final

from vimeo_toolkit.sandbox.tasks.facts import Fact, count, length
from vimeo_toolkit.sandbox.tasks.library import Library
from vimeo_toolkit.sandbox.tasks.table.doing import answers
from vimeo_toolkit.sandbox.tasks.task import Task

__all__ = ["REPORTS"]


def _by_month(library: Library) -> list[Fact]:
    months = Counter(f"{video.created:%Y-%m}" for video in library.uploaded(2026))
    return [count(months[f"2026-{month:02}"]) for month in (4, 5, 6, 7)]


def _most_played(library: Library) -> list[Fact]:
    most = sorted(library.me.videos, key=lambda video: -video.plays)[:5]
    return [fact for video in most for fact in (video.name, str(video.plays))]


def _plays(library: Library, folder: str) -> int:
    return sum(video.plays for video in library.inside(folder))


REPORTS: Final = (
    Task(
        "report-course-length",
        "How long is the whole bookbinding course if somebody watches all lessons in a row?",
        "report",
        facts=lambda library: [length(sum(video.duration for video in library.inside("Bookbinding")))],
        wrong=answers("About 82 minutes."),
    ),
    Task(
        "report-by-month",
        "How many videos did I upload in each month from April to July 2026?",
        "report",
        facts=_by_month,
        wrong=answers("April: 3, May: 4, June: 15, July: 2"),
    ),
    Task(
        "report-plays-of-courses",
        "Which of my two courses was played more often in total, wheel throwing or bookbinding? Give me both sums.",
        "report",
        facts=lambda library: [str(_plays(library, "Wheel Throwing")), str(_plays(library, "Bookbinding"))],
        wrong=answers("Wheel throwing with 910 plays, bookbinding has 640."),
    ),
    Task(
        "report-privacy",
        "How many of my videos are public, and how many are private?",
        "report",
        facts=lambda library: [
            count(sum(video.view == view for video in library.me.videos)) for view in ("anybody", "nobody")
        ],
        wrong=answers("All 77 are public."),
    ),
    Task(
        "report-tags",
        "How many videos have the tag pottery, and how many have the tag bookbinding?",
        "report",
        facts=lambda library: [
            count(len(library.tagged("pottery"))),
            count(len(library.tagged("bookbinding"))),
        ],
        wrong=answers("pottery: 12, bookbinding: 8"),
    ),
    Task(
        "report-most-played",
        "My five most played videos of all time, with their numbers of plays, please.",
        "report",
        facts=_most_played,
        wrong=answers("Halden Bakery Spring Ad 2210, Wheel Throwing Trailer 1530, Opening Night 380"),
    ),
    Task(
        "report-showcase-length",
        "How many videos are in the showcase Wheel Throwing Course, and how many lessons does the course have?",
        "report",
        facts=lambda library: [
            count(len(library.showcase("Wheel Throwing Course").videos)),
            count(len(library.inside("Wheel Throwing"))),
        ],
        wrong=answers("There are 12 in both."),
    ),
    Task(
        "report-comments",
        "Which of my bookbinding lessons has the most comments, and how many?",
        "report",
        facts=lambda library: [("Pamphlet Stitch", "Bookbinding 03"), count(2)],
        wrong=answers("None of them has comments."),
    ),
    Task(
        "report-talks-2026",
        "What is the total running time of the studio talks that I uploaded in 2026?",
        "report",
        facts=lambda library: [
            length(sum(v.duration for v in library.inside("Studio Talks") if v.created.year == 2026))
        ],
        wrong=answers("6 h 29 min"),
    ),
)
