"""The part of a passage that shows why it was found."""

from __future__ import annotations

import unicodedata

import pytest

from vimeo_toolkit.library.excerpts import MARK, excerpt
from vimeo_toolkit.library.model import Hit, IndexedVideo, Passage

VIDEO = IndexedVideo("/videos/1", "A talk", "https://vimeo.com/1")


def hit(text: str, *, language: str = "en", second: float = 0.0, **parts: object) -> Hit:
    times = ((0, 0.0), *([(parts.pop("at"), second)] if "at" in parts else []))
    passage = Passage(0.0, 60.0, text, language, times=times)  # type: ignore[arg-type]
    return Hit(VIDEO, passage, second, 1.0, **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "language", "question", "marked"),
    [
        ("We bake bread.", "en", "baking", "We **bake** bread."),
        ("We bake the bread slowly.", "en", "who bakes the bread?", "We **bake** the **bread** slowly."),
        ("Fibre carbone, carbon fibres.", "en", "carbon fibre", "**Fibre carbone**, **carbon fibres**."),
        ("Un CAFÉ noir", "fr", "cafe", "Un **CAFÉ** noir"),
        ("It's Anna\u2019s boat", "en", "anna", "It's **Anna\u2019s** boat"),
        ("compilers and compiling", "en", "compil*", "**compilers** and **compiling**"),
        ("今日は発酵の温度です", "ja", "発酵の温度", "今日は**発酵の温度**です"),
        ("हिन्दी में नमस्ते", "hi", "नमस्ते", "हिन्दी में **नमस्ते**"),
        ("Nothing of it", "en", "harbour", "Nothing of it"),
    ],
)
def test_what_is_marked(text: str, language: str, question: str, marked: str) -> None:
    assert excerpt(hit(text, language=language), question, 400) == marked


def test_decomposed_letters_keep_their_place() -> None:
    text = unicodedata.normalize("NFD", "éééééé résumé follows")
    assert excerpt(hit(text, language="fr"), "follows", 400).endswith("**follows**")


def test_neighbours_come_where_there_is_room() -> None:
    found = hit("The tide turns at noon.", before="We wait.", after="Then we sail.")
    assert excerpt(found, "tide", 400) == "We wait. The **tide** turns at noon. Then we sail."
    assert excerpt(found, "tide", 24).startswith("… ")


@pytest.mark.parametrize("length", range(20, 400, 37))
def test_what_was_found_is_within_and_no_word_is_cut(length: int) -> None:
    words = [f"word{number}" for number in range(120)]
    words[70] = "anchor"
    text = " ".join(words)
    found = hit(text, second=9.0, at=text.index("anchor"), before="before " * 40, after=" after" * 40)
    shown = excerpt(found, "anchor", length)
    assert f"{MARK}anchor{MARK}" in shown
    assert len(shown) <= length + len("… …") + 2 * len(MARK) + 1
    assert set(shown.replace(MARK, "").strip("… ").split()) <= {*words, "before", "after"}


def test_the_segment_that_was_found_is_shown_and_not_the_first_word() -> None:
    text = "Sail north. " + "Row on. " * 60 + "Sail south at dusk."
    found = hit(text, second=30.0, at=text.index("Sail south"))
    assert "south" in excerpt(found, "sail", 60)
