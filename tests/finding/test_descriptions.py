"""How tools are described, so that short requests find them: by the rules of CONTRIBUTING.md."""

from __future__ import annotations

import re

import pytest

from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.tool import Tool

SAID_BY_PEOPLE = frozenset(
    {
        "add",
        "allow",
        "answer",
        "apply",
        "change",
        "check",
        "clear",
        "comment",
        "create",
        "delete",
        "edit",
        "end",
        "file",
        "find",
        "follow",
        "forbid",
        "get",
        "leave",
        "let",
        "like",
        "list",
        "look",
        "make",
        "move",
        "notify",
        "put",
        "read",
        "remove",
        "rename",
        "replace",
        "reply",
        "save",
        "schedule",
        "search",
        "set",
        "show",
        "start",
        "stop",
        "switch",
        "tag",
        "take",
        "tell",
        "turn",
        "undo",
        "unfollow",
        "unlike",
        "update",
        "upload",
        "use",
        "wait",
        "write",
    }
)
LONGEST = 220

every_tool = pytest.mark.parametrize("tool", list(catalog().values()), ids=lambda tool: tool.name)


@every_tool
def test_it_begins_with_a_verb_of_people(tool: Tool) -> None:
    assert tool.description.split()[0].lower() in SAID_BY_PEOPLE


@every_tool
def test_it_names_no_tool(tool: Tool) -> None:
    assert not re.search(r"vimeo_\w+", tool.description)


@every_tool
def test_it_says_what_the_tool_does_and_not_what_it_does_not(tool: Tool) -> None:
    assert not re.search(r"\b(not|never|cannot|instead|except|unless)\b|n't\b", tool.description)


@every_tool
def test_it_is_short(tool: Tool) -> None:
    assert len(tool.description) <= LONGEST


@every_tool
def test_no_two_are_alike(tool: Tool) -> None:
    alike = [other.name for other in catalog().values() if other.description == tool.description]
    assert alike == [tool.name]
