"""Uploads: the placeholder, the bytes, the transcoding, and what refuses them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import Api
from tests.servers import NO_TLS
from vimeo_toolkit.sandbox import Sandbox


def test_from_placeholder_to_playable(api: Api, vimeo: Sandbox) -> None:
    client = api()
    folder = vimeo.user.folders[0]
    body = {
        "upload": {"approach": "tus", "size": 10},
        "name": "Fresh",
        "privacy": {"view": "password"},
        "password": "hush-77",
        "folder_uri": folder.uri,
    }
    made = client.post("/me/videos", json=body)
    assert made.status_code == 200
    link = made.json()["upload"]["upload_link"]
    assert link.startswith(vimeo.url)
    video = vimeo.user.videos[-1]
    assert (video.name, video.view, video.folder) == ("Fresh", "password", folder)
    assert video not in [each for each in vimeo.user.videos if each.playable]

    tus = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
    with httpx.Client(trust_env=False, verify=NO_TLS) as anyone:
        assert anyone.patch(link, content=b"12345", headers={**tus, "Upload-Offset": "1"}).status_code == 409
        half = anyone.patch(link, content=b"12345", headers={**tus, "Upload-Offset": "0"})
        assert (half.status_code, half.headers["Upload-Offset"]) == (204, "5")
        head = anyone.head(link)
        assert (head.headers["Upload-Offset"], head.headers["Upload-Length"]) == ("5", "10")
        assert anyone.patch(link, content=b"6" * 6, headers={**tus, "Upload-Offset": "5"}).status_code == 413
        assert anyone.patch(link, content=b"67890", headers={**tus, "Upload-Offset": "5"}).status_code == 204
        assert anyone.head(link + "x").status_code == 404

    fields = f"/videos/{video.id}?fields=status,upload,transcode.status,is_playable"
    shown = client.get(fields).json()
    assert (shown["upload"]["status"], shown["transcode"]["status"]) == ("complete", "in_progress")
    assert shown["upload"]["upload_link"] is None
    vimeo.clock.advance(11)
    shown = client.get(fields).json()
    assert (shown["status"], shown["transcode"]["status"], shown["is_playable"]) == (
        "available",
        "complete",
        True,
    )


def test_by_link(api: Api, vimeo: Sandbox) -> None:
    body = {"upload": {"approach": "pull", "link": "https://files.example/a.mp4"}, "name": "Pulled"}
    made = api().post("/me/videos", json=body).json()
    assert made["transcode"]["status"] == "in_progress"
    vimeo.clock.advance(11)
    assert api().get(made["uri"]).json()["is_playable"] is True


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, 2205),
        ({"upload": {}}, 400, 2230),
        ({"type": "pull", "link": "https://a.example"}, 400, 3116),
        ({"upload": {"approach": "tus"}}, 400, 2204),
        ({"upload": {"approach": "tus", "size": "many"}}, 400, 2204),
        ({"upload": {"approach": "pull", "link": "a.mp4"}}, 400, 2204),
        ({"upload": {"approach": "tus", "size": 5}, "folder_uri": "/users/1/projects/2"}, 400, 2204),
        ({"upload": {"approach": "tus", "size": 5}, "privacy": {"view": "password"}}, 400, 2204),
        ({"upload": {"approach": "tus", "size": 10**15}}, 403, 4101),
    ],
)
def test_what_is_refused_makes_nothing(
    body: dict[str, Any], status: int, code: int, api: Api, vimeo: Sandbox
) -> None:
    before = len(vimeo.user.videos)
    answer = api().post("/me/videos", json=body)
    assert (answer.status_code, answer.json()["error_code"]) == (status, code)
    assert len(vimeo.user.videos) == before


@pytest.mark.parametrize("code", [4102, 4104])
def test_quotas_of_a_time(code: int, api: Api, vimeo: Sandbox) -> None:
    vimeo.user.quota_reached = code
    answer = api().post("/me/videos", json={"upload": {"approach": "tus", "size": 5}})
    assert (answer.status_code, answer.json()["error_code"]) == (403, code)


def test_an_upload_link_is_nobodys_but_its_owners(api: Api, vimeo: Sandbox) -> None:
    made = api().post("/me/videos", json={"upload": {"approach": "tus", "size": 5}}).json()
    shown = api(vimeo.users[2]).get(made["uri"]).json()["upload"]
    assert {name for name, value in shown.items() if value is not None} == {"status"}
    assert made["upload"]["upload_link"] not in repr((vimeo.user.videos, vimeo.requests))
