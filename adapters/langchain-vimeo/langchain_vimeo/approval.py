"""LangChain's human-in-the-loop middleware, tied to the approvals of the core.

    toolkit = VimeoToolkit(…, approval="destructive")
    tools = get_tools(identifier=user, toolkit=toolkit)
    middleware = [HumanInTheLoopMiddleware(interrupt_on=approval_config(tools))]
    agent = create_agent(model, tools, middleware=middleware, checkpointer=…)
    state = agent.invoke(…, config)
    # Show state["__interrupt__"] to the user; when they have decided:
    answer = resume(tools, state["__interrupt__"], [{"type": "approve"}], config=config)
    state = agent.invoke(Command(resume=answer), config)

The middleware only asks. What runs is decided by the core, which `resume` tells of the person's decision: a
call that reaches a tool by any other way, past the middleware or after a rejection, is refused there. Consent is
for what the question told: when that has changed by the time of the call, the core refuses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool

from langchain_vimeo.run import abound_for, bound_for
from langchain_vimeo.vimeo_tool import VimeoTool

__all__ = ["approval_config", "aresume", "resume"]

Decision = Mapping[str, Any]
"""`{"type": "approve"}`, `{"type": "reject", "message": …}` or `{"type": "edit", "edited_action": {"name": …,
"args": …}}`, as the middleware takes them."""


def approval_config(tools: Iterable[BaseTool]) -> dict[str, Any]:
    """Return `interrupt_on` of `HumanInTheLoopMiddleware`: the tools that their toolkit holds back for approval,
    each with a question that names what stands at Vimeo now."""
    return {
        tool.name: {
            "allowed_decisions": ["approve", "edit", "reject"],
            "description": partial(_question, tool),
            "when": partial(_is_held, tool),
        }
        for tool in tools
        if isinstance(tool, VimeoTool) and tool.bound.needs_approval
    }


def _question(tool: VimeoTool, tool_call: Any, state: Any = None, runtime: Any = None) -> str:
    # Blocking, because LangChain's middleware calls it that way in `ainvoke`, too.
    return bound_for(tool.bound).question_about(tool_call["args"])


def _is_held(tool: VimeoTool, request: Any) -> bool:
    return bound_for(tool.bound).holds_back(request.tool_call["args"])


def resume(
    tools: Iterable[BaseTool],
    interrupts: Sequence[Any],
    decisions: Sequence[Decision],
    *,
    config: RunnableConfig | None = None,
) -> Any:
    """Let the approved calls through the core, once each; return the value for `Command(resume=…)`.

    Call it where the person's decision arrives, never in a tool or a node.

    Args:
        tools: those of the agent; others than Vimeo's are left alone.
        interrupts: of the state, `state["__interrupt__"]`; both modes of the middleware will do.
        decisions: one for each call that the interrupts ask about, in their order.
        config: that with which the graph is resumed. Tools whose identifier is a function need it: it names the
            user for whom the calls are approved.

    Raises:
        ValueError: there are more or fewer decisions than calls; nothing was approved.
        ConfigurationError: a tool's function named nobody; nothing was approved.
    """
    calls, value = _answers(interrupts, decisions)
    bound = [(bound_for(tool.bound, config), approved) for tool, approved in _by_tool(tools, calls)]
    for each, approved in bound:
        each.approve(approved.arguments, asked=approved.asked, times=approved.times)
    return value


async def aresume(
    tools: Iterable[BaseTool],
    interrupts: Sequence[Any],
    decisions: Sequence[Decision],
    *,
    config: RunnableConfig | None = None,
) -> Any:
    """Let the approved calls through as `resume` does, without holding up the event loop."""
    calls, value = _answers(interrupts, decisions)
    bound = [(await abound_for(tool.bound, config), approved) for tool, approved in _by_tool(tools, calls)]
    for each, approved in bound:
        await each.aapprove(approved.arguments, asked=approved.asked, times=approved.times)
    return value


@dataclass
class _Approved:
    """A call that a person agreed to, and how many equal ones."""

    name: str
    arguments: dict[str, Any]
    asked: str = ""
    """The text that the person was shown; empty if they wrote the arguments themselves."""
    times: int = 1


def _by_tool(tools: Iterable[BaseTool], calls: list[_Approved]) -> Iterator[tuple[VimeoTool, _Approved]]:
    named = {tool.name: tool for tool in tools if isinstance(tool, VimeoTool)}
    for call in calls:
        if call.name in named:
            yield named[call.name], call


def _answers(
    interrupts: Sequence[Any], decisions: Sequence[Decision]
) -> tuple[list[_Approved], dict[str, Any]]:
    """Return the approved calls, as they will be made, and the answer to each interrupt."""
    asked = [_actions(interrupt.value) for interrupt in interrupts]
    if (count := sum(map(len, asked))) != len(decisions):
        raise ValueError(f"There are {len(decisions)} decisions for {count} calls.")
    left = iter(decisions)
    calls: list[_Approved] = []
    value: dict[str, Any] = {}
    for interrupt, actions in zip(interrupts, asked, strict=True):
        given = [next(left) for _ in actions]
        for action, decision in zip(actions, given, strict=True):
            match decision["type"]:
                case "approve":
                    _add(calls, _Approved(action["name"], action["args"], action.get("description") or ""))
                case "edit":
                    edited = decision["edited_action"]
                    _add(calls, _Approved(edited["name"], edited["args"]))
        batched = "action_requests" in interrupt.value
        value[interrupt.id] = {"decisions": given} if batched else given[0]
    return calls, value


def _add(calls: list[_Approved], call: _Approved) -> None:
    """Add a call, or count it if it is there: each one that was asked about is approved once."""
    for other in calls:
        if (other.name, other.arguments, other.asked) == (call.name, call.arguments, call.asked):
            other.times += 1
            return
    calls.append(call)


def _actions(value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the calls that an interrupt asks about: all of a turn, or one (`interrupt_mode="per_call"`)."""
    return list(value["action_requests"]) if "action_requests" in value else [value]
