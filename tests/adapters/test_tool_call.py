"""A tool that was not given is called by its name, in every framework: the same reply, the same consent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from langchain_vimeo import get_tools as langchain_tools
from llama_index.tools.vimeo import get_tools as llama_tools
from mcp import Client
from vimeo_mcp import create_server

from vimeo_toolkit import BoundTool, Connection, InvalidInput, UnknownTool, VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.selection import TOOL_CALL
from vimeo_toolkit.catalog.toolsets import DEFAULT, TOOL_SEARCH
from vimeo_toolkit.sandbox import Sandbox

HOOK = {"url": "https://hooks.example.com/vimeo", "event_types": ["video-created"]}
MAKE, SEARCH_PEOPLE, DELETE = "vimeo_webhook_create", "vimeo_users_search", "vimeo_showcase_video_remove"


@pytest.fixture
def guarded(connection: Connection, vimeo: Sandbox) -> Iterator[VimeoToolkit]:
    """A toolkit that asks before it deletes, with a user who granted all and one who granted little."""
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="destructive") as made:
        made.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        little = vimeo.issue_token(scopes=["public"]).access_token
        made.import_token(identifier="reads_only", access_token=little)
        vimeo.requests.clear()
        yield made


def bound(toolkit: VimeoToolkit, who: str = "u", name: str = TOOL_CALL, **choice: Any) -> BoundTool:
    return {each.name: each for each in toolkit.bind_tools(identifier=who, **choice)}[name]


Way = Callable[[VimeoToolkit, str, dict[str, Any]], str]


def _plain(toolkit: VimeoToolkit, who: str, given: dict[str, Any]) -> str:
    return bound(toolkit, who).call(given).text


def _awaited(toolkit: VimeoToolkit, who: str, given: dict[str, Any]) -> str:
    return asyncio.run(bound(toolkit, who).acall(given)).text


def _langchain(toolkit: VimeoToolkit, who: str, given: dict[str, Any]) -> str:
    tools = {tool.name: tool for tool in langchain_tools(identifier=who, toolkit=toolkit)}
    return str(
        tools[TOOL_CALL].invoke({"name": TOOL_CALL, "args": given, "id": "1", "type": "tool_call"}).content
    )


def _llama(toolkit: VimeoToolkit, who: str, given: dict[str, Any]) -> str:
    tools = {tool.metadata.name: tool for tool in llama_tools(identifier=who, toolkit=toolkit)}
    return str(tools[TOOL_CALL].call(**given).content)


def _mcp(toolkit: VimeoToolkit, who: str, given: dict[str, Any]) -> str:
    async def called() -> Any:
        async with Client(create_server(who, toolkit=toolkit)) as client:
            return await client.call_tool(TOOL_CALL, given)

    return str(asyncio.run(called()).content[0].text)


def _written(inputs: dict[str, Any]) -> list[dict[str, Any]]:
    """The same call as models write it."""
    return [{"inputs": json.dumps(inputs)}, {"inputs": inputs}, dict(inputs), {"arguments": inputs}]


@pytest.mark.parametrize("way", [_plain, _awaited, _langchain, _llama, _mcp])
@pytest.mark.parametrize(
    ("who", "name", "inputs", "outcome"),
    [
        ("u", SEARCH_PEOPLE, {"query": "Tomasz"}, "Tomasz Wolny"),
        ("u", MAKE, HOOK, HOOK["url"]),
        ("u", DELETE, {"video_id": "1", "album_id": "1"}, "approval_required"),
        ("u", "vimeo_video_chapter_create", {"video_id": "../me"}, "invalid_input"),
        ("reads_only", MAKE, HOOK, "missing_scope"),
        ("nobody", SEARCH_PEOPLE, {"query": "Tomasz"}, "not_connected"),
        ("u", "vimeo_no_such_tool", {}, "unknown_tool"),
    ],
)
def test_the_same_reply_as_of_the_tool_itself(
    way: Way, who: str, name: str, inputs: dict[str, Any], outcome: str, guarded: VimeoToolkit, vimeo: Sandbox
) -> None:
    if name == DELETE:
        showcase = next(each for each in vimeo.user.showcases if each.videos)
        inputs = {"album_id": str(showcase.id), "video_id": str(showcase.videos[0].id)}
    for written in _written(inputs) if way in (_plain, _langchain) else _written(inputs)[:1]:
        told = way(guarded, who, {"name": name, **written})
        assert str(outcome) in told
        if name in catalog() and outcome not in (HOOK["url"], "not_connected", "approval_required"):
            assert told == bound(guarded, who, name, include=[name]).call(inputs).text


@pytest.mark.parametrize(
    "given",
    [{}, {"name": ""}, {"name": TOOL_CALL}, {"name": SEARCH_PEOPLE, "inputs": "Tomasz"}, "Tomasz", None],
)
def test_what_names_no_tool_or_no_inputs(given: Any, guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    reply = bound(guarded).call(given)
    assert isinstance(reply.error, InvalidInput)
    assert reply.error.hint
    assert vimeo.requests == []


def test_consent_is_asked_for_the_tool_that_is_called(guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    video = vimeo.user.videos[0]
    by_name = bound(guarded)
    call = {"name": "vimeo_video_delete", "inputs": json.dumps({"video_id": str(video.id)})}
    assert by_name.needs_approval
    assert by_name.holds_back(call)
    assert not by_name.holds_back({"name": SEARCH_PEOPLE, "inputs": '{"query": "a"}'})
    asked = by_name.question_about(call)
    assert video.name in asked
    by_name.approve(call, asked=asked)
    assert not by_name.call(call).is_error
    assert video.id not in vimeo.world.videos


async def test_a_person_who_is_asked_sees_the_tool_that_is_called(
    guarded: VimeoToolkit, vimeo: Sandbox
) -> None:
    video = vimeo.user.videos[0]
    seen: list[str] = []

    async def ask(request: Any) -> bool:
        seen.append(request.question)
        return False

    reply = await bound(guarded).acall(
        {"name": "vimeo_video_delete", "inputs": {"video_id": str(video.id)}}, ask=ask
    )
    assert reply.is_error
    assert video.name in seen[0]
    assert video.id in vimeo.world.videos


def test_what_was_not_chosen_is_not_called(guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    """Beside the default tools all can be called but those that are excluded; otherwise those that were chosen."""
    call = {"name": MAKE, "inputs": json.dumps(HOOK)}
    choices: tuple[dict[str, Any], ...] = (
        {"exclude": [MAKE]},
        {"include": [TOOL_CALL, TOOL_SEARCH]},
        {"toolsets": ["default"], "exclude": [MAKE]},
    )
    for choice in choices:
        reply = bound(guarded, **choice).call(call)
        assert isinstance(reply.error, UnknownTool)
        found = bound(guarded, name=TOOL_SEARCH, **choice).call({"query": "create a webhook"})
        assert MAKE not in found.text
    assert TOOL_CALL not in [each.name for each in guarded.bind_tools(identifier="u", read_only=True)]
    assert TOOL_CALL not in [each.name for each in guarded.bind_tools_on_demand(identifier="u")]
    assert vimeo.world.webhooks == []


def test_secrets_in_its_inputs_are_not_shown(guarded: VimeoToolkit) -> None:
    inputs = {"video_id": "1", "privacy_view": "password", "password": "hunter2"}
    by_name = bound(guarded)
    for written in _written(inputs):
        given = {"name": "vimeo_video_edit", **written}
        shown = by_name.shown(given)
        assert "hunter2" not in repr(shown)
        assert shown["name"] == "vimeo_video_edit"
        assert "hunter2" not in repr(by_name.tool.without_secrets(given))
        assert "hunter2" not in repr(by_name.tool.validate(given))
    assert "hunter2" not in repr(by_name.shown({"name": "vimeo_no_such", "inputs": json.dumps(inputs)}))


def test_a_search_tells_the_inputs_of_what_can_be_called_by_name(
    guarded: VimeoToolkit, vimeo: Sandbox
) -> None:
    reply = bound(guarded, name=TOOL_SEARCH).call({"query": "create a webhook"})
    found = reply.artifact["data"][0]
    assert found["name"] == MAKE
    assert found["inputs"]["url"] == "string, required"
    assert TOOL_CALL in reply.text
    assert {each["name"] for each in reply.artifact["data"]}.isdisjoint(DEFAULT)
    for tool in catalog().values():
        told = bound(guarded, name=TOOL_SEARCH).call({"query": f"use {tool.name}"})
        for each in told.artifact["data"]:
            assert set(each["inputs"]) == set(catalog()[each["name"]].input_schema["properties"])


def test_the_core_calls_by_name_too(guarded: VimeoToolkit) -> None:
    told = guarded.execute_tool(
        identifier="u", tool_name=TOOL_CALL, tool_input={"name": SEARCH_PEOPLE, "inputs": {"query": "Tomasz"}}
    )
    assert told["data"][0]["name"] == "Tomasz Wolny"
    wanted = guarded.connection_request(
        [(TOOL_CALL, {"name": MAKE, "inputs": HOOK}), (TOOL_CALL, {})], identifier="reads_only"
    )
    assert wanted is not None
    assert wanted.calls == (0,)
