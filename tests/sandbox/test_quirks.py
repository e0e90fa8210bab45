"""What Vimeo does wrong can be switched on, concerns what it says, and is over when it is switched off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from vimeo_toolkit.sandbox import QUIRKS, Sandbox


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Sandbox, httpx.Client]]:
    with Sandbox() as sandbox:
        token = sandbox.issue_token().access_token
        with httpx.Client(base_url=sandbox.url, headers={"Authorization": f"bearer {token}"}) as client:
            yield sandbox, client


def _listed(client: httpx.Client) -> dict[str, Any]:
    return dict(client.get("/me/videos?fields=uri&per_page=3").json())


SEEN: dict[str, Any] = {
    "total-too-low": lambda body, good: body["total"] == 3 < good["total"],
    "total-too-high": lambda body, good: body["total"] > good["total"],
    "null-entries": lambda body, good: body["data"] == [*good["data"][:2], None],
    "entries-without-uri": lambda body, good: body["data"] == [*good["data"][:2], {}],
}


@pytest.mark.parametrize("quirk", SEEN)
def test_lists(running: tuple[Sandbox, httpx.Client], quirk: str) -> None:
    sandbox, client = running
    good = _listed(client)
    sandbox.quirks.on(quirk)
    assert SEEN[quirk](_listed(client), good)
    sandbox.quirks.off(quirk)
    assert _listed(client) == good


def test_writes(running: tuple[Sandbox, httpx.Client]) -> None:
    sandbox, client = running
    showcase, (first, second) = sandbox.user.showcases[0], sandbox.user.videos[:2]
    contents = {"videos": f"{first.uri},{second.uri}"}
    for quirk, left in (("showcase-set-empties", []), ("showcase-set-drops-last", [first])):
        sandbox.quirks.on(quirk, times=1)
        assert client.put(f"/me/albums/{showcase.id}/videos", json=contents).status_code == 201
        assert showcase.videos == left
        assert sandbox.quirks.active == []
    sandbox.quirks.on("privacy-ignored", times=1)
    before = first.view
    asked = {"name": "New", "privacy": {"view": "unlisted"}}
    assert client.patch(first.uri, json=asked).json()["privacy"]["view"] == before
    assert (first.name, first.view) == ("New", before)
    sandbox.quirks.on("tags-ignored", times=1)
    tags = list(second.tags)
    assert client.put(f"{second.uri}/tags", json=[{"name": "new"}]).json()["total"] == 0
    assert second.tags == tags


def test_a_ban_and_a_lost_answer(running: tuple[Sandbox, httpx.Client]) -> None:
    sandbox, client = running
    sandbox.quirks.on("html-ban", times=1, match=lambda method, path: path == "/me")
    assert client.get("/me/videos").status_code == 200
    banned = client.get("/me")
    assert banned.status_code == 403
    assert banned.headers["content-type"].startswith("text/html")
    assert "x-ratelimit-remaining" not in banned.headers
    sandbox.quirks.on("lost-answer", times=1)
    video = sandbox.user.videos[-1]
    with pytest.raises(httpx.RemoteProtocolError):
        client.delete(video.uri)
    assert video not in sandbox.user.videos
    assert client.delete(video.uri).status_code == 404


def test_names() -> None:
    with pytest.raises(ValueError, match="showcase-set-empties"):
        Sandbox(quirks=["no-such-quirk"])
    assert all(quirk.what.endswith(".") and quirk.source for quirk in QUIRKS.values())
