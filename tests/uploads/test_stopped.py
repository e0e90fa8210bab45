"""What ends an upload: changes, lines that break, links that end, quotas; and what is then left at Vimeo."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.media import film
from tests.unit.world import answer, execute
from tests.uploads.attempts import (
    CHUNK,
    LINK,
    ROW,
    SIZE,
    Died,
    Fixture,
    at,
    at_a_chunk,
    made,
    state,
    told,
    whole,
)
from vimeo_toolkit import (
    Forbidden,
    InvalidInput,
    NotConnected,
    QuotaExceeded,
    UnexpectedResponse,
    UploadInterrupted,
    UploadNotGranted,
)
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import AnswerLost, HttpResponse
from vimeo_toolkit.uploads.allowance import room_of, room_words
from vimeo_toolkit.uploads.files import UploadOptions, UploadProgress, source_of

# ---- what ends one ----


@pytest.mark.parametrize("change", [{"created_at": 5.0}, {"vimeo_uri": "/users/8"}, None])
def test_an_account_that_changes_meanwhile_gets_no_byte_more(
    change: dict[str, Any] | None, fixture: Fixture
) -> None:
    def switch(progress: UploadProgress) -> None:
        if progress.sent == CHUNK:
            if change is None:
                assert run_sync(fixture.ctx.vault.remove(fixture.world, fixture.account))
            else:
                fixture.replaced(**change)

    with pytest.raises(NotConnected, match="stopped") as caught:
        fixture([made(1), at(CHUNK)], stop=switch)
    assert fixture.methods == ["POST", "PATCH"]
    assert "/videos/1 stays" in told(caught.value)


def test_a_file_that_changes_names_what_it_leaves(fixture: Fixture) -> None:
    def change(progress: UploadProgress) -> None:
        if progress.sent == CHUNK:
            fixture.path.write_bytes(film(SIZE))

    with pytest.raises(InvalidInput, match="changed") as caught:
        fixture([made(1), at(CHUNK)], stop=change)
    assert "/videos/1 stays" in told(caught.value)
    assert fixture([made(2), *whole()]).notes[0].startswith("Vimeo is working")


def test_a_line_that_does_not_come_back(fixture: Fixture) -> None:
    with pytest.raises(UploadInterrupted, match="same settings") as caught:
        fixture([made(1), at(CHUNK), *[answer(500)] * 8])
    assert "/videos/1 is unfinished" in told(caught.value)
    with pytest.raises(UploadInterrupted, match="same settings"):
        fixture([state("in_progress"), *[AnswerLost()] * 8])
    # A stream cannot be gone on with.
    with pytest.raises(UploadInterrupted, match="from the beginning") as caught:
        fixture([made(2), at(CHUNK), *[answer(500)] * 8], source=io.BytesIO(film(SIZE)))
    assert "/videos/2 stays" in told(caught.value)


def test_a_part_that_will_always_be_refused_is_sent_once(fixture: Fixture) -> None:
    with pytest.raises(UploadInterrupted, match="smaller chunk_size") as caught:
        fixture([made(1), answer(413)])
    assert "same settings" in told(caught.value)
    assert fixture([state("in_progress"), at(0), *whole()])["uri"] == "/videos/1"


def test_a_page_in_between_is_no_verdict_about_the_link(fixture: Fixture) -> None:
    page = answer(403, b"<html>", content_type="text/html; charset=utf-8")
    assert fixture([made(1), page, page, at(0), *whole()])["uri"] == "/videos/1"


@pytest.mark.parametrize("size", [0, -1, None, "9", 1.5])
def test_a_chunk_of_no_size(size: Any, fixture: Fixture) -> None:
    with pytest.raises(InvalidInput, match="chunk_size"):
        UploadOptions(given=source_of(fixture.path), chunk=size)


def test_a_link_that_ends_under_way(fixture: Fixture) -> None:
    with pytest.raises(UploadInterrupted, match="from the beginning") as caught:
        fixture([made(1), at(CHUNK), answer(404), state("in_progress")])
    assert "/videos/1 stays" in told(caught.value)
    assert fixture([made(2), at(300), at(600), answer(404), state("complete")])["uri"] == "/videos/2"


@pytest.mark.parametrize("link", [None, "", "ftp://x/secret-link", "http://elsewhere.example/secret-link", 7])
def test_an_answer_without_a_link_that_can_be_used(link: object, fixture: Fixture) -> None:
    with pytest.raises(UnexpectedResponse) as caught:
        fixture([made(1, link)])
    assert "/videos/1 stays" in told(caught.value)


def test_what_vimeo_answers_beside_what_was_asked_for_stays_out(fixture: Fixture) -> None:
    result = fixture([made(1, password="hunter2", upload_link=LINK), *whole()])
    assert "hunter2" not in str(result.data)
    assert "secret-link" not in str(result.data)
    with pytest.raises(Died):
        fixture([made(2, unasked="x" * 9_000), at(CHUNK)], stop=at_a_chunk)
    row = run_sync(fixture.world.store.aget(ROW))
    assert row is not None
    assert len(row.value) < 2_000


# ---- quotas ----


def refusal(code: int | None, text: str = "No.") -> HttpResponse:
    return answer(403, json.dumps({"error": text, "error_code": code}).encode())


def quota(unit: str | None, free: Any = 119, most: Any = 120) -> HttpResponse:
    space = {"free": free, "max": most, "unit": unit}
    return answer(200, json.dumps({"uri": "/users/7", "upload_quota": {"space": space}}).encode())


@pytest.mark.parametrize("code", [4101, 4102, 4104])
@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("video_count", "room for 119 of 120 videos"),
        ("video_size", "room for 119 of 120 bytes"),
        ("hours", ""),
    ],
)
def test_vimeo_decides_about_quotas(code: int, unit: str, said: str, fixture: Fixture) -> None:
    with pytest.raises(QuotaExceeded, match=str(SIZE)) as caught:
        fixture([refusal(code), quota(unit)])
    assert said in told(caught.value)
    assert caught.value.error_code == code
    with pytest.raises(QuotaExceeded):
        fixture([refusal(code), answer(500), answer(500), answer(500), answer(500)])


@pytest.mark.parametrize("tool", ["vimeo_video_create", "vimeo_video_version_add"])
def test_quotas_of_what_vimeo_fetches(tool: str, fixture: Fixture) -> None:
    asked: dict[str, Any] = {"file_link": "https://files.example.com/a.mp4"}
    if tool == "vimeo_video_version_add":
        asked |= {"video_id": "1", "path": None}
    else:
        asked |= {"tool": tool}
    fixture.world.outcomes = [refusal(4102)]
    flow = execute(
        fixture.ctx, fixture.world, tool, {name: value for name, value in asked.items() if name != "tool"}
    )
    with pytest.raises(QuotaExceeded):
        run_sync(flow)


def test_a_user_without_upload_access_is_told_so_by_vimeo(fixture: Fixture) -> None:
    with pytest.raises(UploadNotGranted):
        fixture([refusal(3200, "Unable to upload video. Please get in touch with the app's creator.")])
    with pytest.raises(Forbidden):
        fixture([refusal(3200)])


@pytest.mark.parametrize(
    ("space", "room"),
    [
        ({"free": 1, "max": 2, "unit": "video_count"}, {"free_videos": 1, "max_videos": 2}),
        ({"free": 5, "max": 9, "unit": "video_size"}, {"free_bytes": 5, "max_bytes": 9}),
        ({"free": 5, "max": 9}, {"free_bytes": 5, "max_bytes": 9}),
        ({"free": None, "max": None, "unit": None}, {}),
        ({"free": 0, "max": None, "unit": "video_count"}, {"free_videos": 0}),
        ({"free": 5, "unit": "minutes"}, {"free": 5, "unit": "minutes"}),
        (None, {}),
        ([], {}),
    ],
)
def test_the_unit_of_a_quota(space: Any, room: dict[str, Any]) -> None:
    assert room_of({"space": space}) == room


def test_a_quota_is_told_with_its_unit_everywhere(fixture: Fixture) -> None:
    for tool, told_ in (
        ("vimeo_connection_check", {"allowed": True, "free_videos": 119, "max_videos": 120}),
        ("vimeo_me_get", {"space": {"free": 119, "max": 120, "unit": "video_count"}}),
    ):
        fixture.world.outcomes, fixture.world.sent = [quota("video_count")], []
        flow = execute(fixture.ctx, fixture.world, tool, {})
        result = run_sync(flow)
        assert result["upload" if tool == "vimeo_connection_check" else "upload_quota"] == told_
        assert "upload_quota.space" in fixture.world.sent[0].url


@settings(deadline=None, max_examples=40)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=3))
def test_any_quota_can_be_read(odd: Any) -> None:
    for given_ in (odd, {"space": odd}, {"space": {"free": odd, "max": odd, "unit": odd}}):
        assert isinstance(room_of(given_), dict)
        assert isinstance(room_words(given_), str)
