"""Libraries of any size: videos with hours of made-up words, which are made when they are read.

The words follow Zipf's law as those of a language do: few are everywhere, most are rare. A video returns to words
of its own, which its tags name, and says one word that nothing else in any library says.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cache
from itertools import accumulate
from typing import Final, overload

from vimeo_toolkit.sandbox.state import Cue, Folder, TextTrack, User, Video
from vimeo_toolkit.sandbox.world import SandboxWorld

__all__ = ["Speech", "add_library"]

_CUE: Final = 5_000
"""Milliseconds."""
_SENTENCE: Final = 2
"""Cues."""
_VOCABULARY: Final = 30_000
_EVERYWHERE: Final = 200
"""Words that are too frequent for a topic."""
_TURNS: Final = 40
"""Of so many words, one is a word of the video's own."""
_SHELF: Final = 250
"""Videos in a folder."""

_COMMON: Final = (
    "the of and to a in that is was it for on with as be at by this had not are but from or have an they which one "
    "you were all her she there would their we him been has when who will no more if out so up said what its about "
    "than into them can only other time new some could these two may first then do any like my now over such our "
    "man me even most made after also did many off before must well back through years much where your way down"
)
_ONSETS: Final = "b br c ch d dr f fl g gr h j k l m n p pl r s sh st t tr v w z"
_VOWELS: Final = "a e i o u ai ea ou"
_CODAS: Final = ("", "", "", "n", "r", "l", "s", "m", "t", "nd", "sk")


class Speech(Sequence[Cue]):
    """What is said in a made video, made anew whenever it is read: the same each time.

    Args:
        seed: of the library.
        number: of the video in it.
        seconds: how long the video is.
        topics: the words that it returns to.
    """

    __slots__ = ("number", "seconds", "seed", "topics")

    def __init__(self, seed: int, number: int, seconds: int, topics: Sequence[str]) -> None:
        self.seed = seed
        self.number = number
        self.seconds = seconds
        self.topics = tuple(topics)

    @property
    def unique_word(self) -> str:
        """The word that is said once in this video and nowhere else."""
        return f"zyq{_in_letters(self.seed)}x{_in_letters(self.number)}"

    @property
    def unique_place(self) -> int:
        """The place of the cue that says it."""
        return (self.number * 7 + 3) % len(self)

    def __len__(self) -> int:
        return max(1, self.seconds * 1_000 // _CUE)

    def __iter__(self) -> Iterator[Cue]:
        dice = random.Random(f"{self.seed}/{self.number}")  # noqa: S311 - the same words at every reading
        vocabulary, weights = _vocabulary()
        counts = dice.choices(range(9, 17), k=len(self))
        said = dice.choices(vocabulary, cum_weights=weights, k=sum(counts))
        for place in dice.sample(range(len(said)), len(said) // _TURNS):
            said[place] = dice.choice(self.topics)
        begin, unique = 0, self.unique_place
        for place, count in enumerate(counts):
            words = said[begin : begin + count]
            begin += count
            if place == unique:
                words[count // 2] = self.unique_word
            text = " ".join(words)
            if place % _SENTENCE == 0:
                text = text[0].upper() + text[1:]
            if place % _SENTENCE == _SENTENCE - 1 or place == len(counts) - 1:
                text += "."
            yield Cue(place * _CUE, (place + 1) * _CUE - 200, text, "1")

    @overload
    def __getitem__(self, place: int) -> Cue: ...

    @overload
    def __getitem__(self, place: slice) -> list[Cue]: ...

    def __getitem__(self, place: int | slice) -> Cue | list[Cue]:
        return list(self)[place]

    def __repr__(self) -> str:
        return f"<Speech {self.number} of library {self.seed}, {self.seconds} seconds>"


def add_library(world: SandboxWorld, user: User, *, videos: int, hours: float, seed: int) -> list[Video]:
    """Add so many videos of so many hours together to a user's library, and return them.

    Raises:
        ValueError: there would be less than a second for each video.
    """
    if videos < 1 or hours * 3_600 < videos:
        raise ValueError("A library has at least one video, and each of its videos at least one second.")
    dice = random.Random(f"library {seed}")  # noqa: S311 - the same library for the same seed
    vocabulary, _ = _vocabulary()
    rare = vocabulary[_EVERYWHERE:]
    now = world.now()
    shares = [dice.uniform(0.5, 1.5) for _ in range(videos)]
    lengths = [max(1, round(hours * 3_600 * share / sum(shares))) for share in shares]
    made, folder = [], None
    for number, seconds in enumerate(lengths):
        created = now - timedelta(days=1_000 * (videos - number) / videos)
        if number % _SHELF == 0:
            folder = Folder(world.next_id(), user, f"Recordings {number // _SHELF + 1}", created, created)
            user.folders.append(folder)
        topics = dice.sample(rare, 8)
        video = world.add_video(
            user,
            f"{topics[0].title()} and {topics[1]}, part {number + 1}",
            created,
            description=f"A recording about {', '.join(topics[2:5])}.",
            duration=seconds,
            tags=topics[:2],
            folder=folder,
            plays=dice.randint(0, 5_000),
        )
        video.texttracks.append(
            TextTrack(
                world.next_id(), "captions", "en-US", "English", cues=Speech(seed, number, seconds, topics)
            )
        )
        made.append(video)
    return made


@cache
def _vocabulary() -> tuple[list[str], list[float]]:
    """Words, the most frequent first, and what their weights add up to."""
    dice = random.Random(20260103)  # noqa: S311 - the same words at every start
    words = dict.fromkeys(_COMMON.split())
    onsets, vowels = _ONSETS.split(), _VOWELS.split()
    while len(words) < _VOCABULARY:
        syllables = dice.choices((1, 2, 3), (1, 4, 3))[0]
        parts = (dice.choice(onsets) + dice.choice(vowels) + dice.choice(_CODAS) for _ in range(syllables))
        words["".join(parts)] = None
    return list(words), list(accumulate(1 / (place + 2.7) for place in range(len(words))))


def _in_letters(number: int) -> str:
    """A number without digits, which no stemmer shortens."""
    return "".join("abcdfghjkm"[int(digit)] for digit in str(abs(number))) + "q" * (number < 0)
