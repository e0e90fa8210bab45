"""What a caller and a model are given."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Connect
from vimeo_toolkit import ToolResult, VimeoToolkit
from vimeo_toolkit.calls.result import NO_ORDERS, SHORTEST_LIMIT, Pages
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.token_estimate import tokens_in


def test_a_result_reads_like_a_dict() -> None:
    result = ToolResult({"a": 1, "b": 2})
    assert (result["a"], list(result), len(result), dict(result)) == (1, ["a", "b"], 2, {"a": 1, "b": 2})
    assert (result.requests, result.notes, result.handle, result.untrusted_fields) == (0, (), None, ())
    assert (result.pages, result.detail) == (None, "compact")
    assert repr(result) == 'ToolResult({"a":1,"b":2})'
    long = repr(ToolResult({"a": "x" * 300}))
    assert long.endswith("…)")
    assert len(long) == len("ToolResult(…)") + 200


@pytest.mark.parametrize(
    ("pages", "shown"),
    [
        (None, {"page": 1, "per_page": 9, "paging": {"x": 1}}),
        (Pages(1, 9, 3, None), {}),
        (Pages(2, 9, 3, None), {"page": 1}),
        (Pages(1, 9, 3, 2), {"page": 1, "next_page": 2}),
        (Pages(1, 9, 3, 2, "abc"), {"page": 1, "next_page": 2, "next_offset": "abc"}),
        (Pages(1, 9, 3, None, "abc"), {}),
    ],
)
def test_what_a_model_is_told_of_pages(pages: Pages | None, shown: dict[str, Any]) -> None:
    body = {"page": 1, "per_page": 9, "paging": {"x": 1}, "data": [{"uri": "/videos/1"}]}
    told = ToolResult(body, pages=pages).for_model()
    assert {name: value for name, value in told.items() if name not in ("columns", "data")} == shown
    assert body["per_page"] == 9, "the result itself stays whole"


def test_notes_and_foreign_texts_stand_beside_within_bounds() -> None:
    notes = tuple(f"{number} " + "n" * (598 + number) for number in range(10))
    others = tuple(f"part{number}" for number in range(50))
    body = {"a": 1, **dict.fromkeys(others[3:], "somebody's")}
    told = ToolResult(body, notes=notes, untrusted_fields=others).for_model()
    assert told["notes"] == [notes[0], *(f"{note[:600]}…" for note in notes[1:8])]
    assert told["written_by_others"] == f"{', '.join(others[3:40])}: {NO_ORDERS}"
    assert next(iter(told)) == "written_by_others"
    assert set(ToolResult({"a": 1}).for_model()) == {"a"}


def test_what_stands_beside_takes_from_the_limit_and_leaves_something() -> None:
    data = {"text": "one word, " * 900}
    short = ToolResult(data, limit=1_000)
    beside = ToolResult(data, limit=1_000, notes=("n" * 500,))
    assert tokens_in(short.to_text()) <= 1_000
    assert tokens_in(beside.to_text()) <= 1_000
    assert tokens_in(json.dumps(ToolResult(data, limit=0).for_model())) > SHORTEST_LIMIT / 4
    assert (
        "vimeo_result_read, result=r1" in ToolResult({"data": [data] * 99}, limit=900, handle="r1").to_text()
    )
    assert (
        "smaller pages"
        in ToolResult({"data": [{"n": n, "t": f"{n} " * 50} for n in range(99)]}, limit=900).to_text()
    )


def test_lists_are_tables_unless_all_is_wanted() -> None:
    rows = {"data": [{"uri": f"/videos/{number}", "name": "n"} for number in range(9)]}
    assert "uri" in json.dumps(ToolResult(rows).for_model())
    assert ToolResult(rows, detail="full").for_model() == rows
    assert ToolResult(rows).for_model(tables=False) == rows
    assert ToolResult(rows).for_model() != rows


def test_a_list_of_own_videos_has_descriptions_for_programs(
    vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    vimeo.user.videos[0].description = "Filmed at the harbour."
    listed = toolkit.execute_tool(identifier=connect(), tool_name="vimeo_my_videos_list")
    assert all("description" in video for video in listed["data"])
    assert "description" not in listed.to_text()
    assert {"uri", "name"} <= set(listed.for_model()["columns"])
