"""What the connection can do, in one answer."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Connect
from vimeo_toolkit import NotConnected, Revoked, VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.sandbox import Sandbox

NAME = "vimeo_connection_check"


def test_all_is_well(toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox) -> None:
    result = toolkit.execute_tool(identifier=connect(), tool_name=NAME)
    assert len(vimeo.requests) == 1
    assert result["plan"] == "advanced"
    assert result["scopes"]["missing"] == []
    assert "edit" in result["scopes"]["granted"]
    assert result["upload"] == {
        "allowed": True,
        "free_bytes": vimeo.user.quota_bytes - vimeo.user.space_used,
        "max_bytes": vimeo.user.quota_bytes,
    }
    assert (result["requests"]["limit"], result["requests"]["remaining"]) == (1500, 1499)
    assert result["requests"]["resets"].endswith("+00:00")
    assert "advice" not in result


def test_missing_scopes_name_the_tools_that_need_them(toolkit: VimeoToolkit, connect: Connect) -> None:
    result = toolkit.execute_tool(identifier=connect(scopes=["public", "private"]), tool_name=NAME)
    missing = {each["scope"]: each for each in result["scopes"]["missing"]}
    assert set(missing) == {scope for tool in catalog().values() for scope in tool.scopes} - {
        "public",
        "private",
    }
    assert "vimeo_video_delete" in missing["delete"]["tools"]
    assert "publish" in missing["delete"]["toolsets"]
    assert result["upload"]["allowed"] is False
    assert any("grant the upload scope" in advice for advice in result["advice"])
    assert any("calling the tool gives the link" in advice for advice in result["advice"])


def test_only_the_tools_of_this_agent_count(toolkit: VimeoToolkit, connect: Connect) -> None:
    identifier = connect(scopes=["public", "private"])
    result = toolkit.execute_tool(identifier=identifier, tool_name=NAME, allowed={NAME, "vimeo_video_like"})
    assert [each["tools"] for each in result["scopes"]["missing"]] == [["vimeo_video_like"]]


def test_no_upload_access_and_a_full_account(toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox) -> None:
    connect("without", user=vimeo.add_user("Without", upload_access=False))
    result = toolkit.execute_tool(identifier="without", tool_name=NAME)
    assert result["upload"] == {"allowed": False}
    assert any("upload access" in advice for advice in result["advice"])
    full = vimeo.add_user("Full", videos=1)
    full.quota_bytes, full.video_quota = 1, None
    connect("full", user=full)
    result = toolkit.execute_tool(identifier="full", tool_name=NAME)
    assert result["upload"] == {"allowed": False, "free_bytes": 0, "max_bytes": 1}
    assert any("used up" in advice for advice in result["advice"])


def test_a_connection_that_does_not_work_says_what_to_do(
    toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox
) -> None:
    with pytest.raises(NotConnected) as never:
        toolkit.execute_tool(identifier="nobody", tool_name=NAME)
    assert never.value.authorization_link
    identifier = connect()
    vimeo.revoke_all(vimeo.user)
    with pytest.raises(Revoked) as revoked:
        toolkit.execute_tool(identifier=identifier, tool_name=NAME)
    assert "authorization link" in revoked.value.hint


def test_it_holds_no_secret(toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox) -> None:
    result = toolkit.execute_tool(identifier=connect("tenant-marker"), tool_name=NAME)
    text = json.dumps(result.data)
    hidden = [*vimeo.world.tokens, vimeo.app.client_secret, vimeo.app.client_id, "tenant-marker"]
    assert not [secret for secret in hidden if secret in text]
