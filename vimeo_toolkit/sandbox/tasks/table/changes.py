"""Requests that change videos: their texts, who sees them, where they are."""

from __future__ import annotations

from typing import Final

from vimeo_toolkit.sandbox.tasks.library import Library
from vimeo_toolkit.sandbox.tasks.snapshot import Holds
from vimeo_toolkit.sandbox.tasks.table.doing import mistake, sets, together
from vimeo_toolkit.sandbox.tasks.task import Task

__all__ = ["CHANGES"]


def _tag(library: Library, tag: str, *beginnings: str) -> None:
    for video in library.named(*beginnings):
        if tag not in video.tags:
            video.tags.append(tag)


def _untag(library: Library, tag: str) -> None:
    for video in library.tagged(tag):
        video.tags.remove(tag)


def _new_folder(library: Library, parent: str | None, *videos: str) -> None:
    made = library.make_folder("Raku 2026", library.folder(parent) if parent else None)
    sets(library.named(*videos), folder=made)


def _prefix(library: Library, folder: str) -> None:
    for video in library.inside(folder):
        video.name = f"Archive: {video.name}"


CHANGES: Final = (
    Task(
        "change-family-private",
        "Something in my Family folder is public. Make it private again.",
        "change",
        right=lambda library: sets([library.video("Lina's School Concert")], view="nobody"),
        wrong=mistake(lambda library: sets([library.video("Lina's School Concert")], view="unlisted")),
    ),
    Task(
        "change-typo",
        "There is a typo in the title of one of my studio talks, 'Chemestry'. Please correct it to Chemistry.",
        "change",
        right=lambda library: sets(library.named("Studio Talk: Glaze"), name="Studio Talk: Glaze Chemistry"),
        wrong=mistake(lambda library: sets(library.named("Studio Talk: Glaze"), name="Glaze Chemistry")),
    ),
    Task(
        "change-descriptions",
        "Set the description of both course trailers (wheel throwing and bookbinding) to: "
        "Enrol at tidewater.example/courses",
        "change",
        right=lambda library: sets(
            library.named("Wheel Throwing Trailer", "Bookbinding Trailer"),
            description="Enrol at tidewater.example/courses",
        ),
        wrong=mistake(
            lambda library: sets(
                library.named("Wheel Throwing Trailer", "Bookbinding Trailer", "Okafor Brand Film, trailer"),
                description="Enrol at tidewater.example/courses",
            )
        ),
    ),
    Task(
        "change-describe-one",
        "Write a description for Celadon Test Tiles that mentions cone 10 and reduction.",
        "change",
        right=lambda library: sets(
            [library.video("Celadon Test Tiles")], description=Holds("cone 10", "reduction")
        ),
        wrong=mistake(lambda library: sets([library.video("Celadon Test Tiles")], description="Tiles")),
    ),
    Task(
        "change-license",
        "Put all bookbinding lessons under the Creative Commons licence BY-NC-SA.",
        "change",
        right=lambda library: sets(library.inside("Bookbinding"), license="by-nc-sa"),
        wrong=mistake(lambda library: sets(library.named("Bookbinding"), license="by-nc-sa")),
    ),
    Task(
        "change-add-tag",
        "Add the tag paper to every bookbinding lesson, and leave their other tags alone.",
        "change",
        right=lambda library: _tag(library, "paper", "Bookbinding 0"),
        wrong=mistake(lambda library: sets(library.named("Bookbinding 0"), tags=["paper"])),
    ),
    Task(
        "change-remove-tag",
        "I am done with the tag wip. Take it off wherever it still is.",
        "change",
        right=lambda library: _untag(library, "wip"),
        wrong=mistake(lambda library: sets(library.tagged("wip"), tags=[])),
    ),
    Task(
        "change-embed-domain",
        "Let shop.tidewater.example show the wheel throwing trailer in its pages, on top of what is allowed now.",
        "change",
        right=lambda library: library.video("Wheel Throwing Trailer").embed_domains.append(
            "shop.tidewater.example"
        ),
        wrong=mistake(
            lambda library: sets(
                [library.video("Wheel Throwing Trailer")], embed_domains=["shop.tidewater.example"]
            )
        ),
    ),
    Task(
        "change-move-this-month",
        "Move everything that I uploaded this month into the folder Inbox.",
        "change",
        right=lambda library: sets(library.uploaded(2026, 9), folder=library.folder("Inbox")),
        wrong=mistake(lambda library: sets(library.uploaded(2026, 9)[:5], folder=library.folder("Inbox"))),
    ),
    Task(
        "change-new-folder",
        "Make a folder Raku 2026 inside Courses, and put the three raku videos into it.",
        "change",
        right=lambda library: _new_folder(library, "Courses", "Raku"),
        wrong=mistake(lambda library: _new_folder(library, None, "Raku")),
    ),
    Task(
        "change-out-of-folder",
        "Repair Cafe does not belong into the Archive. Take it out of the folder, but keep the video.",
        "change",
        right=lambda library: sets([library.video("Repair Cafe")], folder=None),
        wrong=mistake(lambda library: library.delete(library.video("Repair Cafe"))),
    ),
    Task(
        "change-delete-drafts",
        "The bakery has chosen. Delete drafts v1 and v2 of their spring ad; v3 and the final versions stay.",
        "change",
        right=lambda library: library.delete(
            *library.named("Halden Bakery Spring Ad, draft v1", "Halden Bakery Spring Ad, draft v2")
        ),
        wrong=mistake(lambda library: library.delete(*library.named("Halden Bakery Spring Ad, draft"))),
    ),
    Task(
        "change-password",
        "Protect the talk about pricing with the password slip-and-score.",
        "change",
        right=lambda library: sets(
            library.named("Studio Talk: Pricing"),
            view="password",
            password="slip-and-score",  # noqa: S106 - sandbox content
        ),
        wrong=mistake(lambda library: sets(library.named("Studio Talk: Pricing"), view="nobody")),
    ),
    Task(
        "change-comments-off",
        "Nobody should be able to comment on the Okafor Brand Film itself.",
        "change",
        right=lambda library: sets([library.video("Okafor Brand Film")], comments_by="nobody"),
        wrong=mistake(lambda library: sets(library.named("Okafor Brand Film"), comments_by="nobody")),
    ),
    Task(
        "change-prefix",
        "Put 'Archive: ' in front of the title of every video in the folder Archive.",
        "change",
        right=lambda library: _prefix(library, "Archive"),
        wrong=mistake(lambda library: sets(library.inside("Archive"), name="Archive: ")),
    ),
    Task(
        "change-publish-talks",
        "Make the studio talks from 2026 public.",
        "change",
        right=lambda library: sets(
            [video for video in library.inside("Studio Talks") if video.created.year == 2026], view="anybody"
        ),
        wrong=mistake(lambda library: sets(library.inside("Studio Talks"), view="anybody")),
    ),
    Task(
        "change-two-things",
        "The two summer school videos: make them unlisted, and tag them with summer.",
        "change",
        right=together(
            lambda library: sets(library.named("Summer School"), view="unlisted"),
            lambda library: _tag(library, "summer", "Summer School"),
        ),
        wrong=mistake(lambda library: sets(library.named("Summer School"), view="unlisted")),
    ),
    Task(
        "change-rename-folder",
        "Rename the folder Inbox to To Sort.",
        "change",
        right=lambda library: setattr(library.folder("Inbox"), "name", "To Sort"),
        wrong=mistake(lambda library: library.make_folder("To Sort")),
    ),
)
