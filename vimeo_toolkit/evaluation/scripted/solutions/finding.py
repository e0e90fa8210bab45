"""How questions about things are answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from vimeo_toolkit.evaluation.scripted.script import Solution, Steps, call, rows
from vimeo_toolkit.evaluation.scripted.solutions.common import (
    clock,
    folder,
    found,
    inside,
    names,
    seconds,
)  # fmt: skip

__all__ = ["FINDING"]


def longest_talk(request: str) -> Steps:
    talks = yield from inside("Studio Talks")
    longest = max(talks, key=seconds)
    return f"{longest['name']}, {clock(seconds(longest))} long."


def most_liked(request: str) -> Steps:
    first = yield from found(sort="most_likes", limit=10)
    likes = first[0]["likes"]
    shared = [video for video in first if video["likes"] == likes]
    return f"With {likes} likes each: {names(shared)}"


def this_month(request: str) -> Steps:
    videos = yield from found(period="this_month")
    return names(videos)


def by_link_only(request: str) -> Steps:
    videos = yield from found(from_date="2026", until_date="2026", privacy="unlisted")
    return names(videos)


def without_folder(request: str) -> Steps:
    result = yield call("my_videos_find", in_folder=False, group_by="all")
    return f"{result['totals']['videos']} videos are in no folder."


def without_captions(request: str) -> Steps:
    lessons = yield from inside("Wheel Throwing", captions=False)
    return names(lessons)


def in_no_showcase(request: str) -> Steps:
    lessons = yield from inside("Bookbinding", in_showcase=False)
    return names(lessons)


def public_in_family(request: str) -> Steps:
    videos = yield from inside("Family", privacy="anybody")
    return f"Visible to everybody: {names(videos)}"


def words_in_talk(request: str) -> Steps:
    (talk,) = yield from found(name_contains="Kiln Safety")
    result = yield call("video_transcript_get", video_id=talk["uri"], query="cone six")
    line = next(each for each in str(result).replace("\\n", "\n").splitlines() if "nine hours" in each)
    return f"You say it here: {line}"


def old_and_unwatched(request: str) -> Steps:
    videos = yield from found(until_date="2021", max_plays=49)
    return names(videos)


def short_clips(request: str) -> Steps:
    clips = yield from inside("B-roll", max_duration=9)
    return f"{len(clips)} clips are shorter than ten seconds."


def in_subfolders(request: str) -> Steps:
    place = yield from folder("Clients")
    result = yield call("my_videos_find", folder_id=place, subfolders=True, group_by="all")
    return f"There are {result['totals']['videos']} videos for clients."


def word_in_title(request: str) -> Steps:
    videos = yield from found(name_contains="trailer")
    return names(videos)


def by_tag(request: str) -> Steps:
    videos = yield from found(tag="raku")
    return names(videos)


def who_asked(request: str) -> Steps:
    result = yield call("my_comments_find", query="glaze recipe")
    (comment,) = rows(result)
    return f"{comment['author']} asked under {comment['video_name']}."


def elsewhere(request: str) -> Steps:
    result = yield call("videos_search", query="celadon glazes")
    film: dict[str, Any] = next(row for row in rows(result) if "Museum" in row["user.name"])
    return f"{film['user.name']} put up {film['name']}; it is {clock(seconds(film))} long."


def which_languages(request: str) -> Steps:
    (lesson,) = yield from found(name_contains="Paper and Grain")
    result = yield call("video_texttracks_list", video_id=lesson["uri"])
    return "It has captions in " + ", ".join(row["language"] for row in rows(result))


FINDING: Final[Mapping[str, Solution]] = {
    "find-longest-talk": longest_talk,
    "find-most-liked": most_liked,
    "find-this-month": this_month,
    "find-by-link-only": by_link_only,
    "find-without-folder": without_folder,
    "find-without-captions": without_captions,
    "find-in-no-showcase": in_no_showcase,
    "find-public-in-family": public_in_family,
    "find-words-in-talk": words_in_talk,
    "find-old-and-unwatched": old_and_unwatched,
    "find-short-clips": short_clips,
    "find-in-subfolders": in_subfolders,
    "find-word-in-title": word_in_title,
    "find-by-tag": by_tag,
    "find-who-asked": who_asked,
    "find-elsewhere": elsewhere,
    "find-which-languages": which_languages,
}
