"""The right passage comes first, by words alone, whichever store has the index."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.library.filling import fill
from tests.library.questions import NOW, PARAPHRASES, QUESTIONS, Answer, answers
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.library.index import Libraries
from vimeo_toolkit.library.postgres_libraries import PostgresLibraries
from vimeo_toolkit.library.sqlite_libraries import SqliteLibraries
from vimeo_toolkit.library.terms import terms
from vimeo_toolkit.sandbox import Sandbox

OWNER = Owner(Identity("vimeo", "ana"), "first")
BY_WORDS = 0.9
"""The share of the questions whose passage comes first."""


@pytest.fixture(scope="module")
def vimeo() -> Sandbox:
    vimeo = Sandbox(now=NOW)
    vimeo.add_talks()
    return vimeo


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def answered(
    vimeo: Sandbox, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[Answer]:
    """The answers of an index of a user who has the talks beside the usual library."""
    libraries: Libraries
    if request.param == "sqlite":
        libraries = SqliteLibraries(tmp_path_factory.mktemp("library") / "indexes")
    else:
        libraries = PostgresLibraries(request.getfixturevalue("postgres_schema"))
    index = libraries.index(OWNER)
    fill(index, vimeo.user.videos)
    found = answers(index)
    libraries.close()
    return found


def right_ones(answered: list[Answer]) -> float:
    return sum(answer.right for answer in answered) / len(answered)


def test_each_question_has_one_answer_in_one_video(vimeo: Sandbox) -> None:
    said = {
        video.name: " ".join(
            cue.text
            for track in video.texttracks
            if track.provenance != "autogen_dubbed"
            for cue in track.cues
        )
        for video in vimeo.user.videos
    }
    assert len(QUESTIONS) >= 120
    assert len(PARAPHRASES) >= 40
    for question in (*QUESTIONS, *PARAPHRASES):
        assert [name for name, words in said.items() if question.said in words], question
        assert all(
            name.startswith(question.video) for name, words in said.items() if question.said in words
        ), question


def test_the_right_passage_comes_first(answered: list[Answer]) -> None:
    assert right_ones(answered) >= BY_WORDS, [each.question.asks for each in answered if not each.right]


def test_in_every_language(answered: list[Answer], vimeo: Sandbox) -> None:
    languages = {video.name: (video.language or "")[:2] for video in vimeo.user.videos}
    asked: dict[str, list[Answer]] = {}
    for answer in answered:
        (language,) = {spoken for name, spoken in languages.items() if name.startswith(answer.question.video)}
        asked.setdefault(language, []).append(answer)
    assert {
        language: right_ones(listed) for language, listed in asked.items() if right_ones(listed) < 0.85
    } == {}


def test_each_second_is_within_its_passage(answered: list[Answer]) -> None:
    for answer in answered:
        for hit in answer.hits:
            assert hit.passage.start <= hit.second <= hit.passage.end, (answer.question, hit)


@pytest.mark.slow
def test_it_comes_first_among_a_hundred_hours_of_other_words(vimeo: Sandbox, tmp_path: Path) -> None:
    large = vimeo.add_library(vimeo.add_user("Large"), videos=100, hours=100, seed=5)
    index = SqliteLibraries(tmp_path / "indexes").index(OWNER)
    fill(index, [*vimeo.user.videos, *large])
    assert right_ones(answers(index)) >= BY_WORDS


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("colours", "colors"), ("neighbour", "neighbor"), ("behaviour", "behavior"), ("honoured", "honored"),
        ("metre", "meter"), ("theatres", "theaters"), ("organise", "organize"), ("recognising", "recognizing"),
        ("analysed", "analyzed"), ("licence", "license"), ("grey", "gray"), ("travelled", "traveled"),
        ("civilisation", "civilization"), ("programme", "program"),
    ],
)  # fmt: skip
def test_british_and_american_english_find_each_other(british: str, american: str) -> None:
    assert terms(british, "en-GB") == terms(american, "en-US")


@pytest.mark.parametrize(
    ("word", "other"),
    [("surprise", "surprisingly"), ("precise", "precisely"), ("rise", "rises"), ("promise", "promising")],
)
def test_forms_of_a_word_stay_together(word: str, other: str) -> None:
    assert terms(word, "en") == terms(other, "en")
