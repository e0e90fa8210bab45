"""Many users at once, one agent: each answer comes of its own user's token, as the sandbox's record says."""

from __future__ import annotations

import asyncio
import contextvars
import json
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypedDict

import pytest
from langchain.agents import create_agent
from langchain_classic.agents import AgentExecutor, create_tool_calling_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda
from langchain_vimeo import VimeoThreadOwner
from langchain_vimeo import get_tools as langchain_tools
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from langgraph.runtime import get_runtime
from llama_index.core.agent.workflow import AgentWorkflow, FunctionAgent, ReActAgent, ToolCallResult
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.core.llms.llm import ToolSelection
from llama_index.core.workflow import Context
from llama_index.tools.vimeo import get_tools as llama_tools
from pydantic import Field

from tests.adapters.doubles import OneCallLlm
from vimeo_toolkit import ConfigurationError, Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox

LIST, ME = "vimeo_my_videos_find", "vimeo_me_get"
TURNS: list[list[str]] = [[LIST, ME], [LIST]]
"""What the model calls, turn by turn. It passes the user's words on as the `query`, so that the record of a request
says in which run it was made."""

MANY = pytest.param(200, marks=pytest.mark.slow)


class World:
    """A toolkit with so many users, each with a video of the user's own name."""

    def __init__(self, vimeo: Sandbox, toolkit: VimeoToolkit, count: int) -> None:
        self.vimeo, self.toolkit = vimeo, toolkit
        self.uris: dict[str, str] = {}
        for place in range(count):
            name = f"user{place:03}"
            user = vimeo.add_user(name, videos=1)
            toolkit.import_token(identifier=name, access_token=vimeo.issue_token(user).access_token)
            self.uris[name] = user.uri
        vimeo.requests.clear()

    @property
    def names(self) -> list[str]:
        return list(self.uris)

    def check(self, answers: dict[str, list[str]], calls: int) -> None:
        """Each user got their own answers, and each request was made with the token of its run's user."""
        assert set(answers) == set(self.uris)
        for name, texts in answers.items():
            assert len(texts) == calls
            for text in texts:
                assert set(re.findall(r"user\d{3}", text)) == {name}, text
        searched = [one for one in self.vimeo.requests if "query" in one.query]
        assert len(searched) >= len(self.uris)
        for one in searched:
            assert one.user == self.uris[one.query["query"]], one


@pytest.fixture
def world(vimeo: Sandbox, connection: Connection, request: pytest.FixtureRequest) -> Iterator[World]:
    with VimeoToolkit([connection], store="sqlite:///:memory:") as toolkit:
        yield World(vimeo, toolkit, request.param)


USERS = pytest.mark.parametrize("world", [4, MANY], indirect=True)


# ---- LangChain ----


class Searching(BaseChatModel):
    """Makes the calls of `TURNS` with the user's last words, then ends."""

    @property
    def _llm_type(self) -> str:
        return "searching"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        return self

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        place = max(at for at, message in enumerate(messages) if isinstance(message, HumanMessage))
        said = messages[place].text
        turn = sum(isinstance(message, AIMessage) for message in messages[place:])
        names = TURNS[turn] if turn < len(TURNS) else []
        calls = [
            {"name": name, "args": {"query": said} if name == LIST else {}, "id": f"{turn}-{at}"}
            for at, name in enumerate(names)
        ]
        answer = AIMessage("" if calls else "Done.", tool_calls=calls)
        return ChatResult(generations=[ChatGeneration(message=answer)])


class _Context(TypedDict):
    user: str


def _of_config(config: Any) -> Any:
    return config["configurable"].get("user")


def _of_context(config: Any) -> Any:
    return get_runtime(_Context).context["user"]


async def _later_of_context(config: Any) -> Any:
    await asyncio.sleep(0)
    return _of_context(config)


def _agent(tools: Any) -> Any:
    middleware = [VimeoThreadOwner(tools)]
    return create_agent(
        Searching(), tools, middleware=middleware, context_schema=_Context, checkpointer=InMemorySaver()
    )


def _graph(tools: Any) -> Any:
    graph = StateGraph(MessagesState, context_schema=_Context)
    graph.add_node("model", lambda state: {"messages": [Searching().invoke(state["messages"])]})
    graph.add_node("tools", ToolNode(tools))
    graph.add_edge(START, "model")
    graph.add_conditional_edges(
        "model", lambda state: "tools" if state["messages"][-1].tool_calls else END, ["tools", END]
    )
    graph.add_edge("tools", "model")
    return graph.compile(checkpointer=InMemorySaver())


def _run_of(name: str, identify: Any) -> dict[str, Any]:
    configurable = {"thread_id": f"thread of {name}", "user": name if identify is _of_config else "nobody"}
    run: dict[str, Any] = {"config": {"configurable": configurable}}
    return run if identify is _of_config else {**run, "context": {"user": name}}


def _said(state: dict[str, Any]) -> list[str]:
    return [message.text for message in state["messages"] if isinstance(message, ToolMessage)]


@USERS
@pytest.mark.parametrize("made", [_agent, _graph])
def test_one_graph_in_many_threads(world: World, made: Any) -> None:
    for identify in (_of_config, _of_context):
        graph = made(langchain_tools(identifier=identify, toolkit=world.toolkit))

        def one(name: str, graph: Any = graph, identify: Any = identify) -> list[str]:
            return _said(graph.invoke({"messages": [("user", name)]}, **_run_of(name, identify)))

        with ThreadPoolExecutor(min(len(world.names), 50)) as threads:
            world.check(dict(zip(world.names, threads.map(one, world.names), strict=True)), 3)


@USERS
@pytest.mark.parametrize("made", [_agent, _graph])
async def test_one_graph_in_one_event_loop(world: World, made: Any) -> None:
    for identify in (_of_config, _later_of_context):
        tools = langchain_tools(identifier=identify, toolkit=world.toolkit)
        graph = made(tools)

        async def one(name: str, graph: Any = graph, identify: Any = identify) -> list[str]:
            return _said(await graph.ainvoke({"messages": [("user", name)]}, **_run_of(name, identify)))

        world.check(dict(zip(world.names, await asyncio.gather(*map(one, world.names)), strict=True)), 3)


def _executor(tools: Any) -> AgentExecutor:
    prompt = ChatPromptTemplate.from_messages([("human", "{input}"), ("placeholder", "{agent_scratchpad}")])
    agent = create_tool_calling_agent(Searching(), tools, prompt)
    return AgentExecutor(agent=agent, tools=tools, return_intermediate_steps=True)


def _steps(answer: dict[str, Any]) -> list[str]:
    return [str(seen) for _, seen in answer["intermediate_steps"]]


@pytest.mark.parametrize("world", [3], indirect=True)
async def test_an_agent_executor_has_a_config_within_a_chain(world: World) -> None:
    """By itself it gives its tools no config. Behind another Runnable they have that one's."""
    executor = _executor(langchain_tools(identifier=_of_config, toolkit=world.toolkit))
    with pytest.raises(ConfigurationError, match="returned nobody"):
        executor.invoke({"input": "user000"}, {"configurable": {"user": "user000"}})
    assert not world.vimeo.requests
    chain: Any = RunnableLambda(executor.invoke, executor.ainvoke)

    def blocking(name: str) -> list[str]:
        return _steps(chain.invoke({"input": name}, {"configurable": {"user": name}}))

    async def asynchronous(name: str) -> list[str]:
        return _steps(await chain.ainvoke({"input": name}, {"configurable": {"user": name}}))

    with ThreadPoolExecutor(3) as threads:
        world.check(dict(zip(world.names, threads.map(blocking, world.names), strict=True)), 3)
    world.check(dict(zip(world.names, await asyncio.gather(*map(asynchronous, world.names)), strict=True)), 3)


@pytest.mark.parametrize("world", [3], indirect=True)
async def test_a_context_variable_names_the_user_where_there_is_no_config(world: World) -> None:
    current: contextvars.ContextVar[str] = contextvars.ContextVar("current")
    executor = _executor(langchain_tools(identifier=lambda config: current.get(), toolkit=world.toolkit))

    async def one(name: str) -> list[str]:
        current.set(name)
        return _steps(await executor.ainvoke({"input": name}))

    world.check(dict(zip(world.names, await asyncio.gather(*map(one, world.names)), strict=True)), 3)


# ---- LlamaIndex ----


class SearchingLlm(OneCallLlm):
    """Makes the calls of `TURNS` with the user's last words, after the hand-offs of its own; then ends."""

    tool_name: str = ""
    arguments: dict[str, Any] = Field(default_factory=dict)
    to: str = ""
    """The agent to which it hands over at first."""

    def _answer(self, messages: Sequence[ChatMessage]) -> ChatResponse:
        said = next(str(one.content) for one in reversed(messages) if one.role == MessageRole.USER)
        done = sum(one.role == MessageRole.TOOL for one in messages)
        calls: list[tuple[str, dict[str, Any]]] = []
        if self.to:
            calls = [("handoff", {"to_agent": self.to, "reason": "It is theirs."})]
        else:
            handed = sum(
                "is now handling" in str(one.content) for one in messages if one.role == MessageRole.TOOL
            )
            turn = {0: 0, 2: 1}.get(done - handed, len(TURNS))
            names = TURNS[turn] if turn < len(TURNS) else []
            calls = [(name, {"query": said} if name == LIST else {}) for name in names]
        message = ChatMessage(
            role=MessageRole.ASSISTANT,
            content="" if calls else "Done.",
            additional_kwargs={"tool_calls": calls},
        )
        return ChatResponse(message=message)

    def get_tool_calls_from_response(
        self, response: ChatResponse, error_on_no_tool_call: bool = True, **kwargs: Any
    ) -> list[ToolSelection]:
        return [
            ToolSelection(tool_id=f"call_{at}", tool_name=name, tool_kwargs=arguments)
            for at, (name, arguments) in enumerate(response.message.additional_kwargs.get("tool_calls") or [])
        ]


class ThinkingLlm(OneCallLlm):
    """Writes its one call as text, as models without tool calls do."""

    tool_name: str = ""
    arguments: dict[str, Any] = Field(default_factory=dict)

    def _answer(self, messages: Sequence[ChatMessage]) -> ChatResponse:
        users = [str(one.content) for one in messages if one.role == MessageRole.USER]
        if users[-1].startswith("Observation"):
            text = "Thought: I can answer without using any more tools.\nAnswer: Done."
        else:
            given = json.dumps({"query": users[-1]})
            text = f"Thought: I look.\nAction: {LIST}\nAction Input: {given}"
        return ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=text), delta=text)


async def _of_store(ctx: Context) -> Any:
    return await ctx.store.get("vimeo_identifier", default=None)


def _function_agent(tools: Any) -> Any:
    return FunctionAgent(tools=tools, llm=SearchingLlm())


def _handed_over(tools: Any) -> Any:
    first = FunctionAgent(
        name="first", description="f", tools=[], llm=SearchingLlm(to="second"), can_handoff_to=["second"]
    )
    second = FunctionAgent(name="second", description="s", tools=tools, llm=SearchingLlm())
    return AgentWorkflow(agents=[first, second], root_agent="first")


def _react(tools: Any) -> Any:
    return ReActAgent(tools=tools, llm=ThinkingLlm())


@USERS
@pytest.mark.parametrize(("made", "calls"), [(_function_agent, 3), (_handed_over, 3), (_react, 1)])
async def test_one_agent_of_llamaindex(world: World, made: Any, calls: int) -> None:
    agent = made(llama_tools(identifier=_of_store, toolkit=world.toolkit))

    async def one(name: str) -> list[str]:
        context = Context(agent)
        await context.store.set("vimeo_identifier", name)
        handler = agent.run(name, ctx=context)
        seen = [event async for event in handler.stream_events() if isinstance(event, ToolCallResult)]
        await handler
        return [str(event.tool_output.content) for event in seen if event.tool_name.startswith("vimeo")]

    world.check(dict(zip(world.names, await asyncio.gather(*map(one, world.names)), strict=True)), calls)
