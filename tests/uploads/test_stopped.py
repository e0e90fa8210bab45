"""Uploads step by step against listed outcomes: what is resumed, what is left at Vimeo, what is said about it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.media import JPEG, VTT, film
from tests.unit.world import Outcome, World, answer, execute
from vimeo_toolkit import (
    Forbidden,
    InvalidInput,
    NotConnected,
    OutcomeUnknown,
    QuotaExceeded,
    ToolResult,
    UnexpectedResponse,
    UploadInterrupted,
    UploadNotGranted,
    VimeoToolkitError,
)
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import AnswerLost, HttpRequest, HttpResponse
from vimeo_toolkit.stores.protocol import Key
from vimeo_toolkit.uploads.allowance import room_of, room_words
from vimeo_toolkit.uploads.files import UploadOptions, UploadProgress, source_of

SIZE, CHUNK = 900, 300
LINK = "https://files.tus.example/secret-link"
ROW = Key("upload", "vimeo", "u")


class Died(BaseException):
    """The process ends here."""


def made(number: int, link: Any = LINK, **more: Any) -> HttpResponse:
    body = {"uri": f"/videos/{number}", "name": "n", "upload": {"upload_link": link}, **more}
    return answer(201, json.dumps(body).encode())


def state(status: str) -> HttpResponse:
    return answer(200, json.dumps({"uri": "/videos/1", "upload": {"status": status}}).encode())


def at(offset: int) -> HttpResponse:
    return answer(204, b"", upload_offset=str(offset))


def whole(offset: int = 0) -> list[Outcome]:
    return [at(reached) for reached in range(offset + CHUNK, SIZE + 1, CHUNK)]


class Fixture:
    """One user who uploads one file, again and again."""

    def __init__(self, path: Path) -> None:
        self.world = World()
        self.ctx: Context = self.world.context()
        self.account = self.world.account(self.ctx)
        self.path = path
        path.write_bytes(film(SIZE))

    def __call__(
        self,
        outcomes: list[Outcome],
        *,
        source: Any = None,
        stop: Callable[[UploadProgress], Any] | None = None,
        tool: str = "vimeo_video_upload",
        **asked: Any,
    ) -> ToolResult:
        self.world.outcomes, self.world.sent = list(outcomes), []
        files = UploadOptions(given=source_of(source or self.path), on_progress=stop, chunk=CHUNK)
        quota = Quota(self.world.cipher, kept=False)
        arguments = {"path": "f", **asked}
        flow = execute(self.ctx, self.world, tool, arguments, quota=quota, files=files)
        result = run_sync(flow)
        assert not self.world.outcomes, "fewer requests than listed"
        return result

    def dies(self, number: int = 1, **asked: Any) -> None:
        """An attempt whose process ends when a chunk is at Vimeo."""
        with pytest.raises(Died):
            self([made(number), at(CHUNK)], stop=_at_a_chunk, **asked)

    @property
    def methods(self) -> list[str]:
        return [request.method for request in self.world.sent]

    def replaced(self, **changes: Any) -> None:
        """The account as it is after something happened to it."""
        saved = run_sync(self.ctx.vault.save(self.world, self.account.replace(**changes)))
        assert saved is not None
        self.account = saved


def _at_a_chunk(progress: UploadProgress) -> None:
    if progress.sent == CHUNK:
        raise Died


@pytest.fixture
def fixture(tmp_path: Path) -> Fixture:
    return Fixture(tmp_path / "film.mp4")


def told(error: VimeoToolkitError) -> str:
    assert error.hint
    text = f"{error} {error.to_dict()}"
    assert "secret-link" not in text
    return text


# ---- what is resumed ----


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
        fixture([begun, at(CHUNK)], stop=_at_a_chunk, **asked)
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
        fixture([made(2, unasked="x" * 9_000), at(CHUNK)], stop=_at_a_chunk)
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


# ---- captions and thumbnails ----

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
