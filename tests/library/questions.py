"""Questions with known answers, about what is said in the sandbox's talks; and an index of these to ask."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vimeo_toolkit.library.index import Index, Stamp
from vimeo_toolkit.library.model import Hit, IndexedVideo, Passage, Segment
from vimeo_toolkit.library.passages import passages
from vimeo_toolkit.library.search import search
from vimeo_toolkit.sandbox import Video

__all__ = [
    "NOW",
    "PARAPHRASES",
    "QUESTIONS",
    "Answer",
    "Question",
    "answers",
    "by_words",
    "fill",
    "indexed",
    "spoken",
]

NOW = datetime(2026, 9, 15, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Question:
    """What a person asks, and where it is answered."""

    asks: str
    video: str
    """How the title begins."""
    said: str
    """A part of the passage that answers it."""


@dataclass(frozen=True)
class Answer:
    """What a search gave for a question."""

    question: Question
    hits: tuple[Hit, ...]

    @property
    def right(self) -> bool:
        """Whether the right passage came first."""
        return bool(self.hits) and self.place == 0

    @property
    def place(self) -> int | None:
        """The place of the right passage; None where it was not found."""
        for place, hit in enumerate(self.hits):
            if hit.video.name.startswith(self.question.video) and self.question.said in hit.passage.text:
                return place
        return None


def _questions(file: str) -> Iterator[Question]:
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    for row in tomllib.loads(text)["video"]:
        for asks, said in row["questions"]:
            yield Question(asks, row["name"], said)


QUESTIONS = tuple(_questions("questions.toml"))
PARAPHRASES = tuple(_questions("paraphrases.toml"))
"""In other words than those of the passage that answers."""


def indexed(video: Video) -> IndexedVideo:
    """Return a video of the sandbox as the index keeps it."""
    secret = f"/{video.secret_hash}" if video.view == "unlisted" else ""
    return IndexedVideo(
        uri=f"/videos/{video.id}",
        name=video.name,
        link=f"https://vimeo.com/{video.id}{secret}",
        description=video.description or "",
        tags=tuple(video.tags),
        chapters=tuple((chapter.timecode, chapter.title) for chapter in video.chapters),
        created=video.created.isoformat(timespec="seconds"),
        modified=video.modified.isoformat(timespec="seconds"),
        duration=video.duration,
        privacy=video.view,
        folder=video.folder.uri if video.folder else "",
        language=video.language or "",
        words="captions" if spoken(video) else "pending" if video.texttracks else "none",
    )


def spoken(video: Video) -> list[Passage]:
    """Return what is said in a video, as passages: of the track in its own language that is shown."""
    for track in video.texttracks:
        if track.active and track.cues and track.provenance != "autogen_dubbed":
            said = (
                Segment(cue.start / 1_000, cue.end / 1_000, cue.text, cue.voice or cue.speaker)
                for cue in track.cues
            )
            chapters = [(chapter.timecode, chapter.title) for chapter in video.chapters]
            return list(passages(said, track.language.removesuffix("-x-autogen"), chapters))
    return []


def fill(index: Index, videos: list[Video]) -> None:
    """Put videos of the sandbox into an index."""
    for video in videos:
        index.put(indexed(video), Stamp(video.modified.isoformat(), NOW.timestamp()), spoken(video))


def by_words(index: Index, asks: str) -> tuple[Hit, ...]:
    """Return what is found by the words of a question."""
    return search(index, asks).hits


def answers(
    index: Index,
    ask: Callable[[Index, str], tuple[Hit, ...]] = by_words,
    questions: Sequence[Question] = QUESTIONS,
) -> list[Answer]:
    """Return what an index answers to each of the questions."""
    return [Answer(question, ask(index, question.asks)) for question in questions]
