"""Which tools come by a name of several."""

from __future__ import annotations

import pytest

from tests.contract.openapi import tools_59
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.catalog.toolsets import DEFAULT, webhooks


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
    assert names(toolkit, "default") == DEFAULT
    assert names(toolkit, ["default", "webhooks"]) == DEFAULT | {tool.name for tool in webhooks.tools}
