"""How questions about numbers are answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vimeo_toolkit.evaluation.scripted.script import Solution, Steps, call, rows
from vimeo_toolkit.evaluation.scripted.solutions.common import (
    clock,
    found,
    inside,
    plays,
    seconds,
)  # fmt: skip

__all__ = ["REPORTING"]


def course_length(request: str) -> Steps:
    lessons = yield from inside("Bookbinding")
    return f"All lessons take {clock(sum(map(seconds, lessons)))}."


def by_month(request: str) -> Steps:
    months = yield from found(from_date="2026-04", until_date="2026-07", group_by="month")
    return ", ".join(f"{row['month']}: {row['videos']}" for row in months)


def plays_of_courses(request: str) -> Steps:
    folders = yield from found(group_by="folder")
    sums = {row["folder"].rpartition("/")[2]: row["plays"] for row in folders}
    return f"Wheel throwing: {sums['Wheel Throwing']} plays, bookbinding: {sums['Bookbinding']} plays."


def privacy(request: str) -> Steps:
    kinds = yield from found(group_by="privacy")
    counts = {row["privacy"]: row["videos"] for row in kinds}
    return f"{counts['anybody']} are public and {counts['nobody']} are private."


def tags(request: str) -> Steps:
    groups = yield from found(group_by="tag")
    counts = {row["tag"]: row["videos"] for row in groups}
    return f"pottery: {counts['pottery']}, bookbinding: {counts['bookbinding']}"


def most_played(request: str) -> Steps:
    videos = yield from found(sort="most_plays", limit=5)
    return ", ".join(f"{video['name']}: {plays(video)}" for video in videos)


def showcase_length(request: str) -> Steps:
    result = yield call("showcases_list", query="Wheel Throwing Course")
    (shown,) = rows(result)
    lessons = yield from inside("Wheel Throwing")
    count = shown["videos"]
    return f"The showcase has {count} videos, the course {len(lessons)} lessons."


def comments(request: str) -> Steps:
    lessons = yield from inside("Bookbinding", sort="most_comments", limit=2)
    return f"{lessons[0]['name']} has {lessons[0]['comments']} comments."


def talks_2026(request: str) -> Steps:
    talks = yield from inside("Studio Talks", from_date="2026", until_date="2026")
    return f"The talks of 2026 take {clock(sum(map(seconds, talks)))}."


REPORTING: Final[Mapping[str, Solution]] = {
    "report-course-length": course_length,
    "report-by-month": by_month,
    "report-plays-of-courses": plays_of_courses,
    "report-privacy": privacy,
    "report-tags": tags,
    "report-most-played": most_played,
    "report-showcase-length": showcase_length,
    "report-comments": comments,
    "report-talks-2026": talks_2026,
}
