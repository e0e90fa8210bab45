"""What a model is shown of a result."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.world import World, answer, run
from vimeo_toolkit import InvalidInput, VimeoToolkit
from vimeo_toolkit.calls.result import ToolResult
from vimeo_toolkit.calls.state import LARGE
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.shape import LONG_IN_ROW, shaped, to_json
from vimeo_toolkit.tables import items_of
from vimeo_toolkit.token_estimate import tokens_in


def _videos(count: int, **more: Any) -> list[dict[str, Any]]:
    return [
        {
            "uri": f"/videos/{number}",
            "name": f"Video {number}",
            "link": f"https://vimeo.com/{number}",
            "created_time": "2026-11-23T12:00:00+00:00",
            "privacy": {"view": "anybody"},
            "stats": {"plays": number if number % 2 else None},
            "tags": [{"name": "a"}, {"name": "b"}],
            **more,
        }
        for number in range(1, count + 1)
    ]


def _shaped(data: dict[str, Any], limit: int = 24_000, **more: Any) -> dict[str, Any]:
    return shaped(data, limit=limit, rest="Read on.", **more)


def test_a_list_becomes_a_table() -> None:
    shown = _shaped({"total": 6, "data": _videos(6)})
    assert shown == {
        "total": 6,
        "link_pattern": "https://vimeo.com/{last part of uri}",
        "every_row": {
            "created_time": "2026-11-23T12:00:00Z",
            "privacy.view": "anybody",
            "tags.name": ["a", "b"],
        },
        "columns": ["uri", "name", "stats.plays"],
        "data": [
            [f"/videos/{number}", f"Video {number}", number if number % 2 else None] for number in range(1, 7)
        ],
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: st.dictionaries(st.sampled_from(["uri", "link", "a", "b", "c"]), inner, max_size=4),
    max_leaves=8,
)


@settings(deadline=None)
@given(JSON, st.integers(500, 1500))
def test_any_answer_can_be_shown_within_the_limit(value: Any, limit: int) -> None:
    flood = [value, "x" * 5_000, {"uri": "u" * 9_000, "y": [value] * 50}]
    for data in (
        {"data": [value] * 5},
        {"data": value},
        {"x": value},
        {"data": flood},
        {"x": flood, "y": flood},
    ):
        for text in (
            ToolResult(data, limit=limit).to_text(),
            ToolResult(data, limit=limit, detail="full", handle="r1").to_text(),
            ToolResult(
                data, limit=limit, notes=("n" * 9_000,) * 50, untrusted_fields=("name",) * 99
            ).to_text(),
        ):
            json.loads(text)
            assert tokens_in(text) <= limit + (2_000 if "notes" in text else 0)


@given(st.lists(st.none() | st.dictionaries(st.sampled_from(["uri", "name"]), JSON), max_size=12))
def test_nulls_in_a_list_cost_nothing_but_themselves(items: list[dict[str, Any] | None]) -> None:
    whole = [item for item in items if item is not None]
    shown = _shaped({"data": items}, limit=10**9)
    without = _shaped({"data": whole}, limit=10**9)
    assert shown.get("empty_entries", 0) == len(items) - len(whole)
    assert {name: part for name, part in shown.items() if name != "empty_entries"} == without


def test_one_null_in_a_hundred_videos() -> None:
    videos: list[Any] = _videos(99)
    shown = _shaped({"total": 100, "data": [*videos[:40], None, *videos[40:]]})
    assert len(shown["data"]) == 99
    assert shown["columns"][0] == "uri"


@pytest.mark.parametrize("items", [["a", "b"] * 3000, [1, None, "x"], [[1], [2]], [None] * 5])
def test_lists_of_other_things_are_lists_too(items: list[Any]) -> None:
    shown = _shaped({"total": len(items), "data": items}, limit=1_500)
    assert tokens_in(to_json(shown)) <= 1_500
    expected = [item for item in items if item is not None]
    assert shown["data"] == expected[: len(shown["data"])]
    assert ("cut" in shown) == (len(shown["data"]) < len(expected))


def test_a_list_is_cut_to_the_limit_and_says_where_to_go_on() -> None:
    videos = [{"uri": f"/videos/{number}", "name": f"{number}" * 20} for number in range(1000, 1900)]
    shown = _shaped({"total": 900, "data": videos}, limit=1_500, start=50)
    assert 1_000 < tokens_in(to_json(shown)) <= 1_500
    count = len(shown["data"])
    assert shown["cut"] == f"{count} of these 900 are shown, the next is number {50 + count}. Read on."


def test_long_texts_are_cut_in_lists() -> None:
    shown = _shaped({"data": _videos(5, description="d" * 900)})
    assert shown["cut"] == "long texts end in … (description). Read on."
    assert len(shown["every_row"]["description"]) < LONG_IN_ROW
    whole = _shaped({"data": _videos(5, description="d" * 900)}, long_texts=True)
    assert whole["every_row"]["description"] == "d" * 900
    assert "cut" not in whole


def test_what_makes_an_object_too_large_is_left_out_by_name() -> None:
    shown = _shaped({"uri": "/videos/1", "files": [{"link": "x" * 50}] * 200, "name": "n"}, limit=500)
    assert shown == {"uri": "/videos/1", "name": "n", "cut": "left out as too long: files. Read on."}


def test_a_model_reads_the_rest(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    user = vimeo.add_user(videos=100)
    for video in user.videos:
        video.description = f"{video.name} " * 200
    token = vimeo.issue_token(user).access_token
    with VimeoToolkit(
        [*toolkit._context.connections.values()], store="sqlite:///:memory:", max_result_tokens=500
    ) as small:
        small.import_token(identifier="u", access_token=token)
        listed = small.execute_tool(
            identifier="u", tool_name="vimeo_my_videos_list", tool_input={"per_page": 100}
        )
        assert len(listed["data"]) == 100
        shown = listed.for_model()
        assert tokens_in(listed.to_text()) <= 500
        names = [item["name"] for item in items_of(shown)]
        assert f"result={listed.handle}" in shown["cut"]
        sent = len(vimeo.requests)
        while len(names) < 100:
            part = small.execute_tool(
                identifier="u",
                tool_name="vimeo_result_read",
                tool_input={"result": listed.handle, "start": len(names), "fields": ["name"]},
            )
            assert part.requests == 0
            assert tokens_in(part.to_text()) <= 500
            names += [item["name"] for item in items_of(part.for_model())]
        assert names == [item["name"] for item in listed["data"]]

        long = small.execute_tool(
            identifier="u", tool_name="vimeo_video_get", tool_input={"video_id": user.videos[0].uri}
        )
        assert "description" in long.for_model()["cut"]
        text, offset = "", 0
        while len(text) < len(long["description"]):
            part = small.execute_tool(
                identifier="u",
                tool_name="vimeo_result_read",
                tool_input={"result": long.handle, "fields": ["description"], "offset": offset},
            )
            text += part["description"].partition(" [")[0]
            offset = len(text)
        assert text == long["description"]
        assert len(vimeo.requests) == sent + 1
        small.import_token(identifier="v", access_token=token)
        with pytest.raises(InvalidInput, match="not kept"):
            small.execute_tool(
                identifier="v", tool_name="vimeo_result_read", tool_input={"result": listed.handle}
            )


def test_all_of_it_for_those_who_ask(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
    vimeo.requests.clear()
    full = toolkit.execute_tool(
        identifier="u", tool_name="vimeo_my_videos_list", tool_input={"per_page": 5}, detail="full"
    )
    assert "fields" not in vimeo.requests[0].query
    assert {"embed", "pictures", "user", "resource_key"} <= set(full["data"][0])
    assert "columns" not in full.for_model()


@given(st.lists(st.dictionaries(st.text(max_size=5), JSON, max_size=5), max_size=12), st.integers(300, 1500))
def test_whole_results_are_worked_on_as_far_as_they_are_shown(
    items: list[dict[str, Any]], limit: int
) -> None:
    """What is past the limit is left alone, and what is shown is the same as without one."""
    data = {"total": len(items), "data": items, "empty": {}}
    shown = _shaped(data, limit, tables=False, long_texts=True)
    whole = _shaped(data, 10**9, tables=False, long_texts=True)
    assert shown["data"] == whole["data"][: len(shown["data"])]
    assert "empty" not in shown
    assert ("cut" in shown) == (len(shown["data"]) < len(items))


def test_a_loops_other_tasks_run_between_the_steps_of_a_large_answer() -> None:
    body = to_json({"data": [{"uri": "/videos/1", "description": "d" * LARGE}]}).encode()
    for content, pauses in ((b'{"data":[]}', []), (body, [0, 0, 0])):
        world = World(answer(200, content))
        run(world, "vimeo_my_videos_list", {}, detail="full")
        assert world.slept == pauses
