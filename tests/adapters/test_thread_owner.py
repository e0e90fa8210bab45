"""A conversation belongs to the user who began it: going on for another one is refused before anything is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, TypedDict

import pytest
from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, HumanInTheLoopMiddleware
from langchain_core.messages import AIMessage, ToolMessage
from langchain_vimeo import (
    VimeoApproval,
    VimeoConnect,
    VimeoThreadOwner,
    aclaim_thread,
    approval_config,
    aresume,
    claim_thread,
    resume,
)
from langchain_vimeo import get_tools as langchain_tools
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from langgraph.runtime import get_runtime
from langgraph.types import Command, interrupt
from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.memory import ChatMemoryBuffer
from llama_index.core.workflow import Context, JsonSerializer
from llama_index.tools.vimeo import ApprovalRequestEvent, ApprovalResponseEvent
from llama_index.tools.vimeo import get_tools as llama_tools

from tests.adapters.doubles import OneCallChat, OneCallLlm
from vimeo_toolkit import ConfigurationError, Connection, InvalidInput, StoreBusy, VimeoToolkit, WrongUser
from vimeo_toolkit.sandbox import Sandbox

DELETE, LIST = "vimeo_video_delete", "vimeo_my_videos_find"
ASKED: Any = {"messages": [{"role": "user", "content": "Do it."}]}


class Users(VimeoToolkit):
    """A toolkit with two users; each has a video that the other may not see deleted."""

    videos: dict[str, int]
    uris: dict[str, str]


@pytest.fixture
def users(connection: Connection, vimeo: Sandbox) -> Iterator[Users]:
    with Users([connection], store="sqlite:///:memory:", approval="destructive") as made:
        made.videos, made.uris = {}, {}
        for name in ("ana", "ben"):
            user = vimeo.add_user(name, videos=1)
            made.uris[name] = user.uri
            made.import_token(identifier=name, access_token=vimeo.issue_token(user).access_token)
            made.videos[name] = next(one.id for one in vimeo.world.videos.values() if one.user is user)
        vimeo.requests.clear()
        yield made


def _user(config: Any) -> Any:
    return config["configurable"].get("user")


def _config(user: str, thread: str = "t") -> Any:
    return {"configurable": {"thread_id": thread, "user": user}}


class _Runs:
    """A graph as a blocking or an asynchronous program runs it."""

    def __init__(self, graph: Any, blocking: bool) -> None:
        self._graph, self._blocking = graph, blocking

    def __call__(self, given: Any, config: Any) -> Any:
        if self._blocking:
            return self._graph.invoke(given, config)
        return asyncio.run(self._graph.ainvoke(given, config))


BOTH = pytest.mark.parametrize("blocking", [True, False], ids=["blocking", "asynchronous"])


def _last(state: Any) -> str:
    return [message.text for message in state["messages"] if isinstance(message, ToolMessage)][-1]


def _listing(tools: Any, **how: Any) -> Any:
    model = OneCallChat(tool_name=LIST, arguments={})
    return create_agent(model, tools, checkpointer=InMemorySaver(), **how)


# ---- LangChain ----


@BOTH
def test_a_thread_is_not_continued_for_another_user(users: Users, vimeo: Sandbox, blocking: bool) -> None:
    tools = langchain_tools(identifier=_user, toolkit=users)
    run = _Runs(_listing(tools), blocking)
    assert '"total":1' in _last(run(ASKED, _config("ana")))
    vimeo.requests.clear()
    with pytest.raises(WrongUser, match="begun by another user"):
        # The model of this test answers after a call, so the thread's memory is taken away; its owner stays.
        _Runs(_listing(tools), blocking)(ASKED, _config("ben"))
    assert not vimeo.requests
    assert '"total":1' in _last(run(ASKED, _config("ben", "another")))
    assert '"total":1' in _last(run(ASKED, _config("ana")))


@BOTH
@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_an_approval_that_waits_for_one_user_is_not_answered_for_another(
    users: Users, vimeo: Sandbox, blocking: bool, decision: str
) -> None:
    tools = langchain_tools(identifier=_user, toolkit=users)
    model = OneCallChat(tool_name=DELETE, arguments={"video_id": users.videos["ben"]})
    asks = HumanInTheLoopMiddleware(interrupt_on=approval_config(tools))
    run = _Runs(create_agent(model, tools, middleware=[asks], checkpointer=InMemorySaver()), blocking)
    waits = run(ASKED, _config("ana"))["__interrupt__"]
    vimeo.requests.clear()
    decisions = [{"type": decision}]
    if decision == "approve":
        with pytest.raises(WrongUser):
            resume(tools, waits, decisions, config=_config("ben"))
        with pytest.raises(WrongUser):
            asyncio.run(aresume(tools, waits, decisions, config=_config("ben")))
    with pytest.raises(WrongUser):
        run(Command(resume={"decisions": decisions}), _config("ben"))
    assert not vimeo.requests


class _Session(TypedDict):
    user: str


@BOTH
@pytest.mark.parametrize(
    ("middleware", "begins", "answer"),
    [
        (VimeoApproval, "ana", {"decisions": [{"type": "approve"}]}),
        (VimeoConnect, "a newcomer", {"connected": True}),
    ],
)
def test_middleware_that_pauses_holds_to_the_user_of_the_pause(
    users: Users, vimeo: Sandbox, blocking: bool, middleware: Any, begins: str, answer: Any
) -> None:
    """The user is in `context=`, of which LangGraph keeps nothing."""
    tools = langchain_tools(identifier=lambda config: get_runtime(_Session).context["user"], toolkit=users)
    agent = create_agent(
        OneCallChat(tool_name=DELETE, arguments={"video_id": users.videos["ben"]}),
        tools,
        middleware=[middleware(tools)],
        context_schema=_Session,
        checkpointer=InMemorySaver(),
    )
    thread: Any = {"configurable": {"thread_id": "t"}}

    def run(given: Any, user: str) -> Any:
        context = _Session(user=user)
        if blocking:
            return agent.invoke(given, thread, context=context)
        return asyncio.run(agent.ainvoke(given, thread, context=context))

    assert run(ASKED, begins)["__interrupt__"]
    vimeo.requests.clear()
    with pytest.raises(WrongUser):
        run(Command(resume=answer), "ben")
    assert not vimeo.requests


@BOTH
def test_whoever_resumes_says_for_whom_the_calls_are_approved(
    users: Users, vimeo: Sandbox, blocking: bool
) -> None:
    tools = langchain_tools(identifier=_user, toolkit=users)
    model = OneCallChat(tool_name=DELETE, arguments={"video_id": users.videos["ana"]})
    asks = HumanInTheLoopMiddleware(interrupt_on=approval_config(tools))
    run = _Runs(create_agent(model, tools, middleware=[asks], checkpointer=InMemorySaver()), blocking)
    waits = run(ASKED, _config("ana"))["__interrupt__"]
    yes = [{"type": "approve"}]
    with pytest.raises(ConfigurationError, match="returned nobody"):
        resume(tools, waits, yes)
    answer = (
        resume(tools, waits, yes, config=_config("ana"))
        if blocking
        else asyncio.run(aresume(tools, waits, yes, config=_config("ana")))
    )
    run(Command(resume=answer), _config("ana"))
    assert [one.path for one in vimeo.requests if one.method == "DELETE"] == [
        f"/videos/{users.videos['ana']}"
    ]


class _Pause(AgentMiddleware[Any, Any, Any]):
    """Pauses after the model, as a product's own middleware may."""

    def after_model(self, state: Any, runtime: Any) -> None:
        if state["messages"][-1].tool_calls:
            interrupt("Go on?")

    async def aafter_model(self, state: Any, runtime: Any) -> None:
        self.after_model(state, runtime)


def _paused_by_middleware(tools: Any) -> tuple[Any, Any]:
    asks = HumanInTheLoopMiddleware(interrupt_on={LIST: True})
    return _listing(tools, middleware=[asks]), Command(resume={"decisions": [{"type": "approve"}]})


def _paused_before_tools(tools: Any) -> tuple[Any, Any]:
    return _listing(tools, interrupt_before=["tools"]), None


def _paused_in_a_node(tools: Any) -> tuple[Any, Any]:
    def ask(state: Any) -> Any:
        interrupt("Go on?")
        return {}

    call = AIMessage("", tool_calls=[{"name": LIST, "args": {}, "id": "1", "type": "tool_call"}])
    graph = StateGraph(MessagesState)
    graph.add_node("model", lambda state: {"messages": [call]})
    graph.add_node("ask", ask)
    graph.add_node("tools", ToolNode(tools))
    for before, after in ((START, "model"), ("model", "ask"), ("ask", "tools"), ("tools", END)):
        graph.add_edge(before, after)
    return graph.compile(checkpointer=InMemorySaver()), Command(resume="yes")


async def _later(config: Any) -> Any:
    await asyncio.sleep(0)
    return _user(config)


@BOTH
@pytest.mark.parametrize("paused", [_paused_by_middleware, _paused_before_tools, _paused_in_a_node])
def test_a_turn_that_was_paused_before_its_first_call_is_not_taken_over(
    users: Users, vimeo: Sandbox, blocking: bool, paused: Any
) -> None:
    graph, go_on = paused(langchain_tools(identifier=_user if blocking else _later, toolkit=users))
    run = _Runs(graph, blocking)
    run(ASKED, _config("ana"))
    with pytest.raises(WrongUser):
        run(go_on, _config("ben"))
    assert not vimeo.requests
    run(ASKED, _config("ana", "another"))
    assert '"total":1' in _last(run(go_on, _config("ana", "another")))


@BOTH
def test_a_function_that_goes_by_what_is_not_kept_finds_nobody_else(users: Users, blocking: bool) -> None:
    """LangGraph keeps plain values alone: a function that finds a guest without its session tells nothing."""

    def by_session(config: Any) -> Any:
        return config["configurable"].get("session", {"user": "guest"})["user"]

    graph, go_on = _paused_before_tools(langchain_tools(identifier=by_session, toolkit=users))
    config: Any = {"configurable": {"thread_id": "t", "session": {"user": "ana"}}}
    run = _Runs(graph, blocking)
    run(ASKED, config)
    assert '"total":1' in _last(run(go_on, config))


@BOTH
def test_with_the_middleware_a_thread_has_its_user_before_a_tool_is_called(
    users: Users, vimeo: Sandbox, blocking: bool
) -> None:
    tools = langchain_tools(identifier=_user, toolkit=users)
    run = _Runs(_listing(tools, middleware=[VimeoThreadOwner(tools), _Pause()]), blocking)
    assert run(ASKED, _config("ana"))["__interrupt__"]
    with pytest.raises(WrongUser):
        run(Command(resume="yes"), _config("ben"))
    assert not vimeo.requests
    assert '"total":1' in _last(run(Command(resume="yes"), _config("ana")))


@BOTH
def test_a_graph_of_ones_own_claims_its_thread_in_a_node_or_before_the_run(
    users: Users, vimeo: Sandbox, blocking: bool
) -> None:
    tools = langchain_tools(identifier=_user, toolkit=users)
    call = AIMessage("", tool_calls=[{"name": LIST, "args": {}, "id": "1", "type": "tool_call"}])
    graph = StateGraph(MessagesState)
    graph.add_node("model", lambda state: {"messages": [call]})
    graph.add_node("tools", ToolNode(tools))
    graph.add_edge(START, "model")
    graph.add_edge("model", "tools")
    graph.add_edge("tools", END)
    run = _Runs(graph.compile(checkpointer=InMemorySaver(), interrupt_before=["tools"]), blocking)

    def claim(user: str) -> None:
        if blocking:
            claim_thread(tools, _config(user))
        else:
            asyncio.run(aclaim_thread(tools, _config(user)))

    claim("ana")
    run(ASKED, _config("ana"))
    with pytest.raises(WrongUser):
        claim("ben")
    with pytest.raises(WrongUser):
        run(None, _config("ben"))
    assert not vimeo.requests
    assert '"total":1' in _last(run(None, _config("ana")))


def test_tools_of_one_user_claim_a_thread_where_they_are_told_to(users: Users) -> None:
    mine, other = (langchain_tools(identifier=name, toolkit=users) for name in ("ana", "ben"))
    claim_thread(mine, {"configurable": {"thread_id": 7}})
    claim_thread(mine, {"configurable": {"thread_id": "7"}})
    with pytest.raises(WrongUser):
        claim_thread(other, {"configurable": {"thread_id": "7"}})
    claim_thread(other, {"configurable": {}})


def test_a_run_that_keeps_nothing_has_no_thread(users: Users) -> None:
    agent = create_agent(
        OneCallChat(tool_name=LIST, arguments={}), langchain_tools(identifier=_user, toolkit=users)
    )
    for name in ("ana", "ben"):
        assert '"total":1' in _last(agent.invoke(ASKED, _config(name)))


@BOTH
def test_a_store_that_is_busy_is_told_to_the_model(
    users: Users, blocking: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def aclaim(*args: Any, **kwargs: Any) -> None:
        raise StoreBusy("The store is busy.", hint="Try again in a moment.")

    def claim(*args: Any, **kwargs: Any) -> None:
        raise StoreBusy("The store is busy.", hint="Try again in a moment.")

    monkeypatch.setattr(users, "claim_thread", claim)
    monkeypatch.setattr(users, "aclaim_thread", aclaim)
    run = _Runs(_listing(langchain_tools(identifier=_user, toolkit=users)), blocking)
    assert '"error":"store_busy"' in _last(run(ASKED, _config("ana")))


# ---- LlamaIndex ----


async def _of_store(ctx: Context) -> Any:
    return await ctx.store.get("user", default=None)


def test_a_restored_context_is_not_continued_for_another_user(users: Users, vimeo: Sandbox) -> None:
    tools = llama_tools(identifier=_of_store, toolkit=users)
    agent = FunctionAgent(tools=tools, llm=OneCallLlm(tool_name=LIST, arguments={}))

    async def restored(kept: Any, user: str) -> str:
        context = Context.from_dict(agent, kept, serializer=JsonSerializer())
        await context.store.set("user", user)
        return str(await agent.run("Once more.", ctx=context))

    async def all_of_it() -> None:
        context = Context(agent)
        await context.store.set("user", "ana")
        assert '"total":1' in str(await agent.run("Do it.", ctx=context))
        kept = context.to_dict(serializer=JsonSerializer())
        vimeo.requests.clear()
        with pytest.raises(WrongUser):
            await restored(kept, "ben")
        assert not vimeo.requests
        assert '"total":1' in await restored(kept, "ana")

    asyncio.run(all_of_it())


async def _until_asked(handler: Any) -> ApprovalRequestEvent:
    async for event in handler.stream_events():
        if isinstance(event, ApprovalRequestEvent):
            return event
    raise AssertionError("nobody was asked")


def test_people_approve_for_themselves_in_one_agent(users: Users, vimeo: Sandbox) -> None:
    """Two runs wait at once; a run that waits is not taken over by another user."""
    tools = llama_tools(identifier=_of_store, toolkit=users)
    llm = OneCallLlm(tool_name=DELETE, arguments={"video_id": users.videos["ana"]})
    agent = FunctionAgent(tools=tools, llm=llm)

    async def begun(user: str) -> Any:
        context = Context(agent)
        await context.store.set("user", user)
        return agent.run("Do it.", ctx=context)

    async def all_of_it() -> None:
        waiting, kept = await begun("ana"), await begun("ana")
        asked = await _until_asked(waiting)
        await _until_asked(kept)
        # taken over: restored from its serialised context, for another user
        state = kept.ctx.to_dict(serializer=JsonSerializer())
        await kept.cancel_run()
        restored = Context.from_dict(agent, state, serializer=JsonSerializer())
        await restored.store.set("user", "ben")
        await restored.store.set("memory", ChatMemoryBuffer.from_defaults())
        vimeo.requests.clear()
        taken_over = agent.run(ctx=restored)
        taken_over.ctx.send_event(ApprovalResponseEvent(approval_id=asked.approval_id, approved=True))
        with pytest.raises(WrongUser):
            await taken_over
        assert not vimeo.requests
        waiting.ctx.send_event(ApprovalResponseEvent(approval_id=asked.approval_id, approved=True))
        await waiting
        deleted = [(one.path, one.user) for one in vimeo.requests if one.method == "DELETE"]
        assert deleted == [(f"/videos/{users.videos['ana']}", users.uris["ana"])]

    asyncio.run(asyncio.wait_for(all_of_it(), 60))


# ---- the core ----


def test_a_thread_belongs_to_who_claims_it_first(users: Users) -> None:
    for _ in range(2):
        users.claim_thread("1", identifier="ana")
        asyncio.run(users.aclaim_thread("1", identifier="ana"))
    with pytest.raises(WrongUser):
        users.claim_thread("1", identifier="ben")
    users.claim_thread("2", identifier="ben")
    wrong: Any
    for wrong in ("", None, 3):
        with pytest.raises(InvalidInput, match="thread's id"):
            users.claim_thread(wrong, identifier="ana")
