"""What the connection can do, in one answer."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from tests.conftest import Connect
from vimeo_toolkit import NotConnected, Revoked, VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.abilities import ABILITIES
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
    assert result["requests"]["window_seconds"] == 60
    assert "advice" not in result
    assert result["ok"] is True
    assert {"upload from a link", "upload local files", "take changes back"} <= set(result["can"])
    assert list(result["cannot"]) == ["analytics"]
    assert "not in this plan" in result["cannot"]["analytics"]


def test_missing_scopes_name_the_tools_that_need_them(toolkit: VimeoToolkit, connect: Connect) -> None:
    result = toolkit.execute_tool(identifier=connect(scopes=["public", "private"]), tool_name=NAME)
    missing = {each["scope"]: each for each in result["scopes"]["missing"]}
    assert set(missing) == {scope for tool in catalog().values() for scope in tool.scopes} - {
        "public",
        "private",
    }
    assert "vimeo_video_delete" in missing["delete"]["tools"]
    assert "publish" in missing["delete"]["toolsets"]
    assert result["ok"] is False
    assert result["cannot"]["delete videos"] == "not granted: delete"
    assert result["upload"]["allowed"] is False
    assert any("grant the upload scope" in advice for advice in result["advice"])
    assert any("calling the tool gives the link" in advice for advice in result["advice"])


def test_nothing_is_taken_back_without_a_scope_to_write(toolkit: VimeoToolkit, connect: Connect) -> None:
    result = toolkit.execute_tool(identifier=connect(scopes=["public", "private"]), tool_name=NAME)
    assert result["cannot"]["take changes back"] == "not granted: edit"


def test_only_the_tools_of_this_agent_count(toolkit: VimeoToolkit, connect: Connect) -> None:
    identifier = connect(scopes=["public", "private"])
    result = toolkit.execute_tool(identifier=identifier, tool_name=NAME, allowed={NAME, "vimeo_video_like"})
    assert [each["tools"] for each in result["scopes"]["missing"]] == [["vimeo_video_like"]]


def test_a_tool_for_many_edits_counts_for_each_scope_that_it_may_need(
    toolkit: VimeoToolkit, connect: Connect
) -> None:
    allowed = {NAME, "vimeo_videos_change"}
    identifier = connect(scopes=["public", "private", "edit"])
    result = toolkit.execute_tool(identifier=identifier, tool_name=NAME, allowed=allowed)
    assert [each["scope"] for each in result["scopes"]["missing"]] == ["create", "delete", "interact"]
    assert result["ok"] is False
    assert "edit videos" in result["can"]
    assert result["cannot"]["delete videos"] == "not granted: delete"
    assert result["cannot"]["upload from a link"] == "this agent has no tool for it"


def test_abilities_name_tools_that_exist() -> None:
    assert {tool for ability in ABILITIES.values() for tool in ability.tools} <= set(catalog())
    scopes = {name: set(ability.scopes) for name, ability in ABILITIES.items()}
    for name, ability in ABILITIES.items():
        least = [catalog()[tool] for tool in ability.tools]
        assert any(tool.scopes <= scopes[name] for tool in least), name


def test_files_are_only_uploaded_where_the_operator_has_named_folders(
    vimeo: Sandbox, connection: Any
) -> None:
    with VimeoToolkit([connection], store="sqlite:///:memory:") as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        result = toolkit.execute_tool(identifier="u", tool_name=NAME)
        assert "upload from a link" in result["can"]
        assert "named no folder" in result["cannot"]["upload local files"]
        by_file = toolkit.execute_tool(identifier="u", tool_name=NAME, allowed={NAME, "vimeo_video_upload"})
        assert (by_file["ok"], by_file["upload"]["allowed"]) == (False, False)
        none = toolkit.execute_tool(identifier="u", tool_name=NAME, allowed={NAME})
        assert (none["ok"], none["can"], none["upload"]["allowed"]) == (True, [], False)
        assert none["upload"]["free_bytes"] > 0, "how much space is left is told to every agent"


def test_while_the_user_is_limited_it_answers_at_once_with_the_limit(vimeo: Sandbox, connection: Any) -> None:
    user = vimeo.add_user("Free", videos=1, plan="free")
    with VimeoToolkit([connection], store="sqlite:///:memory:", max_wait=100) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token(user).access_token)
        first = toolkit.execute_tool(identifier="u", tool_name=NAME)
        for _ in range(first["requests"]["remaining"]):
            toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")
        sent = len(vimeo.requests)
        result = toolkit.execute_tool(identifier="u", tool_name=NAME)
        assert len(vimeo.requests) == sent
        assert result["ok"] is False
        assert "limit" in result["reason"]
        assert not set(result["can"]) & {"analytics", "change who may download videos"}
        assert "not known now" in result["cannot"]["analytics"]
        assert result["user"]["uri"] == user.uri
        assert (result["requests"]["limit"], result["requests"]["remaining"]) == (50, 0)
        assert result["requests"]["window_seconds"] >= 60
        assert "edit videos" in result["can"]


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


def test_the_window_is_vimeos_whatever_this_machines_clock_says(
    toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox
) -> None:
    vimeo.clock.advance(14 * 3600.0)
    result = toolkit.execute_tool(identifier=connect(), tool_name=NAME)
    assert result["requests"]["window_seconds"] == 60
    resets = datetime.fromisoformat(result["requests"]["resets"])
    assert 0 < (resets - vimeo.clock.now()).total_seconds() <= 61


def test_what_is_reached_by_name_counts_as_can(toolkit: VimeoToolkit, connect: Connect) -> None:
    """An agent with the default tools calls the others by their names."""
    tools = {tool.name: tool for tool in toolkit.bind_tools(identifier=connect())}
    told = json.loads(tools[NAME].call({}).text)
    wanted = {name for name in ABILITIES if name != "analytics"}
    assert set(told["can"]) == wanted
    without = toolkit.bind_tools(identifier="user_1", exclude=["vimeo_tool_call"])
    told = json.loads({tool.name: tool for tool in without}[NAME].call({}).text)
    reached = {name for name in wanted if {*ABILITIES[name].tools} & {tool.name for tool in without}}
    assert set(told["can"]) == reached < wanted


def test_a_model_reads_each_missing_scope_once(toolkit: VimeoToolkit, connect: Connect) -> None:
    """A program gets the tools that need each, too."""
    result = toolkit.execute_tool(identifier=connect(scopes=["public", "private"]), tool_name=NAME)
    shown = result.for_model()
    assert shown["missing_scopes"] == [each["scope"] for each in result["scopes"]["missing"]] != []
    assert "scopes" not in shown
    assert all(each["tools"] for each in result["scopes"]["missing"])
    assert all("not granted" in why or "plan" in why for why in shown["cannot"].values())
