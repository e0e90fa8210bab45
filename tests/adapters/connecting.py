"""Conversations in which a user connects Vimeo: an agent, two graphs of one's own, and who talks in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.runnables import RunnableConfig
from langchain_vimeo import VimeoConnect, connect_node, get_tools
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from langgraph.types import Command

from tests.adapters.turns import TurnsChat
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox

LIST, MAKE, DELETE = "vimeo_my_videos_list", "vimeo_folder_create", "vimeo_video_delete"
FEW = ("public", "private", "create")
ASKED: Any = {"messages": [{"role": "user", "content": "Do it."}]}
RUN: RunnableConfig = {"configurable": {"thread_id": "1"}}
RESUMED: Any = {"connected": True}

EACH = pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])


def an_agent(model: TurnsChat, tools: Any) -> Any:
    return create_agent(model, tools, middleware=[VimeoConnect(tools)], checkpointer=InMemorySaver())


def graph_around(model: TurnsChat, tools: Any, node: Any) -> Any:
    """A graph of one's own: model → connect → tools → reconnect → model."""
    connect = connect_node(tools)
    graph = StateGraph(MessagesState)
    graph.add_node("model", lambda state: {"messages": [model.invoke(state["messages"])]})
    graph.add_node("connect", connect)
    graph.add_node("tools", node)
    graph.add_node("reconnect", connect)
    graph.add_edge(START, "model")
    graph.add_conditional_edges(
        "model", lambda state: "connect" if state["messages"][-1].tool_calls else "__end__"
    )
    graph.add_edge("connect", "tools")
    graph.add_edge("tools", "reconnect")
    graph.add_edge("reconnect", "model")
    return graph.compile(checkpointer=InMemorySaver())


def tool_node(model: TurnsChat, tools: Any) -> Any:
    return graph_around(model, tools, ToolNode(tools))


def by_hand(model: TurnsChat, tools: Any) -> Any:
    named = {tool.name: tool for tool in tools}

    def run(state: Any, config: RunnableConfig) -> Any:
        calls = state["messages"][-1].tool_calls
        return {
            "messages": [named[call["name"]].invoke({**call, "type": "tool_call"}, config) for call in calls]
        }

    return graph_around(model, tools, run)


WAYS = pytest.mark.parametrize(
    ("way", "asynchronous"),
    [
        pytest.param(an_agent, False, id="agent-sync"),
        pytest.param(an_agent, True, id="agent-async", marks=pytest.mark.slow),
        pytest.param(tool_node, False, id="node-sync", marks=pytest.mark.slow),
        pytest.param(tool_node, True, id="node-async"),
        pytest.param(by_hand, False, id="by-hand-sync"),
        pytest.param(by_hand, True, id="by-hand-async", marks=pytest.mark.slow),
    ],
)


class Talk:
    """One conversation: a model, an agent over all tools, and a user who goes to Vimeo and back."""

    def __init__(
        self,
        toolkit: VimeoToolkit,
        vimeo: Sandbox,
        way: Callable[[TurnsChat, Any], Any],
        *turns: Any,
        asynchronous: bool,
    ) -> None:
        self.model = TurnsChat(turns=list(turns), read=[])
        tools = get_tools(identifier="u", toolkit=toolkit, toolsets="all")
        self.agent = way(self.model, tools)
        self.toolkit, self.vimeo, self.asynchronous = toolkit, vimeo, asynchronous
        self.links: list[str] = []

    async def send(self, given: Any = ASKED) -> Any:
        state = await self.agent.ainvoke(given, RUN) if self.asynchronous else self.agent.invoke(given, RUN)
        asked = [each.value for each in state.get("__interrupt__", ())]
        self.links += [value["authorization_link"] for value in asked if isinstance(value, dict)]
        seen = repr([state["messages"], self.model.read])
        assert not any(link in seen for link in self.links)
        assert self.vimeo.url not in seen.replace(f"{self.vimeo.url}/videos", "")
        return state

    async def resume(self, answer: Any = RESUMED) -> Any:
        return await self.send(Command(resume=answer))

    def connect(self, **more: Any) -> None:
        callback = self.vimeo.authorize(self.links[-1], **more)
        self.toolkit.complete_authorization(callback, identifier="u")

    def import_token(self, *scopes: str) -> Any:
        token = self.vimeo.issue_token(scopes=scopes)
        self.toolkit.import_token(identifier="u", access_token=token.access_token)
        self.vimeo.requests.clear()
        return token

    def sent(self, method: str = "POST") -> int:
        about_tokens = ("/oauth", "/tokens")
        return sum(
            request.method == method and not request.path.startswith(about_tokens)
            for request in self.vimeo.requests
        )


def a_video(vimeo: Sandbox) -> dict[str, Any]:
    return {"video_id": str(vimeo.user.videos[0].id)}


def few_toolkit(vimeo: Sandbox) -> VimeoToolkit:
    """A toolkit whose connection asks for little by itself."""
    app = vimeo.app
    few = Connection(
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=app.redirect_uri,
        scopes=FEW,
        api_url=vimeo.url,
    )
    return VimeoToolkit([few], store="sqlite:///:memory:")
