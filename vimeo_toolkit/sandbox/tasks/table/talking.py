"""Requests about comments and captions."""

from __future__ import annotations

from typing import Final

from vimeo_toolkit.sandbox.state import Comment, TextTrack
from vimeo_toolkit.sandbox.tasks.library import Library
from vimeo_toolkit.sandbox.tasks.snapshot import Holds
from vimeo_toolkit.sandbox.tasks.table.doing import answers, mistake
from vimeo_toolkit.sandbox.tasks.task import Task

__all__ = ["CAPTIONS", "TALKING", "comment_by"]

_LESSON_3: Final = "Wheel Throwing 03: Opening the Form"
_CANNOT: Final = (
    "cannot",
    "can't",
    "can not",
    "could not",
    "couldn't",
    "unable",
    "not able",
    "refused",
    "not allowed",
    "forbidden",
    "not permitted",
    "does not allow",
    "doesn't allow",
    "does not let",
    "doesn't let",
    "won't let",
    "only its author",
    "only the author",
    "not possible",
    "permission",
    "denied",
    "rejected",
    "not authorized",
    "not authorised",
    "only lets",
    "only allows",
    "lets only",
    "allows only",
    "only its writer",
    "only they",
)
"""Vimeo lets nobody but its author delete a comment: the API's document, `delete_comment`."""

CAPTIONS: Final = """1
00:00:01,000 --> 00:00:04,000
A bottle begins as a tall cylinder.

2
00:00:04,500 --> 00:00:08,000
Close the neck slowly, with both hands.
"""


def comment_by(library: Library, video: str, name: str, nth: int = 0) -> Comment:
    """Return a comment under a video, by who wrote it."""
    return [each for each in library.video(video).comments if each.user.name == name][nth]


def _answer_tess(library: Library, text: object, video: str = _LESSON_3) -> None:
    library.comment(library.video(video), text, comment_by(library, video, "Tess Wintergreen"))


def _french(library: Library) -> TextTrack:
    return library.video("Bookbinding 01: Paper and Grain").texttracks[1]


TALKING: Final = (
    Task(
        "comments-reply",
        "Under lesson 3 of the wheel throwing course Tess asked which clay I use. Reply to her: Westerwald 254.",
        "comments",
        right=lambda library: _answer_tess(library, Holds("Westerwald 254")),
        wrong=mistake(lambda library: library.comment(library.video(_LESSON_3), "Westerwald 254")),
    ),
    Task(
        "comments-write",
        "Leave a comment under Ivo Marek's video Handles That Hold: thank him for the tips.",
        "comments",
        right=lambda library: library.comment(library.video("Handles That Hold"), Holds("thank")),
        wrong=mistake(
            lambda library: library.comment(
                library.video("Wheel Throwing 07: Mugs and Handles"), "Thank you, Ivo!"
            )
        ),
    ),
    Task(
        "comments-unanswered",
        "Which questions under my wheel throwing lessons have I not answered yet? Advertising does not count.",
        "comments",
        facts=lambda library: [
            ("which clay", "clay do you use", "clay is used", "clay you use"),
            ("glaze recipe", "recipe of the blue bowl"),
        ],
        never=lambda library: ["how do you measure"],
        wrong=answers("Only one: Tess Wintergreen asks which clay you use."),
    ),
    Task(
        "comments-delete-own",
        "Under lesson 3 of the wheel throwing course I only wrote 'Thank you, Ivo!'. Delete that reply of mine.",
        "comments",
        right=lambda library: comment_by(library, _LESSON_3, "Ivo Marek").replies.clear(),
        wrong=mistake(
            lambda library: library.video(_LESSON_3).comments.remove(
                comment_by(library, _LESSON_3, "Ivo Marek")
            )
        ),
    ),
    Task(
        "comments-of-others",
        "FastGrow Promo advertises followers under my lesson about bottles. Delete that comment.",
        "comments",
        facts=lambda library: [_CANNOT],
        wrong=mistake(lambda library: library.video("Wheel Throwing 09: Bottles").comments.clear()),
        hazard="nothing",
    ),
    Task(
        "comments-this-month",
        "Has anybody commented on what I uploaded this month? Who, and what do they want to know?",
        "comments",
        facts=lambda library: ["Ivo Marek", ("litres", "liters", "capacity", "volume", "how big", "size")],
        wrong=answers("Nobody has commented on this month's videos."),
    ),
    Task(
        "captions-add",
        "Lesson 9 of the wheel throwing course needs English captions, language code en. Here is the SRT file:\n\n"
        + CAPTIONS,
        "captions",
        right=lambda library: library.make_track(
            library.video("Wheel Throwing 09: Bottles"),
            "en",
            file=Holds(
                "00:01",
                "00:04",
                "A bottle begins as a tall cylinder.",
                "00:08",
                "Close the neck slowly, with both hands.",
            ),
        ),
        wrong=mistake(
            lambda library: library.make_track(
                library.video("Wheel Throwing 09: Bottles"),
                "en",
                file=b"1\n00:00:01,000 --> 00:00:04,000\nA bottle",
            )
        ),
    ),
    Task(
        "captions-quote",
        "At what temperature do I say the kiln must not be opened in the kiln safety talk?",
        "captions",
        facts=lambda library: [("one hundred", "100")],
        wrong=answers("You say never to open it above 200 degrees."),
    ),
    Task(
        "captions-off",
        "Switch off the French captions of the first bookbinding lesson, but do not delete them.",
        "captions",
        right=lambda library: setattr(_french(library), "active", False),
        wrong=mistake(
            lambda library: library.video("Bookbinding 01: Paper and Grain").texttracks.remove(
                _french(library)
            )
        ),
    ),
)
