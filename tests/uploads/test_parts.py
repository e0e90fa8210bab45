"""Captions and thumbnails against listed outcomes: a part that does not arrive is taken away again, or named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.media import JPEG, VTT
from tests.unit.world import Outcome, answer
from tests.uploads.attempts import LINK, Died, Fixture, state, told
from vimeo_toolkit import (
    Forbidden,
    NotConnected,
    OutcomeUnknown,
    ToolResult,
    UnexpectedResponse,
    UploadInterrupted,
    VimeoToolkitError,
)
from vimeo_toolkit.runtime.ports import AnswerLost, HttpRequest, HttpResponse

PARTS: dict[str, tuple[dict[str, Any], str, bytes]] = {
    "vimeo_video_captions_add": ({"language": "en"}, "/videos/1/texttracks", VTT),
    "vimeo_video_thumbnail_upload": ({}, "/videos/1/pictures", JPEG),
}

GONE = answer(404)
THERE = answer(200, b'{"uri":"/x","active":true,"language":"en"}')
OFF = answer(200, b'{"uri":"/x","active":false,"language":"en"}')


class Parts:
    def __init__(self, fixture: Fixture, tool: str) -> None:
        self.fixture, self.tool = fixture, tool
        self.asked, self.path, content = PARTS[tool]
        fixture.path.write_bytes(content)

    def __call__(self, *outcomes: Outcome, link: Any = LINK, number: int = 5) -> ToolResult:
        begun = answer(201, json.dumps({"uri": f"{self.path}/{number}", "link": link}).encode())
        return self.fixture([begun, *outcomes], tool=self.tool, video_id="1", **self.asked)


@pytest.fixture(params=PARTS)
def parts(request: pytest.FixtureRequest, fixture: Fixture) -> Parts:
    return Parts(fixture, request.param)


def test_a_part_that_arrives(parts: Parts) -> None:
    result = parts(answer(200, b'{"Status":"success","Notes":"","Path":"/video/5"}'), THERE)
    assert result["active"] is True
    assert parts.fixture.methods == ["POST", "PUT", "PATCH"]
    assert not result.notes


NOT_TAKEN: dict[str, list[Outcome]] = {
    "a failure that is called a success": [
        answer(200, b'{"Status":"failure","Notes":"500 Internal Server Error"}')
    ]
    * 4,
    "the same in other letters": [answer(200, b'{"status":"FAILED"}')] * 4,
    "a page": [answer(200, b"<html>sign in</html>")] * 4,
    "nothing": [AnswerLost()] * 4,
    "500": [answer(500)] * 4,
    "a refusal": [answer(415)],
    "a redirect": [answer(302, location="https://elsewhere.example/")],
    "a link that is not known": [answer(404)],
}


@pytest.mark.parametrize("trouble", NOT_TAKEN)
def test_a_part_that_does_not_arrive_is_taken_away(trouble: str, parts: Parts) -> None:
    with pytest.raises((UploadInterrupted, UnexpectedResponse)) as caught:
        parts(*NOT_TAKEN[trouble], answer(204, b""), GONE)
    assert "taken away again" in told(caught.value)
    assert parts.fixture.methods[-2:] == ["DELETE", "GET"]


@pytest.mark.parametrize(
    "after", [[answer(403), THERE], [answer(204, b""), THERE], [answer(204, b""), answer(403)]]
)
def test_what_cannot_be_taken_away_is_named(after: list[Outcome], parts: Parts) -> None:
    with pytest.raises(UploadInterrupted) as caught:
        parts(*NOT_TAKEN["500"], *after)
    assert f"{parts.path}/5 is left at Vimeo" in told(caught.value)


def test_without_the_scope_to_delete_it_is_named(fixture: Fixture) -> None:
    fixture.replaced(granted_scopes=("private", "upload", "edit"))
    parts = Parts(fixture, "vimeo_video_captions_add")
    with pytest.raises(UploadInterrupted) as caught:
        parts(*NOT_TAKEN["nothing"])
    assert "/videos/1/texttracks/5 is left at Vimeo" in told(caught.value)


def test_a_part_whose_failure_passes(parts: Parts) -> None:
    assert parts(*NOT_TAKEN["a page"][:2], answer(500), answer(200, b""), THERE)["active"] is True


def test_a_part_that_is_not_put_to_use(parts: Parts) -> None:
    # The answer was lost, and it was done.
    assert parts(answer(200, b""), AnswerLost(), THERE)["active"] is True
    # The answer was lost, and it was not done.
    with pytest.raises(OutcomeUnknown) as caught:
        parts(answer(200, b""), AnswerLost(), OFF)
    assert f"The file is at Vimeo as {parts.path}/5" in told(caught.value)
    with pytest.raises(Forbidden) as refused:
        parts(answer(200, b""), answer(403), OFF)
    assert f"The file is at Vimeo as {parts.path}/5" in told(refused.value)
    # Vimeo says that it did, and did not.
    assert f"{parts.path}/5, but not in use" in parts(answer(200, b""), OFF, OFF).notes[0]


@pytest.mark.parametrize("link", [None, "http://elsewhere.example/secret-link", "https://[secret-link", {}])
def test_a_part_without_a_link(link: Any, parts: Parts) -> None:
    with pytest.raises(UnexpectedResponse) as caught:
        parts(link=link)
    assert f"{parts.path}/5 is left at Vimeo" in told(caught.value)
    assert parts.fixture.methods == ["POST"]


def test_a_part_whose_process_died_is_named_by_the_next(parts: Parts) -> None:
    def die(request: HttpRequest) -> HttpResponse:
        raise Died

    with pytest.raises(Died):
        parts(die, number=4)
    result = parts(answer(200, b""), THERE)
    assert f"{parts.path}/4 and did not finish it" in result.notes[0]
    assert not parts(answer(200, b""), THERE, number=6).notes[1:], "the second one was finished"


def test_an_error_of_vimeo_that_repeats_the_link(fixture: Fixture) -> None:
    said = answer(400, json.dumps({"error": f"{LINK} ended.", "developer_message": f"See {LINK}"}).encode())
    with pytest.raises(VimeoToolkitError) as caught:
        Parts(fixture, "vimeo_video_thumbnail_upload")(answer(200, b""), said, said)
    told(caught.value)
    fixture.dies()
    with pytest.raises(VimeoToolkitError) as caught:
        fixture([state("in_progress"), answer(410), said, said])
    told(caught.value)


def test_an_account_that_changes_gets_no_part(parts: Parts) -> None:
    def switch(request: HttpRequest) -> HttpResponse:
        parts.fixture.replaced(vimeo_uri="/users/8")
        return answer(201, json.dumps({"uri": f"{parts.path}/5", "link": LINK}).encode())

    with pytest.raises(NotConnected) as caught:
        parts.fixture([switch], tool=parts.tool, video_id="1", **parts.asked)
    assert parts.fixture.methods == ["POST"]
    assert f"{parts.path}/5 is left at Vimeo" in told(caught.value)
