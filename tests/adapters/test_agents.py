"""Every tool, sync and async, inside the frameworks' real agents."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_classic.agents import AgentExecutor, create_tool_calling_agent
from langchain_core.messages import ToolMessage
from langchain_core.prompts import ChatPromptTemplate
from langchain_vimeo import get_tools as langchain_tools
from llama_index.core.agent.workflow import FunctionAgent
from llama_index.tools.vimeo import VimeoToolSpec
from llama_index.tools.vimeo import get_tools as llama_tools

from tests.adapters.doubles import OneCallChat, OneCallLlm
from tests.conftest import Connect
from tests.examples import example_input, keep_example
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.toolsets import DEFAULT
from vimeo_toolkit.sandbox import Sandbox

TOOLS = sorted(catalog())
ASKED: Any = {"messages": [{"role": "user", "content": "Do it."}]}

OFFERED = [
    *(
        pytest.param(name, {"include": [name]}, id=name, marks=() if name in DEFAULT else (pytest.mark.slow,))
        for name in TOOLS
    ),
    pytest.param(TOOLS[0], {"toolsets": "all"}, id=f"{TOOLS[0]} among all"),
    *(
        pytest.param(name, {"toolsets": "all"}, id=f"{name} among all", marks=pytest.mark.slow)
        for name in TOOLS[1:]
    ),
]
"""What a model calls, and what `get_tools` is asked for: frameworks look at every tool that they are given."""


IN_TURNS = [
    pytest.param(
        *each.values,
        asynchronous,
        id=f"{each.id}-{'async' if asynchronous else 'sync'}",
        marks=[*each.marks, *([pytest.mark.slow] if place % 2 == asynchronous else [])],
    )
    for place, each in enumerate(OFFERED)
    for asynchronous in (False, True)
]
"""Each tool in one of the two worlds, in turns; the slow run has both."""


@pytest.mark.parametrize(("name", "offered", "asynchronous"), IN_TURNS)
async def test_langchain_agent(
    name: str,
    offered: dict[str, Any],
    asynchronous: bool,
    vimeo: Sandbox,
    toolkit: VimeoToolkit,
    connect: Connect,
) -> None:
    model = OneCallChat(tool_name=name, arguments=example_input(name, vimeo))
    tools = langchain_tools(connection_name="vimeo", identifier=connect(), toolkit=toolkit, **offered)
    keep_example(toolkit, "user_1")
    agent = create_agent(model, tools)
    state = await agent.ainvoke(ASKED) if asynchronous else agent.invoke(ASKED)
    said = next(message for message in state["messages"] if isinstance(message, ToolMessage))
    assert said.status == "success"
    assert isinstance(said.artifact, dict)
    assert json.loads(str(said.content))
    assert state["messages"][-1].content == said.content
    assert bool(vimeo.requests) != catalog()[name].local


@pytest.mark.parametrize(("name", "offered"), OFFERED)
async def test_llama_index_agent(
    name: str, offered: dict[str, Any], vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    model = OneCallLlm(tool_name=name, arguments=example_input(name, vimeo))
    tools = llama_tools(connection_name="vimeo", identifier=connect(), toolkit=toolkit, **offered)
    keep_example(toolkit, "user_1")
    answer: Any = await FunctionAgent(tools=tools, llm=model, streaming=False).run("Do it.")
    assert [call.tool_name for call in answer.tool_calls] == [name]
    output = answer.tool_calls[0].tool_output
    assert not output.is_error
    assert json.loads(output.content) == json.loads(str(answer.response.content))
    assert bool(vimeo.requests) != catalog()[name].local


def test_agent_executor(vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect) -> None:
    tools = langchain_tools(connection_name="vimeo", identifier=connect(), toolkit=toolkit)
    model = OneCallChat(tool_name="vimeo_my_videos_find", arguments={"limit": 3})
    prompt = ChatPromptTemplate.from_messages([("human", "{input}"), ("placeholder", "{agent_scratchpad}")])
    executor = AgentExecutor(agent=create_tool_calling_agent(model, tools, prompt), tools=tools)
    answer = executor.invoke({"input": "My videos?"})
    assert len(json.loads(answer["output"])["data"]) == 3


async def test_an_error_is_a_message_that_the_agent_can_act_on(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    tools = langchain_tools(identifier="nobody", toolkit=toolkit)
    state = create_agent(OneCallChat(tool_name="vimeo_me_get", arguments={}), tools).invoke(ASKED)
    said = next(message for message in state["messages"] if isinstance(message, ToolMessage))
    assert said.status == "error"
    problem = json.loads(str(said.content))
    assert problem["error"] == "not_connected"
    assert problem["authorization_link"].startswith(vimeo.url)

    model = OneCallLlm(tool_name="vimeo_me_get", arguments={})
    answer: Any = await FunctionAgent(
        tools=llama_tools(identifier="nobody", toolkit=toolkit), llm=model, streaming=False
    ).run("Do it.")
    output = answer.tool_calls[0].tool_output
    assert output.is_error
    assert json.loads(output.content)["error"] == "not_connected"


def test_tool_spec(toolkit: VimeoToolkit) -> None:
    spec = VimeoToolSpec(identifier="u", toolkit=toolkit, toolsets=["webhooks"])
    names = [tool.metadata.get_name() for tool in spec.to_tool_list()]
    assert names == ["vimeo_webhook_create", "vimeo_webhooks_list", "vimeo_webhook_delete"]
    assert len(spec.to_tool_list(["vimeo_webhooks_list"])) == 1
