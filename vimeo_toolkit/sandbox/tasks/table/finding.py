"""Questions whose answers are things of the library."""

from __future__ import annotations

from typing import Final

from vimeo_toolkit.sandbox.tasks.facts import count, length
from vimeo_toolkit.sandbox.tasks.table.doing import answers, titles
from vimeo_toolkit.sandbox.tasks.task import Task

__all__ = ["FINDING"]

FINDING: Final = (
    Task(
        "find-longest-talk",
        "Which of my studio talks ran the longest, and how long was it?",
        "find",
        facts=lambda library: [
            "Selling at Fairs",
            length(library.video("Studio Talk: Selling at Fairs").duration),
        ],
        wrong=answers("Studio Talk: Glaze Chemestry was the longest, 60 minutes."),
    ),
    Task(
        "find-most-liked",
        "Which of my videos do people like most? If several share the first place, name them all.",
        "find",
        facts=lambda library: ["Wheel Throwing Trailer", ("Wheel Throwing 02", "Centring"), count(5)],
        wrong=answers("Your most liked video is the Wheel Throwing Trailer, with 5 likes."),
    ),
    Task(
        "find-this-month",
        "What have I put up this month so far? Just the titles, please.",
        "find",
        facts=lambda library: titles(library.uploaded(2026, 9)),
        never=lambda library: ["Summer School, day two", "Raku Glazes Compared"],
        wrong=answers("Autumn Term: What to Expect; New Kiln, Unboxed; Student Show: Walkthrough"),
    ),
    Task(
        "find-by-link-only",
        "Which of my videos that I uploaded in 2026 can only be seen by people who have the link?",
        "find",
        facts=lambda library: titles(video for video in library.uploaded(2026) if video.view == "unlisted"),
        never=lambda library: ["Pricing Your Work", "Spring Ad, square"],
        wrong=answers("That is only Student Show: Setting Up."),
    ),
    Task(
        "find-without-folder",
        "How many of my videos lie around in no folder at all?",
        "find",
        facts=lambda library: [count(sum(video.folder is None for video in library.me.videos))],
        wrong=answers("11 videos are in no folder."),
    ),
    Task(
        "find-without-captions",
        "Which lessons of the wheel throwing course have no captions yet?",
        "find",
        facts=lambda library: titles(
            video for video in library.inside("Wheel Throwing") if not video.texttracks
        ),
        never=lambda library: ["Preparing the Clay", "Mugs and Handles", "Pulling a Cylinder"],
        wrong=answers("Lessons 11 (Decorating Wet Clay) and 12 (Repairing Cracks) have none."),
    ),
    Task(
        "find-in-no-showcase",
        "Are there bookbinding lessons that I forgot to put into a showcase? Which ones?",
        "find",
        facts=lambda library: titles(library.named("Bookbinding 06", "Bookbinding 07")),
        never=lambda library: ["Coptic Binding", "Finishing"],
        wrong=answers("All eight lessons are in the Bookbinding Course."),
    ),
    Task(
        "find-public-in-family",
        "Is anything in my Family folder visible to everybody? Tell me what, I will deal with it myself.",
        "find",
        facts=lambda library: ["Lina's School Concert"],
        wrong=answers("No, all videos in Family are private."),
    ),
    Task(
        "find-words-in-talk",
        "Where in the kiln safety talk do I say how long a cone six firing takes? I want to jump there.",
        "find",
        facts=lambda library: [length(1284)],
        wrong=answers("You mention it at about 10:10."),
    ),
    Task(
        "find-old-and-unwatched",
        "Which videos from before 2022 have been played fewer than 50 times?",
        "find",
        facts=lambda library: titles(
            video for video in library.me.videos if video.created.year < 2022 and video.plays < 50
        ),
        never=lambda library: ["Repair Cafe", "Opening Night", "Essaouira"],
        wrong=answers("Market Day and Lockdown Pots."),
    ),
    Task(
        "find-short-clips",
        "How many of my b-roll clips are shorter than ten seconds?",
        "find",
        facts=lambda library: [count(sum(video.duration < 10 for video in library.inside("B-roll")))],
        wrong=answers("There are 6 of them."),
    ),
    Task(
        "find-in-subfolders",
        "How many videos do I keep for clients, all the client folders together?",
        "find",
        facts=lambda library: [count(len(library.inside("Clients")))],
        wrong=answers("Your Clients folder has 0 videos."),
    ),
    Task(
        "find-word-in-title",
        "Which of my videos have the word Trailer in their title?",
        "find",
        facts=lambda library: titles(video for video in library.me.videos if "trailer" in video.name.lower()),
        never=lambda library: ["How We Made the Film", "Workshop Weekend"],
        wrong=answers("Wheel Throwing Trailer, Bookbinding Trailer, How We Made the Film"),
    ),
    Task(
        "find-by-tag",
        "Which videos did I tag with raku?",
        "find",
        facts=lambda library: titles(library.tagged("raku")),
        never=lambda library: ["Celadon Test Tiles"],
        wrong=answers("Raku Firing, first try and Raku Firing, second try."),
    ),
    Task(
        "find-who-asked",
        "Somebody asked me for a glaze recipe under one of the wheel throwing lessons. Who, and under which one?",
        "find",
        facts=lambda library: ["Dalia Brandt", ("Wheel Throwing 05", "Bowls", "lesson 5")],
        never=lambda library: ["Brandauer"],
        wrong=answers("Dalia Brandauer asked under Wheel Throwing 05: Bowls."),
    ),
    Task(
        "find-elsewhere",
        "A museum has a film about celadon glazes on Vimeo. Who put it up, and how long is it?",
        "find",
        facts=lambda library: [
            "Clay Museum Aalborg",
            length(library.video("Celadon Glazes of the Song Dynasty").duration),
        ],
        wrong=answers("It is your own Celadon Test Tiles, 4:34."),
    ),
    Task(
        "find-which-languages",
        "In which languages does the first bookbinding lesson have captions?",
        "captions",
        facts=lambda library: [("English", "en-US", "en"), ("French", "fr-FR", "Français", "fr")],
        wrong=answers("It has English captions."),
    ),
)
