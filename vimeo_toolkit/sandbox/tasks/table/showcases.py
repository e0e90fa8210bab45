"""Requests about showcases."""

from __future__ import annotations

from typing import Final

from vimeo_toolkit.sandbox.tasks.library import Library
from vimeo_toolkit.sandbox.tasks.table.doing import mistake
from vimeo_toolkit.sandbox.tasks.task import Task

__all__ = ["SHOWCASES"]


def _only_public(library: Library) -> None:
    showcase = library.showcase("Highlights")
    showcase.videos = [video for video in showcase.videos if video.view == "anybody"]


def _without(library: Library, name: str) -> None:
    library.me.showcases.remove(library.showcase(name))


def _most_watched(library: Library, many: int, view: str) -> None:
    public = [video for video in library.me.videos if video.view == "anybody"]
    library.make_showcase("Most Watched", sorted(public, key=lambda video: -video.plays)[:many], view=view)


def _rename(library: Library, name: str, new: str) -> None:
    library.showcase(name).name = new


def _protect(library: Library, password: str | None) -> None:
    showcase = library.showcase("Client Previews")
    showcase.view, showcase.password = "password", password


SHOWCASES: Final = (
    Task(
        "showcase-this-month",
        "Collect all the videos that I uploaded this month in a new showcase called September 2026.",
        "showcase",
        right=lambda library: library.make_showcase("September 2026", library.uploaded(2026, 9)),
        wrong=mistake(lambda library: library.make_showcase("September 2026", library.uploaded(2026, 9)[:5])),
    ),
    Task(
        "showcase-complete-course",
        "The showcase Wheel Throwing Course lacks some of the lessons. Add the ones that are missing.",
        "showcase",
        right=lambda library: library.showcase("Wheel Throwing Course").videos.extend(
            library.named("Wheel Throwing 11", "Wheel Throwing 12")
        ),
        wrong=mistake(
            lambda library: library.showcase("Wheel Throwing Course").videos.extend(
                library.named("Wheel Throwing 11", "Wheel Throwing 12", "Wheel Throwing Trailer")
            )
        ),
    ),
    Task(
        "showcase-remove-private",
        "Take every private video out of my showcase Highlights. They stay in my library.",
        "showcase",
        right=_only_public,
        wrong=mistake(
            lambda library: library.delete(
                *(video for video in library.showcase("Highlights").videos if video.view != "anybody")
            )
        ),
    ),
    Task(
        "showcase-rename",
        "Rename the showcase Best of 2024 to Best of 2024 and 2025.",
        "showcase",
        right=lambda library: _rename(library, "Best of 2024", "Best of 2024 and 2025"),
        wrong=mistake(lambda library: library.make_showcase("Best of 2024 and 2025", [])),
    ),
    Task(
        "showcase-password",
        "Clients should need the password dune-88 for the showcase Client Previews.",
        "showcase",
        right=lambda library: _protect(library, "dune-88"),
        wrong=mistake(lambda library: _protect(library, "dune88")),
    ),
    Task(
        "showcase-most-watched",
        "Make a private showcase Most Watched with my five most played public videos.",
        "showcase",
        right=lambda library: _most_watched(library, 5, "nobody"),
        wrong=mistake(lambda library: _most_watched(library, 5, "anybody")),
    ),
    Task(
        "showcase-delete",
        "I do not need the showcase Old Reels any more. Remove it, but none of its videos.",
        "showcase",
        right=lambda library: _without(library, "Old Reels"),
        wrong=mistake(
            lambda library: library.delete(*list(library.showcase("Old Reels").videos)),
            lambda library: _without(library, "Old Reels"),
        ),
    ),
    Task(
        "showcase-take-one-out",
        "Opening Night should not be among the Highlights any longer.",
        "showcase",
        right=lambda library: library.showcase("Highlights").videos.remove(library.video("Opening Night")),
        wrong=mistake(lambda library: library.showcase("Highlights").videos.clear()),
    ),
    Task(
        "showcase-by-tag",
        "Create a showcase called Raku and put all videos with that tag into it.",
        "showcase",
        right=lambda library: library.make_showcase("Raku", library.tagged("raku")),
        wrong=mistake(
            lambda library: library.make_showcase("Raku", []),
            lambda library: library.make_showcase("Raku", library.tagged("raku")),
        ),
    ),
)
