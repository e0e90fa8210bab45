"""A transcript is cut into passages, and words into what is compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.library.promises import video
from tests.properties import examples
from vimeo_toolkit.library.asked import asked
from vimeo_toolkit.library.model import Passage, Segment
from vimeo_toolkit.library.passages import described, headed, passages
from vimeo_toolkit.library.ranking import Candidate, Statistics, ranked
from vimeo_toolkit.library.terms import terms, words

TEXTS = st.text(
    alphabet=st.sampled_from("aB c.é'\u2019ßİ 漢字かな한 ह\u093fд\u0301?-_\n1"), min_size=1, max_size=60
) | st.text(min_size=1, max_size=20)
SEGMENTS = st.lists(
    st.builds(
        Segment,
        start=st.floats(0, 10_000, allow_nan=False),
        end=st.floats(0, 10_000, allow_nan=False),
        text=TEXTS,
        speaker=st.sampled_from(["", "Ana", "Ben"]),
    ),
    max_size=40,
)


@examples(60, 1_000)
@given(SEGMENTS, st.sampled_from(["en", "de-DE", "ja", "hi", ""]), st.text(max_size=40))
def test_each_segment_is_in_one_passage_and_what_is_found_is_within_it(
    segments: list[Segment], language: str, question: str
) -> None:
    made = list(passages(segments, language))
    assert sum(len(passage.times) for passage in made) == len(segments)
    read = asked(f"{question} a か 漢字 ß", [language])
    known = Statistics(len(made), 20.0, dict.fromkeys(read.wanted, 1))
    around = [Candidate(key, each.text, language, "a title") for key, each in enumerate(made)]
    for found in ranked(around, read, known):
        passage = made[found.key]
        assert (
            min(passage.start, passage.end)
            <= passage.second_of(found.offset)
            <= max(passage.start, passage.end)
        )
        assert all(0 <= begin < end <= len(passage.text) for begin, end in found.marks)


@examples(60, 1_000)
@given(TEXTS, st.sampled_from(["en", "fr", "ja", "nl", "xx"]))
def test_each_word_has_one_term_and_a_text_finds_itself(text: str, language: str) -> None:
    made = terms(text, language)
    assert len(made) == len(list(words(text)))
    assert "" not in made
    assert terms(text.upper().lower(), language) == terms(text.lower().upper().lower(), language)


def test_a_passage_ends_with_a_sentence_a_pause_and_a_speaker() -> None:
    sentence = "One two three four five six seven eight nine ten."
    long = [Segment(number * 5.0, number * 5.0 + 5, sentence) for number in range(30)]
    assert [len(each.times) for each in passages(long)] == [10, 10, 10]
    paused = [
        Segment(
            each.start + (60 if each.start > 20 else 0), each.end + (60 if each.start > 20 else 0), sentence
        )
        for each in long[:8]
    ]
    assert [len(each.times) for each in passages(paused)] == [5, 3]
    told = [
        Segment(each.start, each.end, each.text, "Ana" if number < 11 else "Ben")
        for number, each in enumerate(long[:20])
    ]
    assert [each.speaker for each in passages(told)] == ["Ana", "Ana; Ben"]


def test_a_video_is_also_what_its_title_says() -> None:
    captioned = video(
        1,
        name="Bergtouren",
        description="Über die Alpen und das Wetter",
        tags=("sport",),
        language="",
        chapters=((30.0, "Gipfel"), (0.0, "Start")),
    )
    (about,) = described(captioned)
    assert (about.text, about.language, about.kind) == (
        "Bergtouren\nsport\nÜber die Alpen und das Wetter",
        "de",
        "about",
    )
    silent = video(2, name="Peaks", words="none", language="", chapters=((30.0, "Summit"), (0.0, "Start")))
    assert [(each.kind, each.start, each.end, each.text) for each in described(silent)] == [
        ("about", 0.0, 600.0, "Peaks"),
        ("chapter", 0.0, 30.0, "Start"),
        ("chapter", 30.0, 600.0, "Summit"),
    ]
    assert {each.language for each in described(silent, "sv")} == {"sv"}
    spoken = [Passage(0.0, 25.0, "a"), Passage(20.0, 60.0, "b"), Passage(600.0, 600.0, "c")]
    assert [each.heading for each in headed(spoken, captioned)] == ["Start", "Start\nGipfel", "Gipfel"]


@pytest.mark.parametrize(
    ("question", "languages", "telling"),
    [
        ("where do I talk about the harbour?", ["en"], {"harbour"}),
        ("ships sea", ["en", "es"], {"ships", "sea"}),
        ("wie war das Wetter", ["de", "en"], {"wetter"}),
        ("the war and the sea", ["de", "en", "es"], {"war", "sea"}),
        ("what is it", ["en"], {"what", "is", "it"}),
        ("a boat", ["en", "fr", "es", "it"], {"boat"}),
    ],
)
def test_the_grammar_of_a_question_is_left_out(
    question: str, languages: list[str], telling: set[str]
) -> None:
    assert {wanted.word for wanted in asked(question, languages).wanted} == telling
