"""What the sandbox does with requests: scopes, limits, projection, paging, filters, privacy, errors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import pytest

from tests.sandbox.conftest import Api
from vimeo_toolkit.sandbox import Sandbox


def test_the_library_is_the_same_at_every_start() -> None:
    now = datetime(2026, 3, 1, 0, 0, 30, tzinfo=UTC)
    first, second = Sandbox(now=now), Sandbox(now=now)
    for one, two in zip(first.user.videos, second.user.videos, strict=True):
        assert (one.id, one.name, one.view, one.plays) == (two.id, two.name, two.view, two.plays)
    month = [video for video in first.user.videos if f"{video.created:%Y-%m}" == "2026-03"]
    assert len(month) == 7
    assert {"nobody", "unlisted"} <= {video.view for video in month}
    assert [video.transcode for video in month].count("in_progress") == 1


def test_fields(api: Api) -> None:
    client = api()
    assert client.get("/me?fields=uri,name").json().keys() == {"uri", "name"}
    page = client.get(
        "/me/videos?fields=uri,privacy.view,user.pictures.sizes.width,nothing&per_page=2"
    ).json()
    assert page.keys() == {"total", "page", "per_page", "paging", "data"}
    assert page["data"][0].keys() == {"uri", "privacy", "user"}
    assert page["data"][0]["privacy"].keys() == {"view"}
    assert page["data"][0]["user"]["pictures"]["sizes"][0].keys() == {"width"}
    whole = client.get("/me/videos?fields=privacy,privacy.view&per_page=1").json()["data"][0]["privacy"]
    assert "embed" in whole


def test_pages(api: Api, vimeo: Sandbox) -> None:
    client, uris, path = api(), [], "/me/videos?per_page=25&sort=date&fields=uri"
    while path:
        page = client.get(path).json()
        uris += [video["uri"] for video in page["data"]]
        path = page["paging"]["next"]
    assert len(uris) == len(set(uris)) == page["total"] == len(vimeo.user.videos)
    beyond = client.get("/me/videos?page=4")
    assert (beyond.status_code, beyond.json()["error_code"]) == (400, 2286)
    assert beyond.json()["developer_message"]
    for query in ("per_page=0", "per_page=101", "per_page=x", "page=0"):
        answer = client.get(f"/me/videos?{query}")
        assert (answer.status_code, answer.json()["error_code"]) == (400, 2204)
        assert answer.json()["invalid_parameters"][0]["field"] == query.partition("=")[0]


@pytest.mark.parametrize("sort", ["alphabetical", "date", "duration", "modified_time", "plays", "likes"])
def test_sorts(sort: str, api: Api) -> None:
    key: Callable[[dict[str, Any]], Any] = {
        "alphabetical": lambda video: video["name"].lower(),
        "date": lambda video: video["created_time"],
        "duration": lambda video: video["duration"],
        "modified_time": lambda video: video["modified_time"],
        "plays": lambda video: video["stats"]["plays"],
        "likes": lambda video: video["metadata"]["connections"]["likes"]["total"],
    }[sort]
    client = api()
    for direction in ("asc", "desc"):
        answer = client.get(f"/me/videos?per_page=100&sort={sort}&direction={direction}")
        if sort in ("plays", "likes") and direction == "asc":
            assert answer.status_code == 400
            continue
        values = [key(video) for video in answer.json()["data"]]
        assert values == sorted(values, reverse=direction == "desc")


def test_filters_and_words(api: Api, vimeo: Sandbox) -> None:
    client = api()
    playable = client.get("/me/videos?filter=playable&per_page=100").json()["total"]
    assert playable == sum(video.playable for video in vimeo.user.videos) < len(vimeo.user.videos)
    found = client.get("/me/videos?query=harbour lights").json()
    assert [video["name"] for video in found["data"]] == ["Harbour Lights: Night Timelapse"]
    assert client.get("/me/videos?filter=nonsense").status_code == 400
    licensed = client.get("/videos?query=a&filter=CC0&per_page=100").json()["data"]
    assert licensed
    assert {video["license"] for video in licensed} == {"cc0"}


def test_reads_without_private_are_empty_not_refused(api: Api) -> None:
    client = api(scopes=["public"])
    for path in (
        "/me/albums",
        "/me/projects",
        "/me/likes",
        "/me/watchlater",
        "/me/following",
        "/me/channels",
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["total"]) == (200, 0), path
    shown = client.get("/me/videos?per_page=100").json()["data"]
    assert {video["privacy"]["view"] for video in shown} <= {"anybody"}


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("PATCH", "/videos/100001", "edit"),
        ("DELETE", "/videos/100001", "delete"),
        ("POST", "/me/albums", "create"),
        ("PUT", "/me/likes/100001", "interact"),
        ("PUT", "/me/projects/1/videos/2", "interact"),
        ("POST", "/me/videos", "upload"),
    ],
)
def test_writes_name_the_scope_that_they_miss(method: str, path: str, scope: str, api: Api) -> None:
    answer = api(scopes=["public", "private"]).request(method, path, json={})
    assert answer.status_code == 403
    assert answer.json() == {"error": f'Your access token does not have the "{scope}" scope'}
    assert answer.headers["content-type"] == "application/vnd.vimeo.error+json"


@pytest.mark.parametrize(("plan", "limit"), [("free", 25), ("standard", 250), ("enterprise", 2500)])
def test_limits_by_plan(plan: str, limit: int, api: Api, vimeo: Sandbox) -> None:
    client = api(vimeo.add_user("Planned", plan=plan))
    plain, projected = client.get("/me"), client.get("/me?fields=uri")
    assert plain.headers["X-RateLimit-Limit"] == str(limit)
    assert projected.headers["X-RateLimit-Limit"] == str(limit * 2)
    assert projected.headers["X-RateLimit-Remaining"] == str(limit * 2 - 3)
    reset = datetime.fromisoformat(projected.headers["X-RateLimit-Reset"])
    assert 0 < (reset - vimeo.clock.now()).total_seconds() <= 61


def test_the_limit_is_one_users_own_and_ends(api: Api, vimeo: Sandbox) -> None:
    free, other = api(vimeo.add_user("Free", plan="free")), api()
    assert [free.get("/me").status_code for _ in range(26)] == [200] * 25 + [429]
    refused = free.get("/me")
    assert refused.json()["error_code"] == 9000
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert other.get("/me").status_code == 200
    vimeo.clock.advance(61)
    assert free.get("/me").status_code == 200


def test_privacy(api: Api, vimeo: Sandbox) -> None:
    other = vimeo.add_user(
        "Other", videos=[{"view": view} for view in ("anybody", "nobody", "unlisted", "password")]
    )
    public, private, unlisted, locked = other.videos
    locked.password = "open-sesame"
    mine, theirs = api(), api(other)
    assert mine.get(f"/videos/{public.id}").status_code == 200
    assert mine.get(f"/videos/{private.id}").status_code == 404
    assert mine.get(f"/videos/{unlisted.id}").status_code == 404
    assert mine.get(f"/videos/{unlisted.id}:{unlisted.secret_hash}").status_code == 200
    assert mine.get(f"/videos/{locked.id}").status_code == 403
    shown = mine.get(f"/videos/{locked.id}?password=open-sesame")
    assert "password" not in shown.json()
    assert theirs.get(f"/videos/{locked.id}").json()["password"] == "open-sesame"
    assert theirs.get(f"/videos/{private.id}").status_code == 200
    listed = mine.get(f"/users/{other.id}/videos").json()["data"]
    assert [video["uri"] for video in listed] == [public.uri]


def test_upload_access_can_be_absent(api: Api, vimeo: Sandbox) -> None:
    client = api(vimeo.add_user("Reader", upload_access=False))
    assert "upload_quota" not in client.get("/me").json()
    answer = client.post("/me/videos", json={"upload": {"approach": "tus", "size": 5}})
    assert answer.status_code == 403
    assert "Unable to upload" in answer.json()["error"]
    assert "upload_quota" in api().get("/me").json()


def test_if_modified_since(api: Api, vimeo: Sandbox) -> None:
    client = api()
    first = client.get("/me/videos?fields=uri")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get("/me/videos?fields=uri", headers=since).status_code == 304
    vimeo.add_video(vimeo.user, "New", created=vimeo.clock.now())
    vimeo.clock.advance(5)
    vimeo.user.videos[-1].modified = vimeo.clock.now()
    assert client.get("/me/videos?fields=uri", headers=since).status_code == 200
    ahead = {"If-Modified-Since": format_datetime(datetime(2099, 1, 1, tzinfo=UTC), usegmt=True)}
    assert client.get("/me/watchlater", headers=ahead).status_code == 304


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/videos?uris=/videos/100001&sort=date", None, 400, 2101),
        ("GET", "/videos?sort=relevant", None, 400, 2204),
        ("GET", "/channels?sort=relevant", None, 400, None),
        ("GET", "/channels/staffpicks/videos?sort=default&direction=asc", None, 400, None),
        ("GET", "/channels/nowhere", None, 404, None),
        ("GET", "/nowhere", None, 404, None),
        ("POST", "/videos/100001/comments", {}, 400, 2207),
        ("POST", "/videos/100001/comments", {"text": "Buy followers now"}, 403, 3301),
        ("PUT", "/me/likes/100001", None, 400, None),
        ("PATCH", "/videos/100001", {"privacy": {"view": "friends"}}, 400, 2204),
        ("PATCH", "/videos/100001", {"name": "x" * 129}, 400, 2204),
        ("PATCH", "/videos/100001", {"content_rating": "safe"}, 400, 2204),
        ("POST", "/me/albums", {"name": "a", "privacy": "password"}, 400, 2204),
        ("POST", "/me/albums", {}, 400, 2204),
        ("POST", "/me/projects", {}, 400, 2205),
        ("POST", "/me/videos", {"upload": {"approach": "mail"}}, 400, 2230),
        ("DELETE", "/videos/999", None, 404, None),
    ],
)
def test_errors(method: str, path: str, body: Any, status: int, code: int | None, api: Api) -> None:
    answer = api().request(method, path, json=body)
    assert (answer.status_code, answer.json().get("error_code")) == (status, code)
    assert answer.json()["error"]


def test_folders_have_a_depth(api: Api) -> None:
    client, parent = api(), None
    for _ in range(10):
        body = {"name": "deep", "parent_folder_uri": parent} if parent else {"name": "deep"}
        parent = client.post("/me/projects", json=body).json()["uri"]
    answer = client.post("/me/projects", json={"name": "deeper", "parent_folder_uri": parent})
    assert (answer.status_code, answer.json()["error_code"]) == (403, 3701)


def test_a_null_clears_a_text(api: Api, vimeo: Sandbox) -> None:
    """Why clients must leave out what they do not mean."""
    video = vimeo.user.videos[0]
    api().patch(f"/videos/{video.id}", json={"description": None})
    assert video.description is None


def test_forms_nest_by_dots(api: Api, vimeo: Sandbox) -> None:
    video = vimeo.user.videos[0]
    api().patch(f"/videos/{video.id}", data={"name": "From a form", "privacy.view": "nobody"})
    assert (video.name, video.view) == ("From a form", "nobody")


def test_many_videos_in_one_request(api: Api, vimeo: Sandbox) -> None:
    client, videos = api(), vimeo.user.videos[:3]
    uris = ",".join(f"/videos/{video.id}" for video in videos)
    assert client.get(f"/videos?uris={uris}").json()["total"] == 3
    folder, showcase = vimeo.user.folders[-1], vimeo.user.showcases[0]
    assert client.put(f"/me/projects/{folder.id}/videos?uris={uris}").status_code == 204
    assert set(videos) <= set(folder.videos)
    assert client.put(f"/me/albums/{showcase.id}/videos", json={"videos": uris}).status_code == 201
    assert showcase.videos == videos


def test_webhooks_are_off_unless_switched_on(api: Api, vimeo: Sandbox) -> None:
    client, path = api(), f"{vimeo.app.uri}/webhooks"
    body = {"webhook_url": "https://a.example", "webhook_type": "video-created", "secret": "s3cret"}
    made = client.post(path, json=body).json()
    assert made["is_enabled"] is False
    assert made["secret"] == "s3cret"
    assert client.patch(made["uri"], json={"is_enabled": True}).json()["is_enabled"] is True
    assert client.post(path, json={**body, "webhook_type": "video.upload.complete"}).status_code == 400
    assert client.delete(made["uri"]).status_code == 204
    plain = vimeo.add_app("Plain")
    assert api(app=plain).get(f"{plain.uri}/webhooks").status_code == 403
    assert api(app=plain).get(path).status_code == 403


def test_accept(api: Api) -> None:
    client = api()
    for accept, status in (
        ("application/vnd.vimeo.*+json;version=3.4", 200),
        ("application/vnd.vimeo.*+json;version=2.0", 406),
        ("*/*", 200),
        ("application/vnd.vimeo.video+json;version=3.4", 406),
        ("text/html", 406),
    ):
        assert client.get("/me", headers={"Accept": accept}).status_code == status, accept
