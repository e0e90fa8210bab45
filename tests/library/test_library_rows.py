"""Passages as rows: how many, in which order, and how long."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from vimeo_toolkit.catalog.library_rows import LONGEST, MOST, SHORTEST, SHOWN, rows_of
from vimeo_toolkit.library.model import Hit, IndexedVideo, Kind, Passage
from vimeo_toolkit.shape import shaped, to_json
from vimeo_toolkit.token_estimate import tokens_in

TEXT = "We mend the hull with oak and tar before the spring comes. " * 10


def hit(video: int, score: float = 1.0, *, kind: Kind = "spoken", text: str = TEXT) -> Hit:
    known = IndexedVideo(f"/videos/{video}", f"Talk {video}", f"https://vimeo.com/{video}/ab12")
    return Hit(known, Passage(90.0, 130.5, text, "en", kind=kind), 95.0, score)


def names(told: dict[str, Any]) -> list[str]:
    return [row["name"] for row in told["data"]]


def test_a_row() -> None:
    told = rows_of([hit(7)], "tar", None, 6_000)
    assert told["total"] == told["videos"] == 1
    (row,) = told["data"]
    passage = row.pop("passage")
    assert "**tar**" in passage
    assert row == {
        "uri": "/videos/7",
        "name": "Talk 7",
        "at": "1:35",
        "link": "https://vimeo.com/7/ab12#t=95s",
        "start_seconds": 90.0,
        "end_seconds": 130.5,
        "found_in": "speech",
    }


def test_speakers_are_a_column_where_any_is_known() -> None:
    named = replace(hit(2), passage=replace(hit(2).passage, speaker="Lena"))
    assert [row["speaker"] for row in rows_of([hit(1), named], "tar", None, 6_000)["data"]] == [None, "Lena"]


def test_what_is_not_spoken_has_no_time() -> None:
    (row,) = rows_of([hit(7, kind="about")], "tar", None, 6_000)["data"]
    assert row["at"] is row["start_seconds"] is row["end_seconds"] is None
    assert row["found_in"] == "title, description, tags"


def test_weak_ones_are_left_out_unless_they_are_asked_for() -> None:
    hits = [hit(1, 10.0), hit(2, 5.0), hit(3, 1.0)]
    told = rows_of(hits, "tar", None, 6_000)
    assert names(told) == ["Talk 1", "Talk 2"]
    assert told["more"] == f"limit={MOST} shows 1 more that fit less."
    assert names(rows_of(hits, "tar", MOST, 6_000)) == ["Talk 1", "Talk 2", "Talk 3"]


def test_every_video_comes_before_a_second_passage_of_any() -> None:
    hits = [hit(video, 9.0 - video * 0.1) for video in range(1, 21) for _ in range(2)]
    told = rows_of(hits, "tar", None, 6_000)
    assert (told["total"], told["videos"], told["shown"]) == (40, 20, SHOWN)
    shown = names(told)
    assert len(set(shown)) == 20
    assert shown == sorted(shown, key=lambda name: int(name.split()[1])), "one video's are together"


@pytest.mark.parametrize("text", [TEXT, "船体をオークとタールで直します。" * 30])
@pytest.mark.parametrize("count", [1, 5, 25, 50])
def test_they_fit_a_result(count: int, text: str) -> None:
    told = rows_of([hit(video, text=text) for video in range(count)], "tar", MOST, 6_000)
    lengths = [len(row["passage"].replace("**", "")) for row in told["data"]]
    assert all(SHORTEST // 2 <= length <= LONGEST + 6 for length in lengths)
    shown = shaped(told, limit=6_000, rest="", long_texts=True)
    assert len(shown["data"]) == count or count == 50
    assert tokens_in(to_json(shown)) <= 6_000


def test_nothing_found() -> None:
    assert rows_of([], "tar", None, 6_000) == {"total": 0, "videos": 0, "data": []}
