"""A person is asked the same in every framework, in words for people."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_vimeo import VimeoApproval
from langchain_vimeo import get_tools as langchain_tools
from langgraph.checkpoint.memory import InMemorySaver
from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.workflow import InputRequiredEvent
from llama_index.tools.vimeo import ApprovalResponseEvent
from llama_index.tools.vimeo import get_tools as llama_tools
from mcp import Client
from mcp_types import ElicitResult
from vimeo_mcp import create_server

from tests.adapters.doubles import OneCallChat, OneCallLlm
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox

Given = dict[str, Any]
EDIT = "vimeo_video_edit"


@pytest.fixture
def careful(connection: Connection, vimeo: Sandbox) -> Iterator[VimeoToolkit]:
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="destructive") as made:
        made.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        yield made


async def _langchain(toolkit: VimeoToolkit, given: Given) -> str:
    tools = langchain_tools(identifier="u", toolkit=toolkit)
    model = OneCallChat(tool_name=EDIT, arguments=given)
    agent: Any = create_agent(model, tools, middleware=[VimeoApproval(tools)], checkpointer=InMemorySaver())
    state = await agent.ainvoke({"messages": [("user", "Do it.")]}, {"configurable": {"thread_id": "1"}})
    return str(state["__interrupt__"][0].value["action_requests"][0]["description"])


async def _llama_index(toolkit: VimeoToolkit, given: Given) -> str:
    llm = OneCallLlm(tool_name=EDIT, arguments=given)
    tools = llama_tools(identifier="u", toolkit=toolkit)
    handler = FunctionAgent(tools=tools, llm=llm, streaming=False).run("Do it.")
    asked = []
    async for event in handler.stream_events():
        if isinstance(event, InputRequiredEvent):
            asked.append(event.prefix)
            answer = ApprovalResponseEvent(approval_id=event.approval_id, approved=False)
            handler.ctx.send_event(answer)
    await handler
    return str(asked[0])


async def _mcp(toolkit: VimeoToolkit, given: Given) -> str:
    asked: list[str] = []

    async def answered(context: Any, params: Any) -> ElicitResult:
        asked.append(params.message)
        return ElicitResult(action="decline")

    async with Client(create_server("u", toolkit=toolkit), elicitation_callback=answered) as client:
        await client.call_tool(EDIT, given)
    return asked[0]


async def _by_id(toolkit: VimeoToolkit, given: Given) -> str:
    (tool,) = toolkit.bind_tools(identifier="u", include=[EDIT])
    asked = (await tool.acall(given)).needs_approval
    assert asked is not None
    return await toolkit.aapproval_question(asked.approval_id, identifier="u")


@pytest.mark.parametrize("way", [_langchain, _llama_index, _mcp, _by_id])
def test_every_framework_asks_the_same(
    way: Callable[..., Any], careful: VimeoToolkit, vimeo: Sandbox
) -> None:
    video = next(each for each in vimeo.user.videos if each.view == "anybody")
    given = {"video_id": video.uri, "name": "Summer", "privacy_view": "nobody"}
    assert asyncio.run(way(careful, given)) == (
        f"Change the video “{video.name}” (visible to everyone)? "
        f"Title: from “{video.name}” to “Summer”; who can see it: from everyone to only you.\n"
        "Other people may see the change or be told of it. It can be undone."
    )


def test_what_cannot_be_looked_at_is_told_without_names_of_tools(careful: VimeoToolkit) -> None:
    (tool,) = careful.bind_tools(identifier="u", include=["vimeo_video_delete"])
    told = tool.question_about({"video_id": "999999999"})
    assert told.startswith("Delete this video for good: ")
    assert "Other people may see the change" in told
    assert "could not be looked at: " in told
    told = tool.question_about({"video_id": "no id"})
    assert "vimeo_video_delete" not in told
