"""Whole results for those who ask for them, by either framework."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain_vimeo import get_tools as langchain_tools
from llama_index.tools.vimeo import get_tools as llama_tools

from tests.conftest import Connect
from vimeo_toolkit import VimeoToolkit


@pytest.mark.parametrize("framework", ["langchain", "llama-index"])
def test_full_results(toolkit: VimeoToolkit, connect: Connect, framework: str) -> None:
    def read(detail: Any) -> dict[str, Any]:
        choice: dict[str, Any] = {
            "identifier": identifier,
            "toolkit": toolkit,
            "include": ["vimeo_my_videos_list"],
            "detail": detail,
        }
        if framework == "langchain":
            text = langchain_tools(**choice)[0].invoke({"per_page": 5})
        else:
            text = llama_tools(**choice)[0].call(per_page=5).content
        found: dict[str, Any] = json.loads(text)
        return found

    identifier = connect()
    compact, full = read("compact"), read("full")
    assert "columns" in compact
    assert "columns" not in full
    assert len(compact["data"]) == 5
    assert full["data"]  # and what can be done for the rest: whole videos are large
    assert "Ask for smaller pages" in full["cut"], "vimeo_result_read is not given"
    assert {"description", "pictures", "user"} <= full["data"][0].keys()
