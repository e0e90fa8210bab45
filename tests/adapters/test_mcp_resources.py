"""Videos and transcripts as resources, and how far a long call is: with the SDK's own client in both eras."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from vimeo_mcp import create_server
from vimeo_mcp.resources import MOST

from tests.examples import UPLOADS, example_input
from tests.waiting import hurry
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox

ERAS = ("auto", "legacy")


@pytest.fixture
def own(connection: Connection, vimeo: Sandbox) -> Iterator[VimeoToolkit]:
    with VimeoToolkit([connection], store="sqlite:///:memory:", upload_folders=[UPLOADS]) as made:
        made.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        vimeo.requests.clear()
        yield made


def _client(own: VimeoToolkit, era: str = "auto", **choice: Any) -> Client:
    return Client(create_server("u", toolkit=own, **choice), mode=era)


async def _read(client: Client, uri: str) -> Any:
    (contents,) = (await client.read_resource(uri)).contents
    assert contents.mime_type == "application/json"
    return json.loads(contents.text)  # type: ignore[union-attr]


@pytest.mark.parametrize("era", ERAS)
async def test_videos_and_transcripts(era: str, own: VimeoToolkit, vimeo: Sandbox) -> None:
    spoken = example_input("vimeo_video_transcript_get", vimeo)["video_id"]
    async with _client(own, era) as client:
        templates = (await client.list_resource_templates()).resource_templates
        assert [each.name for each in templates] == ["video", "transcript"]
        listed = (await client.list_resources()).resources
        assert len(vimeo.requests) == 1, "one request for all"
        assert len(listed) == min(MOST, len(vimeo.user.videos))
        assert (await _read(client, str(listed[0].uri)))["name"] == listed[0].title
        told = await _read(client, f"vimeo://videos/{spoken}/transcript")
        assert told["available"] is True
        found = await _read(client, f"vimeo://videos/{spoken}/transcript?start=0&language=en")
        assert found["segments"] == told["segments"]


NOT_RESOURCES = [
    "vimeo://videos/me/../../users",
    "vimeo://videos/999999999999",
    "vimeo://videos/x",
    "vimeo://videos/1/transcript?max_tokens=1",
    "vimeo://videos/1?fields=all",
    "vimeo://users/1",
    "https://vimeo.com/1",
    "vimeo://videos/%2e%2e",
]


async def test_what_is_not_a_resource(own: VimeoToolkit) -> None:
    async with _client(own) as client:
        for uri in NOT_RESOURCES:
            with pytest.raises(MCPError) as caught:
                await client.read_resource(uri)
            assert caught.value.error.code == -32602, uri


async def test_a_server_has_the_resources_of_its_tools(own: VimeoToolkit, vimeo: Sandbox) -> None:
    number = str(vimeo.user.videos[0].id)
    async with _client(own, include=["vimeo_me_get", "vimeo_video_transcript_get"]) as client:
        templates = (await client.list_resource_templates()).resource_templates
        assert [each.name for each in templates] == ["transcript"]
        assert (await client.list_resources()).resources == []
        with pytest.raises(MCPError):
            await client.read_resource(f"vimeo://videos/{number}")
    async with _client(own, include=["vimeo_me_get"]) as client:
        assert client.server_capabilities is not None
        assert client.server_capabilities.resources is None
    assert vimeo.requests == []


async def test_the_account_is_looked_at_as_for_a_call(own: VimeoToolkit, vimeo: Sandbox) -> None:
    async with Client(create_server("nobody", toolkit=own)) as client:
        for ask in client.list_resources, lambda: client.read_resource("vimeo://videos/1"):
            with pytest.raises(MCPError, match="has not connected a Vimeo account") as caught:
                await ask()
            assert "authorize" not in str(caught.value.error)
    assert vimeo.requests == []


# ---- progress ----


@pytest.mark.parametrize("era", ERAS)
async def test_how_far_an_upload_and_a_wait_are(era: str, own: VimeoToolkit, vimeo: Sandbox) -> None:
    hurry(own)
    seen: list[tuple[float, float | None]] = []

    async def told(progress: float, total: float | None, message: str | None) -> None:
        seen.append((progress, total))

    async with _client(own, era, toolsets="all") as client:
        given = example_input("vimeo_video_upload", vimeo)
        result = await client.call_tool("vimeo_video_upload", given, progress_callback=told)
        assert not result.is_error
        assert seen
        assert seen[-1][0] == seen[-1][1] == (UPLOADS / given["path"]).stat().st_size
        seen.clear()
        video = next(video for video in vimeo.user.videos if video.transcode == "in_progress")
        waits = {"video_id": str(video.id), "max_seconds": 3}
        await client.call_tool("vimeo_video_wait_ready", waits, progress_callback=told)
        assert [each[1] for each in seen] == [3] * len(seen)
        assert [each[0] for each in seen] == sorted({each[0] for each in seen})
        assert seen
        count = len(seen)
        await client.call_tool("vimeo_video_wait_ready", waits)
        assert len(seen) == count, "who does not ask is not told"
