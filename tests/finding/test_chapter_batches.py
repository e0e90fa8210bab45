"""Several chapters made by one call: an account of each, and none twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.changes.library import Losing
from tests.conftest import Connect
from tests.examples import writes
from vimeo_toolkit import ApprovalRequired, BadRequest, InvalidInput, ToolResult, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox, Video
from vimeo_toolkit.tables import items_of

Call = Callable[..., ToolResult]
CREATE = "vimeo_video_chapter_create"
SEVERAL = {"titles": ["Welcome", "Clay", "Questions, and answers"], "timecodes": [0, "0:10", 20.5]}


@pytest.fixture
def video(vimeo: Sandbox) -> Video:
    made: Video = vimeo.user.videos[0]
    made.chapters.clear()
    return made


@pytest.fixture
def call(toolkit: VimeoToolkit, connect: Connect, video: Video) -> Call:
    identifier = connect()

    def called(dry_run: bool = False, **given: Any) -> ToolResult:
        return toolkit.execute_tool(
            identifier=identifier,
            tool_name=CREATE,
            tool_input={"video_id": video.uri, **given},
            dry_run=dry_run,
        )

    return called


def chapters(video: Video) -> list[tuple[str, float]]:
    return [(each.title, each.timecode) for each in video.chapters]


WANTED = [("Welcome", 0), ("Clay", 10), ("Questions, and answers", 20.5)]


def test_one_call_makes_all_and_its_repetition_none(call: Call, video: Video, vimeo: Sandbox) -> None:
    vimeo.requests.clear()
    told = call(**SEVERAL)
    assert chapters(video) == WANTED
    assert (told["message"], told["done"], told["of"]) == ("3 of 3 chapters were added.", 3, 3)
    assert [each.method for each in vimeo.requests] == ["GET", "POST", "POST", "POST"]
    rows = items_of(told.for_model())
    assert [row["chapter"] for row in rows] == ["0:00 Welcome", "0:10 Clay", "0:20 Questions, and answers"]
    assert [row["uri"].rpartition("/")[2] for row in rows] == [str(each.id) for each in video.chapters]
    again = call(**SEVERAL)
    assert chapters(video) == WANTED
    assert {row["state"] for row in again["data"]} == {"there_already"}


def test_what_is_refused_of_one_does_not_stop_the_others(call: Call, video: Video) -> None:
    told = call(titles=["A", "B", "C"], timecodes=[0, 9_999_999 // 10, 5])
    assert [row["state"] for row in told["data"]] == ["added", "failed", "added"]
    assert chapters(video) == [("A", 0), ("C", 5)]
    assert call(titles=["Another"], timecodes=[5])["data"][0]["state"] == "failed"


def test_a_time_that_is_refused_is_told_with_what_may_be_wrong(call: Call, video: Video) -> None:
    beyond = video.duration + 55
    told = call(titles=["Welcome", "Questions"], timecodes=[0, beyond])
    assert "A chapter begins within the video" in told["data"][1]["why"]
    with pytest.raises(BadRequest) as refused:
        call(title="Questions", timecode=beyond)
    assert "begins within the video, and no two" in refused.value.hint


def test_where_an_answer_was_lost_the_same_call_finds_what_was_made(
    call: Call, video: Video, toolkit: VimeoToolkit, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        losing: Any = Losing(
            toolkit._blocking, lambda sent: sent.method == "POST" and len(video.chapters) == 2
        )
        patch.setattr(toolkit, "_blocking", losing)
        told = call(**SEVERAL)
    assert told["left"] >= 1
    assert call(**SEVERAL)["done"] == 3
    assert chapters(video) == WANTED


def test_one_alone_is_made_as_before(call: Call, video: Video, vimeo: Sandbox) -> None:
    vimeo.requests.clear()
    made = call(title="Alone", timecode=3)
    assert (made["title"], made["timecode"]) == ("Alone", 3)
    assert len(vimeo.requests) == 1


def test_a_plan_and_a_consent_name_all_of_them(
    call: Call, connection: Any, vimeo: Sandbox, video: Video
) -> None:
    planned = call(dry_run=True, **SEVERAL)
    assert [each["body"] for each in planned["requests"]][:1] == [{"title": "Welcome", "timecode": 0}]
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="writes") as asking:
        asking.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        with pytest.raises(ApprovalRequired) as asked:
            asking.execute_tool(
                identifier="u", tool_name=CREATE, tool_input={"video_id": video.uri, **SEVERAL}
            )
    question = asked.value.planned.question
    for part in ("“Welcome”", "“Clay”", "“Questions, and answers”", "0:10", "0:20.5", video.name):
        assert part in question
    assert writes(vimeo) == []


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "give title and timecode"),
        ({"title": "A"}, "give title and timecode"),
        ({"titles": ["A"]}, "1 titles and 0 timecodes"),
        ({"titles": ["A", "B"], "timecodes": [1]}, "2 titles and 1 timecodes"),
        ({"titles": ["A", "B"], "timecodes": [1, 1.5]}, "same second"),
        ({"title": "A", "timecode": 1, **SEVERAL}, "leave out title"),
        ({"titles": ["A"] * 51, "timecodes": [*range(51)]}, "50 at most"),
        ({"titles": ["A"], "timecodes": ["soon"]}, "timecodes"),
    ],
)
def test_what_is_missing_or_contradicts_is_said(
    call: Call, vimeo: Sandbox, given: dict[str, Any], why: str
) -> None:
    vimeo.requests.clear()
    with pytest.raises(InvalidInput, match=why):
        call(**given)
    assert vimeo.requests == []
