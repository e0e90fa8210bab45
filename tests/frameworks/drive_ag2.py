"""How the tools are driven in AG2."""

from __future__ import annotations

import json
from typing import Any

from ag2 import Agent
from ag2.events import HumanInputRequest, ToolCallEvent, ToolResultsEvent
from ag2.testing import TestConfig

from tests.frameworks.driving import Calls, Decide, Declared


def identify(run: Any) -> str:
    return str(run.variables["user"])


def declared(tools: list[Any]) -> Declared:
    functions = [tool.schema.function for tool in tools]
    return {each.name: (each.description, each.parameters) for each in functions}


async def call(tool: Any, given: dict[str, Any], who: str = "") -> str:
    (text,) = await converse([tool], [(tool.name, given)], who)
    return text


def scripted(calls: Calls) -> Any:
    turns = [ToolCallEvent(name, arguments=json.dumps(given)) for name, given in calls]
    return TestConfig(*turns, "Done.", raise_tool_errors=False)


async def converse(tools: list[Any], calls: Calls, who: str = "", decide: Decide | None = None) -> list[str]:
    def answer(request: HumanInputRequest) -> str:
        assert decide is not None
        return "yes" if decide(*calls[0], request.content) else "no"

    agent = Agent(
        "studio",
        config=scripted(calls),
        tools=tools,
        hitl_hook=None if decide is None else answer,
    )
    reply = await agent.ask("Hello", variables={"user": who})
    events = await reply.context.stream.history.get_events()
    return [
        str(getattr(part, "content", part))
        for event in events
        if isinstance(event, ToolResultsEvent)
        for result in event.results
        for part in result.result.parts
    ]
