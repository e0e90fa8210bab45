"""How the tools are driven in Haystack."""

from __future__ import annotations

import asyncio
from typing import Any

from haystack import component
from haystack.components.agents import Agent
from haystack.dataclasses import ChatMessage, ToolCall
from haystack.hooks.human_in_the_loop import (
    AlwaysAskPolicy,
    BlockingConfirmationStrategy,
    ConfirmationHook,
    ConfirmationUIResult,
)
from haystack.hooks.human_in_the_loop.types import ConfirmationUI

from tests.frameworks.driving import Calls, Decide, Declared


def identify(run: Any) -> str:
    return str(run.get("user"))


def declared(tools: list[Any]) -> Declared:
    sent = [tool.tool_spec for tool in tools]
    return {each["name"]: (each["description"], each["parameters"]) for each in sent}


async def call(tool: Any, given: dict[str, Any], who: str = "") -> str:
    blocking = await asyncio.to_thread(tool.invoke, **given)
    assert isinstance(blocking, str)
    return str(await tool.invoke_async(**given))


@component
class Scripted:
    """Makes the calls, and then says that it is done."""

    def __init__(self, calls: Calls) -> None:
        self.turns = [*calls]

    @component.output_types(replies=list[ChatMessage])
    def run(self, messages: list[ChatMessage], tools: Any = None) -> dict[str, Any]:
        if not self.turns:
            return {"replies": [ChatMessage.from_assistant("Done.")]}
        name, given = self.turns.pop(0)
        return {"replies": [ChatMessage.from_assistant(tool_calls=[ToolCall(name, given)])]}


def scripted(calls: Calls) -> Any:
    return Scripted(calls)


async def converse(tools: list[Any], calls: Calls, who: str = "", decide: Decide | None = None) -> list[str]:
    hooks: Any = {} if decide is None else {"before_tool": [_asking(decide)]}
    agent = Agent(
        chat_generator=scripted(calls), tools=tools, state_schema={"user": {"type": str}}, hooks=hooks
    )
    result = await agent.run_async(messages=[ChatMessage.from_user("Hello")], user=who)
    return [message.tool_call_result.result for message in result["messages"] if message.tool_call_result]


def _asking(decide: Decide) -> ConfirmationHook:
    class Page(ConfirmationUI):
        def get_user_confirmation(
            self, tool_name: str, tool_description: str, tool_params: dict[str, Any]
        ) -> ConfirmationUIResult:
            return ConfirmationUIResult("confirm" if decide(tool_name, tool_params, "") else "reject")

    strategy = BlockingConfirmationStrategy(confirmation_policy=AlwaysAskPolicy(), confirmation_ui=Page())
    return ConfirmationHook(confirmation_strategies={"*": strategy})
