"""What definitions and results cost a model, in tokens of o200k."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from langchain_core.utils.function_calling import convert_to_openai_tool
from langchain_vimeo import get_tools

from tests.contract.openapi import tools_59
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.toolsets import DEFAULT
from vimeo_toolkit.evaluation.tokens import counter
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.shape import to_json


@pytest.mark.parametrize(
    ("sets", "most"), [({"core31"}, 3_200), ({"core31", "extended59"}, 5_600), (set(), 4_000)]
)
def test_definitions(sets: set[str], most: int, toolkit: VimeoToolkit) -> None:
    """As LangChain passes them to a model, with every enumeration; the default tools where no set is named."""
    chosen = [tool["tool"] for tool in tools_59() if tool["set"] in sets and tool["tool"] in catalog()]
    names = chosen or sorted(DEFAULT)
    tools = get_tools(identifier="u", toolkit=toolkit, include=chosen or None)
    definitions = [convert_to_openai_tool(tool) for tool in tools]
    count, how = counter()
    assert how == "o200k_base"
    assert count(to_json(definitions)) <= most
    enums = json.dumps([catalog()[name].input_schema for name in names]).count('"enum"')
    assert json.dumps(definitions).count('"enum"') == enums


def test_a_page_of_videos(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    token = vimeo.issue_token().access_token
    toolkit.import_token(identifier="u", access_token=token)
    count, _ = counter()
    whole: Any = httpx.get(
        f"{vimeo.url}/me/videos?per_page=25", headers={"authorization": f"bearer {token}"}
    ).json()
    shown = toolkit.execute_tool(
        identifier="u", tool_name="vimeo_my_videos_list", tool_input={"per_page": 25}
    )
    assert len(shown["data"]) == len(whole["data"]) == 25
    assert count(shown.to_text()) * 15 <= count(to_json(whole))
