"""A user connects Vimeo in a LangChain conversation: no write is sent twice, and no model reads a link."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from langchain.agents import create_agent
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatResult
from langchain_core.runnables import RunnableConfig, RunnableLambda
from langchain_core.tools import tool
from langchain_vimeo import VimeoApproval, VimeoConnect, VimeoToolsOnDemand, connect_node, get_tools
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from langgraph.types import Command, interrupt
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.adapters.turns import TurnsChat, told
from vimeo_toolkit import AuthorizationFailed, Connection, VimeoToolkit, WrongUser
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.web import connect_app

LIST, MAKE, DELETE = "vimeo_my_videos_list", "vimeo_folder_create", "vimeo_video_delete"
FEW = ("public", "private", "create")
ASKED: Any = {"messages": [{"role": "user", "content": "Do it."}]}
RUN: RunnableConfig = {"configurable": {"thread_id": "1"}}
RESUMED: Any = {"connected": True}

EACH = pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])


@pytest.fixture
def toolkit(vimeo: Sandbox) -> Iterator[VimeoToolkit]:
    app = vimeo.app
    few = Connection(
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=app.redirect_uri,
        scopes=FEW,
        api_url=vimeo.url,
    )
    with VimeoToolkit([few], store="sqlite:///:memory:") as made:
        yield made


def _agent(model: TurnsChat, tools: Any) -> Any:
    return create_agent(model, tools, middleware=[VimeoConnect(tools)], checkpointer=InMemorySaver())


def _graph(model: TurnsChat, tools: Any, node: Any) -> Any:
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


def _tool_node(model: TurnsChat, tools: Any) -> Any:
    return _graph(model, tools, ToolNode(tools))


def _by_hand(model: TurnsChat, tools: Any) -> Any:
    named = {tool.name: tool for tool in tools}

    def run(state: Any, config: RunnableConfig) -> Any:
        calls = state["messages"][-1].tool_calls
        return {
            "messages": [named[call["name"]].invoke({**call, "type": "tool_call"}, config) for call in calls]
        }

    return _graph(model, tools, run)


WAYS = pytest.mark.parametrize(
    ("way", "asynchronous"),
    [
        pytest.param(_agent, False, id="agent-sync"),
        pytest.param(_agent, True, id="agent-async", marks=pytest.mark.slow),
        pytest.param(_tool_node, False, id="node-sync", marks=pytest.mark.slow),
        pytest.param(_tool_node, True, id="node-async"),
        pytest.param(_by_hand, False, id="by-hand-sync"),
        pytest.param(_by_hand, True, id="by-hand-async", marks=pytest.mark.slow),
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


def _video(vimeo: Sandbox) -> dict[str, Any]:
    return {"video_id": str(vimeo.user.videos[0].id)}


@WAYS
async def test_one_pause_for_all_calls_of_a_turn(
    way: Any, asynchronous: bool, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    turn = [(MAKE, {"name": "A"}), (LIST, {}), (DELETE, _video(vimeo)), (MAKE, {"name": "B"})]
    talk = Talk(toolkit, vimeo, way, turn, asynchronous=asynchronous)
    (asked,) = (await talk.send())["__interrupt__"]
    assert {key: asked.value[key] for key in ("type", "error", "missing_scopes", "tools")} == {
        "type": "vimeo_connect",
        "error": "not_connected",
        "missing_scopes": ["delete"],
        "tools": [MAKE, LIST, DELETE],
    }
    assert json.loads(json.dumps(asked.value)) == asked.value
    assert vimeo.requests == []
    talk.connect()
    state = await talk.resume()
    assert "__interrupt__" not in state
    assert [message.status for message in told(state)] == ["success"] * 4
    assert (talk.sent(), talk.sent("DELETE")) == (2, 1)
    assert len(talk.model.read) == 2


@WAYS
async def test_a_scope_is_granted_before_anything_is_sent(
    way: Any, asynchronous: bool, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    talk = Talk(
        toolkit, vimeo, way, [(MAKE, {"name": "A"}), (DELETE, _video(vimeo))], asynchronous=asynchronous
    )
    talk.import_token(*FEW)
    (asked,) = (await talk.send())["__interrupt__"]
    assert (asked.value["error"], asked.value["tools"]) == ("missing_scope", [DELETE])
    assert vimeo.requests == []
    talk.connect()
    state = await talk.resume(True if asynchronous else RESUMED)
    assert [message.status for message in told(state)] == ["success"] * 2
    assert (talk.sent(), talk.sent("DELETE")) == (1, 1)


@WAYS
async def test_who_comes_back_without_it_is_asked_again_and_not_for_ever(
    way: Any, asynchronous: bool, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    talk = Talk(toolkit, vimeo, way, [(LIST, {})], asynchronous=asynchronous)
    state = await talk.send()
    for _ in range(2):
        state = await talk.resume()
        assert len(state["__interrupt__"]) == 1
    state = await talk.resume()
    assert "__interrupt__" not in state
    (message,) = told(state)
    assert (message.status, message.artifact["error"]) == ("error", "not_connected")
    assert "has not done" in str(message.content)
    assert vimeo.requests == []


@WAYS
async def test_the_third_time_is_soon_enough(
    way: Any, asynchronous: bool, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    talk = Talk(toolkit, vimeo, way, [(MAKE, {"name": "A"})], asynchronous=asynchronous)
    await talk.send()
    await talk.resume()
    await talk.resume()
    talk.connect()
    (message,) = told(await talk.resume())
    assert message.status == "success"
    assert talk.sent() == 1


@WAYS
@pytest.mark.parametrize(
    "answer",
    [
        {"connected": False, "reason": "Not today."},
        *(
            pytest.param(each, marks=pytest.mark.slow)
            for each in ({"connected": False}, False, "Not today.", {"reason": "Not today."})
        ),
    ],
)
async def test_the_user_declines(
    way: Any, answer: Any, asynchronous: bool, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    """What needs nothing more is done all the same."""
    talk = Talk(
        toolkit, vimeo, way, [(MAKE, {"name": "A"}), (DELETE, _video(vimeo))], asynchronous=asynchronous
    )
    talk.import_token(*FEW)
    await talk.send()
    state = await talk.resume(answer)
    assert "__interrupt__" not in state
    made, declined = told(state)
    assert (made.status, declined.status) == ("success", "error")
    assert declined.artifact["missing_scopes"] == ["delete"]
    assert "declined" in str(declined.content)
    assert ("Not today." in str(declined.content)) == ("Not today." in str(answer))
    assert (talk.sent(), talk.sent("DELETE")) == (1, 0)
    assert len(talk.model.read) == 2


@WAYS
async def test_an_account_that_breaks_at_vimeo_pauses_too(
    way: Any, asynchronous: bool, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    """One pause for both calls, and each is sent once that reaches Vimeo with a good token."""
    talk = Talk(
        toolkit, vimeo, way, [(MAKE, {"name": "A"}), (MAKE, {"name": "B"})], asynchronous=asynchronous
    )
    vimeo.revoke(talk.import_token(*FEW))
    (asked,) = (await talk.send())["__interrupt__"]
    assert asked.value["error"] == "revoked"
    folders = len(vimeo.user.folders)
    talk.connect()
    state = await talk.resume()
    assert [message.status for message in told(state)] == ["success"] * 2
    assert len(vimeo.user.folders) == folders + 2
    assert len([each for each in state["messages"] if isinstance(each, AIMessage)]) == 2
    assert len(talk.model.read) == 2


@WAYS
async def test_a_turn_that_is_half_done_when_the_account_breaks(
    way: Any, asynchronous: bool, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    """Vimeo says that a scope is missing which the account was granted: what was made stays made, once."""
    talk = Talk(
        toolkit, vimeo, way, [(MAKE, {"name": "A"}), (DELETE, _video(vimeo))], asynchronous=asynchronous
    )
    token = talk.import_token(*FEW, "delete")
    token.scopes = frozenset(FEW)
    (asked,) = (await talk.send())["__interrupt__"]
    assert (asked.value["error"], asked.value["missing_scopes"]) == ("missing_scope", ["delete"])
    assert talk.sent() == 1
    talk.connect()
    state = await talk.resume()
    assert [message.status for message in told(state)] == ["success"] * 2
    assert talk.sent() == 1
    assert len(vimeo.user.folders) == len({folder.name for folder in vimeo.user.folders})


@WAYS
async def test_who_declines_after_the_account_broke(
    way: Any, asynchronous: bool, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    talk = Talk(toolkit, vimeo, way, [(MAKE, {"name": "A"})], asynchronous=asynchronous)
    vimeo.revoke(talk.import_token(*FEW))
    await talk.send()
    before = talk.sent()
    (message,) = told(await talk.resume({"connected": False, "reason": "No."}))
    assert message.artifact["error"] == "revoked"
    assert "The reason: No." in str(message.content)
    assert talk.sent() == before


@EACH
async def test_no_pause_where_nothing_is_missing(
    asynchronous: bool, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    turns = [[(MAKE, {"name": "A"})], [(LIST, {"per_page": "many"}), (LIST, {})]]
    talk = Talk(toolkit, vimeo, _agent, *turns, asynchronous=asynchronous)
    talk.import_token(*FEW)
    state = await talk.send()
    assert [message.status for message in told(state)] == ["success", "error", "success"]
    assert told(state)[1].artifact["error"] == "invalid_input"
    assert talk.sent() == 1


@EACH
async def test_a_call_of_an_earlier_turn_is_not_made_again(
    asynchronous: bool, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    """A failed call stands before what the user says next, as after a run that was stopped."""
    talk = Talk(toolkit, vimeo, _agent, asynchronous=asynchronous)
    talk.import_token(*FEW)
    (tool,) = get_tools(identifier="nobody", toolkit=toolkit, include=[MAKE])
    tool.hide_links()  # type: ignore[attr-defined]
    call = {"name": MAKE, "args": {"name": "A"}, "id": "9", "type": "tool_call"}
    messages = [AIMessage("", tool_calls=[call]), tool.invoke(call), *ASKED["messages"]]
    state = await talk.send({"messages": messages})
    assert "__interrupt__" not in state
    assert talk.sent() == 0


@EACH
async def test_many_users_of_one_agent(asynchronous: bool, toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    """Each has a link of their own, and a pause is nobody's but theirs."""
    tools = get_tools(identifier=lambda config: config["configurable"]["user"], toolkit=toolkit)
    model = TurnsChat(turns=[[(LIST, {}), (MAKE, {"name": "A"})]], read=[])
    agent: Any = _agent(model, tools)

    async def send(given: Any, who: str, thread: str) -> Any:
        config: RunnableConfig = {"configurable": {"thread_id": thread, "user": who}}
        return await agent.ainvoke(given, config) if asynchronous else agent.invoke(given, config)

    people = {"ana": vimeo.user, "ben": vimeo.add_user("Ben", plan="standard")}
    links = {}
    for who in people:
        (asked,) = (await send(ASKED, who, who))["__interrupt__"]
        links[who] = asked.value["authorization_link"]
    with pytest.raises(WrongUser):
        await send(Command(resume=RESUMED), "ben", "ana")
    for who, user in people.items():
        callback = vimeo.authorize(links[who], user=user)
        with pytest.raises(AuthorizationFailed):
            toolkit.complete_authorization(callback, identifier="ben" if who == "ana" else "ana")
        (asked,) = (await send(Command(resume=RESUMED), who, who))["__interrupt__"]
        toolkit.complete_authorization(
            vimeo.authorize(asked.value["authorization_link"], user=user), identifier=who
        )
        before = len(user.folders)
        state = await send(Command(resume=RESUMED), who, who)
        assert [message.status for message in told(state)] == ["success"] * 2
        assert len(user.folders) == before + 1


@EACH
async def test_tools_that_are_found_on_demand(
    asynchronous: bool, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    def both(model: TurnsChat, tools: Any) -> Any:
        found = VimeoToolsOnDemand(identifier="u", toolkit=toolkit)
        return create_agent(
            model, middleware=[found, VimeoConnect(found.tools)], checkpointer=InMemorySaver()
        )

    turns = [[("vimeo_tools_search", {"query": "make a folder"})], [(MAKE, {"name": "A"})]]
    talk = Talk(toolkit, vimeo, both, *turns, asynchronous=asynchronous)
    assert (await talk.send())["__interrupt__"]
    talk.connect()
    state = await talk.resume()
    assert [message.status for message in told(state)] == ["success"] * 2
    assert talk.sent() == 1


@EACH
async def test_other_instances_of_the_tools(
    asynchronous: bool, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    def others(model: TurnsChat, tools: Any) -> Any:
        given = get_tools(identifier="u", toolkit=toolkit, toolsets="all")
        return create_agent(model, tools, middleware=[VimeoConnect(given)], checkpointer=InMemorySaver())

    talk = Talk(toolkit, vimeo, others, [(MAKE, {"name": "A"})], asynchronous=asynchronous)
    vimeo.revoke(talk.import_token(*FEW))
    assert (await talk.send())["__interrupt__"]
    talk.connect()
    assert [message.status for message in told(await talk.resume())] == ["success"]


@EACH
async def test_the_callback_of_the_connect_pages(asynchronous: bool, vimeo: Sandbox) -> None:
    """The link of the pause is one that the product's own callback route completes, for that user alone."""
    vimeo.app.redirect_uris.append("https://product.example/vimeo/callback")
    app = Connection(
        client_id=vimeo.app.client_id,
        client_secret=vimeo.app.client_secret,
        redirect_uri="https://product.example/vimeo/callback",
        scopes=FEW,
        api_url=vimeo.url,
    )
    with VimeoToolkit([app], store="sqlite:///:memory:") as toolkit:
        talk = Talk(toolkit, vimeo, _agent, [(MAKE, {"name": "A"})], asynchronous=asynchronous)
        await talk.send()
        pages = connect_app(toolkit, lambda request: request.headers.get("x-user"), after="/chat")
        transport = httpx.ASGITransport(app=Starlette(routes=[Mount("/vimeo", pages)]))
        async with httpx.AsyncClient(transport=transport, base_url="https://product.example") as browser:
            callback = await asyncio.to_thread(vimeo.authorize, talk.links[-1])
            await browser.get(callback, headers={"x-user": "u"})
        state = await talk.resume()
        assert [message.status for message in told(state)] == ["success"]
        assert talk.sent() == 1


@EACH
@pytest.mark.parametrize("way", ["node", "by hand"])
async def test_a_node_that_runs_again_sends_nothing_again(
    way: str, asynchronous: bool, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    """Another tool of the turn pauses the node by itself, and later a like call is made under the same id."""

    @tool
    def ask_a_person(about: str) -> str:
        """Ask a person."""
        return str(interrupt(about))

    def nodes(model: TurnsChat, tools: Any) -> Any:
        every = [*tools, ask_a_person]
        named = {each.name: each for each in every}

        async def awaited(state: Any) -> Any:
            calls = state["messages"][-1].tool_calls
            return {"messages": [await named[call["name"]].ainvoke(call) for call in calls]}

        def run(state: Any) -> Any:
            return {
                "messages": [
                    named[call["name"]].invoke({**call, "type": "tool_call"})
                    for call in state["messages"][-1].tool_calls
                ]
            }

        return _graph(model, tools, ToolNode(every) if way == "node" else RunnableLambda(run, awaited))

    turn = [
        (MAKE, {"name": "A"}),
        (MAKE, {"name": "A"}),
        (DELETE, {"video_id": "1"}),
        ("ask_a_person", {"about": "x"}),
    ]
    talk = Talk(toolkit, vimeo, nodes, turn, asynchronous=asynchronous)
    talk.import_token(*FEW, "delete")
    before = len(vimeo.user.folders)
    assert len((await talk.send())["__interrupt__"]) == 1
    state = await talk.resume("yes")
    made, _, failed, said = told(state)
    assert said.content == "yes"
    if way == "node" and asynchronous:
        # A ToolNode cancels its other calls when one pauses: then it is not known whether they were carried out.
        assert made.status == "success" or made.artifact["error"] == "outcome_unknown"
        assert len(vimeo.user.folders) <= before + 2
        return
    assert (made.status, failed.artifact["error"]) == ("success", "not_found")
    assert len(vimeo.user.folders) == before + 2, "equal calls of a turn are two calls"
    await talk.send()  # the next question, with calls of the same ids
    assert len(vimeo.user.folders) == before + 4


class _NamingChat(TurnsChat):
    """Makes a folder that is named after what the user wrote."""

    def _generate(self, messages: list[BaseMessage], *more: Any, **named: Any) -> ChatResult:
        result = super()._generate(messages, *more, **named)
        (generation,) = result.generations
        assert isinstance(generation.message, AIMessage)
        for call in generation.message.tool_calls:
            call["args"] = {"name": f"For {messages[0].text}"}
        return result


@pytest.mark.slow
@EACH
async def test_two_hundred_users_connect_and_approve_at_once(
    asynchronous: bool, toolkit: VimeoToolkit, vimeo: Sandbox, connection: Connection
) -> None:
    """One compiled agent: each has their own link, is asked about their own call, and gets their own folder."""
    people = {f"user {number}": vimeo.add_user(f"U{number}", plan="standard") for number in range(200)}
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="writes") as careful:
        tools = get_tools(
            identifier=lambda config: config["configurable"]["user"], toolkit=careful, include=[MAKE]
        )
        model = _NamingChat(turns=[[(MAKE, {})]], read=[])
        middleware: list[Any] = [VimeoApproval(tools), VimeoConnect(tools)]
        agent: Any = create_agent(model, tools, middleware=middleware, checkpointer=InMemorySaver())

        async def send(given: Any, who: str) -> Any:
            config: RunnableConfig = {"configurable": {"thread_id": f"of {who}", "user": who}}
            if asynchronous:
                return await agent.ainvoke(given, config)
            return await asyncio.to_thread(agent.invoke, given, config)

        async def talk(who: str) -> None:
            state = await send({"messages": [("user", who)]}, who)
            link = state["__interrupt__"][0].value["authorization_link"]
            callback = await asyncio.to_thread(vimeo.authorize, link, user=people[who])
            await careful.acomplete_authorization(callback, identifier=who)
            (asked,) = (await send(Command(resume=RESUMED), who))["__interrupt__"]
            assert f"For {who}”" in asked.value["action_requests"][0]["description"]
            state = await send(Command(resume={"decisions": [{"type": "approve"}]}), who)
            assert [message.status for message in told(state)] == ["success"]

        await asyncio.gather(*map(talk, people))
    for who, user in people.items():
        assert [folder.name for folder in user.folders] == [f"For {who}"]
