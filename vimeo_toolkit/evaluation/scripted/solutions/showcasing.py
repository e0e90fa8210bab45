"""How showcases are made and changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vimeo_toolkit.evaluation.scripted.script import Solution, Steps, call
from vimeo_toolkit.evaluation.scripted.solutions.common import changed, found, inside

__all__ = ["SHOWCASING"]


def this_month(request: str) -> Steps:
    count = yield from changed(period="this_month", new_showcase="September 2026")
    return f"The showcase September 2026 has {count} videos."


def complete_course(request: str) -> Steps:
    course = "Wheel Throwing Course"
    shown = yield from found(showcase_id=course)
    held = {row["uri"] for row in shown}
    lessons = yield from inside("Wheel Throwing")
    missing = [lesson for lesson in lessons if lesson["uri"] not in held]
    yield from changed(missing, add_to_showcases=[course])
    return f"{len(missing)} lessons were missing; they are in the showcase now."


def remove_private(request: str) -> Steps:
    place = "Highlights"
    count = yield from changed(showcase_id=place, privacy="nobody", remove_from_showcases=[place])
    return f"{count} private videos are no longer in Highlights."


def rename(request: str) -> Steps:
    yield call("showcase_edit", album_id="Best of 2024", name="Best of 2024 and 2025")
    return "The showcase is called Best of 2024 and 2025 now."


def password(request: str) -> Steps:
    secret = request.partition("password ")[2].partition(" ")[0]
    yield call("showcase_edit", album_id="Client Previews", privacy="password", password=secret)
    return "Client Previews needs the password now."


def most_watched(request: str) -> Steps:
    videos = yield from found(sort="most_plays", privacy="anybody", limit=5)
    chosen = [video["uri"] for video in videos]
    yield call("showcase_create", name="Most Watched", privacy="nobody", videos=chosen)
    return "The private showcase Most Watched has your five most played public videos."


def delete(request: str) -> Steps:
    yield call("showcase_delete", album_id="Old Reels")
    return "The showcase Old Reels is gone; its videos are still in your library."


def take_one_out(request: str) -> Steps:
    yield from changed(name_contains="Opening Night", remove_from_showcases=["Highlights"])
    return "Opening Night is no longer in Highlights."


def by_tag(request: str) -> Steps:
    count = yield from changed(tag="raku", new_showcase="Raku")
    return f"The showcase Raku has {count} videos."


SHOWCASING: Final[Mapping[str, Solution]] = {
    "showcase-this-month": this_month,
    "showcase-complete-course": complete_course,
    "showcase-remove-private": remove_private,
    "showcase-rename": rename,
    "showcase-password": password,
    "showcase-most-watched": most_watched,
    "showcase-delete": delete,
    "showcase-take-one-out": take_one_out,
    "showcase-by-tag": by_tag,
}
