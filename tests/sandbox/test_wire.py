"""What recordings of the live API settled, against the sandbox: forms, types, nulls, codes and headers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.servers import NO_TLS
from vimeo_toolkit.sandbox import Sandbox, User

TUS = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
OWNERS_ALONE = {"edit", "delete", "trim", "validate", "invite", "edit_privacy"}


class _Wire:
    """One sandbox for this module, and requests as any user of it."""

    def __init__(self, vimeo: Sandbox, client: httpx.Client) -> None:
        self.vimeo, self.client = vimeo, client

    def ask(self, path: str, user: User | None = None, method: str = "GET", **more: Any) -> httpx.Response:
        token = self.vimeo.issue_token(user)
        return self.client.request(
            method, path, headers={"Authorization": f"bearer {token.access_token}"}, **more
        )

    def json(self, path: str, user: User | None = None, method: str = "GET", **more: Any) -> Any:
        return self.ask(path, user, method, **more).json()

    def upload(self, user: User | None = None, **upload: Any) -> Any:
        return self.json(
            "/me/videos", user, "POST", json={"upload": {"approach": "tus", "size": 5, **upload}}
        )


@pytest.fixture(scope="module")
def wire() -> Iterator[_Wire]:
    with Sandbox() as vimeo, httpx.Client(base_url=vimeo.url, trust_env=False, verify=NO_TLS) as client:
        yield _Wire(vimeo, client)


def test_errors_tell_hardly_anything(wire: _Wire) -> None:
    video = wire.vimeo.user.videos[0].uri
    missing = wire.ask("/videos/1")
    assert (missing.status_code, missing.json().keys()) == (404, {"error"})
    wrong = wire.json(video, method="PATCH", json={"privacy": {"view": "friends"}})
    assert wrong.keys() == {"error", "link", "developer_message", "error_code", "invalid_parameters"}
    assert wrong["link"] is None
    [problem] = wrong["invalid_parameters"]
    assert problem["field"] == "privacy.view"
    assert "friends" not in str(wrong)
    assert problem["error"] == wrong["error"]  # the empty sentence
    assert "privacy.view" in wire.vimeo.requests[-1].reason
    beyond = wire.ask("/me/videos?page=99")
    assert (beyond.status_code, beyond.json()["error_code"]) == (400, 2286)
    assert beyond.json()["error"] != beyond.json()["developer_message"] != ""


def test_the_newest_form_of_errors() -> None:
    with Sandbox(seed_library=False, newest_errors=True) as vimeo:
        headers = {"Authorization": f"bearer {vimeo.issue_token(scopes=['public']).access_token}"}
        for method, path, code in (("GET", "/videos/1", 5000), ("POST", "/me/albums", 3200)):
            answer = httpx.request(method, vimeo.url + path, headers=headers, trust_env=False).json()
            assert answer.keys() == {"error", "link", "developer_message", "error_code"}
            assert (answer["error_code"], bool(answer["developer_message"])) == (code, True)


def test_401_has_no_rate_limits(wire: _Wire) -> None:
    answer = wire.client.get("/me", headers={"Authorization": "bearer wrong"})
    assert (answer.status_code, answer.json()["error_code"]) == (401, 8003)
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert not [name for name in answer.headers if name.startswith("x-ratelimit")]
    good = wire.ask("/me?fields=uri")
    assert good.headers["X-RateLimit-Reset"].endswith("+00:00")
    assert datetime.fromisoformat(good.headers["X-RateLimit-Reset"]).tzinfo is not None


@pytest.mark.parametrize(
    ("plan", "most", "period", "lifetime"),
    [("free", 2, "month", 25), ("starter", 60, "year", None), ("standard", 120, "year", None)],
)
def test_these_plans_count_videos(
    plan: str, most: int, period: str, lifetime: int | None, wire: _Wire
) -> None:
    user = wire.vimeo.add_user(plan, plan=plan, videos=1)
    quota = wire.json("/me?fields=upload_quota", user)["upload_quota"]
    assert quota["space"] == {
        "free": most - 1,
        "max": most,
        "used": 1,
        "unit": "video_count",
        "showing": "periodic",
    }
    assert (quota["periodic"]["period"], quota["lifetime"]["max"]) == (period, lifetime)
    assert datetime.fromisoformat(quota["periodic"]["reset_date"]) > wire.vimeo.clock.now()
    wire.vimeo.add_video(user, "One more")
    wire.vimeo.add_video(user, "And one more")
    answer = wire.upload(user, size=10**9)
    assert answer.get("error_code") == (4102 if plan == "free" else None)


def test_other_plans_count_bytes(wire: _Wire) -> None:
    space = wire.json("/me?fields=upload_quota")["upload_quota"]["space"]
    assert space["unit"] == "video_size"
    assert space["max"] == wire.vimeo.user.quota_bytes


def test_what_others_may_not_do_is_not_there(wire: _Wire) -> None:
    mine = wire.json(wire.vimeo.user.videos[0].uri)["metadata"]["interactions"]
    video = next(video for video in wire.vimeo.users[1].videos if video.view == "anybody")
    theirs = wire.json(video.uri)
    assert mine.keys() >= OWNERS_ALONE
    assert not theirs["metadata"]["interactions"].keys() & OWNERS_ALONE
    assert not theirs.keys() & {
        "manage_link",
        "review_page",
        "parent_folder",
        "password",
        "files",
        "download",
    }
    assert not theirs["user"].keys() & {"preferences", "upload_quota", "content_filter"}
    watchlater = theirs["metadata"]["interactions"]["watchlater"]
    assert watchlater["added"] is (watchlater["added_time"] is not None)


def test_names_types_and_nulls_of_a_video(wire: _Wire) -> None:
    made = wire.upload()
    assert made["upload"].keys() == {
        "status",
        "upload_link",
        "form",
        "complete_uri",
        "approach",
        "size",
        "redirect_url",
        "link",
    }
    assert made["play"] == {"status": "unavailable"}
    assert made["parent_folder"] is made["metadata"]["connections"]["related"] is made["license"] is None
    assert made["embed"]["end_screen"] == []
    assert made["manage_link"] == f"/manage{made['uri']}"
    assert made["review_page"].keys() == {"active", "link", "is_shareable"}
    assert datetime.fromisoformat(made["last_user_action_event_date"])
    assert isinstance(made["user"]["preferences"]["videos"]["privacy"], str)
    assert isinstance(wire.json("/me")["preferences"]["videos"]["privacy"], dict)
    assert set(made["user"]["location_details"].values()) - {made["user"]["location"]} == {None}
    done = wire.json(wire.vimeo.user.videos[0].uri)["upload"]
    assert {name for name, value in done.items() if value is not None} == {"status"}
    version = wire.json(
        f"{made['uri']}/versions",
        method="POST",
        json={"file_name": "a", "upload": {"approach": "tus", "size": 5}},
    )
    assert version["duration"] is version["filesize"] is version["upload_date"] is None


def test_text_tracks_say_where_they_come_from(wire: _Wire) -> None:
    video = next(each for each in wire.vimeo.user.videos if each.name.startswith("Harbour"))
    tracks = wire.json(f"{video.uri}/texttracks")["data"]
    assert [track["language"] for track in tracks] == ["bg-x-autogen", "es-x-autogen", "en-x-autogen"]
    assert [track["provenance"] for track in tracks] == ["autogen_dubbed"] * 2 + ["autogen_source_audio"]
    assert all(track["active"] for track in tracks)
    assert all(isinstance(track["link_expires_time"], int) for track in tracks)


def test_folders_by_their_other_name_and_of_a_team(wire: _Wire) -> None:
    made = wire.ask("/me/folders", method="POST", json={"name": "New"})
    assert (made.status_code, made.json()["access_grant"]) == (201, None)
    assert wire.json("/me/folders")["total"] == wire.json("/me/projects")["total"]
    owner, member = wire.vimeo.user, wire.vimeo.add_user("Member")
    path = owner.folders[0].uri
    assert wire.ask(path, member).status_code == wire.ask(f"{path}/videos", member).status_code == 404
    owner.team.append(member)
    shown = wire.json(path, member)
    assert (shown["uri"], shown["access_grant"] is None) == (path, False)
    assert wire.json(f"{path}/videos", member)["total"] == len(owner.folders[0].videos) > 0
    assert wire.ask("/me/projects/" + path.rpartition("/")[2], member).status_code == 404
    filed = owner.folders[0].videos[0].id
    assert wire.ask(f"{owner.folders[2].uri}/videos/{filed}", member, "PUT").status_code == 204


def test_the_feed_goes_on_by_offset(wire: _Wire) -> None:
    seen, path = [], "/me/feed?per_page=5&fields=clip.uri"
    while path:
        page = wire.json(path)
        assert page.keys() == {"page", "per_page", "paging", "data"}
        assert "last" not in page["paging"]
        seen += [event["clip"]["uri"] for event in page["data"]]
        path = page["paging"]["next"]
        assert path is None or "offset=" in path
    assert len(seen) == len(set(seen)) > 5


def test_what_is_made_says_where_it_is(wire: _Wire) -> None:
    video = wire.vimeo.user.videos[-7]
    made = wire.ask(f"{video.uri}/comments", method="POST", json={"text": "Hello"})
    assert made.headers["Location"] == made.json()["uri"]


def test_two_chapters_never_begin_on_one_second(wire: _Wire) -> None:
    path = f"{wire.vimeo.add_video(wire.vimeo.user, 'In chapters').uri}/chapters"
    codes = [
        wire.ask(path, method="POST", json={"title": "a", "timecode": second}).status_code
        for second in (7, 7.5, 8)
    ]
    assert codes == [201, 400, 201]


def test_a_free_plan_has_no_analytics(wire: _Wire) -> None:
    free = wire.vimeo.add_user("Free", plan="free")
    assert wire.ask("/me/analytics?dimension=total&from=2026-01-01&to=2026-01-02", free).status_code == 404
    assert wire.ask("/me/teams", free).status_code == 404


def test_pages_of_any_origin_may_send_bytes(wire: _Wire) -> None:
    link = wire.upload()["upload"]["upload_link"]
    asked = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "tus-resumable,upload-offset,content-type",
    }
    allowed = wire.client.options(link, headers=asked)
    assert allowed.status_code == 204
    assert allowed.headers["Access-Control-Allow-Origin"] == "*"
    assert "PATCH" in allowed.headers["Access-Control-Allow-Methods"]
    names = allowed.headers["Access-Control-Allow-Headers"].lower()
    assert all(name in names for name in asked["Access-Control-Request-Headers"].split(","))
    sent = wire.client.patch(link, content=b"12345", headers={**TUS, "Upload-Offset": "0"})
    assert (sent.status_code, sent.headers["Access-Control-Allow-Origin"]) == (204, "*")
    assert "Upload-Offset" in sent.headers["Access-Control-Expose-Headers"]


def test_a_form_sends_a_file_too(wire: _Wire) -> None:
    made = wire.upload(approach="post", redirect_url="https://app.example/done?a=1")
    link = made["upload"]["upload_link"]
    assert f'action="{link}"' in made["upload"]["form"]
    assert 'name="file_data"' in made["upload"]["form"]
    assert wire.client.post(link, files={"other": b"x"}).status_code == 400
    sent = wire.client.post(link, files={"file_data": ("a.mp4", bytes(range(256)), "video/mp4")})
    uri = made["uri"]
    assert sent.headers["Location"] == f"https://app.example/done?a=1&video_uri={uri.replace('/', '%2F')}"
    video = wire.vimeo.user.videos[-1]
    assert (video.uri, video.upload) == (uri, "complete")
    assert video.incoming is not None
    assert video.incoming.received == 256


def test_a_thumbnail_is_confirmed(wire: _Wire) -> None:
    made = wire.json(f"{wire.vimeo.user.videos[0].uri}/pictures", method="POST", json={})
    answer = wire.client.put(made["link"], content=b"\x89PNG")
    assert answer.json() == {"Status": "success", "Notes": "", "Path": f"/video/{made['uri'].split('/')[-1]}"}
