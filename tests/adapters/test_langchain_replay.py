"""A node that runs again makes no call twice, and no call is taken for an earlier one that was like it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.messages import AIMessage
from langchain_vimeo import get_tools
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.func import entrypoint
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from langgraph.types import Command, RetryPolicy, interrupt

from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox.fault_proxy import FaultProxy
from vimeo_toolkit.sandbox.faults import FAULTS

CALL: Any = {"name": "vimeo_folder_create", "args": {"name": "A"}, "id": "call_1", "type": "tool_call"}
RUN: Any = {"configurable": {"thread_id": "1"}}


@pytest.fixture
def tools(connection: Connection, vimeo: Sandbox) -> Iterator[list[Any]]:
    with VimeoToolkit([connection], store="sqlite:///:memory:") as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        vimeo.requests.clear()
        yield get_tools(identifier="u", toolkit=toolkit, include=[CALL["name"]])


def _graph(node: Any, *, saved: bool = True, **how: Any) -> Any:
    graph = StateGraph(MessagesState)
    graph.add_node("node", node, **how)
    graph.add_edge(START, "node")
    graph.add_edge("node", END)
    return graph.compile(checkpointer=InMemorySaver() if saved else None)


def _sent(vimeo: Sandbox) -> int:
    return sum(request.method == "POST" for request in vimeo.requests)


@pytest.mark.parametrize("call", [CALL, CALL["args"]], ids=["call", "arguments"])
def test_a_whole_conversation_in_one_node(call: Any, tools: list[Any], vimeo: Sandbox) -> None:
    """Its model numbers the calls of each turn from 1. Answered later, the node makes none of them again."""

    def converse(given: Any) -> dict[str, Any]:
        answers = [tools[0].invoke(call) for _ in range(3)]
        interrupt("Go on?")
        answers.append(tools[0].invoke(call))
        return {"messages": [str(getattr(answer, "content", answer)) for answer in answers]}

    for graph in (_graph(converse), entrypoint(checkpointer=InMemorySaver())(converse)):
        vimeo.requests.clear()
        graph.invoke({"messages": []}, RUN)
        assert _sent(vimeo) == 3
        state = graph.invoke(Command(resume=True), RUN)
        assert _sent(vimeo) == 4
        told = [getattr(message, "content", message) for message in state["messages"]]
        assert len({json.loads(text)["uri"] for text in told}) == 4


def test_equal_calls_of_a_turn_with_one_id(tools: list[Any], vimeo: Sandbox) -> None:
    said = AIMessage("", tool_calls=[CALL, CALL])
    state = _graph(ToolNode(tools)).invoke({"messages": [said]}, RUN)
    assert [message.status for message in state["messages"][1:]] == ["success"] * 2
    assert _sent(vimeo) == 2


@pytest.mark.parametrize("saved", [True, False])
def test_a_node_that_is_retried(saved: bool, tools: list[Any], vimeo: Sandbox) -> None:
    """In a thread or without one."""
    tries: list[Any] = []

    def fails_twice(state: Any) -> dict[str, Any]:
        tries.append([tools[0].invoke(CALL) for _ in range(2)])
        if len(tries) < 3:
            raise ConnectionError
        return {"messages": tries[-1]}

    policy = RetryPolicy(initial_interval=0.0, jitter=False)
    _graph(fails_twice, saved=saved, retry_policy=policy).invoke({"messages": []}, RUN if saved else None)
    assert len(tries) == 3
    assert _sent(vimeo) == 2
    assert len({message.artifact["uri"] for each in tries for message in each}) == 2


@pytest.mark.parametrize(("call", "sent"), [(CALL, 1), (CALL["args"], 2)], ids=["call", "arguments"])
def test_a_call_that_may_have_been_made(call: Any, sent: int, vimeo: Sandbox) -> None:
    """It is not made again under its id, or when its node runs again; a node's own code has been told, and may."""
    told: list[str] = []

    def twice(state: Any) -> None:
        for _ in range(2):
            answer = make.invoke(call)
            told.append(json.loads(getattr(answer, "content", answer)).get("error", ""))
        interrupt("Go on?")

    with (
        FaultProxy(vimeo) as proxy,
        VimeoToolkit([Connection(api_url=proxy.url)], store="sqlite:///:memory:") as toolkit,
    ):
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        vimeo.requests.clear()
        (make,) = get_tools(identifier="u", toolkit=toolkit, include=[CALL["name"]])
        proxy.inject(FAULTS["closed-before-answer"])
        graph = _graph(twice)
        graph.invoke({"messages": []}, RUN)
        graph.invoke(Command(resume=True), RUN)
    assert told == ["outcome_unknown", "outcome_unknown" if sent == 1 else ""] * 2
    assert _sent(vimeo) == sent
