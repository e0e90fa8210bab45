"""A user connects Vimeo in a LangChain conversation: no write is sent twice, and no model reads a link."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.messages import AIMessage
from langchain_core.tracers import BaseTracer
from langchain_vimeo import get_tools
from langgraph.types import Command

from tests.adapters.connecting import (
    ASKED,
    DELETE,
    EACH,
    FEW,
    LIST,
    MAKE,
    RESUMED,
    RUN,
    WAYS,
    Talk,
    a_video,
    an_agent,
    few_toolkit,
    tool_node,
)
from tests.adapters.turns import TurnsChat, told
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox


@pytest.fixture
def toolkit(vimeo: Sandbox) -> Iterator[VimeoToolkit]:
    with few_toolkit(vimeo) as made:
        yield made


@WAYS
async def test_one_pause_for_all_calls_of_a_turn(
    way: Any, asynchronous: bool, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    turn = [(MAKE, {"name": "A"}), (LIST, {}), (DELETE, a_video(vimeo)), (MAKE, {"name": "B"})]
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
        toolkit, vimeo, way, [(MAKE, {"name": "A"}), (DELETE, a_video(vimeo))], asynchronous=asynchronous
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
        toolkit, vimeo, way, [(MAKE, {"name": "A"}), (DELETE, a_video(vimeo))], asynchronous=asynchronous
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
        toolkit, vimeo, way, [(MAKE, {"name": "A"}), (DELETE, a_video(vimeo))], asynchronous=asynchronous
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


class _Traced(BaseTracer):
    """Keeps what a tracer would send away."""

    kept: str = ""

    def _persist_run(self, run: Any) -> None:
        self.kept += repr([run.name, run.inputs, run.outputs, run.error, run.extra, run.events])
        for each in run.child_runs:
            self._persist_run(each)


@EACH
@pytest.mark.parametrize("way", [an_agent, tool_node])
async def test_a_trace_has_no_link(
    way: Any, asynchronous: bool, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    """LangGraph raises an interrupt, and a tracer writes down what is raised."""
    agent = way(
        TurnsChat(turns=[[(MAKE, {"name": "A"})]], read=[]), get_tools(identifier="u", toolkit=toolkit)
    )
    tracer, links = _Traced(), []
    given: Any
    for given in (ASKED, Command(resume=RESUMED)):
        traced: Any = {**RUN, "callbacks": [tracer]}
        state = await agent.ainvoke(given, traced) if asynchronous else agent.invoke(given, traced)
        links.append(json.loads(json.dumps(state["__interrupt__"][0].value))["authorization_link"])
        links.append(agent.get_state(RUN).interrupts[0].value["authorization_link"])
    assert MAKE in tracer.kept
    assert all(link.startswith("http") and link not in tracer.kept for link in links)


@EACH
async def test_no_pause_where_nothing_is_missing(
    asynchronous: bool, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    turns = [[(MAKE, {"name": "A"})], [(LIST, {"per_page": "many"}), (LIST, {})]]
    talk = Talk(toolkit, vimeo, an_agent, *turns, asynchronous=asynchronous)
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
    talk = Talk(toolkit, vimeo, an_agent, asynchronous=asynchronous)
    talk.import_token(*FEW)
    (tool,) = get_tools(identifier="nobody", toolkit=toolkit, include=[MAKE])
    tool.hide_links()  # type: ignore[attr-defined]
    call = {"name": MAKE, "args": {"name": "A"}, "id": "9", "type": "tool_call"}
    messages = [AIMessage("", tool_calls=[call]), tool.invoke(call), *ASKED["messages"]]
    state = await talk.send({"messages": messages})
    assert "__interrupt__" not in state
    assert talk.sent() == 0
