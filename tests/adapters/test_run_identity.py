"""One set of tools, one agent, many users: whose call it is, is found out at the call."""

from __future__ import annotations

import asyncio
import json
import pickle
from collections.abc import Awaitable, Callable
from typing import Any, TypedDict, cast

import pytest
from langchain.agents import create_agent
from langchain.agents.middleware import ToolRetryMiddleware
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.tracers import BaseTracer
from langchain_vimeo import VimeoToolsOnDemand
from langchain_vimeo import get_tools as langchain_tools
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from langgraph.runtime import get_runtime
from llama_index.core.agent.workflow import FunctionAgent, ToolCallResult
from llama_index.core.workflow import Context, StartEvent, StopEvent, Workflow, step
from llama_index.tools.vimeo import VimeoToolRetriever
from llama_index.tools.vimeo import get_tools as llama_tools
from vimeo_mcp import create_server

from tests.adapters.doubles import OneCallChat, OneCallLlm
from vimeo_toolkit import ConfigurationError, InvalidInput, VimeoToolkit, WrongUser
from vimeo_toolkit.sandbox import Sandbox

LIST, ME = "vimeo_my_videos_find", "vimeo_me_get"
ASKED: Any = {"messages": [{"role": "user", "content": "How many videos have I?"}]}
CALL: Any = {
    "messages": [AIMessage("", tool_calls=[{"name": LIST, "args": {}, "id": "1", "type": "tool_call"}])]
}


class _Context(TypedDict):
    user: str


def _of_config(config: Any) -> Any:
    return config["configurable"].get("user")


async def _later_of_config(config: Any) -> Any:
    await asyncio.sleep(0)
    return _of_config(config)


def _of_context(config: Any) -> Any:
    return get_runtime(_Context).context["user"]


def _of_auth_user(config: Any) -> Any:
    return config["configurable"]["langgraph_auth_user"]["identity"]


async def _of_store(ctx: Context) -> Any:
    return await ctx.store.get("user", default=None)


def _total(text: Any) -> int:
    return int(json.loads(str(text))["total"])


def _answers(state: dict[str, Any]) -> list[ToolMessage]:
    return [message for message in state["messages"] if isinstance(message, ToolMessage)]


# ---- LangChain ----

Invoke = Callable[[Any, Any], dict[str, Any]]


def _agent(tools: Any) -> Any:
    return create_agent(OneCallChat(tool_name=LIST, arguments={}), tools, context_schema=_Context)


def _node(tools: Any) -> Any:
    graph = StateGraph(MessagesState, context_schema=_Context)
    graph.add_node("tools", ToolNode(tools))
    graph.add_edge(START, "tools")
    graph.add_edge("tools", END)
    return graph.compile()


def _blocking(graph: Any, given: Any, **how: Any) -> dict[str, Any]:
    return dict(graph.invoke(given, **how))


def _asynchronous(graph: Any, given: Any, **how: Any) -> dict[str, Any]:
    return dict(asyncio.run(graph.ainvoke(given, **how)))


GRAPHS = [(_agent, ASKED), (_node, CALL)]
WORLDS = [_blocking, _asynchronous]


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize(("graph", "given"), GRAPHS)
def test_a_graph_that_is_compiled_once_serves_every_user(
    users: VimeoToolkit, graph: Any, given: Any, world: Any
) -> None:
    carriers: list[tuple[Callable[[Any], Any], Callable[[str], dict[str, Any]]]] = [
        (_of_config, lambda who: {"config": {"configurable": {"user": who}}}),
        (_of_context, lambda who: {"context": {"user": who}}),
        (_of_auth_user, lambda who: {"config": {"configurable": {"langgraph_auth_user": {"identity": who}}}}),
    ]
    for identify, how in carriers:
        compiled = graph(langchain_tools(identifier=identify, toolkit=users))
        for videos in (2, 1, 3, 2):
            (answer,) = _answers(world(compiled, given, **how(f"u{videos}")))
            assert _total(answer.content) == videos


def test_an_async_function_names_the_user_of_an_asynchronous_call(users: VimeoToolkit) -> None:
    compiled = _node(langchain_tools(identifier=_later_of_config, toolkit=users))
    config = {"configurable": {"user": "u2"}}
    (answer,) = _answers(_asynchronous(compiled, CALL, config=config))
    assert _total(answer.content) == 2
    with pytest.raises(ConfigurationError, match="asynchronous, and this call is blocking"):
        _blocking(compiled, CALL, config=config)


def _raises(run: Any) -> str:
    raise KeyError("who")


async def _raises_later(run: Any) -> str:
    raise KeyError("who")


NOBODY: list[Callable[[Any], Any]] = [
    lambda run: None,
    lambda run: "",
    lambda run: "  ",
    lambda run: 7,
    lambda run: "x" * 513,
    lambda run: {"identity": "u1"},
    _raises,
]


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize(("graph", "given"), GRAPHS)
def test_a_run_without_a_user_ends_for_the_developer(
    users: VimeoToolkit, vimeo: Sandbox, graph: Any, given: Any, world: Any
) -> None:
    for identify in NOBODY:
        compiled = graph(langchain_tools(identifier=identify, toolkit=users, include=[LIST]))
        with pytest.raises(ConfigurationError, match="function given as identifier"):
            world(compiled, given)
    assert not vimeo.requests


@pytest.mark.parametrize("world", WORLDS)
def test_a_node_that_tells_a_model_of_every_error_does_not_tell_of_this_one(
    users: VimeoToolkit, vimeo: Sandbox, world: Any
) -> None:
    def handling(tools: Any) -> Any:
        graph = StateGraph(MessagesState)
        graph.add_node("tools", ToolNode(tools, handle_tool_errors=True))
        graph.add_edge(START, "tools")
        return graph.compile(checkpointer=InMemorySaver())

    def retrying(tools: Any) -> Any:
        again = ToolRetryMiddleware(max_retries=1, initial_delay=0.0)
        return create_agent(OneCallChat(tool_name=LIST, arguments={}), tools, middleware=[again])

    thread = {"configurable": {"thread_id": "1"}}
    for graph, given in ((handling, CALL), (retrying, ASKED)):
        tools = langchain_tools(identifier=_raises, toolkit=users, include=[LIST])
        with pytest.raises(ConfigurationError, match="function given as identifier") as told:
            world(graph(tools), given, config=thread)
        assert isinstance(told.value.__cause__, KeyError)
        assert str(pickle.loads(pickle.dumps(told.value))) == str(told.value), "a queue of tasks keeps it"  # noqa: S301
        with pytest.raises(ConfigurationError, match="function given as identifier"):
            tools[0].run({})  # outside of a graph
    tools = langchain_tools(identifier=lambda config: config["configurable"]["user"], toolkit=users)
    compiled = handling(tools)
    world(compiled, CALL, config={"configurable": {"thread_id": "2", "user": "u1"}})
    with pytest.raises(WrongUser):
        world(compiled, CALL, config={"configurable": {"thread_id": "2", "user": "u2"}})


def test_a_failing_function_is_the_cause_of_the_error(users: VimeoToolkit) -> None:
    with pytest.raises(ConfigurationError) as told:
        _blocking(_node(langchain_tools(identifier=_raises, toolkit=users)), CALL)
    assert isinstance(told.value.__cause__, KeyError)
    assert "who" not in str(told.value)


def test_no_argument_of_a_model_changes_the_user(users: VimeoToolkit, vimeo: Sandbox) -> None:
    tools = langchain_tools(identifier=_of_config, toolkit=users)
    for name in ("config", "run_config", "runtime", "identifier", "identify", "given"):
        model = OneCallChat(tool_name=LIST, arguments={name: {"configurable": {"user": "u1"}}})
        (answer,) = _answers(create_agent(model, tools).invoke(ASKED, {"configurable": {"user": "u2"}}))
        assert json.loads(str(answer.content))["error"] == "invalid_input"
        assert f"{name}: this tool has no such input" in str(answer.content)
    assert not vimeo.requests


def test_tools_on_demand_serve_every_user(users: VimeoToolkit) -> None:
    middleware = VimeoToolsOnDemand(identifier=_of_config, toolkit=users, begin_with=[LIST])
    agent = create_agent(OneCallChat(tool_name=LIST, arguments={}), middleware=[middleware])
    for videos in (3, 1):
        (answer,) = _answers(agent.invoke(ASKED, {"configurable": {"user": f"u{videos}"}}))
        assert _total(answer.content) == videos


def test_a_tool_shows_nothing_of_the_function_and_its_users(users: VimeoToolkit) -> None:
    tool = langchain_tools(identifier=_of_config, toolkit=users, include=[LIST])[0]
    own = langchain_tools(identifier="u1", toolkit=users, include=[LIST])[0]
    tool.invoke({}, {"configurable": {"user": "u1"}})
    assert repr(tool) == repr(own)
    assert tool.metadata == own.metadata
    assert tool.tool_call_schema == own.tool_call_schema


class _Noting(BaseTracer):
    """Keeps all that a tracer is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Any] = []

    def _persist_run(self, run: Any) -> None:
        self.told.append(run)


async def test_neither_traces_nor_events_nor_the_thread_name_the_user(
    users: VimeoToolkit, vimeo: Sandbox
) -> None:
    token = vimeo.issue_token(vimeo.add_user("Somebody")).access_token
    users.import_token(identifier="product-7", access_token=token)
    tracer, context, thread = _Noting(), _Context(user="product-7"), {"configurable": {"thread_id": "t"}}
    tools = langchain_tools(identifier=_of_context, toolkit=users)
    model = OneCallChat(tool_name=ME, arguments={})
    agent = create_agent(model, tools, context_schema=_Context, checkpointer=InMemorySaver())
    run: Any = {**thread, "callbacks": [tracer]}
    events = [each async for each in agent.astream_events(ASKED, run, context=context, version="v2")]
    assert len(tracer.told) == 1
    kept = [*tracer.told, *events, agent.get_state(cast(Any, thread))]
    assert "Somebody" in repr(kept)
    assert "product-7" not in repr(kept)


# ---- LlamaIndex ----


async def _run(agent: Any, user: str | None) -> list[Any]:
    context = Context(agent)
    if user is not None:
        await context.store.set("user", user)
    handler = agent.run("How many videos have I?", ctx=context)
    outputs = [
        event.tool_output async for event in handler.stream_events() if isinstance(event, ToolCallResult)
    ]
    await handler
    return outputs


def _of_tools(tools: Any) -> FunctionAgent:
    return FunctionAgent(tools=tools, llm=OneCallLlm(tool_name=LIST, arguments={}))


@pytest.mark.parametrize("kind", ["tools", "retriever"])
def test_an_agent_of_llamaindex_serves_every_user(users: VimeoToolkit, kind: str) -> None:
    async def all_of_them() -> None:
        if kind == "tools":
            agent = _of_tools(llama_tools(identifier=_of_store, toolkit=users))
        else:
            retriever = VimeoToolRetriever(identifier=_of_store, toolkit=users, begin_with=[LIST])
            agent = FunctionAgent(tool_retriever=retriever, llm=OneCallLlm(tool_name=LIST, arguments={}))
        for videos in (2, 1, 3):
            (output,) = await _run(agent, f"u{videos}")
            assert _total(output.content) == videos

    asyncio.run(all_of_them())


def test_a_llamaindex_run_without_a_user_ends_for_the_developer(users: VimeoToolkit, vimeo: Sandbox) -> None:
    for identify in (_of_store, _raises_later, *NOBODY):
        tools = llama_tools(identifier=identify, toolkit=users, include=[LIST])
        with pytest.raises(ConfigurationError, match="function given as identifier"):
            asyncio.run(_run(_of_tools(tools), None))
    assert not vimeo.requests


async def test_a_run_that_ended_for_the_developer_leaves_nothing_for_the_model(users: VimeoToolkit) -> None:
    agent: Any = _of_tools(llama_tools(identifier=_of_store, toolkit=users))
    context = Context(agent)
    with pytest.raises(ConfigurationError) as told:
        await agent.run("How many videos have I?", ctx=context)
    assert type(told.value) is ConfigurationError
    await context.store.set("user", "u3")
    assert _total(await agent.run("How many videos have I?", ctx=context)) == 3


async def test_a_workflow_of_ones_own_may_catch_the_error(users: VimeoToolkit) -> None:
    tool: Any = llama_tools(identifier=_raises, toolkit=users, include=[LIST])[0]

    class Caught(Workflow):
        @step
        async def call(self, ctx: Context, event: StartEvent) -> StopEvent:
            try:
                await tool.acall(ctx=ctx)
            except ConfigurationError as error:
                return StopEvent(result=str(error))
            return StopEvent(result="")

    said: Any = await Caught().run()
    assert "raised KeyError" in said


def test_outside_of_a_run_a_tool_of_llamaindex_says_that_it_needs_one(users: VimeoToolkit) -> None:
    tool: Any = llama_tools(identifier=lambda ctx: "u1", toolkit=users, include=[LIST])[0]
    ways: list[Callable[[], Awaitable[Any] | Any]] = [
        tool.call,
        tool.fn,
        lambda: asyncio.run(tool.acall()),
        lambda: asyncio.run(tool.acall(ctx="u1")),
        lambda: asyncio.run(tool.async_fn()),
    ]
    for way in ways:
        with pytest.raises(ConfigurationError, match="without the run's Context"):
            way()


# ---- all of them ----


@pytest.mark.parametrize("identifier", [None, "", "  ", 7])
def test_tools_of_nobody_are_refused_at_once(users: VimeoToolkit, identifier: Any) -> None:
    ways: list[Callable[..., Any]] = [
        users.bind_tools,
        users.bind_tools_on_demand,
        langchain_tools,
        llama_tools,
        VimeoToolsOnDemand,
        VimeoToolRetriever,
        lambda identifier, **rest: asyncio.run(users.abind_tools(identifier=identifier)),
    ]
    for way in ways:
        with pytest.raises(InvalidInput, match="id of the user"):
            way(identifier=identifier) if way in ways[:2] else way(identifier=identifier, toolkit=users)
    with pytest.raises(InvalidInput, match="id of the user"):
        create_server(identifier, toolkit=users)


def test_tools_of_any_user_cannot_be_chosen_by_a_users_scopes(users: VimeoToolkit) -> None:
    for way in (langchain_tools, llama_tools, VimeoToolsOnDemand):
        with pytest.raises(InvalidInput, match="nobody's yet"):
            way(identifier=_of_config, toolkit=users, missing_scopes="hide")
    with pytest.raises(InvalidInput, match="nobody's yet"):
        users.bind_tools(identifier=_of_config, missing_scopes="hide")


def test_a_server_of_one_user_names_the_way_for_many(users: VimeoToolkit) -> None:
    server: Any = create_server
    with pytest.raises(InvalidInput, match="http_app as identify"):
        server(_of_config, toolkit=users)


def test_a_bound_tool_that_waits_for_a_run_does_not_call(users: VimeoToolkit, vimeo: Sandbox) -> None:
    bound = users.bind_tools(identifier=lambda run: run, include=[LIST])[0]
    assert json.loads(bound.for_run("u3").call().text)["total"] == 3
    assert asyncio.run(bound.afor_run("u2")).identity is not None
    vimeo.requests.clear()
    with pytest.raises(ConfigurationError, match=r"tool\.for_run"):
        bound.call()
    assert not vimeo.requests
