"""Finding tools by what they are for."""

from __future__ import annotations

import pytest

from tests.conftest import Connect
from tests.finding.requests_in_words import WANTED
from vimeo_toolkit import InvalidInput, NotConnected, UnknownTool, VimeoToolkit, tools_on_demand
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.search import best_tools
from vimeo_toolkit.catalog.toolsets import BEGIN_WITH, TOOL_SEARCH
from vimeo_toolkit.sandbox import Sandbox

OTHERS = {name: tool for name, tool in catalog().items() if name != TOOL_SEARCH}


def found(query: str, most: int = 5) -> list[str]:
    return [tool.name for tool in best_tools(query, OTHERS, most)]


def test_requests_in_users_own_words() -> None:
    asked = [(query, name) for query, name in WANTED if name in catalog()]
    assert len(asked) >= 60
    first = sum(found(query)[:1] == [name] for query, name in asked)
    among_five = sum(name in found(query) for query, name in asked)
    # All five are loaded: what matters is that the right one is among them.
    assert first >= 0.7 * len(asked)
    assert among_five >= 0.95 * len(asked)


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_a_tool_is_found_by_its_name_and_its_description(name: str) -> None:
    assert found(f"use {name} now")[0] == name
    assert name in found(catalog()[name].description)


@pytest.mark.parametrize("query", ["", "the of a", "qwertz", "☃ ∞", "'" * 300])
def test_words_that_mean_nothing(query: str) -> None:
    assert found(query) == []


def test_the_same_words_give_the_same_tools() -> None:
    assert found("album") == found("ALBUM!") == found("  albums ")
    assert len(found("my videos", 3)) == 3


def test_the_tool(toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox) -> None:
    identifier = connect(scopes=["public", "private"])
    result = toolkit.execute_tool(
        identifier=identifier, tool_name=TOOL_SEARCH, tool_input={"query": "put a clip into an album"}
    )
    first = result["data"][0]
    assert first == {
        "name": "vimeo_showcase_video_add",
        "description": catalog()["vimeo_showcase_video_add"].description,
        "missing_scopes": ["edit"],
    }
    for each in result["data"]:
        missing = catalog()[each["name"]].scopes - {"public", "private"}
        assert each.get("missing_scopes", []) == sorted(missing)
    assert TOOL_SEARCH not in [each["name"] for each in result["data"]]
    assert vimeo.requests == []
    none = toolkit.execute_tool(identifier=identifier, tool_name=TOOL_SEARCH, tool_input={"query": "qwertz"})
    assert (none["total"], none["message"]) == (0, "No tool fits. Try other words.")


def test_only_what_is_allowed_is_found_and_called(toolkit: VimeoToolkit, connect: Connect) -> None:
    identifier = connect()
    allowed = {TOOL_SEARCH, "vimeo_me_get"}
    result = toolkit.execute_tool(
        identifier=identifier,
        tool_name=TOOL_SEARCH,
        tool_input={"query": "delete my profile video"},
        allowed=allowed,
    )
    assert [each["name"] for each in result["data"]] == ["vimeo_me_get"]
    with pytest.raises(UnknownTool, match="not among the tools of this agent"):
        toolkit.execute_tool(
            identifier=identifier,
            tool_name="vimeo_video_delete",
            tool_input={"video_id": "1"},
            allowed=allowed,
        )


async def test_what_is_not_allowed_is_not_called_asynchronously(
    toolkit: VimeoToolkit, connect: Connect
) -> None:
    with pytest.raises(UnknownTool):
        await toolkit.aexecute_tool(identifier=connect(), tool_name="vimeo_me_get", allowed=[])


def test_it_needs_a_connected_user_and_words(toolkit: VimeoToolkit) -> None:
    with pytest.raises(NotConnected):
        toolkit.execute_tool(identifier="nobody", tool_name=TOOL_SEARCH, tool_input={"query": "album"})
    with pytest.raises(InvalidInput):
        toolkit.execute_tool(identifier="nobody", tool_name=TOOL_SEARCH, tool_input={"query": ""})


def test_what_an_agent_has_by_now(toolkit: VimeoToolkit, connect: Connect) -> None:
    identifier = connect()
    results = [
        toolkit.execute_tool(identifier=identifier, tool_name=TOOL_SEARCH, tool_input={"query": query})
        for query in ("my videos", "webhook")
    ]
    assert (
        len({tuple(result.for_model().get("columns", ())) for result in results}) == 2
    )  # a table and a list
    expected = [each["name"] for result in results for each in result["data"]]
    names = tools_on_demand([result.to_text() for result in results])
    assert set(names) == {*BEGIN_WITH, *expected}
    nothing = ["", "no JSON", "[]", "3", '{"data": 3}', '{"error": "revoked"}', '{"data": [3, {"name": 4}]}']
    assert set(tools_on_demand(nothing)) <= {*BEGIN_WITH, "4"}
