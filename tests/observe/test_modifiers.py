"""The operator's code before and after tools: both worlds, both adapters, and never another user."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from langchain_vimeo import get_tools as langchain_tools
from llama_index.tools.vimeo import get_tools as llama_tools

from tests.observe.conftest import Call
from tests.observe.recorder import Recorder
from vimeo_toolkit import (
    ConfigurationError,
    Connection,
    Forbidden,
    Identity,
    InvalidInput,
    Modifier,
    ToolResult,
    UnknownTool,
    VimeoToolkit,
)
from vimeo_toolkit.sandbox import Sandbox

Join = Callable[..., str]
LIST = "vimeo_my_videos_list"


def _toolkit(connection: Connection, modifiers: Sequence[Any], **more: Any) -> VimeoToolkit:
    return VimeoToolkit([connection], store="sqlite:///:memory:", modifiers=modifiers, **more)


def two_a_page(tool: str, arguments: dict[str, Any], identity: Identity) -> dict[str, Any]:
    return {**arguments, "per_page": 2}


def only_uris(tool: str, result: ToolResult, identity: Identity) -> None:
    result.data["data"] = [{"uri": item["uri"]} for item in result.data["data"]]


def test_input_and_result_are_changed(connection: Connection, call: Call, join: Join, vimeo: Sandbox) -> None:
    with _toolkit(connection, [Modifier(tools=LIST, before=two_a_page, after=only_uris)]) as toolkit:
        join(toolkit)
        result = call(toolkit, LIST)
        assert vimeo.requests[0].query["per_page"] == "2"
        assert len(result["data"]) == 2
        assert {tuple(item) for item in result["data"]} == {("uri",)}
        assert result.rate_limit.remaining is not None
        assert "name" in call(toolkit, "vimeo_me_get")  # which it does not concern


def _langchain(toolkit: VimeoToolkit) -> str:
    tool = langchain_tools(identifier="u", toolkit=toolkit, include=[LIST])[0]
    return str(tool.invoke({"name": LIST, "args": {"sort": "date"}, "id": "1", "type": "tool_call"}).content)


def _langchain_async(toolkit: VimeoToolkit) -> str:
    tool = langchain_tools(identifier="u", toolkit=toolkit, include=[LIST])[0]
    call = {"name": LIST, "args": {"sort": "date"}, "id": "1", "type": "tool_call"}
    return str(asyncio.run(tool.ainvoke(call)).content)


def _llama(toolkit: VimeoToolkit) -> str:
    return llama_tools(identifier="u", toolkit=toolkit, include=[LIST])[0].call(sort="date").content


def _llama_async(toolkit: VimeoToolkit) -> str:
    tool = llama_tools(identifier="u", toolkit=toolkit, include=[LIST])[0]
    return asyncio.run(tool.acall(sort="date")).content


@pytest.mark.parametrize("way", [_langchain, _langchain_async, _llama, _llama_async])
def test_in_every_adapter(
    way: Callable[[VimeoToolkit], str], connection: Connection, join: Join, vimeo: Sandbox
) -> None:
    asked: list[Any] = []

    def noting(tool: str, arguments: dict[str, Any], identity: Identity) -> None:
        asked.append((tool, arguments.get("sort"), identity, None in arguments.values()))

    modifiers = [Modifier(before=noting), Modifier(tools=[LIST], before=two_a_page, after=only_uris)]
    with _toolkit(connection, modifiers) as toolkit:
        join(toolkit)
        shown = json.loads(way(toolkit))
    assert asked == [(LIST, "date", Identity("vimeo", "u"), False)]
    assert vimeo.requests[0].query["per_page"] == "2"
    assert (shown["columns"], len(shown["data"])) == (["uri"], 2)


def test_what_before_gives_is_validated(
    connection: Connection, call: Call, join: Join, vimeo: Sandbox
) -> None:
    def hostile(tool: str, arguments: dict[str, Any], identity: Identity) -> dict[str, Any]:
        return {"video_id": "../me"}

    with _toolkit(connection, [Modifier(before=hostile)]) as toolkit:
        join(toolkit)
        with pytest.raises(InvalidInput):
            call(toolkit, "vimeo_video_get", {"video_id": "1"})
    assert vimeo.requests == []


def test_nobody_can_become_somebody_else(
    connection: Connection, call: Call, join: Join, vimeo: Sandbox
) -> None:
    told: list[Identity] = []

    def impostor(tool: str, arguments: dict[str, Any], identity: Identity) -> dict[str, Any]:
        with pytest.raises(dataclasses.FrozenInstanceError):
            identity.identifier = "other"  # type: ignore[misc]
        object.__setattr__(identity, "identifier", "other")
        return arguments

    def naming(tool: str, arguments: dict[str, Any], identity: Identity) -> dict[str, Any]:
        return {**arguments, "identifier": "other", "connection_name": "vimeo"}

    def noting(tool: str, result: ToolResult, identity: Identity) -> None:
        told.append(identity)

    other = vimeo.add_user("Other")
    seen = Recorder()
    with _toolkit(connection, [Modifier(before=impostor, after=noting)], on_event=seen) as toolkit:
        join(toolkit)
        token = vimeo.issue_token(other)
        toolkit.import_token(identifier="other", access_token=token.access_token)
        assert call(toolkit, "vimeo_me_get")["uri"] == vimeo.user.uri
    assert told == [Identity("vimeo", "u")]
    assert seen.events[-1].identifier == "u"
    with _toolkit(connection, [Modifier(before=naming)]) as toolkit:
        join(toolkit)
        with pytest.raises(InvalidInput, match="no such input"):
            call(toolkit, "vimeo_me_get")


def test_the_caller_keeps_its_own_arguments(connection: Connection, call: Call, join: Join) -> None:
    def spoil(tool: str, arguments: dict[str, Any], identity: Identity) -> None:
        arguments["event_types"].append("video-deleted")
        arguments["more"] = 1

    mine: dict[str, Any] = {"event_types": ["video-updated"], "description": None}
    with _toolkit(connection, [Modifier(before=spoil)]) as toolkit:
        join(toolkit)
        with pytest.raises(InvalidInput):
            call(toolkit, "vimeo_webhook_create", mine)
    assert mine == {"event_types": ["video-updated"], "description": None}


def test_the_first_encloses_the_others(connection: Connection, call: Call, join: Join) -> None:
    order: list[str] = []

    def noting(name: str) -> Modifier:
        return Modifier(
            before=lambda *_: order.append(f"before {name}"), after=lambda *_: order.append(f"after {name}")
        )

    with _toolkit(connection, [noting("1"), noting("2")]) as toolkit:
        join(toolkit)
        call(toolkit, "vimeo_me_get")
    assert order == ["before 1", "before 2", "after 2", "after 1"]


def test_what_a_modifier_raises_reaches_the_caller(
    connection: Connection, call: Call, join: Join, vimeo: Sandbox
) -> None:
    raised: list[Exception] = [LookupError("the operator's own"), Forbidden("Not on Sundays.", hint="Wait.")]

    def refuse(*_: Any) -> None:
        raise raised[0]

    seen = Recorder()
    with _toolkit(connection, [Modifier(before=refuse)], on_event=seen) as toolkit:
        join(toolkit)
        for error, outcome in (raised[0], "error"), (raised[1], "forbidden"):
            raised[0] = error
            with pytest.raises(type(error)) as caught:
                call(toolkit, "vimeo_me_get")
            assert caught.value is error
            assert seen.data("call.finished")["outcome"] == outcome
        # A model is told the second.
        output = llama_tools(identifier="u", toolkit=toolkit, include=["vimeo_me_get"])[0].call()
        assert output.is_error
        assert "Not on Sundays" in output.content
    assert vimeo.requests == []


def test_after_is_not_for_failures(connection: Connection, call: Call, join: Join) -> None:
    called: list[Any] = []
    with _toolkit(connection, [Modifier(after=lambda *given: called.append(given))]) as toolkit:
        join(toolkit)
        with pytest.raises(InvalidInput):
            call(toolkit, "vimeo_video_get", {})
    assert called == []


def test_a_new_result(connection: Connection, call: Call, join: Join) -> None:
    modifier = Modifier(after=lambda tool, result, identity: ToolResult({"tool": tool}))
    with _toolkit(connection, [modifier]) as toolkit:
        join(toolkit)
        assert call(toolkit, "vimeo_me_get").data == {"tool": "vimeo_me_get"}


@pytest.mark.parametrize("wrong", [Modifier(before=lambda *_: "x"), Modifier(after=lambda *_: {})])  # type: ignore
def test_giving_back_something_else_is_a_bug_of_the_operator(
    wrong: Modifier, connection: Connection, call: Call, join: Join
) -> None:
    with _toolkit(connection, [wrong]) as toolkit:
        join(toolkit)
        with pytest.raises(TypeError, match=r"<lambda> gave back (str|dict)"):
            call(toolkit, "vimeo_me_get")


async def test_async_modifiers(connection: Connection, vimeo: Sandbox) -> None:
    async def before(tool: str, arguments: dict[str, Any], identity: Identity) -> dict[str, Any]:
        await asyncio.sleep(0)
        return two_a_page(tool, arguments, identity)

    async def after(tool: str, result: ToolResult, identity: Identity) -> None:
        await asyncio.sleep(0)
        only_uris(tool, result, identity)

    async with _toolkit(connection, [Modifier(tools=LIST, before=before, after=after)]) as toolkit:
        await toolkit.aimport_token(identifier="u", access_token=vimeo.issue_token().access_token)
        result = await toolkit.aexecute_tool(identifier="u", tool_name=LIST)
        assert [list(item) for item in result["data"]] == [["uri"]] * 2
        vimeo.requests.clear()
        with pytest.raises(ConfigurationError, match="asynchronous"):
            toolkit.execute_tool(identifier="u", tool_name=LIST)
        assert vimeo.requests == []
        assert toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")["uri"]  # not concerned


def test_input_that_is_nested_too_deeply(connection: Connection, call: Call, join: Join) -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    with _toolkit(connection, [Modifier(before=lambda *_: None)]) as toolkit:
        join(toolkit)
        with pytest.raises(InvalidInput, match="nested too deeply"):
            call(toolkit, "vimeo_video_get", {"video_id": deep})


def test_wrong_set_ups_are_refused(connection: Connection) -> None:
    with pytest.raises(ConfigurationError, match="callable"):
        Modifier()
    with pytest.raises(ConfigurationError, match="callable"):
        Modifier(before="x")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="Modifier objects"):
        _toolkit(connection, [two_a_page])
    with pytest.raises(UnknownTool, match=LIST):
        _toolkit(connection, [Modifier(tools="vimeo_my_video_list", before=two_a_page)])
