"""How uploads, webhooks, other people, and what was done earlier are dealt with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from vimeo_toolkit.evaluation.scripted.script import Solution, Steps, call, rows
from vimeo_toolkit.evaluation.scripted.solutions.common import done_in, found, of_others

__all__ = ["OTHERS"]


def upload_file(request: str) -> Steps:
    path = request.partition("Upload ")[2].partition(". Call")[0]
    yield call("video_upload", path=path, name="Kiln Opening", privacy_view="nobody", folder_uri="Inbox")
    return "Kiln Opening is uploaded, private, in Inbox."


def upload_from_web(request: str) -> Steps:
    link = request.partition("Fetch ")[2].partition(" ")[0]
    yield call("video_create", name="Student Show, final cut", privacy_view="unlisted", file_link=link)
    return "Vimeo is fetching it; only people with the link will see it."


def webhook_create(request: str) -> Steps:
    url = request.partition("tell ")[2].partition(" ")[0]
    yield call("webhook_create", url=url, event_types=["video-transcode-complete"])
    return f"Vimeo tells {url}."


def webhook_delete(request: str) -> Steps:
    result = yield call("webhooks_list")
    old = next(row for row in rows(result) if "old.tidewater.example" in row["webhook_url"])
    yield call("webhook_delete", webhook_id=old["uri"])
    return "The webhook is removed."


def webhook_which(request: str) -> Steps:
    result = yield call("webhooks_list")
    return ", ".join(row["webhook_url"] for row in rows(result))


def follow(request: str) -> Steps:
    result = yield call("videos_search", query="Marbled Paper")
    maker = next(row for row in rows(result) if row["user.name"] == "Dalia Brandt")
    yield call("user_follow", follow_user_id=maker["user.uri"])
    return "You follow Dalia Brandt."


def like(request: str) -> Steps:
    videos = yield call("videos_search", query="", user_id="Ivo Marek", per_page=100)
    chosen = rows(videos)
    yield call("videos_change", videos=[row["uri"] for row in chosen], like=True, apply=True)
    return f"You like {len(chosen)} videos of Ivo Marek."


def watch_later(request: str) -> Steps:
    film = yield from of_others("celadon", "Celadon Glazes of the Song Dynasty")
    yield call("videos_change", videos=[film], watch_later=True, apply=True)
    return "It is in your Watch Later list."


def last_plan() -> Any:
    """Return the newest plan that was applied."""
    result = yield call("changes_list")
    return next(row for row in rows(result) if row["plan_id"])


def undo(request: str) -> Steps:
    plan = yield from last_plan()
    result = yield call("changes_undo", plan_id=plan["plan_id"])
    return f"{done_in(result)} videos are as they were."


def undo_some(request: str) -> Steps:
    plan = yield from last_plan()
    videos = yield from found(name_contains="Lesson")
    chosen = [video["uri"] for video in videos if video["name"] in ("Lesson 4", "Lesson 5")]
    yield call("changes_undo", plan_id=plan["plan_id"], videos=chosen)
    return "Lesson 4 and Lesson 5 have their old titles back."


def undo_tell(request: str) -> Steps:
    plan = yield from last_plan()
    return f"I changed this: {re.sub('nobody', 'nobody (private)', plan['what'])}"


OTHERS: Final[Mapping[str, Solution]] = {
    "upload-file": upload_file,
    "upload-from-web": upload_from_web,
    "webhook-create": webhook_create,
    "webhook-delete": webhook_delete,
    "webhook-which": webhook_which,
    "social-follow": follow,
    "social-like": like,
    "social-watch-later": watch_later,
    "undo-privacy": undo,
    "undo-names": undo,
    "undo-for-some": undo_some,
    "undo-folder": undo,
    "undo-tell": undo_tell,
}
