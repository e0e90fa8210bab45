"""Links to a video's files: the product's code gets them, and no result has one."""

from __future__ import annotations

import pytest

from tests.conftest import Connect
from vimeo_toolkit import MissingScope, NotFound, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox

TOOL = "vimeo_video_downloads_list"


def test_an_agent_sees_the_files_and_no_link(toolkit: VimeoToolkit, vimeo: Sandbox, connect: Connect) -> None:
    given = {"video_id": vimeo.user.videos[0].uri}
    for detail in ("compact", "full"):
        result = toolkit.execute_tool(
            identifier=connect(),
            tool_name=TOOL,
            tool_input=given,
            detail=detail,
        )
        assert [each["quality"] for each in result["data"]] == ["sd", "hd", "hd"]
        assert "progressive_redirect" not in str(result.data) + result.to_text() + repr(result)
        assert "not shown" in result.notes[0]
    planned = toolkit.execute_tool(identifier="user_1", tool_name=TOOL, tool_input=given, dry_run=True)
    assert planned["requests"][0]["path"] == given["video_id"]


async def test_a_products_code_gets_the_links_as_secrets(
    toolkit: VimeoToolkit, vimeo: Sandbox, connect: Connect
) -> None:
    video, who = vimeo.user.videos[0], connect()
    found = toolkit.download_links(video.uri, identifier=who)
    assert [(each.quality, each.height) for each in found] == [("sd", 360), ("hd", 720), ("hd", 1080)]
    assert all(each.link.reveal().startswith("https://player.vimeo.com/") for each in found)
    assert "player.vimeo.com" not in repr(found)
    assert await toolkit.adownload_links(str(video.id), identifier=who) == found


def test_where_there_are_none(toolkit: VimeoToolkit, vimeo: Sandbox, connect: Connect) -> None:
    who = connect()
    vimeo.user.plan = "free"
    result = toolkit.execute_tool(
        identifier=who, tool_name=TOOL, tool_input={"video_id": str(vimeo.user.videos[0].id)}
    )
    assert (result["total"], "plan" in result.notes[0]) == (0, True)
    assert toolkit.download_links(vimeo.user.videos[0].uri, identifier=who) == []
    with pytest.raises(NotFound):
        toolkit.download_links("404404", identifier=who)


def test_the_scope_is_needed(toolkit: VimeoToolkit, vimeo: Sandbox, connect: Connect) -> None:
    who = connect(scopes=["public", "private"])
    with pytest.raises(MissingScope, match="video_files"):
        toolkit.download_links("1", identifier=who)
    assert vimeo.requests == []
