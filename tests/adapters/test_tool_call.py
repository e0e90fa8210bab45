"""A tool that was not given is called by its name, in every framework: the same reply, the same consent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_vimeo import VimeoApproval
from langchain_vimeo import get_tools as langchain_tools
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command
from llama_index.core.agent.workflow import FunctionAgent
from llama_index.tools.vimeo import ApprovalRequestEvent, ApprovalResponseEvent
from llama_index.tools.vimeo import get_tools as llama_tools
from mcp import Client
from mcp_types import ElicitResult
from vimeo_mcp import create_server
from vimeo_mcp.approval import ANSWER

from tests.adapters.doubles import OneCallLlm
from tests.adapters.turns import TurnsChat
from tests.adapters.ways import WAYS, Way, bound_tool, langchain, plain
from tests.examples import writes
from vimeo_toolkit import (
    BoundTool,
    ConfigurationError,
    Connection,
    Identity,
    InvalidInput,
    Modifier,
    UnknownTool,
    VimeoToolkit,
    connection_requests,
)
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.selection import TOOL_CALL, TOOL_SEARCH
from vimeo_toolkit.catalog.toolsets import DEFAULT
from vimeo_toolkit.sandbox import Sandbox

HOOK = {"url": "https://hooks.example.com/vimeo", "event_types": ["video-created"]}
MAKE, SEARCH_PEOPLE, DELETE = "vimeo_webhook_create", "vimeo_users_search", "vimeo_showcase_video_remove"


def bound(toolkit: VimeoToolkit, who: str = "u", name: str = TOOL_CALL, **choice: Any) -> BoundTool:
    return bound_tool(toolkit, who, name, choice)


def _written(inputs: dict[str, Any]) -> list[dict[str, Any]]:
    """The same call as models write it."""
    return [{"inputs": json.dumps(inputs)}, {"inputs": inputs}, dict(inputs), {"arguments": inputs}]


@pytest.mark.parametrize("way", WAYS)
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
    for written in _written(inputs) if way in (plain, langchain) else _written(inputs)[:1]:
        told, _ = way(guarded, who, TOOL_CALL, {"name": name, **written}, {})
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


def _removal(vimeo: Sandbox) -> tuple[Any, Any, dict[str, Any]]:
    """A showcase, a video in it, and the call by name that takes it out."""
    showcase = next(each for each in vimeo.user.showcases if each.videos)
    video = showcase.videos[0]
    inputs = json.dumps({"album_id": str(showcase.id), "video_id": str(video.id)})
    return showcase, video, {"name": DELETE, "inputs": inputs}


def test_consent_is_asked_for_the_tool_that_is_called(guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    showcase, video, call = _removal(vimeo)
    by_name = bound(guarded)
    assert by_name.needs_approval
    assert by_name.holds_back(call)
    assert not by_name.holds_back({"name": SEARCH_PEOPLE, "inputs": '{"query": "a"}'})
    asked = by_name.question_about(call)
    assert video.name in asked
    by_name.approve(call, asked=asked)
    assert not by_name.call(call).is_error
    assert video not in showcase.videos


async def test_a_person_who_is_asked_sees_the_tool_that_is_called(
    guarded: VimeoToolkit, vimeo: Sandbox
) -> None:
    showcase, video, call = _removal(vimeo)
    seen: list[str] = []

    async def ask(request: Any) -> bool:
        seen.append(request.question)
        return False

    reply = await bound(guarded).acall(call, ask=ask)
    assert reply.is_error
    assert f"{DELETE} was not called" in reply.text
    assert video.name in seen[0]
    assert video in showcase.videos


def test_a_tool_that_was_given_is_called_itself(guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    """A framework's rules go by the names of tools, and a list of tools may have been filtered afterwards."""
    call = {"name": "vimeo_video_delete", "inputs": json.dumps({"video_id": str(vimeo.user.videos[0].id)})}
    by_name = bound(guarded)
    reply = by_name.call(call)
    assert isinstance(reply.error, InvalidInput)
    assert "Call vimeo_video_delete itself" in reply.text
    assert not by_name.holds_back(call)
    assert vimeo.requests == []


@pytest.mark.parametrize("name", [MAKE, "vimeo_no_such_tool"])
def test_nobody_is_asked_about_what_may_not_be_called(
    name: str, connection: Connection, vimeo: Sandbox
) -> None:
    """Neither to approve it nor to grant what it needs."""
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="writes") as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token(scopes=["public"]).access_token)
        by_name = bound(toolkit, exclude=[MAKE])
        call = {"name": name, "inputs": HOOK}
        assert not by_name.holds_back(call)
        assert "approval_id" not in by_name.asked_about(call)
        assert connection_requests([(by_name, call)]) == []
        allowed = bound(toolkit)
        assert bool(connection_requests([(allowed, call)])) is (name == MAKE)


@pytest.mark.parametrize(
    "inputs",
    ['```json\n{"query": "Tomasz"}\n```', "{'query': 'Tomasz'}", json.dumps(json.dumps({"query": "Tomasz"}))],
)
def test_inputs_are_read_as_those_of_the_tool_itself(inputs: str, guarded: VimeoToolkit) -> None:
    assert "Tomasz Wolny" in bound(guarded).call({"name": SEARCH_PEOPLE, "inputs": inputs}).text


def test_inputs_beside_inputs_are_refused(guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    reply = bound(guarded).call({"name": SEARCH_PEOPLE, "inputs": '{"query": "a"}', "page": 2})
    assert isinstance(reply.error, InvalidInput)
    assert "page" in reply.text
    assert vimeo.requests == []


def test_a_modifier_of_it_would_never_run(connection: Connection) -> None:
    modifier = Modifier(tools=TOOL_CALL, before=lambda *given: given[1])
    with pytest.raises(ConfigurationError, match="never run"):
        VimeoToolkit([connection], store="sqlite:///:memory:", modifiers=[modifier])


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
    assert found["inputs"].startswith("url: string, required; event_types: list of ")
    assert found["inputs"] in json.loads(reply.text)["data"][0]
    assert TOOL_CALL in reply.text
    assert {each["name"] for each in reply.artifact["data"]}.isdisjoint(DEFAULT)
    for tool in catalog().values():
        told = bound(guarded, name=TOOL_SEARCH).call({"query": f"use {tool.name}"})
        for each in told.artifact["data"]:
            inputs = catalog()[each["name"]].input_schema["properties"]
            assert [part.partition(":")[0] for part in each["inputs"].split("; ") if part] == list(inputs)
            assert each["inputs"] in told.text.replace('\\"', '"')


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


@pytest.mark.parametrize("toolsets", [None, ["default"], ["default", "webhooks"]])
def test_names_of_a_choice_may_come_from_an_iterator(
    toolsets: list[str] | None, guarded: VimeoToolkit
) -> None:
    """Which can be read once only, while it is looked at what is given and at what can be called by name."""

    def choice(**more: Any) -> dict[str, Any]:
        kept = {"exclude": (name for name in (MAKE, DELETE)), **more}
        return kept if toolsets is None else {**kept, "toolsets": iter(toolsets)}

    tools = guarded.bind_tools(identifier="u", **choice())
    (by_name,) = [each for each in tools if each.name == TOOL_CALL]
    assert isinstance(by_name.call({"name": MAKE, "inputs": HOOK}).error, UnknownTool)
    assert not by_name.call({"name": SEARCH_PEOPLE, "inputs": {"query": "Tomasz"}}).is_error
    (unbound,) = [each for each in guarded.unbound_tools(**choice()) if each.name == TOOL_CALL]
    assert isinstance(
        unbound.for_identity(Identity("vimeo", "u")).call({"name": MAKE, "inputs": HOOK}).error, UnknownTool
    )
    assert {MAKE, DELETE}.isdisjoint(by_name.allowed or ())


# ---- a person is asked by the frameworks' own loops ----


@pytest.mark.parametrize("agreed", [True, False])
def test_langchains_agent_asks(agreed: bool, guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    showcase, video, given = _removal(vimeo)
    tools = langchain_tools(identifier="u", toolkit=guarded)
    agent: Any = create_agent(
        TurnsChat(turns=[[(TOOL_CALL, given)]], read=[]),
        tools,
        middleware=[VimeoApproval(tools)],
        checkpointer=InMemorySaver(),
    )
    run: Any = {"configurable": {"thread_id": "1"}}
    state = agent.invoke({"messages": [{"role": "user", "content": "Do it."}]}, run)
    assert video.name in str(state["__interrupt__"])
    assert writes(vimeo) == []
    decision = {"type": "approve"} if agreed else {"type": "reject", "message": "No."}
    agent.invoke(Command(resume={"decisions": [decision]}), run)
    assert (video in showcase.videos) is not agreed


@pytest.mark.parametrize("agreed", [True, False])
async def test_llama_indexs_agent_asks(agreed: bool, guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    showcase, video, given = _removal(vimeo)
    agent = FunctionAgent(
        name="a",
        tools=llama_tools(identifier="u", toolkit=guarded),
        llm=OneCallLlm(tool_name=TOOL_CALL, arguments=given),
        streaming=False,
    )
    handler = agent.run("Do it.")
    asked = []
    async for event in handler.stream_events():
        if isinstance(event, ApprovalRequestEvent):
            asked.append(event.text)
            handler.ctx.send_event(ApprovalResponseEvent(approval_id=event.approval_id, approved=agreed))
    await handler
    assert video.name in asked[0]
    assert (video in showcase.videos) is not agreed


@pytest.mark.parametrize("agreed", [True, False])
async def test_an_mcp_client_asks(agreed: bool, guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    showcase, video, given = _removal(vimeo)
    asked = []

    async def answer(context: Any, params: Any) -> Any:
        asked.append(params.message)
        return ElicitResult(
            action="accept" if agreed else "decline", content={ANSWER: True} if agreed else None
        )

    server = create_server("u", toolkit=guarded)
    async with Client(server, elicitation_callback=answer) as client:
        await client.call_tool(TOOL_CALL, given)
    assert video.name in asked[0]
    assert (video in showcase.videos) is not agreed
