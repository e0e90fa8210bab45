"""What belongs to whom: other users' things, unlisted and locked ones, quotas, secrets."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import Api
from tests.servers import NO_TLS
from vimeo_toolkit.sandbox import Sandbox


@pytest.mark.parametrize(
    ("method", "tail", "body"),
    [
        ("PATCH", "", {"name": "Mine now"}),
        ("POST", "/albums", {"name": "a"}),
        ("POST", "/projects", {"name": "a"}),
        ("POST", "/videos", {"upload": {"approach": "tus", "size": 9}}),
        ("DELETE", "/videos?uris=/videos/100001", None),
        ("GET", "/projects", None),
        ("GET", "/watchlater", None),
        ("PUT", "/likes/{public}", None),
        ("PUT", "/watchlater/{public}", None),
        ("PUT", "/following/1001", None),
        ("DELETE", "/following/1001", None),
    ],
)
def test_nothing_is_done_for_another_user(
    method: str, tail: str, body: Any, api: Api, vimeo: Sandbox
) -> None:
    other = vimeo.users[1]
    public = next(video for video in vimeo.users[2].videos if video.view == "anybody")
    before = (len(vimeo.user.showcases), len(vimeo.user.folders), len(vimeo.world.videos), vimeo.user.name)
    answer = api().request(method, other.uri + tail.format(public=public.id), json=body)
    assert (answer.status_code, answer.json()["error_code"]) == (403, 3200)
    after = (len(vimeo.user.showcases), len(vimeo.user.folders), len(vimeo.world.videos), vimeo.user.name)
    assert before == after


def test_ones_own_number_is_another_way_to_say_me(api: Api, vimeo: Sandbox) -> None:
    client = api()
    for path in ("", "/videos", "/albums", "/projects", "/likes", "/watchlater", "/following", "/channels"):
        mine, numbered = client.get(f"/me{path}").json(), client.get(f"{vimeo.user.uri}{path}").json()
        assert mine.get("data", mine) == numbered.get("data", numbered), path


def test_a_showcase_of_somebody_else(api: Api, vimeo: Sandbox) -> None:
    other = vimeo.add_user("Other", videos=[{}, {"view": "nobody"}])
    theirs, mine = api(other), api()
    open_to_all = theirs.post("/me/albums", json={"name": "open"}).json()["uri"]
    locked = theirs.post(
        "/me/albums", json={"name": "locked", "privacy": "password", "password": "pebble-5"}
    ).json()["uri"]
    hidden = theirs.post("/me/albums", json={"name": "hidden", "privacy": "nobody"}).json()["uri"]
    for uri in (open_to_all, locked):
        for video in other.videos:
            assert theirs.put(f"{uri}/videos/{video.id}").status_code == 204

    assert [each["name"] for each in mine.get(f"{other.uri}/albums").json()["data"]] == ["open"]
    assert mine.get(f"{open_to_all}/videos").json()["total"] == 1
    assert mine.get(hidden).status_code == 404
    assert mine.patch(open_to_all, json={"name": "x"}).json()["error_code"] == 3200
    for query, code in (("", 2223), ("?password=wrong", 2222)):
        answer = mine.get(f"{locked}/videos{query}")
        assert (answer.status_code, answer.json()["error_code"]) == (403, code)
    assert mine.get(f"{locked}/videos?password=pebble-5").json()["total"] == 1
    assert "password" not in mine.get(f"{locked}?password=pebble-5").json()["privacy"]
    assert theirs.get(locked).json()["privacy"]["password"] == "pebble-5"
    assert "pebble-5" not in repr(vimeo.requests)


def test_what_is_private_to_a_user(api: Api, vimeo: Sandbox) -> None:
    mine, stranger = api().get("/me").json(), api(vimeo.users[2]).get(vimeo.user.uri).json()
    assert mine["preferences"]["videos"]["password"] == vimeo.user.default_password
    assert not {"preferences", "upload_quota", "content_filter"} & stranger.keys()
    assert "folders" not in stranger["metadata"]["connections"]
    shown = stranger["metadata"]["connections"]["videos"]["total"]
    assert shown < mine["metadata"]["connections"]["videos"]["total"] == len(vimeo.user.videos)


@pytest.mark.parametrize("tail", ["/tags", "/pictures", "/texttracks"])
def test_parts_of_a_video_are_its_owners(tail: str, api: Api, vimeo: Sandbox) -> None:
    video = next(video for video in vimeo.users[2].videos if video.view == "anybody")
    assert api(vimeo.users[2]).get(f"{video.uri}{tail}").status_code == 200
    assert api().get(f"{video.uri}{tail}").status_code == 403


def test_comments_are_their_writers(api: Api, vimeo: Sandbox) -> None:
    video = vimeo.user.videos[-7]
    uri = f"{video.uri}/comments/{video.comments[0].id}"
    client = api()
    edited = client.patch(uri, json={"text": "x"})
    deleted = client.delete(uri)
    assert (edited.status_code, edited.json()["error_code"]) == (403, 3414)
    assert (deleted.status_code, deleted.json()["error_code"]) == (403, 3415)
    assert api(video.comments[0].user).delete(uri).status_code == 204


@pytest.mark.parametrize(
    ("setting", "verified", "code"),
    [("nobody", True, 3413), ("contacts", True, 3412), ("anybody", False, 3411)],
)
def test_who_may_comment(setting: str, verified: bool, code: int, api: Api, vimeo: Sandbox) -> None:
    other = vimeo.add_user("Other", email_verified=verified)
    video = next(video for video in vimeo.user.videos if video.view == "anybody")
    video.comments_by = setting
    answer = api(other).post(f"{video.uri}/comments", json={"text": "Hello"})
    assert (answer.status_code, answer.json()["error_code"]) == (403, code)


def test_an_unverified_user_follows_nobody(api: Api, vimeo: Sandbox) -> None:
    client = api(vimeo.add_user("Other", email_verified=False))
    answer = client.put(f"/me/following/{vimeo.user.id}")
    assert (answer.status_code, answer.json()["error_code"]) == (403, 3438)


def test_client_credentials_use_up_the_owners_quota(vimeo: Sandbox) -> None:
    owner = vimeo.add_user("Owner", plan="free")
    app = vimeo.add_app("Theirs", owner=owner)
    with httpx.Client(base_url=vimeo.url, trust_env=False, verify=NO_TLS) as client:
        auth, grant = (app.client_id, app.client_secret), {"grant_type": "client_credentials"}
        token = client.post("/oauth/authorize/client", auth=auth, json=grant).json()["access_token"]
        headers = {"Authorization": f"bearer {token}"}
        seen = [client.get("/channels?fields=uri", headers=headers) for _ in range(3)]
    assert [each.headers["X-RateLimit-Remaining"] for each in seen] == ["49", "48", "47"]
    assert owner.window.used == 3


def test_limits_stand_on_every_answer_with_a_token(api: Api) -> None:
    client = api(scopes=["public"])
    for method, path in (("GET", "/nowhere"), ("POST", "/me/albums"), ("GET", "/videos/1"), ("POST", "/me")):
        headers = client.request(method, path).headers
        assert {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"} <= {
            name.title().replace("Ratelimit", "RateLimit") for name in headers
        }, path


def test_a_token_of_one_app_sees_no_webhook_of_another(api: Api, vimeo: Sandbox) -> None:
    second = vimeo.add_app("Second", capabilities=["CAPABILITY_WEBHOOK_SCOPE"])
    body = {"webhook_url": "https://a.example", "webhook_type": "video-created"}
    uri = api().post(f"{vimeo.app.uri}/webhooks", json=body).json()["uri"]
    number = uri.rpartition("/")[2]
    assert api(app=second).get(uri).status_code == 403
    assert api(app=second).delete(f"{second.uri}/webhooks/{number}").status_code == 404
    assert api().get(uri).json()["enabled_on"] is None
