"""Requests about uploads, webhooks, and other people."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from vimeo_toolkit.sandbox.tasks.library import Library
from vimeo_toolkit.sandbox.tasks.table.doing import answers, mistake
from vimeo_toolkit.sandbox.tasks.task import Setup, Task

__all__ = ["OTHERS"]

FILM: Final = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(4000)
"""A file that begins as MP4 does."""


def _like(library: Library, *names: str) -> None:
    for name in names:
        library.me.likes.append(library.video(name))


OTHERS: Final = (
    Task(
        "upload-file",
        "Upload {folder}/kiln-opening.mp4. Call it Kiln Opening, keep it private, and put it into my folder "
        "Inbox.",
        "upload",
        right=lambda library: library.make_video(
            "Kiln Opening", view="nobody", folder=library.folder("Inbox"), incoming=sha256(FILM).hexdigest()
        ),
        wrong=mistake(
            lambda library: library.make_video(
                "Kiln Opening",
                view="anybody",
                folder=library.folder("Inbox"),
                incoming=sha256(FILM).hexdigest(),
            )
        ),
        setup=Setup(files={"kiln-opening.mp4": FILM}),
    ),
    Task(
        "upload-from-web",
        "Fetch https://media.tidewater.example/show-final.mp4 to Vimeo as Student Show, final cut. Only people "
        "with the link should see it.",
        "upload",
        right=lambda library: library.make_video(
            "Student Show, final cut",
            view="unlisted",
            pull_link="https://media.tidewater.example/show-final.mp4",
        ),
        wrong=mistake(
            lambda library: library.make_video(
                "Student Show, final cut",
                view="anybody",
                pull_link="https://media.tidewater.example/show-final.mp4",
            )
        ),
    ),
    Task(
        "webhook-create",
        "Let Vimeo tell https://hooks.tidewater.example/ready when a video has finished transcoding.",
        "webhook",
        right=lambda library: library.make_webhook(
            "https://hooks.tidewater.example/ready", "video-transcode-complete"
        ),
        wrong=mistake(
            lambda library: library.make_webhook("https://hooks.tidewater.example/ready", "video-created")
        ),
    ),
    Task(
        "webhook-delete",
        "The server old.tidewater.example is gone. Remove its webhook.",
        "webhook",
        right=lambda library: library.world.webhooks.pop(0),
        wrong=mistake(lambda library: library.world.webhooks.clear()),
    ),
    Task(
        "webhook-which",
        "Which addresses does Vimeo notify for us at the moment?",
        "webhook",
        facts=lambda library: ["old.tidewater.example", "hooks.tidewater.example"],
        wrong=answers("Vimeo notifies old.tidewater.example only."),
    ),
    Task(
        "social-follow",
        "Follow Dalia Brandt, who makes the marbled paper. There is somebody with nearly the same name: not her.",
        "social",
        right=lambda library: library.me.follow(library.person("Dalia Brandt")),
        wrong=mistake(lambda library: library.me.follow(library.person("Dalia Brandauer"))),
    ),
    Task(
        "social-like",
        "Like all the videos that Ivo Marek has published.",
        "social",
        right=lambda library: _like(
            library, "Teapots in an Afternoon", "Salt Kiln Diary", "Handles That Hold"
        ),
        wrong=mistake(lambda library: _like(library, "Handles That Hold", "Teapot Talk with Ivo")),
    ),
    Task(
        "social-watch-later",
        "Keep the museum's film about the celadon glazes of the Song dynasty in my Watch Later list.",
        "social",
        right=lambda library: library.me.watchlater.append(
            library.video("Celadon Glazes of the Song Dynasty")
        ),
        wrong=mistake(
            lambda library: library.me.likes.append(library.video("Celadon Glazes of the Song Dynasty"))
        ),
    ),
)
