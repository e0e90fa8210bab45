"""What is said in some of the main user's videos: text tracks with words, and one without."""

from __future__ import annotations

import random

from vimeo_toolkit.sandbox.state import Cue, TextTrack, User, Video
from vimeo_toolkit.sandbox.world import SandboxWorld

__all__ = ["seed_words"]

_INTERVIEW = (
    "I grew up by the sea, and the light there changes every ten minutes.",
    "We waited three weeks for a morning without wind.",
    "The camera was older than anybody in the crew.",
    "You learn more from the takes that you throw away.",
    "My grandmother kept the boat until the winter of eighty-six.",
    "Nobody told us that the ferry had stopped running.",
    "At night the harbour is louder than you would think.",
    "I still carry the same notebook, with the same pencil.",
    "The budget paid for the diesel and for very little else.",
    "When the tide is out, you can walk to the lighthouse.",
    "I would cut that scene today, but the audience loves it.",
    "What matters is who stands behind you when it rains.",
)
_TOUR = (
    "Welcome to the Northwind dashboard.",
    "On the left you choose the customer and the time span.",
    "Every chart can be exported as a table.",
    "To invite a colleague, open the settings and press invite.",
    "Reports are sent on Monday mornings.",
    "That is all you need to begin.",
)
_SWEDISH = (
    "Jag växte upp vid havet.",
    "Ljuset ändras var tionde minut.",
    "Vi väntade tre veckor på en morgon utan vind.",
)


def seed_words(world: SandboxWorld, owner: User) -> None:
    """Give words to text tracks; new tracks where a video needs them."""
    dice = random.Random(20260102)  # noqa: S311 - the same words at every start
    named = {video.name: video for video in owner.videos}
    interview = named["Interview with Ines Calder"]
    owner.videos[0].texttracks[0].cues = _cues(_TOUR, 6, 4_000)
    long = [dice.choice(_INTERVIEW) for _ in range(240)]
    # Of "lighthouse" there is one, so that a search has something rare to find.
    long = [each for each in long if "lighthouse" not in each]
    long.insert(150, _INTERVIEW[9])
    _track(world, interview, "captions", "en-US", "English").cues = _cues(long, len(long), 6_000)
    _track(world, interview, "subtitles", "sv-SE", "Svenska", active=False).cues = _cues(_SWEDISH, 3, 6_000)
    tour = named["Product Tour: Northwind Dashboard"]
    spoken = _track(world, tour, "captions", "en-x-autogen", "English (auto-generated)")
    spoken.cues, spoken.provenance = _cues(_TOUR, 6, 5_000), "autogen_source_audio"
    # What Vimeo adds by itself: a translation stands before the language that is spoken, and all are active.
    harbour = named["Harbour Lights: Night Timelapse"]
    for language, provenance in (
        ("bg-x-autogen", "autogen_dubbed"),
        ("es-x-autogen", "autogen_dubbed"),
        ("en-x-autogen", "autogen_source_audio"),
    ):
        heard = _track(world, harbour, "subtitles", language, language)
        heard.provenance = provenance
        heard.cues = _cues(_INTERVIEW[:3], 3, 4_000)
    # Just added: Vimeo has the file, and no transcript of it yet.
    _track(world, named["Conference Keynote Recording"], "captions", "en-US", "English")


def _track(
    world: SandboxWorld, video: Video, kind: str, language: str, name: str, *, active: bool = True
) -> TextTrack:
    track = TextTrack(world.next_id(), kind, language, name, active)
    video.texttracks.append(track)
    return track


def _cues(texts: tuple[str, ...] | list[str], count: int, length: int) -> list[Cue]:
    return [
        Cue(place * length, (place + 1) * length - 200, texts[place % len(texts)], str(place % 2 + 1))
        for place in range(count)
    ]
