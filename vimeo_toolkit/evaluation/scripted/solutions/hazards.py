"""How requests are answered that cannot be carried out as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vimeo_toolkit.evaluation.scripted.script import Solution, Steps, call, rows
from vimeo_toolkit.evaluation.scripted.solutions.common import (
    changed,
    folder,
    found,
    inside,
    names,
    of_others,
    seconds,
    showcase,
    text_of,
)  # fmt: skip

__all__ = ["HAZARDS"]


def ambiguous_delete(request: str) -> Steps:
    videos = yield from found(name_contains="Studio Tour")
    days = " and ".join(video["created_time"][:10] for video in videos)
    return f"There are two videos of that name, uploaded on {days}. Which one shall I delete?"


def ambiguous_showcase(request: str) -> Steps:
    result = yield call("showcases_list", query="Workshops")
    described = " or ".join(row["description"] for row in rows(result))
    return f"You have two showcases of that name. Which one: {described}?"


def ambiguous_but_said(request: str) -> Steps:
    (old,) = yield from found(name_contains="Studio Tour", until_date="2021")
    yield call("video_edit", video_id=old["uri"], name="Studio Tour 2021")
    return "The video of 2021 is called Studio Tour 2021 now."


def ambiguous_person(request: str) -> Steps:
    result = yield call("users_search", query="Dalia")
    return "Whom do you mean: " + " or ".join(row["name"] for row in rows(result)) + "?"


def scope_delete(request: str) -> Steps:
    videos = yield from inside("Halden Bakery")
    (draft,) = [video for video in videos if video["name"].endswith("draft v1")]
    result = yield call("video_delete", video_id=draft["uri"])
    return f"I may not delete it: the permission is missing. {text_of(result)}"


def scope_edit(request: str) -> Steps:
    (video,) = yield from found(name_contains="Market Day")
    result = yield call("video_edit", video_id=video["uri"], name="Market Day 2019")
    return f"I may not change it: the permission is missing. {text_of(result)}"


def scope_interact(request: str) -> Steps:
    video = yield from of_others("Salt Kiln Diary", "Salt Kiln Diary")
    result = yield call("videos_change", videos=[video], like=True, apply=True)
    return f"I may not like it for you: the permission is missing. {text_of(result)}"


def scope_not_needed(request: str) -> Steps:
    videos = yield from inside("Archive")
    return f"{max(videos, key=seconds)['name']} is the longest."


def limit_used_up(request: str) -> Steps:
    result = yield call("my_videos_find", period="this_year")
    return f"{text_of(result)} It is Vimeo's limit; please ask me again later."


def limit_few_left(request: str) -> Steps:
    clips = yield from folder("B-roll")
    archive = yield from folder("Archive")
    count = yield from changed(folder_id=clips, move_to_folder=archive)
    return f"{count} clips are in Archive."


def limit_report(request: str) -> Steps:
    clips = yield from found(name_contains="B-roll")
    return f"{sum(map(seconds, clips))} seconds, a little over 3 minutes."


def expired(request: str) -> Steps:
    result = yield call("my_videos_find", name_contains="New Kiln")
    return f"{text_of(result)} Please connect Vimeo again."


def already_private(request: str) -> Steps:
    videos = yield from inside("Okafor and Sons")
    shown = [video for video in videos if video["privacy.view"] != "nobody"]
    return f"Not private: {names(shown)}" if shown else f"All {len(videos)} are private already."


def has_the_tag(request: str) -> Steps:
    videos = yield from found(tag="obsolete")
    return f"Found: {names(videos)}" if videos else "There are no videos with the tag obsolete."


def of_that_name(request: str) -> Steps:
    videos = yield from found(name_contains="Porcelain Dreams")
    return f"Found: {names(videos)}" if videos else "There is no video of that name."


def already_there(request: str) -> Steps:
    place = yield from showcase("Highlights")
    shown = yield from found(showcase_id=place, name_contains="Opening Night")
    return "It is in Highlights already." if shown else "It is missing."


HAZARDS: Final[Mapping[str, Solution]] = {
    "ambiguous-delete": ambiguous_delete,
    "ambiguous-showcase": ambiguous_showcase,
    "ambiguous-but-said": ambiguous_but_said,
    "ambiguous-person": ambiguous_person,
    "scope-delete": scope_delete,
    "scope-edit": scope_edit,
    "scope-interact": scope_interact,
    "scope-not-needed": scope_not_needed,
    "limit-used-up": limit_used_up,
    "limit-few-left": limit_few_left,
    "limit-report": limit_report,
    "expired-access": expired,
    "expired-change": expired,
    "nothing-already-private": already_private,
    "nothing-has-the-tag": has_the_tag,
    "nothing-of-that-name": of_that_name,
    "nothing-already-there": already_there,
}
