"""How the tools are driven in Strands."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from strands import Agent
from strands.models import Model

from tests.frameworks.driving import Calls, Decide, Declared


def identify(run: Any) -> str:
    return str(run["user"])


def declared(tools: list[Any]) -> Declared:
    agent = Agent(model=Scripted([]), tools=tools, callback_handler=None)
    sent = agent.tool_registry.get_all_tool_specs()
    return {each["name"]: (each["description"], each["inputSchema"]["json"]) for each in sent}


async def call(tool: Any, given: dict[str, Any], who: str = "") -> str:
    use = {"toolUseId": "1", "name": tool.tool_name, "input": given}
    (event,) = [each async for each in tool.stream(use, {"user": who})]
    return str(event.tool_result["content"][0]["text"])


class Scripted(Model):
    """Makes the calls, and then says that it is done."""

    def __init__(self, calls: Calls) -> None:
        self.turns = [*calls]

    def update_config(self, **model_config: Any) -> None:
        """There is nothing to set."""

    def get_config(self) -> Any:
        return {}

    def structured_output(self, *args: Any, **more: Any) -> Any:
        raise NotImplementedError("Model has it, and no test here asks for structured output.")

    async def stream(self, *args: Any, **more: Any) -> AsyncIterator[Any]:
        yield {"messageStart": {"role": "assistant"}}
        start: dict[str, Any] = {}
        delta: dict[str, Any] = {"text": "Done."}
        reason = "end_turn"
        if self.turns:
            name, given = self.turns.pop(0)
            start = {"toolUse": {"name": name, "toolUseId": f"c{len(self.turns)}"}}
            delta = {"toolUse": {"input": json.dumps(given)}}
            reason = "tool_use"
        yield {"contentBlockStart": {"start": start}}
        yield {"contentBlockDelta": {"delta": delta}}
        yield {"contentBlockStop": {}}
        yield {"messageStop": {"stopReason": reason}}


def scripted(calls: Calls) -> Any:
    return Scripted(calls)


async def converse(tools: list[Any], calls: Calls, who: str = "", decide: Decide | None = None) -> list[str]:
    agent = Agent(model=scripted(calls), tools=tools, callback_handler=None)
    result: Any = await agent.invoke_async("Hello", invocation_state={"user": who})
    while result.stop_reason == "interrupt" and decide is not None:
        answers: Any = [
            {
                "interruptResponse": {
                    "interruptId": each.id,
                    "response": "yes" if decide(*calls[0], each.reason) else "no",
                }
            }
            for each in result.interrupts
        ]
        result = await agent.invoke_async(answers, invocation_state={"user": who})
    parts: list[Any] = [part for message in agent.messages for part in message["content"]]
    return [part["toolResult"]["content"][0]["text"] for part in parts if "toolResult" in part]
