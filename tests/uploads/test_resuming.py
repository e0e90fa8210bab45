"""Uploads that are resumed: for which request, file and account, and what is said of those that are not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.media import film
from tests.unit.world import answer
from tests.uploads.attempts import CHUNK, LINK, ROW, SIZE, Died, Fixture, at, at_a_chunk, made, state, whole
from vimeo_toolkit import UploadInterrupted
from vimeo_toolkit.runtime.blocking import run_sync


def test_the_same_request_goes_on(fixture: Fixture) -> None:
    fixture.dies(name="A", privacy_view="nobody")
    result = fixture([state("in_progress"), at(CHUNK), *whole(CHUNK)], name="A", privacy_view="nobody")
    assert fixture.methods == ["GET", "HEAD", "PATCH", "PATCH"]
    assert result["uri"] == "/videos/1"
    assert "finished" in result.notes[0]
    fixture([made(2), *whole()], name="A", privacy_view="nobody")  # it is finished: another one


ASKED: list[dict[str, Any]] = [
    {},
    {"name": "A"},
    {"name": "B"},
    {"name": "A", "description": "B"},
    {"name": "A", "privacy_view": "nobody"},
    {"name": "A", "privacy_view": "anybody"},
    {"name": "A", "folder_uri": "/users/7/projects/1"},
    {"name": "A", "folder_uri": "/users/7/projects/2"},
    {"tool": "vimeo_video_version_add", "video_id": "1"},
    {"tool": "vimeo_video_version_add", "video_id": "2"},
]


@pytest.mark.parametrize("second", range(len(ASKED)))
@pytest.mark.parametrize("first", range(len(ASKED)))
def test_nothing_goes_on_for_another_request(first: int, second: int, fixture: Fixture) -> None:
    if first == second:
        return
    fixture.dies(**ASKED[first])
    result = fixture([made(2), *whole()], **ASKED[second])
    assert result["uri"] == "/videos/2"
    assert not any("finished" in note and "unfinished" not in note for note in result.notes)
    same_path = ("tool" in ASKED[first]) == ("tool" in ASKED[second]) and (
        "tool" not in ASKED[first] or ASKED[first]["video_id"] == ASKED[second]["video_id"]
    )
    assert any("/videos/1, which is unfinished" in note for note in result.notes) == same_path


def test_nothing_goes_on_with_another_content(fixture: Fixture) -> None:
    fixture.dies()
    fixture.path.write_bytes(film(SIZE))
    result = fixture([made(2), *whole()])
    assert result["uri"] == "/videos/2"
    assert "/videos/1, which is unfinished" in result.notes[0]


@pytest.mark.parametrize("change", [{"created_at": 5.0}, {"vimeo_uri": "/users/8"}])
def test_nothing_goes_on_for_another_vimeo_account(change: dict[str, Any], fixture: Fixture) -> None:
    fixture.dies()
    fixture.replaced(**change)
    result = fixture([made(2), *whole()])
    assert result["uri"] == "/videos/2"
    assert "/videos/1" not in str(result.notes), "another account's video is not named"


def test_a_new_token_of_the_same_account_goes_on(fixture: Fixture) -> None:
    fixture.dies()
    fixture.replaced(verified_at=9.0)
    fixture([state("in_progress"), at(CHUNK), *whole(CHUNK)])


def test_a_finished_one_is_looked_at_and_not_sent_again(fixture: Fixture) -> None:
    fixture.dies()
    result = fixture([state("complete")])
    assert result["uri"] == "/videos/1"
    assert fixture.methods == ["GET"]


def test_one_that_was_deleted_at_vimeo_begins_anew(fixture: Fixture) -> None:
    fixture.dies()
    result = fixture([answer(404), made(2), *whole()])
    assert result["uri"] == "/videos/2"
    assert "/videos/1" not in str(result.notes)


def test_one_whose_link_ended_begins_anew_and_is_named(fixture: Fixture) -> None:
    fixture.dies()
    result = fixture([state("in_progress"), answer(410), state("in_progress"), made(2), *whole()])
    assert result["uri"] == "/videos/2"
    assert "/videos/1 stays at Vimeo: vimeo_video_delete" in result.notes[0]
    fixture.dies(number=3)
    result = fixture([state("error"), made(4), *whole()])
    assert "/videos/3 stays" in result.notes[0]


def test_its_last_byte_may_come_between_two_looks(fixture: Fixture) -> None:
    fixture.dies()
    result = fixture([state("in_progress"), answer(404), state("complete")])
    assert result["uri"] == "/videos/1"


def test_a_version_is_looked_at_in_its_list(fixture: Fixture) -> None:
    asked: dict[str, Any] = {"tool": "vimeo_video_version_add", "video_id": "1"}
    begun = answer(201, json.dumps({"uri": "/videos/1/versions/5", "upload": {"upload_link": LINK}}).encode())
    with pytest.raises(Died):
        fixture([begun, at(CHUNK)], stop=at_a_chunk, **asked)
    listed = {"data": [None, {"uri": "/videos/1/versions/5", "upload": {"status": "complete"}}]}
    result = fixture([answer(200, json.dumps(listed).encode())], **asked)
    assert result["uri"] == "/videos/1/versions/5"
    assert "/videos/1/versions?" in fixture.world.sent[0].url


@settings(deadline=None, max_examples=40)
@given(
    st.dictionaries(
        st.text(max_size=5),
        st.recursive(
            st.none() | st.integers() | st.text(max_size=5),
            lambda inner: st.dictionaries(
                st.sampled_from(["link", "began", "ends", "salt", "wanted", "subject", "generation"]), inner
            ),
            max_leaves=8,
        ),
        max_size=3,
    )
)
def test_rows_of_other_releases_stand_in_the_way_of_nothing(
    tmp_path_factory: pytest.TempPathFactory, row: dict[str, Any]
) -> None:
    fixture = Fixture(tmp_path_factory.getbasetemp() / "film.mp4")
    assert run_sync(fixture.ctx.vault.rows.put_json(fixture.world, ROW, row, ttl=9e9))
    assert fixture([made(2), *whole()])["uri"] == "/videos/2"


def test_a_row_of_release_0_1_0(fixture: Fixture) -> None:
    """It says neither for which account nor for what: it is not gone on with, and stays for who can."""
    entry = {"link": LINK, "began": {"uri": "/videos/1"}, "ends": fixture.world.time + 60}
    assert run_sync(
        fixture.ctx.vault.rows.put_json(fixture.world, ROW, {f"/me/videos:{'0' * 32}": entry}, ttl=9e9)
    )
    assert fixture([made(2), *whole()])["uri"] == "/videos/2"
    kept = run_sync(fixture.ctx.vault.rows.read_json(fixture.world, ROW))
    assert kept is not None
    assert list(kept[0].values()) == [entry]
    # And an older release can read what this one notes.
    fixture.dies(number=3)
    kept = run_sync(fixture.ctx.vault.rows.read_json(fixture.world, ROW))
    assert kept is not None
    assert all({"link", "began", "ends"} <= set(each) for each in kept[0].values())


def test_a_row_that_no_key_opens_stands_in_the_way_of_nothing(fixture: Fixture) -> None:
    assert run_sync(fixture.world.store.aput(ROW, b"not sealed", version=1, expected=0))
    assert fixture([made(2), *whole()])["uri"] == "/videos/2"
    with pytest.raises(UploadInterrupted, match="goes on where it stopped"):
        fixture([made(3), *[answer(500)] * 16])
    assert run_sync(fixture.ctx.vault.rows.read_json(fixture.world, ROW)), "a new row stands in its place"


def test_no_link_and_no_setting_is_kept_in_clear(fixture: Fixture) -> None:
    fixture.dies(name="hunter2")
    row = run_sync(fixture.world.store.aget(ROW))
    assert row is not None
    assert b"secret-link" not in row.value
    kept = run_sync(fixture.ctx.vault.rows.read_json(fixture.world, ROW))
    assert "hunter2" not in json.dumps(kept)
