"""Every number in what a model reads says what it counts, over the results of all tools."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Connect
from tests.examples import UPLOADS, example_input, keep_example
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.shape import shaped
from vimeo_toolkit.units import UNIT_NAMES

UNITS = "seconds|bytes|percent|percent_watched|tokens|per_page|videos"
WITH_A_UNIT = re.compile(rf".*(?:_|^)(?:{UNITS})(?:_|$).*")

COUNTS = {
    *(
        "total",
        "count",
        "added",
        "moved",
        "already_there",
        "matches",
        "shown",
        "segments",
        "done",
        "of",
        "plays",
        "views",
        "downloads",
    ),
    *(
        "finishes",
        "impressions",
        "unique_impressions",
        "unique_viewers",
        "empty_entries",
        "requests",
        "replies",
    ),
}
"""How many there are of what the name says, or of what stands in the list."""
PLACES = {"page", "next_page", "start", "next_start", "id", "place"}
SIZES = {"width", "height"}
"""Of a picture: everybody counts them in pixels."""
LIMITS = {"limit", "remaining"}
"""Of requests, under `requests`."""

READS = sorted(
    (name for name, tool in catalog().items() if tool.read_only),
    key=lambda name: name != "vimeo_result_read",  # first, because only the last results are kept
)
WRITES = (
    "vimeo_folder_videos_add",
    "vimeo_group_create",
    "vimeo_showcase_create",
    "vimeo_showcase_videos_add",
    "vimeo_video_chapter_create",
    "vimeo_video_upload",
)


def numbers(value: Any, path: str = "") -> Iterator[str]:
    """The paths of the numbers in a value."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from numbers(each, f"{path}.{name}")
    elif isinstance(value, list):
        for each in value:
            yield from numbers(each, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path


def plain(path: str) -> bool:
    *_, owner, name = path.split(".")
    return (
        name in COUNTS | PLACES | SIZES
        or bool(WITH_A_UNIT.fullmatch(name))
        or (name in LIMITS and owner == "requests")
    )


def bare_numbers(toolkit: VimeoToolkit, who: str, tool: str, vimeo: Sandbox) -> set[str]:
    vimeo.user.window.used = 0
    given = example_input(tool, vimeo)
    result = toolkit.execute_tool(identifier=who, tool_name=tool, tool_input=given)
    return {f"{tool}{path}" for path in numbers(result.for_model(tables=False)) if not plain(path)}


def test_every_number_says_what_it_counts(vimeo: Sandbox, connection: Connection) -> None:
    """Of all tools that read, and those that change something and tell numbers."""
    with VimeoToolkit([connection], store="sqlite:///:memory:", upload_folders=[UPLOADS]) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        keep_example(toolkit, "u")
        for name in (*READS, *WRITES):
            assert bare_numbers(toolkit, "u", name, vimeo) == set()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(catalog()))
def test_every_number_of_every_tool(name: str, vimeo: Sandbox, connection: Connection) -> None:
    with VimeoToolkit([connection], store="sqlite:///:memory:", upload_folders=[UPLOADS]) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        keep_example(toolkit, "u")
        assert bare_numbers(toolkit, "u", name, vimeo) == set()


@pytest.mark.parametrize(("unit", "word"), [("video_size", "bytes"), ("video_count", "videos")])
def test_what_is_free_is_bytes_or_videos(unit: str, word: str) -> None:
    quota = {"upload_quota": {"space": {"free": 1, "max": 2, "unit": unit}}}
    shown = shaped(quota, limit=1_000, rest="")
    assert shown == {"upload_quota": {"space": {f"free_{word}": 1, f"max_{word}": 2}}}


def test_a_unit_that_is_not_known_stays_beside_its_number() -> None:
    quota = {"space": {"free": 1, "unit": "parsecs"}}
    assert shaped(quota, limit=1_000, rest="") == quota


def test_the_products_code_has_vimeos_names(vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect) -> None:
    result = toolkit.execute_tool(identifier=connect(), tool_name="vimeo_my_videos_list")
    assert "duration" in result["data"][0]
    assert "duration_seconds" in result.for_model()["columns"]


@pytest.mark.parametrize("name", ["duration", "duration_seconds"])
def test_a_part_is_read_by_either_name(
    name: str, vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    who = connect()
    kept = toolkit.execute_tool(identifier=who, tool_name="vimeo_my_videos_list").handle
    part = toolkit.execute_tool(
        identifier=who,
        tool_name="vimeo_result_read",
        tool_input={"result": kept, "count": 1, "fields": [name]},
    )
    assert part["data"][0][name] > 0
    assert part.for_model(tables=False)["data"][0]["duration_seconds"] > 0


@pytest.mark.parametrize("name", ["videos", "metadata.connections.videos.total"])
def test_a_count_is_read_by_either_name(
    name: str, vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    who = connect()
    for number in range(10):
        toolkit.execute_tool(
            identifier=who, tool_name="vimeo_folder_create", tool_input={"name": f"F {number}"}
        )
    kept = toolkit.execute_tool(identifier=who, tool_name="vimeo_folders_list")
    table = kept.for_model()
    assert "videos" in {*table["columns"], *table.get("every_row", {})}
    asked = {"result": kept.handle, "count": 1, "fields": [name]}
    part = toolkit.execute_tool(identifier=who, tool_name="vimeo_result_read", tool_input=asked)
    assert part["data"][0][name] == kept["data"][0]["metadata"]["connections"]["videos"]["total"]


def test_no_name_with_a_unit_is_a_name_of_vimeos() -> None:
    assert not set(UNIT_NAMES) & set(UNIT_NAMES.values())
