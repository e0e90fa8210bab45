"""Which tools come by a name of several."""

from __future__ import annotations

import re

import pytest

from tests.contract.openapi import tools_59
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.selection import TOOL_CALL
from vimeo_toolkit.catalog.toolsets import DEFAULT, webhooks
from vimeo_toolkit.catalog.video_changes import VideosChange


def names(toolkit: VimeoToolkit, toolsets: str | list[str]) -> set[str]:
    return {tool.name for tool in toolkit.tools(toolsets=toolsets)}


@pytest.mark.parametrize(
    ("toolset", "parts"), [("hosted31", {"core31"}), ("hosted59", {"core31", "extended59"})]
)
def test_the_hosted_connectors_sets(toolset: str, parts: set[str], toolkit: VimeoToolkit) -> None:
    expected = {each["tool"] for each in tools_59() if each["set"] in parts}
    assert names(toolkit, toolset) == expected
    assert str(len(expected)) in toolset


def test_a_group_beside_a_choice(toolkit: VimeoToolkit) -> None:
    assert names(toolkit, "default") == DEFAULT | {TOOL_CALL}
    assert names(toolkit, ["default", "webhooks"]) == DEFAULT | {TOOL_CALL} | {
        tool.name for tool in webhooks.tools
    }
    assert TOOL_CALL not in names(toolkit, "all") | names(toolkit, "webhooks") | names(toolkit, "hosted59")


BY_A_CHANGE = {
    "vimeo_video_tag_remove": "remove_tags",
    "vimeo_folder_video_remove": "move_to_folder",
    "vimeo_showcase_video_remove": "remove_from_showcases",
    "vimeo_video_unlike": "like",
}
"""Tool → the input of vimeo_videos_change that does the same."""
BY_NAME = {"vimeo_video_texttrack_edit"}
"""Called by vimeo_tool_call: it switches on what vimeo_video_captions_add has switched off, if anything."""


@pytest.mark.parametrize("name", sorted(name for name in DEFAULT if not catalog()[name].read_only))
def test_what_the_default_tools_do_can_be_taken_back_with_them(name: str) -> None:
    """By the tools that `undo` names; what has no `undo` is itself the way back from another default tool."""
    undo = catalog()[name].undo
    if undo:
        others = set(re.findall(r"vimeo_\w+", undo)) - DEFAULT
        assert others <= BY_A_CHANGE.keys() | BY_NAME
        assert {BY_A_CHANGE[other] for other in others - BY_NAME} <= set(VideosChange.model_fields)
    else:
        assert any(name in (catalog()[other].undo or "") for other in DEFAULT)
