"""Who connects Vimeo in a LangChain conversation, and by which way; and nodes that run again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from langchain.agents import create_agent
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatResult
from langchain_core.runnables import RunnableConfig, RunnableLambda
from langchain_core.tools import tool
from langchain_vimeo import VimeoApproval, VimeoConnect, VimeoToolsOnDemand, get_tools
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.prebuilt import ToolNode
from langgraph.types import Command, interrupt
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.adapters.connecting import (
    ASKED,
    DELETE,
    EACH,
    FEW,
    LIST,
    MAKE,
    RESUMED,
    Talk,
    an_agent,
    few_toolkit,
    graph_around,
)
from tests.adapters.turns import TurnsChat, told
from vimeo_toolkit import AuthorizationFailed, Connection, VimeoToolkit, WrongUser
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.web import connect_app


@pytest.fixture
def toolkit(vimeo: Sandbox) -> Iterator[VimeoToolkit]:
    with few_toolkit(vimeo) as made:
        yield made


@EACH
async def test_many_users_of_one_agent(asynchronous: bool, toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    """Each has a link of their own, and a pause is nobody's but theirs."""
    tools = get_tools(
        identifier=lambda config: config["configurable"]["user"],
        toolkit=toolkit,
        toolsets=["default", "library"],
    )
    model = TurnsChat(turns=[[(LIST, {}), (MAKE, {"name": "A"})]], read=[])
    agent: Any = an_agent(model, tools)

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
        talk = Talk(toolkit, vimeo, an_agent, [(MAKE, {"name": "A"})], asynchronous=asynchronous)
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

        return graph_around(model, tools, ToolNode(every) if way == "node" else RunnableLambda(run, awaited))

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
