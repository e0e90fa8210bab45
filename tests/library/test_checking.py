"""What a program asks of a library is checked before the index is."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from vimeo_toolkit import Filters, InvalidInput
from vimeo_toolkit.library.checking import checked_count, checked_filters, checked_question

OWN = "/users/7"


@pytest.mark.parametrize("question", ["", "  ", None, 5, b"x", "x" * 1_001])
def test_a_question_that_cannot_be_one(question: Any) -> None:
    with pytest.raises(InvalidInput, match="question"):
        checked_question(question)


@pytest.mark.parametrize("number", [0, -1, 1_001, "5", 1.0, True, None])
def test_a_number_that_cannot_be_one(number: Any) -> None:
    with pytest.raises(InvalidInput, match="limit"):
        checked_count("limit", number)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (None, Filters()),
        (Filters(from_date="2026-11", until_date="2026"), Filters(from_date="2026-11", until_date="2026")),
        (Filters(from_date="2026-11-30T12:00:00+02:00"), Filters(from_date="2026-11-30T10:00:00+00:00")),
        (Filters(until_date="2026-11-30 12:00"), Filters(until_date="2026-11-30T12:00:00+00:00")),
        (Filters(folder="12"), Filters(folder="/users/7/projects/12")),
        (Filters(folder="/me/projects/12"), Filters(folder="/users/7/projects/12")),
        (Filters(folder="/users/9/projects/12"), Filters(folder="/users/9/projects/12")),
        (Filters(language="EN"), Filters(language="en")),
        (Filters(language="pt_br"), Filters(language="pt-BR")),
        (Filters(language="ZH-hant-tw"), Filters(language="zh-Hant-TW")),
        (Filters(language="es-419"), Filters(language="es-419")),
        (Filters(privacy="Unlisted"), Filters(privacy="unlisted")),
        (Filters(videos=["/videos/1"]), Filters(videos=frozenset({"/videos/1"}))),  # type: ignore[arg-type]
    ],
)
def test_filters_as_people_write_them(given: Filters | None, read: Filters) -> None:
    assert checked_filters(given, OWN) == read


@pytest.mark.parametrize(
    "given",
    [
        "en",
        {"language": "en"},
        Filters(language=None),  # type: ignore[arg-type]
        Filters(from_date=2026),  # type: ignore[arg-type]
        Filters(from_date="yesterday"),
        Filters(until_date="2026-13-01T00:00:00"),
        Filters(until_date="2026-13-45"),
        Filters(from_date="2026-00"),
        Filters(language="English"),
        Filters(privacy="private"),
        Filters(folder="a folder of mine"),
        Filters(videos="/videos/1"),  # type: ignore[arg-type]
        Filters(videos=5),  # type: ignore[arg-type]
    ],
)
def test_filters_that_cannot_be(given: Any) -> None:
    with pytest.raises(InvalidInput) as raised:
        checked_filters(given, OWN)
    assert raised.value.hint


def test_a_toolkit_without_a_library_loads_no_stemmers() -> None:
    code = "import sys, vimeo_toolkit.toolkit; sys.exit('snowballstemmer' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
