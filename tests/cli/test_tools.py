from __future__ import annotations

import json
import shlex

import pytest

from tests.cli.conftest import Run
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.cli import output


def test_lists_every_tool(run: Run) -> None:
    outcome = run("tools")
    assert outcome.exit_code == 0
    assert [name for name in catalog() if name not in outcome.stdout] == []


def test_json_has_the_schemas(run: Run) -> None:
    listed = json.loads(run("tools", "--json").stdout)
    assert {each["name"]: each["input_schema"] for each in listed} == {
        tool.name: tool.input_schema for tool in catalog().values()
    }


def test_read_only_leaves_out_what_changes_something(run: Run) -> None:
    listed = json.loads(run("tools", "--read-only", "--json").stdout)
    assert {each["name"] for each in listed} == {tool.name for tool in catalog().values() if tool.read_only}


def test_toolset_chooses_a_group(run: Run) -> None:
    listed = json.loads(run("tools", "--toolset", "organize", "--json").stdout)
    assert {each["toolset"] for each in listed} == {"organize"}


def test_one_tool_is_shown_with_its_inputs(run: Run) -> None:
    outcome = run("tools", "vimeo_showcase_video_add")
    assert outcome.exit_code == 0
    assert "album_id" in outcome.stdout


def test_unknown_name_is_wrong_usage(run: Run) -> None:
    outcome = run("tools", "vimeo_my_video_list")
    assert outcome.exit_code == 2
    assert "Did you mean vimeo_my_videos_list" in outcome.stderr


def test_unknown_toolset_is_wrong_usage(run: Run) -> None:
    assert run("tools", "--toolset", "nothing").exit_code == 2


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize("name", ["vimeo_video_edit", "vimeo_my_videos_find", "vimeo_me_get"])
def test_one_tool_says_what_each_input_is_for(
    name: str, width: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output.out, "_width", width)
    tool, shown = catalog()[name], run("tools", name).stdout
    text, command = " ".join(shown.split()), shown.splitlines()[-1]
    assert all(f"{name}: " in text and about in text for name, about in tool.input_help.items())
    assert tool.description in text
    assert all(len(line) <= width for line in shown.splitlines() if line != command)
    required = tool.input_schema.get("required", [])
    assert shlex.split(command) == [
        "vimeo-toolkit", "call", name, *(f"{each}={each.upper()}" for each in required)
    ]  # fmt: skip


def test_all_about_one_tool_for_programs(run: Run) -> None:
    told = run("tools", "vimeo_video_edit")
    assert "--json" in told.stderr
    (listed,) = json.loads(run("tools", "vimeo_video_edit", "--json").stdout)
    tool = catalog()["vimeo_video_edit"]
    assert (listed["input_help"], listed["input_schema"]) == (tool.input_help, tool.input_schema)
