"""Questions with known answers, about what is said in the sandbox's talks."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vimeo_toolkit.library.index import Index
from vimeo_toolkit.library.model import Hit
from vimeo_toolkit.library.search import search

__all__ = [
    "NOW",
    "PARAPHRASES",
    "QUESTIONS",
    "Answer",
    "Question",
    "answers",
    "by_words",
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
