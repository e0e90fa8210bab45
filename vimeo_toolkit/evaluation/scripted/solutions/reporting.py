"""How questions about numbers are answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from vimeo_toolkit.evaluation.scripted.script import Solution, Steps, call, rows
from vimeo_toolkit.evaluation.scripted.solutions.common import (
    clock,
    folder,
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
    videos = yield from found(from_date="2026-04", until_date="2026-07")
    months = Counter(video["created_time"][:7] for video in videos)
    return ", ".join(f"{month}: {count}" for month, count in sorted(months.items()))


def plays_of_courses(request: str) -> Steps:
    sums = []
    for name in ("Wheel Throwing", "Bookbinding"):
        place = yield from folder(name)
        result = yield call("my_videos_list", containing_uri=place, per_page=100)
        sums.append(f"{name}: {sum(map(plays, rows(result)))} plays")
    return ", ".join(sums)


def privacy(request: str) -> Steps:
    videos = yield from found()
    kinds = Counter(video["privacy.view"] for video in videos)
    return f"{kinds['anybody']} are public and {kinds['nobody']} are private."


def tags(request: str) -> Steps:
    sums = []
    for word in ("pottery", "bookbinding"):
        videos = yield from found(query=word)
        tagged = yield [call("video_tags_list", video_id=video["uri"]) for video in videos]
        count = sum(any(row["name"] == word for row in rows(each)) for each in tagged)
        sums.append(f"{word}: {count}")
    return ", ".join(sums)


def most_played(request: str) -> Steps:
    result = yield call("my_videos_list", sort="plays", direction="desc", per_page=5)
    return ", ".join(f"{row['name']}: {plays(row)}" for row in rows(result))


def showcase_length(request: str) -> Steps:
    result = yield call("showcases_list", query="Wheel Throwing Course")
    (shown,) = rows(result)
    lessons = yield from inside("Wheel Throwing")
    count = shown["metadata.connections.videos.total"]
    return f"The showcase has {count} videos, the course {len(lessons)} lessons."


def comments(request: str) -> Steps:
    lessons = yield from inside("Bookbinding")
    results = yield [call("video_comments_list", video_id=lesson["uri"]) for lesson in lessons]
    counts = [len(rows(result)) for result in results]
    most = max(range(len(lessons)), key=counts.__getitem__)
    return f"{lessons[most]['name']} has {counts[most]} comments."


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
