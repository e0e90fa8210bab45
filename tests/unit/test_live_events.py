"""Live events and viewers: what a plan without them answers, and what is never shown."""

from __future__ import annotations

import pytest

from tests.conftest import Connect
from vimeo_toolkit import BadRequest, Forbidden, InvalidInput, NotFound, VimeoToolkit
from vimeo_toolkit.catalog.toolsets import DEFAULT
from vimeo_toolkit.sandbox import Sandbox


def test_a_plan_without_live_events_is_explained(
    toolkit: VimeoToolkit, vimeo: Sandbox, connect: Connect
) -> None:
    who = connect()
    vimeo.user.plan = "free"
    for name, given in (("s_list", {}), ("_create", {"title": "A"}), ("_get", {"live_event_id": "7"})):
        with pytest.raises(NotFound, match="plan"):
            toolkit.execute_tool(identifier=who, tool_name=f"vimeo_live_event{name}", tool_input=given)


def test_neither_key_nor_address_of_a_stream_is_shown(
    toolkit: VimeoToolkit, vimeo: Sandbox, connect: Connect
) -> None:
    who = connect()
    made = toolkit.execute_tool(
        identifier=who, tool_name="vimeo_live_event_create", tool_input={"title": "Open studio"}
    )
    whole = toolkit.execute_tool(
        identifier=who,
        tool_name="vimeo_live_event_get",
        tool_input={"live_event_id": made["uri"]},
        detail="full",
    )
    assert {whole[name] for name in ("stream_key", "rtmp_link", "rtmps_link")} == {"[redacted]"}
    raw = toolkit.request("GET", made["uri"], identifier=who)
    assert {raw[name] for name in ("stream_key", "rtmp_link", "rtmps_link")} == {"[redacted]"}


def test_an_event_that_is_not_on_cannot_be_ended(
    toolkit: VimeoToolkit, vimeo: Sandbox, connect: Connect
) -> None:
    who = connect()
    made = toolkit.execute_tool(
        identifier=who, tool_name="vimeo_live_event_create", tool_input={"title": "Open studio"}
    )
    given = {"live_event_id": made["link"]}
    with pytest.raises(BadRequest):
        toolkit.execute_tool(identifier=who, tool_name="vimeo_live_event_end", tool_input=given)
    with pytest.raises(InvalidInput, match="password"):
        toolkit.execute_tool(
            identifier=who,
            tool_name="vimeo_live_event_edit",
            tool_input={**given, "privacy": "password"},
        )


def test_only_an_unlisted_video_has_a_list_of_people(
    toolkit: VimeoToolkit, vimeo: Sandbox, connect: Connect
) -> None:
    who = connect()
    video = next(each for each in vimeo.user.videos if each.view == "anybody")
    given = {"video_id": str(video.id)}
    with pytest.raises(BadRequest, match="unlisted"):
        toolkit.execute_tool(identifier=who, tool_name="vimeo_video_viewers_list", tool_input=given)
    given["user_id"] = str(vimeo.users[1].id)
    with pytest.raises(Forbidden, match="unlisted"):
        toolkit.execute_tool(identifier=who, tool_name="vimeo_video_viewer_add", tool_input=given)


def test_they_are_not_among_the_default_tools() -> None:
    assert not [name for name in DEFAULT if "live_event" in name or "viewer" in name]
