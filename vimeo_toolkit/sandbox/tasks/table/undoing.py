"""Requests to take back what was changed earlier, or to tell of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from vimeo_toolkit.sandbox.state import Video
from vimeo_toolkit.sandbox.tasks.facts import count
from vimeo_toolkit.sandbox.tasks.library import Library
from vimeo_toolkit.sandbox.tasks.table.doing import answers, mistake, sets
from vimeo_toolkit.sandbox.tasks.task import Call, Setup, Task, unchanged

__all__ = ["UNDOING"]


def _change(videos: Iterable[Video], **changes: Any) -> list[Call]:
    uris = [video.uri for video in videos]
    return [("vimeo_videos_change", {"videos": uris, **changes, "apply": True})]


def _number_lessons(library: Library) -> None:
    for place, video in enumerate(library.named("Wheel Throwing 0", "Wheel Throwing 1"), 1):
        video.name = f"Lesson {place}"


def _restore_two(library: Library) -> None:
    lessons = library.named("Wheel Throwing 0", "Wheel Throwing 1")
    kept = [video.name for video in lessons]
    _number_lessons(library)
    lessons[3].name, lessons[4].name = kept[3], kept[4]


_PRIVATE: Final = Setup(
    earlier=lambda library: _change(library.inside("Bookbinding"), set_privacy="nobody"),
    after_earlier=lambda library: sets(library.inside("Bookbinding"), view="nobody"),
)
_NUMBERED: Final = Setup(
    earlier=lambda library: _change(
        library.named("Wheel Throwing 0", "Wheel Throwing 1"), set_name="Lesson {n}"
    ),
    after_earlier=_number_lessons,
)

UNDOING: Final = (
    Task(
        "undo-privacy",
        "Earlier today I had you make the bookbinding lessons private. That was a mistake, please take it back.",
        "undo",
        wrong=mistake(lambda library: sets(library.inside("Bookbinding"), view="unlisted")),
        setup=_PRIVATE,
    ),
    Task(
        "undo-names",
        "Take back the new titles that you gave the wheel throwing lessons earlier, I want the old ones again.",
        "undo",
        wrong=mistake(
            lambda library: sets(library.named("Wheel Throwing 0", "Wheel Throwing 1"), name="Wheel Throwing")
        ),
        setup=_NUMBERED,
    ),
    Task(
        "undo-for-some",
        "You renamed the wheel throwing lessons earlier. Give Lesson 4 and Lesson 5 their old titles back, the "
        "others are fine as they are now.",
        "undo",
        right=_restore_two,
        wrong=mistake(unchanged),
        setup=_NUMBERED,
    ),
    Task(
        "undo-folder",
        "This morning you moved my family videos into the Archive. Put them back where they were.",
        "undo",
        wrong=mistake(
            lambda library: sets(
                library.inside("Archive") + library.inside("Family"), folder=library.folder("Family")
            )
        ),
        setup=Setup(
            earlier=lambda library: _change(
                library.inside("Family"), move_to_folder=library.folder("Archive").uri
            ),
            after_earlier=lambda library: sets(library.inside("Family"), folder=library.folder("Archive")),
        ),
    ),
    Task(
        "undo-tell",
        "What did you change in my library earlier today? Only tell me, do not touch anything.",
        "undo",
        right=_PRIVATE.after_earlier,
        facts=lambda library: [count(len(library.inside("Bookbinding"))), ("private", "nobody", "privacy")],
        wrong=answers("I have not changed anything today."),
        setup=_PRIVATE,
    ),
)
