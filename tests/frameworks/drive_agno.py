"""How the tools are driven in Agno."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

from agno.agent import Agent
from agno.models.base import Model
from agno.models.response import ModelResponse
from agno.run import RunContext
from agno.tools.function import FunctionCall

from tests.frameworks.driving import Calls, Decide, Declared


def identify(run: Any) -> str:
    return str(run.user_id)


def declared(tools: list[Any]) -> Declared:
    sent = [tool.to_dict() for tool in tools]
    return {each["name"]: (each["description"], each["parameters"]) for each in sent}


async def call(tool: Any, given: dict[str, Any], who: str = "") -> str:
    tool._run_context = RunContext(run_id="r", session_id="s", user_id=who)
    result = FunctionCall(function=tool, arguments=given).execute()
    return str(result.result)


class Scripted(Model):
    """Makes the calls, and then says that it is done."""

    turns: list[Any]

    def __init__(self, calls: Calls) -> None:
        super().__init__(id="scripted")
        self.turns = [*calls]

    def invoke(self, *args: Any, **more: Any) -> ModelResponse:
        if not self.turns:
            return ModelResponse(role="assistant", content="Done.")
        name, given = self.turns.pop(0)
        function = {"name": name, "arguments": json.dumps(given)}
        made = {"id": f"c{len(self.turns)}", "type": "function", "function": function}
        return ModelResponse(role="assistant", tool_calls=[made])

    async def ainvoke(self, *args: Any, **more: Any) -> ModelResponse:
        return self.invoke()

    def invoke_stream(self, *args: Any, **more: Any) -> Iterator[ModelResponse]:
        yield self.invoke()

    async def ainvoke_stream(self, *args: Any, **more: Any) -> AsyncIterator[ModelResponse]:
        yield self.invoke()

    def _parse_provider_response(self, response: Any, **more: Any) -> ModelResponse:
        return ModelResponse()

    def _parse_provider_response_delta(self, response: Any) -> ModelResponse:
        return ModelResponse()


def scripted(calls: Calls) -> Any:
    return Scripted(calls)


async def converse(tools: list[Any], calls: Calls, who: str = "", decide: Decide | None = None) -> list[str]:
    agent = Agent(model=scripted(calls), tools=tools, telemetry=False)
    result: Any = await agent.arun("Hello", user_id=who, session_id="s")
    while result.is_paused and decide is not None:
        for each in result.active_requirements:
            if decide(each.tool_execution.tool_name, each.tool_execution.tool_args, ""):
                each.confirm()
            else:
                each.reject()
        result = await agent.acontinue_run(run_response=result, user_id=who, session_id="s")
    return [str(message.content) for message in result.messages if message.role == "tool"]
