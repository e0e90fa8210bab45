"""Small functions with which the tables of tasks are written: what is changed, what is said, what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from vimeo_toolkit.sandbox.state import Video
from vimeo_toolkit.sandbox.tasks.facts import Fact
from vimeo_toolkit.sandbox.tasks.library import Library

__all__ = ["answers", "mistake", "sets", "titles", "together"]


def titles(videos: Iterable[Video]) -> list[Fact]:
    """Return the names of videos as facts; of a numbered lesson its title alone will do."""
    return [(video.name, video.name.partition(": ")[2] or video.name) for video in videos]


def sets(videos: Iterable[Video], **values: Any) -> None:
    """Set attributes of videos."""
    for video in videos:
        for name, value in values.items():
            setattr(video, name, value)


def answers(text: str) -> Callable[[Library], str | None]:
    """Return a mistake that changes nothing and answers so."""
    return lambda library: text


def mistake(*changes: Callable[[Library], Any]) -> Callable[[Library], str | None]:
    """Return a mistake that makes these changes; what is said is right."""

    def wrong(library: Library) -> str | None:
        for change in changes:
            change(library)
        return None

    return wrong


def together(*changes: Callable[[Library], Any]) -> Callable[[Library], None]:
    """Return all these changes as one."""

    def change(library: Library) -> None:
        for each in changes:
            each(library)

    return change
