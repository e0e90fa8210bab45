"""How the tools are driven in smolagents."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import Any

from smolagents import ChatMessage, MessageRole, Model, ToolCallingAgent
from smolagents.models import (
    ChatMessageToolCall,
    ChatMessageToolCallFunction,
    get_tool_json_schema,
)

from tests.frameworks.driving import Calls, Decide, Declared

USER: ContextVar[str] = ContextVar("USER")


def identify(run: Any) -> str:
    return USER.get()


def declared(tools: list[Any]) -> Declared:
    sent = [get_tool_json_schema(tool)["function"] for tool in tools]
    return {each["name"]: (each["description"], each["parameters"]) for each in sent}


async def call(tool: Any, given: dict[str, Any], who: str = "") -> str:
    USER.set(who)
    return str(await asyncio.to_thread(tool, **given))


class Scripted(Model):
    """Makes the calls, and then gives its final answer."""

    def __init__(self, calls: Calls) -> None:
        super().__init__()
        self.turns = [*calls, ("final_answer", {"answer": "Done."})]

    def generate(self, messages: Any, **more: Any) -> ChatMessage:
        name, given = self.turns.pop(0)
        function = ChatMessageToolCallFunction(arguments=given, name=name)
        made = ChatMessageToolCall(function, id=f"c{len(self.turns)}", type="function")
        return ChatMessage(MessageRole.ASSISTANT, "", [made])


def scripted(calls: Calls) -> Any:
    return Scripted(calls)


async def converse(tools: list[Any], calls: Calls, who: str = "", decide: Decide | None = None) -> list[str]:
    USER.set(who)
    agent = ToolCallingAgent(tools=tools, model=scripted(calls), verbosity_level=0)
    await asyncio.to_thread(agent.run, "Hello")
    steps: list[Any] = agent.memory.steps[1:-1]  # without the task and the final answer
    return [str(step.observations or step.error) for step in steps]
