"""A framework that has no adapter, and demands a description of every input: smolagents, by the guide's block."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Connect
from tests.docs.blocks import ROOT, blocks_of
from vimeo_toolkit import BoundTool, VimeoToolkit


@pytest.mark.slow
def test_smolagents(toolkit: VimeoToolkit, connect: Connect) -> None:
    smolagents = pytest.importorskip("smolagents", reason="needs the group `converters`")
    connect("u")
    page = ROOT / "docs" / "guides" / "agents.md"
    (block,) = (each.code for each in blocks_of(page) if "def inputs_of" in each.code)
    bound = {each.name: each for each in toolkit.bind_tools(identifier="u", toolsets="all")}
    names: dict[str, Any] = {"tools": bound}
    exec(block, names)  # noqa: S102 - our own documentation

    def made(each: BoundTool, inputs: dict[str, Any]) -> Any:
        def forward(self: Any, **arguments: Any) -> str:
            return each.call(arguments).text

        declared = {
            "name": each.name,
            "description": each.description,
            "inputs": inputs,
            "output_type": "string",
            "skip_forward_signature_validation": True,
            "forward": forward,
        }
        return type(each.name, (smolagents.Tool,), declared)()

    tools = {name: made(each, names["inputs_of"](each)) for name, each in bound.items()}
    assert len(tools) == len(bound)
    assert '"total":' in tools["vimeo_my_videos_list"](per_page=1)
    assert "last_user_action_event_date" in tools["vimeo_my_videos_list"].to_code_prompt()
    with pytest.raises(AssertionError, match="description"):
        made(bound["vimeo_my_videos_list"], bound["vimeo_my_videos_list"].schema["properties"])
