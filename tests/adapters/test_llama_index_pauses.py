"""Runs of LlamaIndex's agents that wait for a person: each call is made once, whatever comes twice or never."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.agent.workflow import AgentWorkflow, FunctionAgent, ToolCallResult
from llama_index.core.memory import Memory
from llama_index.core.workflow import (
    Context,
    HumanResponseEvent,
    InputRequiredEvent,
    JsonSerializer,
    StartEvent,
    StopEvent,
    Workflow,
    step,
)
from llama_index.tools.vimeo import (
    ApprovalRequestEvent,
    ApprovalResponseEvent,
    ConnectionRequestEvent,
    ConnectionResponseEvent,
)
from llama_index.tools.vimeo import get_tools as llama_tools
from pydantic import BaseModel

from tests.adapters.llama_index_double import TurnsLlm
from tests.examples import posts
from vimeo_toolkit import Connection, VimeoToolkit, generate_key
from vimeo_toolkit.sandbox import Sandbox

LIST, ME, MAKE = "vimeo_my_videos_list", "vimeo_me_get", "vimeo_folder_create"
Turns = Sequence[Sequence[tuple[str, dict[str, Any]]]]
MIXED: Turns = [[(MAKE, {"name": "A"}), (LIST, {"per_page": 1}), (MAKE, {"name": "B"})]]


@pytest.fixture
def toolkit(connection: Connection) -> Iterator[VimeoToolkit]:
    with VimeoToolkit([connection], store="sqlite:///:memory:") as made:
        yield made


class Watched:
    """A run of an agent, the product that watches it, and the user whom that shows its button."""

    def __init__(self, toolkit: VimeoToolkit, vimeo: Sandbox, turns: Turns, **more: Any) -> None:
        self.toolkit, self.vimeo = toolkit, vimeo
        self.llm = TurnsLlm(turns=[list(turn) for turn in turns])
        names = sorted({name for turn in turns for name, _ in turn})
        tools = llama_tools(identifier="new", toolkit=toolkit, include=names, connect=True)
        self.agent: Any = FunctionAgent(name="a", tools=tools, llm=self.llm, streaming=False, timeout=60)
        if more.get("workflow"):
            self.agent = AgentWorkflow(agents=[self.agent], root_agent="a", timeout=60)
        self.asked: list[ConnectionRequestEvent] = []
        self.outputs: list[Any] = []

    async def connect(self, scopes: Sequence[str] | None = None) -> None:
        """Open the link that was shown last, and allow what it asks for."""
        link = self.asked[-1].authorization_link
        callback = await asyncio.to_thread(self.vimeo.authorize, link, scopes=scopes)
        await self.toolkit.acomplete_authorization(callback, identifier="new")

    async def run(self, answer: Callable[[Any], Any], ctx: Any = None, asks: str | None = "Do it.") -> Any:
        """Run the agent; `answer` is called with the run's handler at each request to connect."""
        handler = self.agent.run(asks, ctx=ctx) if asks is not None else self.agent.run(ctx=ctx)
        async for event in handler.stream_events():
            if isinstance(event, ConnectionRequestEvent):
                self.asked.append(event)
                await answer(handler)
            if isinstance(event, ToolCallResult):
                self.outputs.append(event.tool_output)
        await handler
        return handler

    def errors(self) -> list[str | None]:
        return [json.loads(output.content).get("error") for output in self.outputs]


@pytest.mark.parametrize("workflow", [False, True], ids=["agent", "workflow"])
@pytest.mark.parametrize("times", [1, 3])
async def test_one_request_for_all_calls_of_a_turn_and_each_call_once(
    times: int, workflow: bool, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    run = Watched(toolkit, vimeo, MIXED, workflow=workflow)

    async def answer(handler: Any) -> None:
        await run.connect()
        for _ in range(times):  # a button that was pressed more than once
            handler.ctx.send_event(ConnectionResponseEvent())

    await run.run(answer)
    assert [(each.error, each.missing_scopes) for each in run.asked] == [("not_connected", [])]
    assert run.errors() == [None] * 3
    assert posts(vimeo) == ["/me/projects"] * 2
    assert len([request for request in vimeo.requests if request.path == "/me/videos"]) == 1


async def test_one_link_asks_for_all_that_is_missing(
    toolkit: VimeoToolkit, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("llama_index.tools.vimeo.connecting.GATHER", 0.4)
    toolkit.import_token(identifier="new", access_token=vimeo.issue_token(scopes=["public"]).access_token)
    run = Watched(toolkit, vimeo, [[(LIST, {}), (MAKE, {"name": "A"})], [(MAKE, {"name": "B"})]])

    async def answer(handler: Any) -> None:
        await run.connect()
        handler.ctx.send_event(ConnectionResponseEvent())

    await run.run(answer)
    assert [(each.error, each.missing_scopes) for each in run.asked] == [
        ("missing_scope", ["create", "private"])
    ]
    assert run.errors() == [None] * 3
    assert len(posts(vimeo)) == 2


async def test_what_was_not_allowed_is_asked_for_again(toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    run = Watched(toolkit, vimeo, [[(MAKE, {"name": "A"}), (MAKE, {"name": "B"})]])
    allowed = [["public", "private"], ["public", "private", "create"]]

    async def answer(handler: Any) -> None:
        await run.connect(allowed.pop(0))
        handler.ctx.send_event(ConnectionResponseEvent())

    await run.run(answer)
    assert [each.error for each in run.asked] == ["not_connected", "missing_scope"]
    assert run.errors() == [None] * 2
    assert len(posts(vimeo)) == 2


@pytest.mark.parametrize(
    ("said", "words"),
    [({"connected": False, "reason": "Not now."}, "Not now."), ({"connected": True}, "has not done")],
)
async def test_a_run_ends_where_nobody_connected_and_no_model_reads_the_link(
    said: dict[str, Any], words: str, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    run = Watched(toolkit, vimeo, MIXED)

    async def answer(handler: Any) -> None:
        handler.ctx.send_event(ConnectionResponseEvent(**said))

    handler = await run.run(answer)
    assert len(run.asked) == 1
    assert run.errors() == ["not_connected"] * 3
    assert any(words in output.content for output in run.outputs)
    assert all(output.is_error and output.raw_output["error"] == "not_connected" for output in run.outputs)
    assert vimeo.requests == []
    memory = await handler.ctx.store.get("memory")
    seen = [str(message) for message in await memory.aget_all()]
    state = json.dumps(handler.ctx.to_dict(serializer=JsonSerializer()))
    assert seen
    for text in (*seen, *(str(output) for output in run.outputs), state):
        assert vimeo.url not in text


async def test_nobody_answers(toolkit: VimeoToolkit, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("llama_index.tools.vimeo.pausing.PATIENCE", 0.2)
    run = Watched(toolkit, vimeo, MIXED)

    async def answer(handler: Any) -> None:
        pass

    await run.run(answer)
    assert len(run.asked) == 1
    assert run.errors() == ["not_connected"] * 3


async def test_a_later_pause_wakes_no_call_of_an_earlier_one(toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    """A wait of the past that fits an event would make its call again."""
    run = Watched(toolkit, vimeo, [[(MAKE, {"name": "A"})], [(ME, {})], [(MAKE, {"name": "B"})]])

    async def answer(handler: Any) -> None:
        await run.connect()
        handler.ctx.send_event(ConnectionResponseEvent())

    ended: list[Any] = []
    original = toolkit.aexecute_tool

    async def ends(**given: Any) -> Any:
        reply = await original(**given)
        if not ended:
            ended.append(given)
            vimeo.revoke_all(vimeo.user)
        return reply

    toolkit.aexecute_tool = ends  # type: ignore[method-assign]
    await run.run(answer)
    assert [each.error for each in run.asked] == ["not_connected", "revoked"]
    assert run.errors() == [None] * 3
    assert len(posts(vimeo)) == 2


async def test_who_connects_before_a_call_waits_is_not_asked(toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    """The answer comes between the look at the account and the wait."""
    run = Watched(toolkit, vimeo, [[(MAKE, {"name": "A"})]])
    original = toolkit.aconnection_request
    looks = 0

    async def connects(calls: Any, **more: Any) -> Any:
        nonlocal looks
        found = await original(calls, **more)
        looks += 1
        if looks == 1:
            toolkit.import_token(identifier="new", access_token=vimeo.issue_token().access_token)
        return found

    toolkit.aconnection_request = connects  # type: ignore[method-assign]

    async def answer(handler: Any) -> None:
        raise AssertionError("nothing is to be asked")

    await run.run(answer)
    assert run.errors() == [None]


@pytest.mark.parametrize("within", ["the pause", "the call"])
async def test_a_context_that_is_restored_goes_on(within: str, toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    run = Watched(toolkit, vimeo, MIXED)
    handler = run.agent.run("Do it.")
    async for event in handler.stream_events():
        if isinstance(event, ConnectionRequestEvent):
            run.asked.append(event)
            break
    for _ in range(200):
        await asyncio.sleep(0)
    kept = json.dumps(handler.ctx.to_dict(serializer=JsonSerializer()))
    await handler.cancel_run()
    assert vimeo.url not in kept
    await run.connect()

    other = Watched(toolkit, vimeo, MIXED)  # what another process makes anew
    ctx = Context.from_dict(other.agent, json.loads(kept), serializer=JsonSerializer())
    resumed = other.agent.run(ctx=ctx)
    # LlamaIndex does not serialise an agent's own memory, and drops one that is in the context before.
    await resumed.ctx.store.set("memory", Memory.from_defaults())
    if within == "the call":
        for _ in range(200):
            await asyncio.sleep(0)
    resumed.ctx.send_event(ConnectionResponseEvent())
    resumed.ctx.send_event(ConnectionResponseEvent())
    results = [event async for event in resumed.stream_events() if isinstance(event, ToolCallResult)]
    await resumed
    assert [result.tool_output.is_error for result in results] == [False] * 3
    assert len(posts(vimeo)) == 2


@pytest.mark.parametrize("count", [8, pytest.param(200, marks=pytest.mark.slow)])
async def test_one_agent_lets_each_user_connect(count: int, toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    """The user of each run is in its context; each sees a link of their own and reads what is theirs."""
    videos = {f"user {number}": number % 9 + 1 for number in range(count)}
    people = {who: vimeo.add_user(who, videos=some) for who, some in videos.items()}

    async def user_of(ctx: Context) -> Any:
        return await ctx.store.get("user")

    tools = llama_tools(identifier=user_of, toolkit=toolkit, include=[LIST], connect=True)
    llm = TurnsLlm(turns=[[(LIST, {}), (LIST, {"per_page": 1})]])
    agent = FunctionAgent(name="a", tools=tools, llm=llm, streaming=False, timeout=300)

    async def run(who: str) -> list[int]:
        ctx: Context = Context(agent)
        await ctx.store.set("user", who)
        handler = agent.run("How many?", ctx=ctx)
        asked, totals = [], []
        async for event in handler.stream_events():
            if isinstance(event, ConnectionRequestEvent):
                asked.append(event)
                callback = await asyncio.to_thread(
                    vimeo.authorize, event.authorization_link, user=people[who]
                )
                await toolkit.acomplete_authorization(callback, identifier=who)
                handler.ctx.send_event(ConnectionResponseEvent())
            if isinstance(event, ToolCallResult):
                totals.append(json.loads(event.tool_output.content)["total"])
        await handler
        assert len(asked) == 1
        return totals

    totals = await asyncio.gather(*(run(who) for who in people))
    assert totals == [[some] * 2 for some in videos.values()]


RESTORED = """
import asyncio, json, sys
from llama_index.core.memory import Memory
from llama_index.core.workflow import (
    Context,
    HumanResponseEvent,
    InputRequiredEvent,
    JsonSerializer,
    StartEvent,
    StopEvent,
    Workflow,
    step,
)
from llama_index.tools.vimeo import ConnectionResponseEvent, get_tools
from llama_index.core.agent.workflow import FunctionAgent
from tests.adapters.llama_index_double import TurnsLlm
from vimeo_toolkit import VimeoToolkit

kept, turns = json.load(sys.stdin)


async def go_on():
    async with VimeoToolkit.from_env() as toolkit:
        tools = get_tools(identifier="new", toolkit=toolkit, connect=True, toolsets=["default", "library"])
        llm = TurnsLlm(turns=turns)
        agent = FunctionAgent(name="a", tools=tools, llm=llm, streaming=False, timeout=60)
        ctx = Context.from_dict(agent, kept, serializer=JsonSerializer())
        handler = agent.run(ctx=ctx)
        await handler.ctx.store.set("memory", Memory.from_defaults())
        handler.ctx.send_event(ConnectionResponseEvent())
        result = await handler
        print(json.dumps([call.tool_output.is_error for call in result.tool_calls]))


asyncio.run(go_on())
"""


@pytest.mark.slow
async def test_another_process_goes_on(
    connection: Connection, vimeo: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "VIMEO_CLIENT_ID": connection.client_id,
        "VIMEO_CLIENT_SECRET": vimeo.app.client_secret,
        "VIMEO_REDIRECT_URI": connection.redirect_uri,
        "VIMEO_API_URL": vimeo.url,
        "VIMEO_SCOPES": " ".join(connection.scopes),
        "VIMEO_TOOLKIT_STORE": f"sqlite:///{tmp_path / 'accounts.db'}",
        "VIMEO_TOOLKIT_KEY": generate_key(),
    }.items():
        monkeypatch.setenv(name, str(value))
    with VimeoToolkit.from_env() as toolkit:
        run = Watched(toolkit, vimeo, MIXED)
        handler = run.agent.run("Do it.")
        async for event in handler.stream_events():
            if isinstance(event, ConnectionRequestEvent):
                run.asked.append(event)
                break
        await asyncio.sleep(0.2)
        kept = handler.ctx.to_dict(serializer=JsonSerializer())
        await handler.cancel_run()
        await run.connect()
    given = json.dumps([kept, MIXED]).encode()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-c", RESTORED, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    said, _ = await asyncio.wait_for(process.communicate(given), 120)
    assert json.loads(said) == [False] * 3
    assert len(posts(vimeo)) == 2


async def test_who_has_connected_is_held_up_by_no_approval(connection: Connection, vimeo: Sandbox) -> None:
    """One call connects and then waits for approval; the others go on meanwhile, and each is made once."""
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="writes") as guarded:
        llm = TurnsLlm(turns=[[(MAKE, {"name": "A"}), (LIST, {}), (MAKE, {"name": "B"})]])
        tools = llama_tools(identifier="new", toolkit=guarded, include=[MAKE, LIST], connect=True)
        handler = FunctionAgent(name="a", tools=tools, llm=llm, streaming=False, timeout=60).run("Do it.")
        kinds: list[str] = []
        waiting: list[ApprovalResponseEvent] = []
        async for event in handler.stream_events():
            if isinstance(event, ConnectionRequestEvent):
                callback = await asyncio.to_thread(vimeo.authorize, event.authorization_link)
                await guarded.acomplete_authorization(callback, identifier="new")
                for _ in range(2):
                    handler.ctx.send_event(ConnectionResponseEvent())
            elif isinstance(event, ApprovalRequestEvent):
                waiting.append(ApprovalResponseEvent(approval_id=event.approval_id, approved=True))
            elif isinstance(event, ToolCallResult):
                assert not event.tool_output.is_error
            else:
                continue
            kinds.append(type(event).__name__)
            if "ToolCallResult" in kinds:  # the list, which needs no approval
                for answer in waiting * 2:
                    handler.ctx.send_event(answer)
                waiting.clear()
        await handler
    assert kinds.count("ConnectionRequestEvent") == 1
    assert kinds.count("ApprovalRequestEvent") == 2
    assert kinds.count("ToolCallResult") == 3
    assert len(posts(vimeo)) == 2


async def test_a_run_that_was_cancelled_in_a_pause_keeps_no_later_one_waiting(
    toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    """The same context is run again: nobody is left of those that would have asked and woken others."""
    run = Watched(toolkit, vimeo, [[(ME, {}), (LIST, {})]])
    ctx: Context = Context(run.agent)
    handler = run.agent.run("Do it.", ctx=ctx)
    async for event in handler.stream_events():
        if isinstance(event, ConnectionRequestEvent):
            break
    await handler.cancel_run()

    async def answer(handler: Any) -> None:
        await run.connect()
        handler.ctx.send_event(ConnectionResponseEvent())

    await run.run(answer, ctx=ctx)
    assert len(run.asked) == 1
    assert not any(run.errors())


class _Asks(Workflow):
    """A workflow of the product's own: its step calls a tool, and then waits for something else."""

    tool: Any

    @step
    async def only(self, ctx: Context, ev: StartEvent) -> StopEvent:
        output = await self.tool.acall(ctx=ctx)
        said = await ctx.wait_for_event(HumanResponseEvent, waiter_event=InputRequiredEvent(), timeout=30)
        return StopEvent(result=[output.is_error, said.response])


class _State(BaseModel):
    """A state in which nothing else can be noted."""

    count: int = 0


class _AsksWithState(_Asks):
    """The same, whose state has a type of its own."""

    @step
    async def only(self, ctx: Context[_State], ev: StartEvent) -> StopEvent:
        ended: StopEvent = await super().only(ctx, ev)
        return ended


@pytest.mark.parametrize("kind", [_Asks, _AsksWithState])
async def test_a_step_that_waits_for_something_of_its_own(
    kind: type[_Asks], toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    workflow = kind(timeout=60)
    (workflow.tool,) = llama_tools(identifier="new", toolkit=toolkit, include=[ME], connect=True)
    handler = workflow.run()
    async for event in handler.stream_events():
        if isinstance(event, ConnectionRequestEvent):
            callback = await asyncio.to_thread(vimeo.authorize, event.authorization_link)
            await toolkit.acomplete_authorization(callback, identifier="new")
            handler.ctx.send_event(ConnectionResponseEvent())
        elif isinstance(event, InputRequiredEvent):
            handler.ctx.send_event(HumanResponseEvent(response="yes"))
    assert await handler == [False, "yes"]


@pytest.mark.parametrize("times", [1, 2])
async def test_an_approval_that_comes_twice_is_for_one_call(
    times: int, connection: Connection, vimeo: Sandbox
) -> None:
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="writes") as guarded:
        guarded.import_token(identifier="new", access_token=vimeo.issue_token().access_token)
        llm = TurnsLlm(turns=[[(MAKE, {"name": "A"}), (MAKE, {"name": "A"})], [(ME, {})]])
        tools = llama_tools(identifier="new", toolkit=guarded, include=[MAKE, ME])
        handler = FunctionAgent(name="a", tools=tools, llm=llm, streaming=False, timeout=60).run("Do it.")
        outputs, asked = [], 0
        async for event in handler.stream_events():
            if isinstance(event, ApprovalRequestEvent):
                asked += 1
                for _ in range(times):
                    handler.ctx.send_event(
                        ApprovalResponseEvent(approval_id=event.approval_id, approved=True)
                    )
            if isinstance(event, ToolCallResult):
                outputs.append(event.tool_output)
        await handler
    assert [output.is_error for output in outputs] == [False] * 3
    assert asked == 2
    assert len(posts(vimeo)) == 2


async def test_without_connect_or_a_run_the_error_has_the_link(toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    for connect in False, True:
        (tool,) = llama_tools(identifier="new", toolkit=toolkit, include=[ME], connect=connect)
        output: Any = await tool.acall()
        assert output.is_error
        assert output.raw_output["authorization_link"].startswith(vimeo.url)
